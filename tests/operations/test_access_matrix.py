"""Who may propose what and who may see which field: the written table, and what the doors really do, role by role."""

import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from alteram.core.acts import ROLES, ActSpec, HistoryEntered, PartyJoined, Role, all_specs, parse_act
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported
from alteram.core.kernel.identifiers import ATTEMPTS_STREAM, ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.kernel.outcomes import Allowed, Refused
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform, perform_many, rule_on
from alteram.operations.questions import UnknownMatterError, find_timeline
from alteram.operations.recording import Batch, Proposal
from tests.worlds import CHAIR, M1, MANAGER, ORGANISATION, OUTSIDER, World, begin_matter, found_small_body, open_world
from tools.access_matrix import TARGET, build_matrix

TESTDATA = Path(__file__).parents[2] / "testdata" / "acts" / "v1.json"
SPECS = {spec.name: spec for spec in all_specs() if spec.stream != "register"}
#: Whoever has just one part, by the part.
PEOPLE: Mapping[Role, PersonId] = {role: PersonId(f"only-{role}") for role in ROLES}
#: What somebody may do who is nobody here: report, and hand in an order from outside.
OPEN_TO_ALL = {"report.lodged", "external-order.recorded"}
#: Refusals that are about who asks.
ABOUT_WHO = {"act.not-yours", "matter.unknown"}
TALE = StreamId("tale")
#: What no history can hold: it is done here or not at all, or needs another matter.
NOT_TOLD = {"record.shredded", "history.entered", "matters.linked"}


@cache
def acts() -> dict[str, Act]:
    """Return one act of each kind with every field given."""
    cases = [one for one in json.loads(TESTDATA.read_text()) if one["form"] == "fullest"]
    latest = {spec.tag: name for name, spec in SPECS.items()}
    # Names under protection stay closed beyond the table: tests/unit/access looks at those.
    unprotected = [{**one, "fields": {k: v for k, v in one["fields"].items() if k != "protected"}} for one in cases]
    return {latest[one["tag"]]: parse_act(one["tag"], one["fields"]) for one in unprotected if one["tag"] in latest}


@cache
def table() -> dict[tuple[str, str, str], dict[str, bool]]:
    with TARGET.open(newline="") as source:
        return {
            (row["act"], row["right"], row["what"]): {role: row[role] == "yes" for role in ROLES}
            for row in csv.DictReader(source)
        }


def test_written_table_is_what_the_code_says() -> None:
    assert TARGET.read_text() == build_matrix(), "run: python -m tools.access_matrix"


def test_every_act_every_field_and_every_role_is_in_the_table() -> None:
    assert SPECS.keys() == acts().keys()
    for name, spec in SPECS.items():
        rows = {what for act, right, what in table() if act == name and right == "see"}
        assert rows >= {field.name for field in spec.fields}
        assert (name, "propose", "") in table()


def test_strangers_may_see_nothing_at_all() -> None:
    assert not [key for key, row in table().items() if key[1] == "see" and row["anyone"]]


def test_members_without_a_part_see_only_what_is_open_to_the_organisation() -> None:
    seen = {act for (act, right, _), row in table().items() if right == "see" and row["member"]}
    assert seen == {name for name, spec in SPECS.items() if spec.open_to == "organisation"}


def test_reports_and_protected_names_are_not_shown_to_who_decides_or_answers() -> None:
    for name in ("report.lodged", "reporter.answered", "identity.released"):
        for what in ("text", "people", "person", "to"):
            row = table().get((name, "see", what), {})
            assert not any(row.get(role) for role in ("respondent", "decider", "witness", "spokesperson", "member"))


@contextmanager
def open_body(folder: Path) -> Iterator[Organisation]:
    """Yield a body with a matter in which somebody has each role, and no other, and a history with every act."""
    with open_world("memory", folder) as world:
        organisation = world.open()
        found_small_body(organisation)
        begin_matter(organisation)
        give_parts(world, organisation)
        begin_tale(world, organisation)
        yield organisation


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    """A matter in which there is somebody for each role, with that one part."""
    with open_body(tmp_path_factory.mktemp("roles")) as organisation:
        yield organisation


def give_parts(world: World, organisation: Organisation) -> None:
    """Give each part to somebody who has no other; it is recorded past the rules, which give most parts otherwise."""
    batch = Batch(organisation, world.clock(), fresh=True)
    for role in ROLES:
        if role not in {"anyone", "member"}:
            joined = Proposal(M1, PartyJoined(person=PEOPLE[role], role=role), MANAGER)
            batch.add(joined, batch.build_event(batch.facts(M1), joined), Allowed("a test"))
    batch.store()


def begin_tale(world: World, organisation: Organisation) -> None:
    """Enter a history that holds an entry of every act, told by somebody whom nobody asks."""
    assert perform(organisation, TALE, HistoryEntered(title="All of it", source="a test"), CHAIR)
    told = [PartyJoined(person=PEOPLE[role], role=role) for role in ROLES if role not in {"anyone", "member"}]
    rest = [acts()[name] for name, spec in SPECS.items() if spec.stream == "matter" and name not in NOT_TOLD]
    done = perform_many(organisation, [Proposal(TALE, act, CHAIR, Reported()) for act in (*told, *rest)])
    assert all(done), [one.ruling for one in done if not one]


def stream_of(spec: ActSpec) -> StreamId:
    return ORGANISATION_STREAM if spec.stream == "organisation" else M1


@pytest.mark.parametrize("name", SPECS)
def test_only_those_of_the_table_may_propose(body: Organisation, name: str) -> None:
    spec, row = SPECS[name], table()[name, "propose", ""]
    if spec.stream == "organisation":
        return  # parts are played in matters; the next test asks each door of the organisation
    for role in ROLES:
        ruling = rule_on(body, M1, acts()[name], PEOPLE[role])
        if not row[role]:
            assert isinstance(ruling, Refused), f"{role} may"
        elif role not in {"anyone", "member"}:
            assert not isinstance(ruling, Refused) or ruling.code not in ABOUT_WHO, f"{role} may not: {ruling}"


@pytest.mark.parametrize("person", [OUTSIDER, None, PEOPLE["member"]], ids=["outsider", "nobody", "not a member"])
@pytest.mark.parametrize("name", SPECS)
def test_stranger_is_refused_at_every_door_and_learns_nothing(
    body: Organisation, name: str, person: PersonId | None
) -> None:
    spec, act = SPECS[name], acts()[name]
    if name in OPEN_TO_ALL:
        return  # tested by name, in test_doors
    there = rule_on(body, stream_of(spec), act, person)
    assert isinstance(there, Refused)
    if spec.stream == "matter":
        nowhere = rule_on(body, StreamId("no-such-matter"), act, person)
        assert there == nowhere
        assert (there.code, there.facts, there.missing, there.also) == ("matter.unknown", (), (), ())
        reported = perform(body, M1, act, person, reported=Reported()).ruling
        assert isinstance(reported, Refused)
        assert reported.code in {"matter.unknown", "act.not-reported"}
        assert reported.facts == ()


@pytest.mark.parametrize("name", SPECS)
def test_act_in_the_wrong_stream_is_refused_to_everybody(body: Organisation, name: str) -> None:
    wrong = M1 if SPECS[name].stream == "organisation" else ORGANISATION_STREAM
    for person in (CHAIR, MANAGER, OUTSIDER, None):
        for stream in (wrong, ATTEMPTS_STREAM):
            ruling = rule_on(body, stream, acts()[name], person)
            assert isinstance(ruling, Refused)
            assert ruling.code == "act.wrong-stream"


@pytest.mark.parametrize("role", [role for role in ROLES if role not in {"anyone", "member"}])
def test_timeline_shows_each_part_what_the_table_says_and_no_more(body: Organisation, role: Role) -> None:
    shown = {one.seq: one.claims for one in find_timeline(body, TALE, PEOPLE[role])}
    checked = 0
    for stored in body.ports.store.load(ORGANISATION, TALE):
        opened = body.open(stored)
        assert opened is not None
        claims = opened.presentation.claims
        name = str(claims["act"]).partition("/")[0]
        for (act, right, what), row in table().items():
            if act != name or right != "see":
                continue
            for one in what.split():
                claim = one if one in claims else f"act.{one}"
                if claim in claims:
                    assert (claim in shown[stored.seq]) == row[role], f"{name}: {claim}"
                    checked += 1
    assert checked > 1000


def test_timeline_of_a_matter_is_closed_to_strangers(body: Organisation) -> None:
    for stream in (M1, TALE, StreamId("no-such-matter")):
        with pytest.raises(UnknownMatterError):
            find_timeline(body, stream, OUTSIDER)
