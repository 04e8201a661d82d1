"""Exhibits: lodged with their pieces, opened by whom they were given, seen and read on the record, closed when bad."""

import dataclasses
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pyrage
import pytest

from alteram.core.access import find_given
from alteram.core.acts import (
    BundleBuilt,
    ConsentRecorded,
    ExhibitDerived,
    ExhibitDisclosed,
    ExhibitLodged,
    ExhibitQuarantined,
    ExhibitRuled,
    ExhibitSeen,
    ExhibitWithheld,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.vault import encode_identity
from alteram.core.vault.pieces import PIECE_SIZE
from alteram.operations.attachments import AttachmentError, find_attachments, open_attachment, sweep_attachments
from alteram.operations.entries import Entered, enter
from alteram.operations.evidence_ports import EvidenceTools, Scanned
from alteram.operations.exhibits import incoming as taking
from alteram.operations.exhibits.incoming import ENDS, Ends, receive
from alteram.operations.exhibits.lodging import lodge_derived, lodge_exhibit, prepare
from alteram.operations.exhibits.opening import OpenedExhibit, open_exhibit
from alteram.operations.exhibits.showing import list_exhibits, show_exhibit
from alteram.operations.exhibits.stored import get_stored
from alteram.operations.organisation import Organisation
from alteram.operations.perform import Performed, perform
from alteram.operations.questions import UnknownMatterError
from tests.evidence import BAD, PlainScanning, build_plain_tools
from tests.operations.test_attachments import FaultyAttachments
from tests.worlds import (
    CHAIR,
    COMPLAINANT,
    M1,
    MANAGER,
    MEMBER,
    PANEL,
    RESPONDENT,
    InjectedError,
    Mode,
    World,
    do,
    open_world,
)

MODES: tuple[Mode, ...] = ("not applied", "applied")
CONTENT = b"page one\fpage two"
STRANGER = PersonId("stranger")


@pytest.fixture(params=["memory", "sqlite"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with open_world(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture
def body(matter: Organisation) -> Organisation:
    return matter


def lodge(
    body: Organisation,
    content: bytes = CONTENT,
    *,
    kind: str = "document",
    by: PersonId = COMPLAINANT,
    tools: EvidenceTools | None = None,
) -> Performed:
    received = receive(body, M1, (content[at : at + 1000] for at in range(0, len(content), 1000)))
    prepared = prepare(body, M1, received, tools or build_plain_tools(), kind=kind)
    act = ExhibitLodged(exhibit="e1", kind=kind, obtained="given", title="A letter", file_name="letter.txt")  # type: ignore[arg-type]  # any kind
    return lodge_exhibit(body, M1, act, by, prepared)


def give(body: Organisation, to: PersonId, exhibit: str = "e1") -> None:
    do(body, M1, ExhibitDisclosed(exhibits=(exhibit,), to=to), MANAGER)


def open_as(body: Organisation, person: PersonId, exhibit: str = "e1") -> OpenedExhibit | Refused:
    return open_exhibit(enter(body, M1, person), exhibit, now=body.ports.clock().replace(microsecond=0))


def read(body: Organisation, person: PersonId) -> bytes:
    opened = open_as(body, person)
    assert isinstance(opened, OpenedExhibit), opened
    return b"".join(opened.read())


def code(opened: OpenedExhibit | Refused) -> str:
    assert isinstance(opened, Refused)
    return opened.code


def test_exhibit_is_lodged_with_its_digest_its_pages_and_their_root(body: Organisation) -> None:
    assert lodge(body)
    (event,) = body.facts(M1).matter.all(ExhibitLodged)
    act = event.act
    assert (act.digest, act.size, act.media) == (sha256(CONTENT).hexdigest(), len(CONTENT), "text/plain")
    assert (act.form, act.pieces, act.scanned, act.malware) == ("pages", 2, True, None)
    stored = get_stored(body, M1, body.facts(M1), "e1")
    assert list(stored.files) == ["original", "form", "pieces", "facts"]
    assert len(stored.read_pieces()) == 2
    assert stored.read_facts()["texts"] == ["page one", "page two"]


def test_original_is_an_age_file_whose_key_opens_it(body: Organisation) -> None:
    lodge(body)
    original = get_stored(body, M1, body.facts(M1), "e1").get("original")
    identity = pyrage.x25519.Identity.from_str(encode_identity(original.key))
    assert pyrage.decrypt(b"".join(body.ports.attachments.get(M1, original.sha256)), [identity]) == CONTENT


@pytest.mark.parametrize("size", [0, 1, PIECE_SIZE, PIECE_SIZE + 1, 3 * PIECE_SIZE])
def test_what_no_program_can_read_keeps_its_own_bytes_as_its_form(body: Organisation, size: int) -> None:
    content = b"\xff" * size
    lodge(body, content or b"", kind="picture")
    opened = open_as(body, COMPLAINANT)
    assert isinstance(opened, OpenedExhibit)
    assert b"".join(opened.read()) == content
    assert opened.read_range(size // 2, size) == content[size // 2 :]


@contextmanager
def _no_workplace() -> Iterator[Path]:
    raise AssertionError("the file was to be laid open")
    yield Path()


def test_what_nothing_here_reads_is_lodged_without_laying_it_open(body: Organisation) -> None:
    tools = dataclasses.replace(build_plain_tools(), workplace=_no_workplace)
    assert lodge(body, b"\xff" * 10, tools=tools)
    facts = get_stored(body, M1, body.facts(M1), "e1").read_facts()
    assert facts["unshown"] == "not-shown"
    with pytest.raises(AssertionError, match="laid open"):
        lodge(body, b"text", tools=tools)


def test_piece_is_read_by_itself(body: Organisation) -> None:
    lodge(body, b"one\ntwo\nthree", kind="message")
    opened = open_as(body, COMPLAINANT)
    assert isinstance(opened, OpenedExhibit)
    assert list(opened.read_some(1, 2)) == [b'[1, "two"]']


def test_whoever_lodged_it_and_who_handles_the_matter_open_it(body: Organisation) -> None:
    lodge(body)
    assert read(body, COMPLAINANT) == read(body, MANAGER) == CONTENT


def test_respondent_opens_it_once_it_was_given_and_not_before(body: Organisation) -> None:
    lodge(body)
    assert code(open_as(body, RESPONDENT)) == "exhibit.undisclosed"
    give(body, RESPONDENT)
    assert read(body, RESPONDENT) == CONTENT


def test_exhibit_withheld_with_its_gist_stays_closed_and_says_so(body: Organisation) -> None:
    lodge(body)
    give(body, RESPONDENT)
    do(
        body,
        M1,
        ExhibitWithheld(exhibit="e1", person=RESPONDENT, reasons="It names a child.", gist="A letter."),
        MANAGER,
    )
    assert code(open_as(body, RESPONDENT)) == "exhibit.withheld"
    give(body, RESPONDENT)
    assert read(body, RESPONDENT) == CONTENT


def test_stranger_and_member_without_a_part_are_told_what_they_are_told_of_nothing(body: Organisation) -> None:
    lodge(body)
    for person in (STRANGER, MEMBER):
        with pytest.raises(UnknownMatterError):
            open_as(body, person)


def test_unknown_exhibit_is_told_like_one_that_is_not_open(body: Organisation) -> None:
    assert code(open_as(body, RESPONDENT, "e9")) == "exhibit.unknown"


def test_first_sight_is_an_act_and_the_second_is_not(body: Organisation) -> None:
    lodge(body)
    give(body, RESPONDENT)
    for _ in range(2):
        read(body, RESPONDENT)
    (seen,) = body.facts(M1, fresh=True).matter.all(ExhibitSeen)
    assert (seen.actor, seen.act.exhibit, seen.act.person) == (RESPONDENT, "e1", RESPONDENT)


def test_files_of_an_exhibit_are_not_files_of_its_entry(body: Organisation) -> None:
    done = lodge(body)
    assert done.seq is not None
    with pytest.raises(UnknownMatterError):
        find_attachments(body, M1, done.seq, RESPONDENT)


def test_what_the_scanner_finds_is_lodged_closed_and_opens_when_it_is_let_go(body: Organisation) -> None:
    lodge(body, BAD)
    (event,) = body.facts(M1).matter.all(ExhibitLodged)
    assert (event.act.malware, event.act.form) == ("Bad", "bytes")
    assert code(open_as(body, RESPONDENT)) == code(open_as(body, COMPLAINANT)) == "exhibit.quarantined"
    assert read(body, MANAGER) == BAD
    do(body, M1, ExhibitQuarantined(exhibit="e1", lifted=True, reasons="A false alarm."), MANAGER)
    give(body, RESPONDENT)
    assert read(body, RESPONDENT) == BAD


class _Wordy(PlainScanning):
    """Implements Scanning: finds something with a name as long as a daemon likes."""

    def scan(self, chunks: Iterable[bytes]) -> Scanned:
        return Scanned("found", "x" * 500)


def test_what_is_found_under_a_long_name_is_closed_all_the_same(body: Organisation) -> None:
    assert lodge(body, tools=dataclasses.replace(build_plain_tools(), scanning=_Wordy()))
    (event,) = body.facts(M1).matter.all(ExhibitLodged)
    assert event.act.malware == "x" * 200
    assert code(open_as(body, COMPLAINANT)) == "exhibit.quarantined"


def test_refused_exhibit_leaves_no_file(body: Organisation) -> None:
    lodge(body)
    assert not lodge(body)
    assert sweep_attachments(body, older_than=timedelta(0)).dropped == 0


def test_too_large_an_exhibit_is_refused_and_leaves_nothing(
    body: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "MAX_EXHIBIT", 10)
    assert receive(body, M1, [b"x" * 10]).size == 10
    with pytest.raises(AttachmentError, match="larger"):
        receive(body, M1, [b"x" * 5, b"x" * 6])
    assert sweep_attachments(body, older_than=timedelta(0)).dropped == 1


@pytest.mark.parametrize(
    ("point", "mode", "nth"),
    [
        *(("attachments.begin", "not applied", nth) for nth in range(4)),
        *((f"writer.{what}", mode, nth) for what in ("write", "finish") for mode in MODES for nth in range(4)),
        *(("store.append", mode, 0) for mode in MODES),
    ],
)
def test_whichever_write_fails_an_exhibit_is_whole_or_not_there(
    world: World, body: Organisation, point: str, mode: Mode, nth: int
) -> None:
    ports, faults = body.ports, world.faults
    body.ports = dataclasses.replace(ports, attachments=FaultyAttachments(ports.attachments, faults))
    faults.arm(point, mode, skip=nth)
    with pytest.raises(InjectedError):
        lodge(body)
    faults.disarm()
    afterwards = world.open()
    lodged = afterwards.facts(M1).matter.all(ExhibitLodged)
    assert bool(lodged) == ((point, mode) == ("store.append", "applied"))
    if not lodged:
        # Nothing was acknowledged: it is lodged again, and what was left is swept away.
        assert lodge(afterwards)
    assert read(afterwards, COMPLAINANT) == CONTENT
    sweep_attachments(afterwards, older_than=timedelta(0))
    assert read(afterwards, COMPLAINANT) == CONTENT
    stored = get_stored(afterwards, M1, afterwards.facts(M1), "e1")
    assert all(b"".join(one.read()) for one in stored.files.values())


def test_transcript_opens_with_the_recording_and_a_redaction_by_itself(body: Organisation) -> None:
    lodge(body)
    for name, how in (("t1", "transcript"), ("r1", "redaction")):
        act = ExhibitDerived(exhibit=name, of="e1", how=how, reasons="Typed.")  # type: ignore[arg-type]  # one of them
        assert lodge_derived(body, M1, act, MANAGER, [b"text"], media="text/plain")
    give(body, RESPONDENT)
    assert isinstance(open_as(body, RESPONDENT, "t1"), OpenedExhibit)
    assert code(open_as(body, RESPONDENT, "r1")) == "exhibit.undisclosed"


def test_what_was_made_after_the_whole_was_given_is_theirs_since_it_was_made(body: Organisation) -> None:
    lodge(body)
    give(body, RESPONDENT)
    whole = find_given(body.facts(M1), "e1", RESPONDENT)
    made = lodge_derived(
        body, M1, ExhibitDerived(exhibit="t1", of="e1", how="transcript"), MANAGER, [b"text"], media="text/plain"
    )
    derived = find_given(body.facts(M1), "t1", RESPONDENT)
    assert whole is not None
    assert derived is not None
    assert (derived.seq, derived.gist) == (made.seq, False)
    assert derived.seq > whole.seq
    give(body, RESPONDENT, "t1")
    assert find_given(body.facts(M1), "t1", RESPONDENT) == derived


def test_decider_reads_what_the_respondent_has_and_nothing_that_was_ruled_out(body: Organisation) -> None:
    lodge(body)
    decider = PANEL[0]
    assert code(open_as(body, decider)) == "exhibit.undisclosed"
    # Giving it to who decides first opens it no sooner.
    give(body, decider)
    assert code(open_as(body, decider)) == "exhibit.undisclosed"
    give(body, RESPONDENT)
    assert read(body, decider) == CONTENT
    do(body, M1, ExhibitRuled(exhibit="e1", admissible=False, reasons="Stolen."), CHAIR)
    assert code(open_as(body, decider)) == "exhibit.ruled-out"


def test_copy_of_a_bundle_is_opened_by_whom_it_is_for_and_by_who_decides_once_the_respondent_has_all_of_it(
    body: Organisation,
) -> None:
    lodge(body)
    people = (PANEL[0], RESPONDENT)
    digest = sha256(b"").hexdigest()
    built = BundleBuilt(bundle="b1", for_people=people, exhibits=("e1",), pages=1, digest=digest)
    do(body, M1, built, MANAGER)

    def serve(person: PersonId) -> int:
        copy = receive(body, M1, [f"copy of {person}".encode()]).sealed
        act = ExhibitDisclosed(exhibits=("e1",), to=person, bundle="b1")
        done = perform(body, M1, act, MANAGER, attachments=(copy,))
        assert done.seq is not None
        return done.seq

    def open_copy(seq: int, person: PersonId) -> bytes:
        return b"".join(open_attachment(body, M1, seq, 0, person).content)

    own = serve(PANEL[0])
    with pytest.raises(UnknownMatterError):
        open_copy(own, PANEL[0])
    given = serve(RESPONDENT)
    assert open_copy(given, RESPONDENT) == open_copy(given, MANAGER) == b"copy of respondent"
    assert open_copy(own, PANEL[0]) == b"copy of panel-1"
    for seq, person in ((own, RESPONDENT), (given, PANEL[0]), (given, COMPLAINANT)):
        with pytest.raises(UnknownMatterError):
            open_copy(seq, person)


def test_exhibit_shows_its_consents_its_custody_and_who_has_it(body: Organisation) -> None:
    received = receive(body, M1, [b"fLaC and sound"])
    prepared = prepare(body, M1, received, build_plain_tools(), kind="recording")
    act = ExhibitLodged(
        exhibit="e1", kind="recording", obtained="made-by-lodger", speakers=(COMPLAINANT, RESPONDENT), title="A call"
    )
    assert lodge_exhibit(body, M1, act, COMPLAINANT, prepared)
    do(body, M1, ConsentRecorded(exhibit="e1", speaker=RESPONDENT, state="refused"), RESPONDENT)
    shown = show_exhibit(_entered(body, RESPONDENT), "e1")
    assert [(one.speaker, one.state) for one in shown.consents] == [(COMPLAINANT, "unknown"), (RESPONDENT, "refused")]
    assert shown.rule is None
    assert {one.rule_met.result for one in shown.consents} == {"UNKNOWN"}
    assert not shown.may_open
    assert shown.row.is_unequal
    give(body, RESPONDENT)
    (row,) = list_exhibits(_entered(body, RESPONDENT))
    assert not row.is_unequal
    assert {one.person: one.has_nothing for one in row.sights} == {COMPLAINANT: False, RESPONDENT: False}


def _entered(body: Organisation, person: PersonId) -> Entered:
    return enter(body, M1, person)


@pytest.mark.parametrize("size", [0, 1, ENDS - 1, ENDS, ENDS + 1, 2 * ENDS + 1, 5 * ENDS])
@pytest.mark.parametrize("step", [ENDS // 3, 7 * ENDS])
def test_first_and_last_bytes_are_kept_however_they_come(size: int, step: int) -> None:
    data = (b"0123456789abcdef_" * (size // 17 + 1))[:size]
    ends = Ends()
    for at in range(0, size, step):
        ends.take(data[at : at + step])
    assert (ends.head, ends.tail) == (data[:ENDS], data[-ENDS:])
