"""The board of contested propositions and its sources, as one person may see them.

What somebody may not open is not quoted to them: of an assertion they are told only what whoever marked it wrote, which
is open with its entry. What does not stand in its source is no longer recorded; what was recorded so is told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from alteram.core.access import may_open_exhibit
from alteram.core.acts import AssertionMarked
from alteram.core.disclosure.propositions import Assertion, Board, build_board, count_sources
from alteram.core.disclosure.wordings import Shared, find_shared
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.matters import Facts
from alteram.core.rules import Rulebook
from alteram.core.rules.exhibits import refuse
from alteram.operations.entries import Entered, find_entries
from alteram.operations.exhibits.opening import open_exhibit
from alteram.operations.exhibits.stored import get_stored
from alteram.operations.exhibits.texts import read_text
from alteram.operations.organisation import Organisation


@dataclass(frozen=True, slots=True)
class ShownBoard:
    """A board with its words. `texts` are what propositions, assertions and reasons say, by entry: of an assertion what
    stands in its source. By entry as well, what whoever marked an assertion wrote: `misquoted` where other words stand
    in the source, `claimed` where that does not open to the reader or has no text. `sources` counts on how many sources
    each proposition rests; `shared` are sentences that stand word for word in more than one source.
    """

    board: Board
    texts: dict[int, str]
    sources: dict[str, int]
    shared: tuple[Shared, ...]
    misquoted: dict[int, str]
    claimed: dict[int, str]


@dataclass(frozen=True, slots=True)
class ShownSource:
    """The text of an exhibit with what is marked in it, and the sentences that stand in other sources as well."""

    exhibit: str
    text: str
    assertions: tuple[Assertion, ...]
    shared: tuple[Shared, ...]


def show_board(entered: Entered) -> ShownBoard:
    """Return the board of a matter. Raises: StoreError, VaultError."""
    board = build_board(entered.facts)
    acts = {
        *(row.stated.seq for row in board.rows),
        *(one.marked.seq for one in board.assertions),
        *(one.seq for row in board.rows for one in row.evidence),
        *(row.finding.seq for row in board.rows if row.finding is not None),
    }
    texts = {seq: _find_words(one.claims) for seq, one in find_entries(entered, acts).items()}
    read = _read_sources(entered, {one.marked.act.exhibit for one in board.assertions})
    misquoted, claimed = dict[int, str](), dict[int, str]()
    for one in board.assertions:
        seq, text = one.marked.seq, read.get(one.marked.act.exhibit)
        if seq not in texts:
            continue
        if not text:
            claimed[seq] = texts.pop(seq)
            continue
        written, texts[seq] = texts[seq], text[one.span.first : one.span.until]
        if not _is_same(written, texts[seq]):
            misquoted[seq] = written
    shared = find_shared(read)
    sources = {row.name: count_sources(row.assertions, shared) for row in board.rows}
    return ShownBoard(board, texts, sources, shared, misquoted, claimed)


def show_source(entered: Entered, exhibit: str, *, now: datetime) -> ShownSource | Refused:
    """Return one source to be read, or why it is closed; that it is read is kept. Raises: as `open_exhibit` does."""
    opened = open_exhibit(entered, exhibit, now=now)
    if isinstance(opened, Refused):
        return opened
    board = build_board(entered.facts)
    texts = _read_sources(entered, {one.marked.act.exhibit for one in board.assertions} - {exhibit})
    text = read_text(opened.stored)
    shared = tuple(one for one in find_shared({exhibit: text, **texts}) if exhibit in one.places)
    marked = sorted(
        (one for one in board.assertions if one.marked.act.exhibit == exhibit), key=lambda one: one.span.first
    )
    return ShownSource(exhibit, text, tuple(marked), shared)


def find_misquotation(
    organisation: Organisation,
    stream: StreamId,
    facts: Facts,
    rulebook: Rulebook,
    marked: AssertionMarked,
    *,
    by: PersonId | None,
) -> Refused | None:
    """Return why words are not marked: whoever marks them may not open the source, or others stand at that place of it.

    None where they stand there, but for the space between them, or the source has no text. Raises: StoreError,
    VaultError.
    """
    may = may_open_exhibit(facts, rulebook, marked.exhibit, by)
    if isinstance(may, Refused):
        return may
    text = read_text(get_stored(organisation, stream, facts, marked.exhibit))
    if not text or _is_same(marked.words, text[marked.first : marked.until]):
        return None
    return refuse(
        "assertion.words",
        phrase(
            "These words do not stand at that place of exhibit {exhibit}. Open the source and copy them from there.",
            exhibit=as_own(marked.exhibit),
        ),
    )


def _is_same(words: str, others: str) -> bool:
    return words.split() == others.split()


def _read_sources(entered: Entered, exhibits: Iterable[str]) -> dict[str, str]:
    """Return the texts of those exhibits that are open to whoever entered."""
    person = entered.reader.person
    opened = [one for one in sorted(exhibits) if may_open_exhibit(entered.facts, entered.rulebook, one, person)]
    return {one: read_text(get_stored(entered.organisation, entered.stream, entered.facts, one)) for one in opened}


def _find_words(claims: Mapping[str, Json]) -> str:
    for name in ("act.words", "act.text", "act.reasons"):
        value = claims.get(name)
        if isinstance(value, str):
            return value
    return ""
