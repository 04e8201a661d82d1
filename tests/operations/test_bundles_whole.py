"""What a bundle holds: nothing withheld by any way round, a list of all that is, and nothing left out in silence."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import pytest

from alteram.core.acts import (
    BundleBuilt,
    CorrectionMade,
    ExhibitDerived,
    ExhibitDisclosed,
    ExhibitLodged,
    ExhibitQuarantined,
    ExhibitRuled,
    ExhibitWithheld,
    RedactionChecked,
)
from alteram.core.disclosure.bundles import MAX_TEXT, Plan, find_changes
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.operations.bundle_ports import BuiltBundle, Cover, TextPart
from alteram.operations.disclosure.bundling import BundleTools, build_bundle, find_bundle
from alteram.operations.disclosure.copies import By, serve_copies, trace_leak
from alteram.operations.disclosure.packing import pack_served_copy
from alteram.operations.entries import enter
from alteram.operations.evidence_ports import Message
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_derived, lodge_exhibit, prepare
from alteram.operations.organisation import Organisation
from alteram.operations.perform import Performed
from alteram.operations.questions import UnknownMatterError
from tests.evidence import PlainMarking, PlainReading, build_plain_tools
from tests.worlds import CHAIR, COMPLAINANT, M1, MANAGER, PANEL, RESPONDENT, do


class PlainBundles:
    """Implements Bundles: the names of what is shown, and nothing else."""

    def build(self, plan: Plan, cover: Cover, sources: Mapping[str, BinaryIO], out: BinaryIO) -> BuiltBundle:
        written = " ".join((cover.known_as, *sorted(sources))).encode()
        out.write(written)
        return BuiltBundle(pages=3, size=len(written), digest=sha256(written).hexdigest(), archival=False)

    def pack(self, plan: Plan, bundle: Iterable[bytes], beside: Mapping[str, Iterable[bytes]]) -> Iterator[bytes]:
        return iter(())


class PlainMaking:
    """Implements PageMaking: a text is one page, dated as a printed PDF is; it keeps what it printed, by title."""

    def __init__(self) -> None:
        self.printed: dict[str, str] = {}
        self.dates: set[datetime] = set()
        self.bound: list[bytes] = []

    def bind_pages(self, pages: Iterable[bytes], out: BinaryIO) -> int:
        self.bound += pages
        out.write(b"page")
        return 1

    def print_text(self, title: str, parts: Sequence[TextPart], out: BinaryIO, *, dated_at: datetime) -> None:
        self.printed[title] = "\n".join(f"{one.head}\n{one.text}" for one in parts)
        self.dates.add(dated_at)
        out.write(f"{title} {parts} {dated_at}".encode())

    def count_pages(self, source: BinaryIO) -> int:
        return 1


class Mailing(PlainReading):
    """Reads messages with what is attached to them, as mail has it."""

    def encode_message(self, message: Message) -> bytes:
        return json.dumps({
            "at": "2025-08-11T20:15:30+12:00", "sender": message.sender, "text": message.text,
            "attachments": ["a.pdf", "b.pdf"],
        }).encode()  # fmt: skip


@pytest.fixture
def body(body: Organisation) -> Organisation:
    for name in ("e1", "e2"):
        lodge(body, name)
    return body


def lodge(body: Organisation, name: str, file_name: str = "letter.bin") -> int:
    prepared = prepare(body, M1, receive(body, M1, [b"\xff"]), build_plain_tools(), kind="document")
    act = ExhibitLodged(exhibit=name, kind="document", obtained="given", file_name=file_name)
    done = lodge_exhibit(body, M1, act, COMPLAINANT, prepared)
    assert done.seq is not None
    return done.seq


def derive(body: Organisation, name: str, of: str, how: str = "transcript") -> None:
    act = ExhibitDerived(exhibit=name, of=of, how=how)  # type: ignore[arg-type]  # one of them
    assert lodge_derived(body, M1, act, COMPLAINANT, [b"words"], media="text/plain")


def withhold(
    body: Organisation, exhibit: str, reasons: str = "It names a child.", person: PersonId = RESPONDENT
) -> None:
    do(body, M1, ExhibitWithheld(exhibit=exhibit, person=person, reasons=reasons), MANAGER)


def build(
    body: Organisation,
    *exhibits: str,
    name: str = "b1",
    people: Sequence[PersonId] = (RESPONDENT,),
    making: PlainMaking | None = None,
) -> Performed:
    now = body.ports.clock().replace(microsecond=0)
    tools = BundleTools(PlainBundles(), making or PlainMaking())
    return build_bundle(enter(body, M1, MANAGER), tools, people, name=name, exhibits=exhibits, now=now)


def built(body: Organisation, *exhibits: str) -> BundleBuilt:
    assert build(body, *exhibits)
    return body.facts(M1, fresh=True).matter.all(BundleBuilt)[-1].act


def test_what_is_withheld_is_told_of_also_where_it_was_not_asked_for(body: Organisation) -> None:
    withhold(body, "e1")
    act = built(body, "e2")
    assert act.digest == sha256(b"b1 e2").hexdigest()
    assert (act.exhibits, act.withheld) == (("e2",), ("e1",))
    (told,) = find_bundle(enter(body, M1, MANAGER), "b1").plan.withheld
    assert (told.exhibit, told.reason) == ("e1", "It names a child.")


@pytest.mark.parametrize("given", [None, COMPLAINANT, RESPONDENT])
def test_what_one_of_several_people_was_given_after_all_stays_withheld_from_the_other(
    body: Organisation, given: PersonId | None
) -> None:
    for person in (RESPONDENT, COMPLAINANT):
        withhold(body, "e1", person=person)
    if given is not None:
        do(body, M1, ExhibitDisclosed(exhibits=("e1",), to=given), MANAGER)
    assert build(body, people=(RESPONDENT, COMPLAINANT))
    act = body.facts(M1, fresh=True).matter.all(BundleBuilt)[-1].act
    assert (act.exhibits, act.withheld) == (("e2",), ("e1",))


def test_what_everybody_was_given_after_all_is_shown(body: Organisation) -> None:
    withhold(body, "e1")
    do(body, M1, ExhibitDisclosed(exhibits=("e1",), to=RESPONDENT), MANAGER)
    assert built(body).exhibits == ("e1", "e2")


@pytest.mark.parametrize("asked", [(), ("e2", "t1", "t2")])
def test_nothing_made_of_what_is_withheld_is_shown_in_its_place(body: Organisation, asked: tuple[str, ...]) -> None:
    derive(body, "t1", "e1")
    derive(body, "t2", "t1", "translation")
    withhold(body, "e1")
    assert built(body, *asked).exhibits == ("e2",)


@pytest.mark.parametrize(("agreed", "shown"), [(True, ("e2", "r1")), (False, ("e2",))])
def test_what_was_redacted_is_not_given_unless_it_is_asked_for(
    body: Organisation, agreed: bool, shown: tuple[str, ...]
) -> None:
    derive(body, "t1", "e1")
    derive(body, "r1", "e1", "redaction")
    do(body, M1, RedactionChecked(exhibit="r1", agreed=agreed), MANAGER)
    assert built(body).exhibits == shown
    assert build(body, "e1", name="b2")
    assert body.facts(M1, fresh=True).matter.all(BundleBuilt)[-1].act.exhibits == ("e1",)


def test_what_is_withheld_although_in_quarantine_is_told_of(body: Organisation) -> None:
    withhold(body, "e1")
    do(body, M1, ExhibitQuarantined(exhibit="e1", found="Something"), MANAGER)
    assert built(body).withheld == ("e1",)


@pytest.mark.parametrize(
    ("asked", "code"), [("nothing", "reference.unknown"), ("e1", "bundle.unchecked"), ("r1", "bundle.unchecked")]
)
def test_what_cannot_go_into_a_bundle_is_refused_and_not_left_out(body: Organisation, asked: str, code: str) -> None:
    derive(body, "r1", "e2", "redaction")
    do(body, M1, ExhibitQuarantined(exhibit="e1", found="Something"), MANAGER)
    done = build(body, "e2", asked)
    assert isinstance(done.ruling, Refused)
    assert done.ruling.code == code


def test_reasons_and_names_of_files_that_are_too_long_hinder_no_bundle(body: Organisation) -> None:
    lodge(body, "e3", file_name="x" * (MAX_TEXT + 1) + ".bin")
    withhold(body, "e1", "r" * (MAX_TEXT + 1))
    built(body)
    plan = find_bundle(enter(body, M1, MANAGER), "b1").plan
    assert len(plan.withheld[0].reason) == MAX_TEXT
    assert plan.beside[-1].file_name.endswith("x.bin")


def test_exhibit_keeps_its_number_when_an_earlier_one_is_corrected(body: Organisation) -> None:
    seq = lodge(body, "e3")
    lodge(body, "e4")
    built(body)
    do(body, M1, CorrectionMade(entry=seq, reasons="Not mine."), COMPLAINANT)
    assert build(body, name="b2")
    plans = [find_bundle(enter(body, M1, MANAGER), name).plan for name in ("b1", "b2")]
    labels = [{one.exhibit: one.label for one in plan.placed} for plan in plans]
    assert labels[0]["e4"] == labels[1]["e4"] == "E4"


def test_what_stayed_as_it_was_is_not_said_to_be_replaced_by_a_later_edition(body: Organisation) -> None:
    do(body, M1, ExhibitLodged(exhibit="key", kind="physical", obtained="found", place="The safe"), COMPLAINANT)
    making = PlainMaking()
    assert build(body, making=making)
    body.ports.clock.pass_time(days=3)  # type: ignore[attr-defined]  # the clock of a world is moved by hand
    lodge(body, "e3")
    assert build(body, name="b2", making=making)
    plan = find_bundle(enter(body, M1, MANAGER), "b2").plan
    assert plan.edition == 2
    assert [one.exhibit for one in find_changes(plan)] == ["e3"]
    lodged = {one.recorded_at for one in body.facts(M1, fresh=True).matter.all(ExhibitLodged)}
    assert making.dates <= lodged


def test_slip_carries_the_digest_by_which_the_lodged_file_is_known(body: Organisation) -> None:
    do(body, M1, ExhibitLodged(exhibit="key", kind="physical", obtained="found"), COMPLAINANT)
    built(body)
    plan = find_bundle(enter(body, M1, MANAGER), "b1").plan
    assert {one.exhibit: one.digest for one in plan.placed} == {
        "e1": sha256(b"\xff").hexdigest(), "e2": sha256(b"\xff").hexdigest(), "key": ""
    }  # fmt: skip


def test_pages_tell_of_a_thing_where_it_is_and_its_seal_and_of_a_web_page_where_and_when_it_was_captured(
    body: Organisation,
) -> None:
    thing = ExhibitLodged(exhibit="key", kind="physical", obtained="found", place="The safe", seal="S-17")
    do(body, M1, thing, COMPLAINANT)
    pages: list[Json] = [
        {"uri": "http://paper.invalid/a", "at": "2026-03-01T10:00:00Z", "digest_fits": True},
        {"uri": "http://paper.invalid/b", "at": "", "digest_fits": False},
    ]
    told: dict[str, Json] = {"capture": {"pages": pages}, "texts": ["They left."]}
    received = receive(body, M1, [b"\xff"])
    prepared = prepare(body, M1, received, build_plain_tools(), kind="web-page", told=told)
    act = ExhibitLodged(exhibit="page", kind="web-page", obtained="published")
    assert lodge_exhibit(body, M1, act, COMPLAINANT, prepared)
    making = PlainMaking()
    assert build(body, "key", "page", making=making)
    assert making.printed["E3: key"].splitlines()[-2:] == ["Where it is kept: The safe", "Number on its seal: S-17"]
    assert making.printed["E4: page"].splitlines() == [
        "http://paper.invalid/a",
        "Captured, by the file's own word: 2026-03-01 10:00:00 UTC",
        "http://paper.invalid/b",
        "Captured, by the file's own word: not said",
        "Its digest does not fit: the capture was altered.",
        "",
        "They left.",
    ]


def test_pages_name_what_was_attached_to_a_message(body: Organisation) -> None:
    tools = replace(build_plain_tools(), threads=Mailing())
    prepared = prepare(body, M1, receive(body, M1, [b"Look"]), tools, kind="message")
    act = ExhibitLodged(exhibit="mail", kind="message", obtained="given")
    assert lodge_exhibit(body, M1, act, COMPLAINANT, prepared)
    making = PlainMaking()
    assert build(body, "mail", making=making)
    assert making.printed["E3: mail"] == (
        "2025-08-11 20:15:30 UTC+12:00 · somebody\nLook\nAttached, by the names it gives: a.pdf, b.pdf"
    )


def test_each_is_served_once_and_what_was_served_on_nobody_is_no_suspect(body: Organisation, tmp_path: Path) -> None:
    for name in ("b1", "b2"):
        assert build(body, name=name)
    entered, marking = enter(body, M1, MANAGER), PlainMarking()
    now = body.ports.clock().replace(microsecond=0)
    served = serve_copies(entered, marking, "b1", [RESPONDENT, RESPONDENT], now=now)
    assert [bool(one) for one in served.values()] == [True]
    assert len(body.facts(M1, fresh=True).matter.all(ExhibitDisclosed)) == 1
    (tmp_path / "leak").write_bytes(b"leaked")
    trace_leak(enter(body, M1, MANAGER), marking, tmp_path / "leak")
    assert marking.suspected == ["b1"]


def serve_by(body: Organisation, by: By, *people: PersonId) -> tuple[dict[PersonId, str], list[PersonId]]:
    """Serve b1; return what became of each, and whose copies were marked."""
    marking, now = PlainMarking(), body.ports.clock().replace(microsecond=0)
    served = serve_copies(enter(body, M1, MANAGER), marking, "b1", people, by=by, now=now)
    told = {one: done.ruling.code if isinstance(done.ruling, Refused) else "served" for one, done in served.items()}
    return told, [PersonId(one.decode()) for one in marking.marked]


def test_file_for_who_decides_goes_out_behind_the_respondents_in_one_go_and_never_before(body: Organisation) -> None:
    decider = PANEL[0]
    assert build(body, people=(decider, RESPONDENT, COMPLAINANT))
    assert serve_by(body, "file", decider) == ({decider: "exhibit.undisclosed"}, [])
    assert serve_by(body, "print", decider, RESPONDENT) == (
        {RESPONDENT: "served", decider: "exhibit.undisclosed"},
        [RESPONDENT],
    )
    told, _ = serve_by(body, "file", decider, COMPLAINANT, RESPONDENT)
    assert told == dict.fromkeys((RESPONDENT, decider, COMPLAINANT), "served")
    given = [one.act for one in body.facts(M1, fresh=True).matter.all(ExhibitDisclosed)]
    assert [(one.to, one.by) for one in given] == [
        (RESPONDENT, "print"),
        (RESPONDENT, "file"),
        (decider, "file"),
        (COMPLAINANT, "file"),
    ]


def test_copy_on_the_page_of_who_decides_is_handed_over_once_the_respondent_has_it(body: Organisation) -> None:
    decider, bundles = PANEL[0], PlainBundles()
    assert build(body, people=(decider, RESPONDENT))
    assert serve_by(body, "page", decider)[0] == {decider: "served"}
    seq = body.facts(M1, fresh=True).matter.all(ExhibitDisclosed)[0].seq

    def pack() -> str:
        packed = pack_served_copy(enter(body, M1, MANAGER), bundles, seq, now=body.ports.clock().replace(microsecond=0))
        return packed.code if isinstance(packed, Refused) else "packed"

    assert pack() == "exhibit.undisclosed"
    assert serve_by(body, "page", RESPONDENT)[0] == {RESPONDENT: "served"}
    assert pack() == "packed"
    do(body, M1, ExhibitRuled(exhibit="e1", admissible=False, reasons="So."), CHAIR)
    assert pack() == "exhibit.ruled-out"
    with pytest.raises(UnknownMatterError):
        pack_served_copy(enter(body, M1, RESPONDENT), bundles, seq, now=body.ports.clock())
