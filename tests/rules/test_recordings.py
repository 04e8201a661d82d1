"""The rule on recordings that a pack carries, held against what speakers said: met, not met, or UNKNOWN and why."""

from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from alteram.adapters.rulebooks import load_pack, load_rulebook, shipped_names
from alteram.core.acts import ConsentRecorded, ExhibitLodged
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.instants import When
from alteram.core.matters import Event, Facts, StreamFacts, fold_events
from alteram.core.rules.recordings import CitedRule, find_recording_rule, weigh_consent
from alteram.core.rules.rulebook import encode_rulebook, parse_canonical_pack

ONE, OTHER, NEITHER = PersonId("m05"), PersonId("m06"), PersonId("m07")
NZ = find_recording_rule([load_pack("nz-crimes-act-1961-part-9a")])
DE = find_recording_rule([load_pack("de-stgb-201")])


A = TypeVar("A", bound=Act)


def happened(seq: int, act: A, actor: PersonId) -> Event[A]:
    at = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(minutes=seq)
    return Event(seq, act, actor, at, When.exactly(at), live=True)


def weigh(
    rule: CitedRule | None,
    *said: tuple[PersonId, str, PersonId],
    by: PersonId = ONE,
    obtained: str = "made-by-lodger",
    hidden: frozenset[PersonId] = frozenset(),
) -> list[str]:
    """Return what each of the two speakers' consent comes to; `said` are (speaker, state, who recorded it)."""
    act = ExhibitLodged(exhibit="e1", kind="recording", obtained=obtained, speakers=(ONE, OTHER))  # type: ignore[arg-type]  # one of them
    lodged = happened(0, act, by)
    consents = [
        happened(seq, ConsentRecorded(exhibit="e1", speaker=speaker, state=state), actor)  # type: ignore[arg-type]  # one of them
        for seq, (speaker, state, actor) in enumerate(said, 1)
    ]
    matter = fold_events(StreamFacts.empty(StreamId("m1")), [lodged, *consents])
    facts = Facts(StreamFacts.empty(StreamId("organisation")), matter)
    met = weigh_consent(facts, rule, lodged, unknown_people=hidden)
    return [met[ONE].result, met[OTHER].result]


def test_without_a_rule_nothing_is_met_and_it_is_said_that_none_is_cited() -> None:
    assert find_recording_rule([load_pack("ronr-discipline")]) is None
    assert weigh(None, (ONE, "before", ONE), (OTHER, "before", OTHER)) == ["UNKNOWN", "UNKNOWN"]


def test_one_party_is_enough_where_the_law_says_so_and_only_there() -> None:
    assert weigh(NZ) == ["PASS", "PASS"]
    assert weigh(DE) == ["PASS", "UNKNOWN"]


def test_whoever_lodges_what_others_made_or_does_not_speak_in_it_is_no_party() -> None:
    assert weigh(NZ, obtained="given") == ["UNKNOWN", "UNKNOWN"]
    assert weigh(NZ, by=NEITHER) == ["UNKNOWN", "UNKNOWN"]
    assert weigh(NZ, (OTHER, "before", OTHER), by=NEITHER) == ["PASS", "PASS"]


@pytest.mark.parametrize(
    ("state", "result"), [("before", "PASS"), ("after", "UNKNOWN"), ("refused", "FAIL"), ("unknown", "UNKNOWN")]
)
def test_where_all_must_agree_each_speaker_is_weighed_alone(state: str, result: str) -> None:
    assert weigh(DE, (OTHER, state, OTHER)) == ["PASS", result]


def test_that_somebody_agreed_is_not_taken_from_others_but_that_they_refused_is() -> None:
    assert weigh(DE, (OTHER, "before", ONE)) == ["PASS", "UNKNOWN"]
    assert weigh(DE, (OTHER, "refused", ONE)) == ["PASS", "FAIL"]


def test_what_was_said_last_counts() -> None:
    assert weigh(DE, (OTHER, "before", OTHER), (OTHER, "refused", OTHER)) == ["PASS", "FAIL"]


def test_one_party_rule_fails_only_where_everybody_refused() -> None:
    assert weigh(NZ, (ONE, "refused", ONE), (OTHER, "refused", OTHER), by=NEITHER) == ["FAIL", "FAIL"]
    assert weigh(NZ, (ONE, "refused", ONE), by=NEITHER) == ["UNKNOWN", "UNKNOWN"]


def test_a_protected_speaker_is_not_given_away_as_the_one_who_recorded() -> None:
    assert weigh(NZ, hidden=frozenset({ONE})) == ["UNKNOWN", "UNKNOWN"]
    assert weigh(DE, hidden=frozenset({ONE})) == ["UNKNOWN", "UNKNOWN"]


@pytest.mark.parametrize("name", shipped_names("packs"))
def test_a_rule_on_recordings_names_its_clause_and_source_and_is_part_of_the_pack_s_digest(name: str) -> None:
    pack = load_pack(name)
    assert parse_canonical_pack(encode_rulebook(pack)) == pack
    assert (b'"recordings"' in encode_rulebook(pack)) == bool(pack.recordings)
    for rule in pack.recordings or ():
        assert rule.source
        assert rule.clause in {one.id for one in pack.clauses}


def test_the_caucus_builds_on_the_law_of_its_place() -> None:
    packs = [load_pack(one.id) for one in load_rulebook("caucus").builds_on]
    cited = find_recording_rule(packs)
    assert cited is not None
    assert cited.citation == "nz-crimes-act-1961-part-9a: s216b"
    assert cited.rule.consent == "one-party"
