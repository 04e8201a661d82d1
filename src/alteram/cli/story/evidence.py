"""The evidence of the story: a secret call lodged whole, its consents, an excerpt and the answer to it, a leak traced.

Where programs cannot be confined, or ffmpeg is missing, the same acts are done without files, and this is told.
"""

import io
import wave
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from alteram.bootstrap.evidence import DisclosureTools, build_disclosure_tools, build_evidence_tools
from alteram.cli.story.people import CONFIDENCE, INVESTIGATOR, LEADER, OTHER_MANAGER, REPORTER, RESPONDENT
from alteram.cli.story.player import Player, StoryError
from alteram.core.acts import (
    ExhibitDerived,
    ExhibitDisclosed,
    ExhibitLodged,
    LeakReported,
    MisrepresentationClaimed,
    ReceiptGiven,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.record import verify_excerpt
from alteram.core.record.adjoining import adjoin
from alteram.operations.disclosure.bundling import build_bundle
from alteram.operations.disclosure.copies import record_trace, serve_copies, trace_leak
from alteram.operations.entries import enter
from alteram.operations.evidence_ports import EvidenceTools, ShownDocument, Unshown
from alteram.operations.exhibits.excerpting import prove_excerpt
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.exhibits.parts import lodge_excerpt
from alteram.operations.exhibits.stored import open_files
from alteram.operations.perform import Performed

_RATE, _SECONDS = 8_000, 60
_COLUMN = ExhibitLodged(
    exhibit="e1",
    kind="web-page",
    obtained="published",
    title="The column of 7 August",
    source="The newspaper's page, saved on the day.",
    file_name="column.html",
)
_CALL = ExhibitLodged(
    exhibit="e2",
    kind="recording",
    obtained="made-by-lodger",
    speakers=(RESPONDENT, PersonId("m06")),
    title="The telephone call of 11 August, the whole of it",
    file_name="call.wav",
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What looks at files and gives them; `publish` puts what was recorded into the log.

    In `folder` the excerpts are left, for anyone to check.
    """

    tools: EvidenceTools
    disclosing: DisclosureTools
    publish: Callable[[], object]
    folder: Path


def find_evidence(publish: Callable[[], object], tell: Callable[[str], None], left: Path) -> Evidence | None:
    """Return what the story needs for its files; None, and why, where programs cannot be confined here."""
    tools = build_evidence_tools()
    with TemporaryDirectory() as folder:
        source = Path(folder, "call.wav")
        source.write_bytes(make_call())
        looked = tools.recordings.look(source)
    if isinstance(looked, Unshown):
        tell(f"Evidence is played without files. {looked.detail}")
        return None
    return Evidence(tools, build_disclosure_tools(tools), publish, left)


def make_column() -> bytes:
    """Return the column as a browser saves it."""
    return (
        "<!-- saved from url=(0029)https://paper.invalid/column/ -->\n"
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>What was said on Tuesday</title></head><body>"
        "<h1>What was said on Tuesday</h1>"
        "<p>The caucus met behind closed doors on 5 August. It was decided on Monday, one member says.</p>"
        "<p>The leader’s office denies it: nothing was decided before everybody was heard.</p></body></html>\n"
    ).encode()


def make_call() -> bytes:
    """Return a recording as a telephone makes it: a minute of sound that is no speech, the same every time."""
    samples = array("h", b"".join(_noise(_RATE * _SECONDS * 2)))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def lodge_column(player: Player, evidence: Evidence | None) -> None:
    """Have the investigator lodge the newspaper column, as the page that was saved."""
    _lodge(player, evidence, INVESTIGATOR, _COLUMN, make_column())


def lodge_call(player: Player, evidence: Evidence | None) -> None:
    """Have the recorder lodge the call, whole."""
    pieces = _lodge(player, evidence, RESPONDENT, _CALL, make_call())
    if pieces:
        player.add(f"in {pieces} pieces of its lossless form (flac)")


def _lodge(player: Player, evidence: Evidence | None, who: PersonId, act: ExhibitLodged, content: bytes) -> int:
    """Lodge a file, and return in how many pieces; 0 without files."""
    if evidence is None:
        player.do(CONFIDENCE, who, act)
        player.add(act.title or "")
        return 0
    name = act.file_name or ""
    received = receive(player.organisation, CONFIDENCE, [content])
    prepared = prepare(player.organisation, CONFIDENCE, received, evidence.tools, kind=act.kind, file_name=name)
    player.tell_done(
        CONFIDENCE, who, lodge_exhibit(player.organisation, CONFIDENCE, act, who, prepared, now=player.now)
    )
    player.add(act.title or "")
    return len(prepared.pieces)


def give(player: Player, evidence: Evidence | None, people: Sequence[PersonId]) -> None:
    """Have the evidence given to both sides: a bundle, each in a marked copy, and a receipt."""
    if evidence is None:
        for one in people:
            player.do(CONFIDENCE, OTHER_MANAGER, ExhibitDisclosed(exhibits=("e1", "e2"), to=one))
        return
    entered = enter(player.organisation, CONFIDENCE, OTHER_MANAGER)
    tools = evidence.disclosing
    built = build_bundle(entered, tools.bundles, people, name="b1", title="The evidence", now=player.now)
    player.tell_done(CONFIDENCE, OTHER_MANAGER, built)
    entered = enter(player.organisation, CONFIDENCE, OTHER_MANAGER)
    served = serve_copies(entered, tools.marking, "b1", people, now=player.now)
    entries = {}
    for person, done in served.items():
        entries[person] = player.tell_done(CONFIDENCE, OTHER_MANAGER, done)
        player.add(f"to {person}, in a copy that is marked as theirs")
    for person, entry in entries.items():
        player.do(CONFIDENCE, person, ReceiptGiven(disclosure=entry))


def dispute_call(player: Player, evidence: Evidence | None) -> None:
    """Have a part of the call printed, said to misrepresent it, proved, and answered with what came before."""
    part, wrong = "A newspaper prints a part of the call.", "What was printed misrepresents the conversation."
    player.do(CONFIDENCE, REPORTER, LeakReported(exhibit="e2", part_only=True, text=part))
    player.add(part)
    player.do(CONFIDENCE, LEADER, MisrepresentationClaimed(exhibit="e2", text=wrong))
    player.add(wrong)
    if evidence is None:
        return
    evidence.publish()
    printed = ExhibitDerived(exhibit="x1", of="e2", how="excerpt", reasons="What was printed.")
    _excerpt(player, evidence.tools, RESPONDENT, printed, 4, 6)
    answer = ExhibitDerived(exhibit="x2", of="e2", how="excerpt", adds_to="x1", reasons="What was said before it.")
    _excerpt(player, evidence.tools, REPORTER, answer, 2, 4)
    one, other = (_prove(player, who, *part) for who, part in ((RESPONDENT, (4, 6)), (REPORTER, (2, 4))))
    for name, proved in (("printed", one), ("before", other)):
        (evidence.folder / f"{name}.excerpt").write_bytes(proved)
    lies = adjoin(verify_excerpt(one), verify_excerpt(other))
    player.add(f"both verify against the whole; the answer lies directly {lies.relation} the excerpt")


def trace_copy(player: Player, evidence: Evidence | None) -> None:
    """Have a page of the bundle turn up outside, as a picture, and the copy it comes from found: a fact, no more."""
    if evidence is None:
        return
    with TemporaryDirectory() as folder:
        leaked = _photograph(player, evidence, Path(folder))
        entered = enter(player.organisation, CONFIDENCE, OTHER_MANAGER)
        traced = trace_leak(entered, evidence.disclosing.marking, leaked)
        if [one for one, _, _ in traced.people] != [REPORTER]:
            raise StoryError(f"The leaked pages were traced to {traced.people or traced.leak.why}.")
        player.tell_done(CONFIDENCE, OTHER_MANAGER, record_trace(entered, traced, now=player.now))
        player.add("from pictures of its pages, as somebody could have taken them:")
        player.add(f"the copy of {REPORTER}; the chance of naming anybody wrongly is {traced.error}")


def _excerpt(player: Player, tools: EvidenceTools, who: PersonId, act: ExhibitDerived, first: int, until: int) -> None:
    entered = enter(player.organisation, CONFIDENCE, who)
    done = lodge_excerpt(entered, tools, act, first, until, now=player.now)
    if not isinstance(done, Performed):
        raise StoryError(done.because)
    player.tell_done(CONFIDENCE, who, done)
    player.add(f"{act.exhibit}, pieces {first + 1} and {until} of the call: {act.reasons}")


def _prove(player: Player, who: PersonId, first: int, until: int) -> bytes:
    proved = prove_excerpt(enter(player.organisation, CONFIDENCE, who), "e2", first, until, now=player.now)
    if not isinstance(proved, bytes):
        raise StoryError(proved.because)
    return proved


def _photograph(player: Player, evidence: Evidence, folder: Path) -> Path:
    """Return a folder of pictures of the reporter's copy, as somebody could have taken them."""
    entered = enter(player.organisation, CONFIDENCE, OTHER_MANAGER)
    given = next(one for one in entered.facts.matter.all(ExhibitDisclosed) if one.act.to == REPORTER and one.act.bundle)
    copy, *_ = open_files(player.organisation, CONFIDENCE, given.seq)[2]
    source, pages, leaked = folder / "copy.pdf", folder / "pages", folder / "leaked"
    pages.mkdir()
    leaked.mkdir()
    with source.open("xb") as target:
        target.writelines(copy.read())
    shown = evidence.tools.documents.show(source, "application/pdf", pages)
    if not isinstance(shown, ShownDocument):
        raise StoryError(shown.detail)
    for page in shown.pages:
        page.file.rename(leaked / page.file.name)
    return leaked


def _noise(size: int) -> Iterator[bytes]:
    return (sha256(number.to_bytes(8, "big")).digest() for number in range(size // 32))
