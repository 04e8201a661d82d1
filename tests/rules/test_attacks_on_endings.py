"""Bad faith after the outcome: burying an appeal, letting a friend off.

Who is who, see test_attacks.
"""

import msgspec
import pytest

from alteram.adapters.rulebooks import load_rulebook
from alteram.core.acts import (
    AppealDecided,
    AppealLodged,
    AppealPanelFormed,
    AppealRefused,
    ExternalOrderRecorded,
    MotionPut,
    ReviewAsked,
    ReviewDecided,
    SanctionLifted,
    SanctionStayed,
    SecondKeyGiven,
    VoteTaken,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Departure, Refused, Ruling
from alteram.core.matters import build_live_event
from alteram.core.rules import decide
from alteram.core.rules.rulebook import Rulebook
from tests.rules.lawful import RULEBOOK, Play, after, before

#: The same offices and procedures with nothing that gates an act: what still holds, no rulebook can let go.
BARE = msgspec.structs.replace(RULEBOOK, demands=())


def person(name: str) -> PersonId:
    return PersonId(name)


def codes(ruling: Ruling) -> set[str]:
    assert isinstance(ruling, Refused), ruling
    return {ruling.code, *(one.code for one in ruling.also)}


def rule(play: Play, rulebook: Rulebook, by: str, act: Act) -> Ruling:
    event = build_live_event(act, seq=play.facts.matter.head_seq + 1, actor=person(by), at=play.now)
    return decide(play.facts, rulebook, event, play.now)


# Burying an appeal


def refusal(play: Play) -> AppealRefused:
    return AppealRefused(appeal=play.seq("appeal.lodged"), reasons="t")


def test_appeal_is_not_refused_by_one_person() -> None:
    play = before("appeal.admitted")
    assert codes(play.propose("x01", refusal(play))) == {"requirement.appeal-refusal"}
    assert play.propose("x01", SecondKeyGiven(to_act="appeal.refused"))
    assert codes(play.propose("x01", refusal(play))) == {"requirement.appeal-refusal"}
    assert play.propose("x02", SecondKeyGiven(to_act="appeal.refused"))
    assert play.propose("x01", refusal(play))


def test_key_of_somebody_who_voted_does_not_refuse_an_appeal() -> None:
    play = before("appeal.admitted")
    assert play.propose("m10", SecondKeyGiven(to_act="appeal.refused"))
    assert codes(play.propose("x01", refusal(play))) == {"requirement.appeal-refusal"}


def test_appeal_is_not_refused_by_those_who_hear_no_appeals() -> None:
    play = before("appeal.admitted")
    assert play.propose("x02", SecondKeyGiven(to_act="appeal.refused"))
    for other in ("m02", "m09", "m10", "m12"):
        assert isinstance(play.propose(other, refusal(play)), Refused)


@pytest.mark.parametrize("insider", ["m01", "m09", "m12", "x04"])
def test_no_rulebook_lets_those_who_decided_or_handled_refuse_the_appeal(insider: str) -> None:
    play = before("appeal-panel.formed")
    formed = AppealPanelFormed(members=(person(insider), person("x01")), appeal=play.seq("appeal.lodged"))
    event = build_live_event(formed, seq=play.facts.matter.head_seq + 1, actor=person("m10"), at=play.now)
    play.facts = play.facts.with_event(event)
    assert codes(rule(play, BARE, insider, refusal(play))) == {"appeal.own-cause"}
    assert rule(play, BARE, "x01", refusal(play))


def test_no_rulebook_lets_those_who_decided_refuse_an_appeal_against_the_sanction() -> None:
    play = before("appeal.lodged")
    lodged = AppealLodged(against=play.seq("sanction.imposed"), grounds=("sanction",), text="t")
    formed = AppealPanelFormed(members=(person("m01"),))
    acts: tuple[tuple[Act, str], ...] = ((lodged, "m05"), (formed, "m10"))
    for act, by in acts:
        event = build_live_event(act, seq=play.facts.matter.head_seq + 1, actor=person(by), at=play.now)
        play.facts = play.facts.with_event(event)
    assert codes(rule(play, BARE, "m01", refusal(play))) == {"appeal.own-cause"}


def test_refused_appeal_can_be_reviewed() -> None:
    play = before("appeal.admitted")
    assert play.propose("x02", SecondKeyGiven(to_act="appeal.refused"))
    assert play.propose("x01", refusal(play))
    assert play.propose("m05", ReviewAsked(of=play.seq("appeal.refused"), text="t"))
    assert play.propose("x03", ReviewDecided(review=play.seq("review.asked"), outcome="to-be-taken-up", reasons="t"))


def test_small_club_does_not_let_its_chair_refuse_the_appeal_against_their_decision() -> None:
    club = load_rulebook("small-club")
    play = before("appeal-panel.formed")
    formed = AppealPanelFormed(members=(person("m09"),), appeal=play.seq("appeal.lodged"))
    event = build_live_event(formed, seq=play.facts.matter.head_seq + 1, actor=person("m10"), at=play.now)
    play.facts = play.facts.with_event(event)
    assert codes(rule(play, club, "m09", refusal(play))) == {"appeal.own-cause"}


# Letting a friend off


def vote(motion: str, votes_for: int) -> VoteTaken:
    voters = tuple(map(person, ("m01", "m04", "m06", "m09", "m10", "m11")))
    return VoteTaken(
        motion=motion,
        votes_for=votes_for,
        votes_against=6 - votes_for,
        recused=6,
        base="eligible",
        base_count=6,
        voters=voters,
    )


@pytest.mark.parametrize("kind", [SanctionLifted, SanctionStayed])
def test_chair_does_not_end_what_the_caucus_imposed(kind: type[SanctionLifted | SanctionStayed]) -> None:
    play = after("sanction.imposed")
    seq = play.seq("sanction.imposed")
    for motion in (None, "penalty", "guilt"):
        assert codes(play.propose("m09", kind(sanction=seq, motion=motion))) == {"requirement.sanction-lifting"}


@pytest.mark.parametrize(("votes_for", "carried"), [(3, False), (4, True)])
def test_sanction_is_lifted_by_the_majority_that_imposes_it(votes_for: int, *, carried: bool) -> None:
    play = after("sanction.imposed")
    seq = play.seq("sanction.imposed")
    assert play.propose("m09", MotionPut(meeting="hearing", motion="undo", kind="procedure", about=seq))
    assert play.propose("m11", vote("undo", votes_for))
    assert bool(play.propose("m09", SanctionLifted(sanction=seq, motion="undo"))) is carried


def test_vote_on_something_else_lifts_nothing() -> None:
    play = after("sanction.imposed")
    seq = play.seq("sanction.imposed")
    assert play.propose("m09", MotionPut(meeting="hearing", motion="tea", kind="procedure"))
    assert play.propose("m11", vote("tea", 6))
    assert codes(play.propose("m09", SanctionLifted(sanction=seq, motion="tea"))) == {"requirement.sanction-lifting"}


def test_sanction_is_stayed_only_while_an_appeal_is_open() -> None:
    play = before("appeal.lodged")
    stay = SanctionStayed(sanction=play.seq("sanction.imposed"))
    assert codes(play.propose("m09", stay)) == {"requirement.sanction-lifting"}
    assert after("appeal.lodged").propose("m09", stay)
    assert codes(after("appeal.decided").propose("m09", stay)) == {"requirement.sanction-lifting"}


def test_open_appeal_lifts_nothing() -> None:
    play = after("appeal.lodged")
    lifted = SanctionLifted(sanction=play.seq("sanction.imposed"))
    assert codes(play.propose("m09", lifted)) == {"requirement.sanction-lifting"}


@pytest.mark.parametrize(("outcome", "lifts"), [("upheld", False), ("varied", True), ("quashed", True)])
def test_appeal_decision_lifts_what_it_changes(outcome: str, *, lifts: bool) -> None:
    play = before("appeal.decided")
    (decided,) = (one.act for one in after("appeal.decided").facts.matter.all(AppealDecided))
    assert play.propose("x01", msgspec.structs.replace(decided, outcome=outcome))
    assert bool(play.propose("x01", SanctionLifted(sanction=play.seq("sanction.imposed")))) is lifts


def test_order_from_outside_lifts_a_sanction_against_the_rules() -> None:
    play = after("sanction.imposed")
    assert play.propose("m12", ExternalOrderRecorded(source="court", acts=("sanction.lifted",), text="t"))
    ruling = play.propose("m09", SanctionLifted(sanction=play.seq("sanction.imposed")))
    assert isinstance(ruling, Departure)
