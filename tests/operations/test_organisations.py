"""Founding, opening a folder, adopting rules, exporting what somebody may see, rebuilding the read tables."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest

from alteram.bootstrap import FolderError, Opened, create, open_folder
from alteram.core.acts import (
    CaseManagerAssigned,
    HistoryEntered,
    InterestDeclared,
    KeyEnrolled,
    MatterClosed,
    MatterReopened,
    OrganisationFounded,
    OutcomePublished,
    PartyJoined,
    PersonRecused,
    RiskAssessed,
)
from alteram.core.acts.reported import Reported
from alteram.core.kernel.errors import AlteramError, MalformedError
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.matters.history import History, HistoryEvent
from alteram.core.record import verify_export
from alteram.core.rules import Rulebook
from alteram.core.rules.rulebook import Pack, PackReference
from alteram.core.vault import parse_statement_leaf
from alteram.operations.founding import FoundingError, found
from alteram.operations.histories import HistoryError, enter_history
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform
from alteram.operations.ports import MatterRow, StoreError
from alteram.operations.questions import UnknownMatterError, find_timeline, get_facts
from alteram.operations.read_tables import Rebuilt, rebuild
from alteram.operations.rulebooks import AdoptionError, adopt_pack, adopt_rulebook
from conformance.verify_export import verify as verify_again
from tests.contract.places import in_threads
from tests.worlds import (
    AMENDED,
    CHAIR,
    COMPLAINANT,
    CUSTODIAN,
    M1,
    M2,
    MANAGER,
    MEMBER,
    MEMBERS,
    ORGANISATION,
    ORIGIN,
    OUTSIDER,
    PANEL,
    RESPONDENT,
    RULES,
    SECRETARY,
    START,
    Clock,
    World,
    begin_matter,
    do,
    export,
    found_small_body,
    report,
    shred,
    verify,
)

ACT = OrganisationFounded(name="A small body", kind="club", jurisdiction="nz", time_zone="UTC", secretary=SECRETARY)


# -- founding


def test_record_key_is_published_before_anything_it_signs(organisation: Organisation) -> None:
    ports = organisation.ports
    ports.store.assign(ORGANISATION, 1)
    statement = parse_statement_leaf(ports.store.leaves(ORGANISATION, 0, 1)[0].leaf)
    assert statement["statement"] == "record-key"
    assert statement["kid"] == ports.signers.record_key(ORGANISATION).kid


def test_everybody_named_at_the_founding_has_a_key_enrolled_once(organisation: Organisation) -> None:
    enrolled = [one.act.person for one in organisation.facts(ORGANISATION_STREAM).matter.all(KeyEnrolled)]
    assert sorted(enrolled) == sorted(MEMBERS)


def test_second_founding_is_refused_and_changes_nothing(world: World, organisation: Organisation) -> None:
    head = organisation.ports.store.find_head(ORGANISATION, ORGANISATION_STREAM)
    for one in (organisation, world.open()):
        with pytest.raises(FoundingError):
            found(one, ACT, members=(OUTSIDER,))
    assert organisation.ports.store.find_head(ORGANISATION, ORGANISATION_STREAM) == head
    assert OUTSIDER not in organisation.facts(ORGANISATION_STREAM, fresh=True).roll.members


def test_of_two_foundings_at_once_one_counts(world: World) -> None:
    def try_to_found(one: Organisation) -> str:
        try:
            found(one, ACT, members=MEMBERS)
        except AlteramError as error:
            return type(error).__name__
        return ""

    told = in_threads(try_to_found, [(world.open(),), (world.open(),)])
    assert "" in told
    facts = world.open().facts(ORGANISATION_STREAM)
    assert len(facts.matter.all(OrganisationFounded)) == 1


# -- a folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    created = tmp_path / "club"
    create(created, organisation="club", origin="club.example/log")
    return created


@pytest.fixture
def opened(folder: Path) -> Iterator[Opened]:
    clock = Clock(START)
    one = open_folder(folder, clock=clock)
    yield one
    one.close()


def test_folder_is_created_once(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(FolderError, match="already"):
        create(folder, organisation="other", origin="other.example/log")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "others",
    [
        ("other", "club.example/log", ""),
        ("club", "other.example/log", ""),
        ("club", "club.example/log", "postgresql://elsewhere/club"),
    ],
)
def test_folder_is_created_again_in_the_same_words_only(folder: Path, others: tuple[str, str, str]) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    create(folder, organisation="club", origin="club.example/log")
    organisation, origin, database = others
    with pytest.raises(FolderError, match="already"):
        create(folder, organisation=organisation, origin=origin, database=database)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_keys_are_readable_by_their_owner_only(folder: Path) -> None:
    apart = folder / "apart"
    assert apart.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in apart.iterdir())


def test_folder_opened_again_holds_what_was_done(folder: Path, opened: Opened) -> None:
    found(opened.organisation, ACT, members=MEMBERS)
    opened.integrator.run()
    opened.close()
    again = open_folder(folder, clock=Clock(START))
    try:
        assert again.organisation.facts(ORGANISATION_STREAM).roll.members == frozenset(MEMBERS)
        assert again.integrator.run().added == 0
    finally:
        again.close()


def test_folder_opened_twice_at_once_is_one_organisation(folder: Path, opened: Opened) -> None:
    found(opened.organisation, ACT, members=MEMBERS)
    other = open_folder(folder, clock=Clock(START))
    try:
        assert adopt_rulebook(other.organisation, RULES, SECRETARY)
        assert adopt_rulebook(opened.organisation, AMENDED, SECRETARY)
        assert other.organisation.state(ORGANISATION_STREAM, fresh=True) == opened.organisation.state(
            ORGANISATION_STREAM
        )
    finally:
        other.close()


@pytest.mark.parametrize(
    "damage",
    ["", "[]", "{", '{"organisation": "club"}', '{"database": "", "organisation": 5, "origin": "x"}', "\x00"],
)
def test_damaged_configuration_is_an_error_that_says_what_to_do(folder: Path, damage: str) -> None:
    (folder / "organisation.json").write_text(damage)
    with pytest.raises(FolderError, match="backup"):
        open_folder(folder)


def test_no_organisation_and_no_name_for_one_are_errors(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="alteram init"):
        open_folder(tmp_path)
    with pytest.raises(MalformedError):
        create(tmp_path / "x", organisation="Not A Name", origin="x.example/log")
    assert not (tmp_path / "x").exists()


def test_damaged_root_key_is_an_error_and_is_not_replaced(folder: Path) -> None:
    (folder / "apart" / "root.key").write_bytes(b"short")
    with pytest.raises(StoreError, match="root key"):
        open_folder(folder)
    assert (folder / "apart" / "root.key").read_bytes() == b"short"


def test_configuration_names_no_secret(folder: Path) -> None:
    written = json.loads((folder / "organisation.json").read_text())
    assert written == {"database": "", "organisation": "club", "origin": "club.example/log"}


# -- rules

PACK = Pack(id="a-pack", title="A standard", version="1", as_of="2026-01-01", jurisdiction="nz")


def test_rules_in_force_are_not_adopted_again(organisation: Organisation) -> None:
    with pytest.raises(AdoptionError):
        adopt_rulebook(organisation, RULES, SECRETARY)
    assert adopt_rulebook(organisation, AMENDED, SECRETARY)
    assert adopt_rulebook(organisation, RULES, SECRETARY)  # going back is an amendment like any other


def test_rules_are_adopted_only_with_every_pack_they_build_on(organisation: Organisation) -> None:
    fields = {name: getattr(RULES, name) for name in RULES.__struct_fields__}
    builds_on = (PackReference(id="a-pack", version="1", digest="0" * 64),)
    with pytest.raises(AdoptionError, match="a-pack"):
        adopt_rulebook(organisation, Rulebook(**{**fields, "version": "3", "builds_on": builds_on}), SECRETARY)


def test_only_the_secretary_adopts(organisation: Organisation) -> None:
    assert not adopt_rulebook(organisation, AMENDED, MEMBER)
    assert not adopt_pack(organisation, PACK, OUTSIDER)
    assert adopt_pack(organisation, PACK, SECRETARY)
    assert organisation.governing(M1).version == "1"


# -- histories


def history(*names: str) -> History:
    events = (
        HistoryEvent(HistoryEntered(title="As told", source="a newspaper"), None, MEMBER, START),
        HistoryEvent(report(), Reported(by=COMPLAINANT), MEMBER, START),
    )
    return History(
        name="told",
        title="As told",
        rulebook="small-body",
        entered_at=START,
        entered_by=MEMBER,
        assessed_at=START,
        organisation=(),
        matters={StreamId(name): events for name in names},
        links=(),
    )


def test_history_is_entered_once_and_only_where_nothing_is(organisation: Organisation) -> None:
    assert enter_history(organisation, history("tale-1", "tale-2"), MEMBER) == (2, 2)
    with pytest.raises(HistoryError, match="tale-2"):
        enter_history(organisation, history("tale-3", "tale-2"), MEMBER)
    with pytest.raises(UnknownMatterError):
        get_facts(organisation, StreamId("tale-3"))


def test_history_of_a_stranger_is_refused(organisation: Organisation) -> None:
    with pytest.raises(HistoryError):
        enter_history(organisation, history("tale"), OUTSIDER)


# -- exports


def disclosed(data: bytes) -> int:
    return verify_export(BytesIO(data)).fields_disclosed


def test_export_shows_each_person_what_they_may_see_and_verifies(world: World, matter: Organisation) -> None:
    do(matter, M1, RiskAssessed(point="during", person=COMPLAINANT, level="high", text="A secret."), MANAGER)
    do(matter, M1, PartyJoined(person=MEMBER, role="witness"), MANAGER)
    world.publish(matter)
    shown = {person: export(matter, M1, viewer=person) for person in (CUSTODIAN, COMPLAINANT, RESPONDENT, MEMBER)}
    whole = export(matter, M1)
    for data in (whole, *shown.values()):
        assert verify(matter, data).matter == M1
        verify_again(data, None)
    counts = [disclosed(data) for data in (whole, shown[CUSTODIAN], shown[COMPLAINANT], shown[RESPONDENT])]
    assert counts == sorted(counts, reverse=True)
    assert disclosed(shown[RESPONDENT]) > disclosed(shown[MEMBER])
    assert disclosed(whole) == disclosed(shown[CUSTODIAN]) + unseen_by(matter, CUSTODIAN)


def unseen_by(organisation: Organisation, viewer: PersonId) -> int:
    """Count the claims of the organisation's and the matter's entries that a person's timeline does not show."""
    count = 0
    for stream in (ORGANISATION_STREAM, M1):
        shown = find_timeline(organisation, stream, viewer)
        for stored, seen in zip(organisation.ports.store.load(ORGANISATION, stream), shown, strict=True):
            opened = organisation.open(stored)
            count += 0 if opened is None else len(opened.presentation.claims) - len(seen.claims)
    return count


def test_stranger_gets_no_export_and_no_timeline_and_cannot_tell_from_nothing(
    world: World, matter: Organisation
) -> None:
    world.publish(matter)
    problems = set()
    for stream in (M1, StreamId("m9")):
        with pytest.raises(AlteramError) as caught:
            export(matter, stream, viewer=OUTSIDER)
        problems.add(str(caught.value))
        with pytest.raises(AlteramError) as caught:
            find_timeline(matter, stream, OUTSIDER)
    assert len(problems) == 1


def test_member_without_a_part_is_shown_what_is_open_to_the_organisation_only(
    world: World, matter: Organisation
) -> None:
    decided = do(matter, M1, InterestDeclared(nature="none"), CUSTODIAN)
    assert decided.seq is not None
    published = OutcomePublished(decision=decided.seq, text="It ended.")
    assert perform(matter, M1, published, CHAIR, reported=Reported(by=CHAIR))
    world.publish(matter)
    assert [(one.seq, one.act) for one in find_timeline(matter, M1, MEMBER)] == [(4, "outcome.published/1")]
    assert verify(matter, export(matter, M1, viewer=MEMBER)).streams[0].entries == 1


def test_member_without_a_part_is_shown_nothing_of_a_matter(world: World, matter: Organisation) -> None:
    world.publish(matter)
    with pytest.raises(UnknownMatterError):
        find_timeline(matter, M1, MEMBER)
    with pytest.raises(AlteramError):
        export(matter, M1, viewer=MEMBER)


def test_export_before_the_newest_entry_is_in_the_log_is_an_error_that_says_so(
    world: World, matter: Organisation
) -> None:
    with pytest.raises(StoreError, match=r"[Nn]othing|not in the log"):
        export(matter, M1)
    world.publish(matter)
    do(matter, M1, InterestDeclared(nature="none"), CUSTODIAN)
    with pytest.raises(StoreError, match="not in the log"):
        export(matter, M1)


def test_export_carries_the_rules_it_was_ruled_by_even_after_an_amendment(world: World, matter: Organisation) -> None:
    assert adopt_rulebook(matter, AMENDED, SECRETARY)
    begin_matter(matter, M2)
    world.publish(matter)
    told = verify(matter, export(matter, M2))
    assert len(told.rulebooks) == 2
    assert told.absent_rulebooks == ()


# -- read tables


def test_lists_show_where_a_matter_stands(world: World, matter: Organisation) -> None:
    world.clock.pass_time(hours=1)
    do(matter, M1, InterestDeclared(nature="none"), CUSTODIAN)
    row = matter.ports.store.matters(ORGANISATION)[0]
    assert row == MatterRow(
        stream=M1,
        procedure="conduct",
        stage="triage",
        opened_at=START,
        last_at=START + timedelta(hours=1),
        last_seq=3,
        closed_at=None,
        next_due_at=row.next_due_at,
        next_owner="case-manager",
    )
    assert row.next_due_at == (START + timedelta(days=21)).replace(hour=0) - timedelta(seconds=1)
    world.clock.pass_time(hours=1)
    do(matter, M1, MatterClosed(approved_by=CHAIR), MANAGER)
    row = matter.ports.store.matters(ORGANISATION)[0]
    assert (row.closed_at, row.next_due_at, row.next_owner) == (world.clock.now, None, "")
    do(matter, M1, MatterReopened(ground="fraud", reasons="It was."), MANAGER)
    assert matter.ports.store.matters(ORGANISATION)[0].closed_at is None


def test_parts_people_play_are_listed_until_they_end(matter: Organisation) -> None:
    def parts(person: PersonId) -> list[tuple[str, str]]:
        return [(one.stream, one.role) for one in matter.ports.store.parts_of(ORGANISATION, person)]

    assert parts(COMPLAINANT) == [(M1, "complainant"), (M1, "reporter")]
    assert parts(MANAGER) == [(M1, "case-manager")]
    do(matter, M1, PersonRecused(person=MANAGER, roles=("case-manager",)), MANAGER)
    assert parts(MANAGER) == []


def test_rebuilt_tables_are_the_same_and_mend_what_was_wrong(world: World, matter: Organisation) -> None:
    begin_matter(matter, M2)
    store = matter.ports.store
    before = store.dump_read_tables(ORGANISATION)
    assert rebuild(matter) == Rebuilt(2, len(before[1]), 0)
    assert store.dump_read_tables(ORGANISATION) == before
    store.replace_read_tables(ORGANISATION, before[0][:1], before[1][1:])
    told = rebuild(world.open())
    assert (told.matters, told.parties) == (2, len(before[1]))
    assert told.differing == 2
    assert store.dump_read_tables(ORGANISATION) == before


def test_rebuild_keeps_matters_of_which_nothing_is_readable(world: World, matter: Organisation) -> None:
    do(matter, M1, MatterClosed(approved_by=CHAIR), MANAGER)
    assert shred(matter, M1, scope="matter")
    assert rebuild(world.open()).differing == 0
    assert [one.stream for one in matter.ports.store.matters(ORGANISATION)] == [M1]


def test_people_of_the_panel_and_the_origin_are_as_founded(organisation: Organisation) -> None:
    assert organisation.facts(ORGANISATION_STREAM).roll.body("panel") == frozenset(PANEL)
    assert organisation.ports.origin == ORIGIN


def test_assigning_the_same_person_twice_gives_one_part(matter: Organisation) -> None:
    do(matter, M1, CaseManagerAssigned(person=MANAGER), CUSTODIAN)
    assert [one.role for one in matter.ports.store.parts_of(ORGANISATION, MANAGER)] == ["case-manager"]


def test_founding_before_anything_is_read_from_the_catalogue_alone(world: World) -> None:
    organisation = world.open()
    found_small_body(organisation)
    assert organisation.governing(ORGANISATION_STREAM).id == "small-body"
