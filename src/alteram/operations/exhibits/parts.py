"""Parts of exhibits: which pieces a stretch of time is, and lodging a part as an excerpt of its own."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec

from alteram.core.acts import ExhibitDerived
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.operations.entries import Entered
from alteram.operations.evidence_ports import EvidenceTools, RecordingIndex, Recordings, Unshown
from alteram.operations.exhibits.excerpt_views import MAX_SHOWN, parse_proved
from alteram.operations.exhibits.excerpting import ProvedExcerpt, open_excerpt
from alteram.operations.exhibits.forms import read_blocks
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_derived
from alteram.operations.exhibits.opening import OpenedExhibit
from alteram.operations.perform import Performed
from alteram.operations.questions import UnknownMatterError
from alteram.operations.recording import SealedAttachment

#: What the file of an excerpt is.
EXCERPT: Final = "application/vnd.alteram.excerpt"
#: How many steps lodging one has: it is cut out and proved, a copy that plays is made of it, it is recorded.
STEPS: Final = 3
_PICTURES: Final = "video/x-matroska"


def find_index(opened: OpenedExhibit) -> RecordingIndex:
    """Return where the times of a recording stand. Raises: UnknownMatterError for anything else."""
    index = opened.stored.read_facts().get("index")
    if index is None:
        raise UnknownMatterError(
            phrase("This exhibit has no times to cut by."), remedy=phrase("Say from which piece to which.")
        )
    return msgspec.convert(index, RecordingIndex)


def find_pieces(opened: OpenedExhibit, recordings: Recordings, from_s: float, until_s: float) -> tuple[int, int]:
    """Return the pieces [first, until) of a recording in which everything from one second to another stands.

    Raises: UnknownMatterError where it is no recording, has no such time, or the part would hold nothing.
    """
    index = find_index(opened)
    if not from_s < until_s:
        raise UnknownMatterError(
            phrase("The part ends before it begins."), remedy=phrase("Name an end that comes after its beginning.")
        )
    if from_s < 0 or from_s * index.rate >= index.length:
        raise UnknownMatterError(
            phrase("The recording has no such time."),
            remedy=phrase("It ends after {seconds} seconds.", seconds=index.length // max(1, index.rate)),
        )
    first, until = recordings.find_piece_range(index, from_s, until_s)
    # The first piece goes with every part of a recording: what begins with the second begins with the first as well.
    return (0 if first == 1 else first), until


def lodge_excerpt(
    entered: Entered,
    tools: EvidenceTools,
    act: ExhibitDerived,
    first: int,
    until: int,
    *,
    now: datetime,
    tell: Callable[[int], None] = lambda _steps: None,
) -> Performed | Refused:
    """Lodge pieces [first, until) of `act.of` as an excerpt, with their proof; or say why it is closed.

    Of one with pictures, a copy that browsers play goes with it; of nothing but the excerpt. `tell` is told how many of
    the `STEPS` are done. Raises: as `open_excerpt` and `lodge_derived` do.
    """
    proved = open_excerpt(entered, act.of, first, until, now=now)
    if isinstance(proved, Refused):
        return proved
    tell(1)
    films = _make_film(entered, tools, proved)
    tell(2)
    whole = build_excerpt_act(act, first, until)
    return lodge_derived(
        entered.organisation, entered.stream, whole, entered.person, proved.read(), media=EXCERPT, films=films, now=now
    )


def build_excerpt_act(act: ExhibitDerived, first: int, until: int) -> ExhibitDerived:
    """Return the act that lodges pieces [first, until) as an excerpt, but for what is found of its file."""
    return msgspec.structs.replace(act, how="excerpt", first=first, until=until, by_hand=False)


def _make_film(entered: Entered, tools: EvidenceTools, proved: ProvedExcerpt) -> tuple[SealedAttachment, ...]:
    """Return a copy of a part with pictures, taken in as a file; nothing of any other, or where none can be made."""
    if proved.size > MAX_SHOWN:
        return ()
    played = parse_proved(b"".join(proved.read())).play(tools.recordings)
    if isinstance(played, Unshown) or played.media != _PICTURES:
        return ()
    with tools.workplace() as folder:
        source, made = folder / "source", folder / "made"
        made.mkdir(mode=0o700)
        source.write_bytes(played.data)
        film = tools.recordings.make_film(source, made)
        if isinstance(film, Unshown):
            return ()
        return (receive(entered.organisation, entered.stream, read_blocks(film)).sealed,)
