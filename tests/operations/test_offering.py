"""What can be referred to, worked out from the fold, is what opening every entry tells: for everybody, of every act."""

from collections.abc import Iterator

import pytest

from alteram.core.acts import ROLES, ExhibitLodged, FactFound, MeetingAlleged, Role, find_spec
from alteram.core.acts.reported import Reported
from alteram.core.acts.shapes import find_shapes
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.operations.offering import Offered, find_offered
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform
from alteram.operations.ports import StoredEntry
from alteram.operations.questions import UnknownMatterError, find_timeline
from tests.operations.test_access_matrix import PEOPLE, TALE, open_body
from tests.unit.access.test_leaks import KEPT_FROM, KNOWING, play
from tests.worlds import (
    CHAIR,
    CUSTODIAN,
    M1,
    MANAGER,
    OUTSIDER,
    RESPONDENT,
    World,
    found_small_body,
    shred,
)

EVERYBODY = (*KEPT_FROM, *KNOWING, OUTSIDER, *PEOPLE.values())


def open_all(organisation: Organisation, stream: StreamId, viewer: PersonId) -> Offered:
    """Return the same by opening every entry of the stream."""
    timeline = find_timeline(organisation, stream, viewer)
    found: dict[str, dict[str, None]] = {}
    for entry in timeline:
        spec = find_spec(entry.act)
        for name, shape in (find_shapes(spec) if spec is not None else {}).items():
            for one in listed(entry.claims.get(f"act.{name}")):
                if shape.kind == "identifier":
                    found.setdefault(name, {})[str(one)] = None
                if shape.kind == "parts" and isinstance(one, dict) and "id" in one:
                    found.setdefault(name.removesuffix("s"), {})[str(one["id"])] = None
    entries = tuple((one.seq, one.act) for one in timeline if one.act)
    return Offered(entries, {name: tuple(values) for name, values in found.items()})


def listed(value: Json) -> list[Json]:
    return [] if value is None else list(value) if isinstance(value, list | tuple) else [value]


def compare(organisation: Organisation, stream: StreamId, viewer: PersonId) -> Offered | None:
    """Return what is offered, the same both ways; None where the stream is closed to the viewer, both ways."""
    try:
        expected = open_all(organisation, stream, viewer)
    except UnknownMatterError:
        with pytest.raises(UnknownMatterError):
            find_offered(organisation, stream, viewer)
        return None
    assert find_offered(organisation, stream, viewer) == expected
    return expected


@pytest.fixture(scope="module")
def tale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    """A history that holds an entry of every act, and a matter in which each part is somebody's."""
    with open_body(tmp_path_factory.mktemp("tale")) as organisation:
        yield organisation


@pytest.mark.parametrize("role", ROLES)
def test_every_act_as_told_is_offered_to_each_part_as_its_entries_open(tale: Organisation, role: Role) -> None:
    offered = compare(tale, TALE, PEOPLE[role])
    assert offered is not None or role in {"anyone", "member"}
    compare(tale, M1, PEOPLE[role])
    compare(tale, ORGANISATION_STREAM, PEOPLE[role])


def test_who_told_a_history_is_offered_all_of_it(tale: Organisation) -> None:
    offered = compare(tale, TALE, CHAIR)
    assert offered is not None
    assert len(offered.entries) > 80
    assert offered.identifiers["allegation"]


@pytest.fixture
def played(world: World) -> Organisation:
    """A matter with a protected reporter, in which people also tell of what others did."""
    organisation = world.open()
    found_small_body(organisation)
    play(organisation)
    meeting = MeetingAlleged(meeting="own", text="They met too.", attended=(CHAIR,))
    assert perform(organisation, M1, meeting, RESPONDENT, reported=Reported(by=CHAIR))
    exhibit = ExhibitLodged(exhibit="told", kind="document", obtained="given", title="A letter")
    assert perform(organisation, M1, exhibit, KNOWING[0], reported=Reported())
    return organisation


def test_live_and_told_acts_are_offered_to_everybody_as_their_entries_open(played: Organisation) -> None:
    offered = {viewer: compare(played, M1, viewer) for viewer in EVERYBODY}
    assert offered[OUTSIDER] is None
    respondent = offered[RESPONDENT]
    assert respondent is not None
    assert "own" in respondent.identifiers["meeting"]


def test_what_was_found_not_to_have_happened_is_still_offered(played: Organisation) -> None:
    head = played.state(M1, fresh=True).facts.head_seq
    found = FactFound(event=head, happened=False, reasons="There was no such letter.")
    assert perform(played, M1, found, CHAIR, reported=None).ruling is not None
    for viewer in EVERYBODY:
        compare(played, M1, viewer)


@pytest.mark.parametrize("entry", range(12, 17))
def test_what_was_destroyed_is_no_longer_offered(played: Organisation, entry: int) -> None:
    before = compare(played, M1, MANAGER)
    assert shred(played, M1, scope="entry", entry=entry)
    after = compare(played, M1, MANAGER)
    assert before is not None
    assert after is not None
    assert entry in dict(before.entries)
    assert entry not in dict(after.entries)
    for viewer in EVERYBODY:
        compare(played, M1, viewer)


def test_entry_of_which_a_field_was_destroyed_is_offered_with_the_rest(played: Organisation) -> None:
    lodged = next(seq for seq, act in find_offered(played, M1, MANAGER).entries if act == "exhibit.lodged/1")
    assert shred(played, M1, scope="fields", entry=lodged, fields=("exhibit",))
    for viewer in EVERYBODY:
        compare(played, M1, viewer)
    offered = find_offered(played, M1, MANAGER)
    assert lodged in dict(offered.entries)
    assert "e1" not in offered.identifiers.get("exhibit", ())


@pytest.mark.parametrize("viewer", [MANAGER, CUSTODIAN, PEOPLE["respondent"], PEOPLE["witness"]])
def test_no_entry_is_opened_where_the_fold_tells_all(
    tale: Organisation, viewer: PersonId, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = compare(tale, M1, viewer)

    def refuse(stored: StoredEntry) -> None:
        raise AssertionError(stored.seq)

    monkeypatch.setattr(tale, "open", refuse)
    assert find_offered(tale, M1, viewer) == expected
