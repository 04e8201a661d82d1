"""Looking for the names of protected people in what is to be given, and confirming what a person made of it.

It tells where something may name one of them, never whom nor in which words; a person reads what stands there.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO, Final, Literal, TypeAlias, cast

from alteram.core.acts import NamesChecked
from alteram.core.disclosure.names import Protected, Text, find_names
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters.protection import find_protected
from alteram.core.rules.exhibits import find_derivation, find_lodging, find_origin
from alteram.core.rules.giving import find_made_from, find_opening
from alteram.operations.bundle_ports import Naming
from alteram.operations.disclosure.bundling import find_bundle, find_choice
from alteram.operations.disclosure.file_words import read_file_words
from alteram.operations.disclosure.telling import find_hidden, find_recipients
from alteram.operations.entries import Entered, find_entries, find_text
from alteram.operations.exhibits.stored import get_stored
from alteram.operations.exhibits.texts import BREAK, read_text
from alteram.operations.perform import Performed, perform

#: What else is looked for: so many lines, of so many characters.
MOST_ALSO: Final = 50
MAX_ALSO: Final = 200
#: A gist that is looked through has so many characters.
MAX_GIST: Final = 10_000
#: What the entry that lodges an exhibit says of it in words.
_WORDS: Final = ("title", "source", "place", "reasons")
#: A line of what else is looked for that has so many digits, and no letters, is a telephone number.
_DIGITS: Final = 6
#: In what something stands: a page; the name of a file, or what stands inside that; the words of the entry that lodges
#: an exhibit; its gist. "unread": not all of a file could be read.
What: TypeAlias = Literal["page", "name", "inside", "words", "gist", "unread"]


@dataclass(frozen=True, slots=True)
class ToGive:
    """What is looked through: a bundle; exhibits, with what was made of them; or, where there is one, their gist."""

    bundle: str | None = None
    exhibits: tuple[str, ...] = ()
    gist: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that names somebody, or may: in which exhibit (none: in what a bundle adds), and on which page or 0."""

    exhibit: str
    page: int
    certain: bool
    what: What


def find_sought(entered: Entered, wanted: ToGive) -> frozenset[PersonId]:
    """Return whose names are looked for: who is protected, of a bundle from somebody it is for.

    Raises: UnknownMatterError where there is no such bundle.
    """
    if wanted.bundle is None:
        return find_protected(entered.facts.matter)
    return find_hidden(entered, find_bundle(entered, wanted.bundle).event.act)


def read_also(text: str) -> tuple[str, ...] | None:
    """Return the lines of what else is looked for; None where they are too many, or one is too long."""
    lines = tuple(dict.fromkeys(one.strip() for one in text.splitlines() if one.strip()))
    return None if len(lines) > MOST_ALSO or any(len(one) > MAX_ALSO for one in lines) else lines


def tell_also(lines: Sequence[str], names: Sequence[str] = ()) -> Protected:
    """Return what else is looked for, as it names one person: by lines, and by what people are called in full."""
    numbers = [one for one in lines if len(re.findall(r"\d", one)) >= _DIGITS and not re.search(r"[^\W\d_]", one)]
    mails = [one for one in lines if "@" in one]
    others = [one for one in lines if one not in {*numbers, *mails}]
    return Protected("", names=tuple(names), aliases=tuple(others), emails=tuple(mails), telephones=tuple(numbers))


def search_names(
    entered: Entered,
    naming: Naming,
    people: Sequence[Protected],
    wanted: ToGive,
    count: Callable[[], None] = lambda: None,
) -> Iterator[Place]:
    """Yield each place that may name one of `people`. `count` is called for each of `count_searched` that was searched.

    Raises: UnknownMatterError, BundleError, StoreError, VaultError.
    """
    if wanted.bundle is not None:
        return _search_bundle(entered, naming, people, wanted.bundle, count)
    return _search_gist(people, wanted) if wanted.gist else _search_exhibits(entered, naming, people, wanted, count)


def count_searched(entered: Entered, wanted: ToGive) -> int:
    """Return how many parts are searched: the file of a bundle, and each exhibit. Raises: UnknownMatterError."""
    if wanted.bundle is not None:
        return 1 + len(find_bundle(entered, wanted.bundle).event.act.exhibits)
    return 0 if wanted.gist else len(_find_with(entered, wanted))


def confirm_names(entered: Entered, wanted: ToGive, *, found: int, reasons: str = "", now: datetime) -> Performed:
    """Record that somebody looked at what was found, and that it gives nobody away. Raises: BusyError, StoreError."""
    named = wanted.exhibits if wanted.bundle is None else ()
    act = NamesChecked(
        bundle=wanted.bundle,
        exhibits=() if wanted.gist else named,
        gists=named if wanted.gist else (),
        found=found,
        reasons=reasons or None,
        gist=wanted.gist or None,
    )
    return perform(entered.organisation, entered.stream, act, entered.person, now=now)


def find_waiting(entered: Entered) -> tuple[str, ...]:
    """Return what was made of exhibits and is closed to somebody until it was looked through."""
    facts, people = entered.facts, [one for one, _role in find_recipients(entered)]
    made = (one.exhibit for one in find_choice(entered) if find_derivation(facts, one.exhibit) is not None)
    return tuple(one for one in made if any(find_opening(facts, one, person) is None for person in people))


def _search_bundle(
    entered: Entered, naming: Naming, people: Sequence[Protected], bundle: str, count: Callable[[], None]
) -> Iterator[Place]:
    kept = find_bundle(entered, bundle)
    with TemporaryFile() as out:
        for block in kept.file.read():
            out.write(block)
        out.seek(0)
        found = naming.find(cast("BinaryIO", out), people)
    yield from (Place("", one.page, one.certain, "page") for one in found)
    count()
    # Pages of an exhibit are pictures in the bundle: its own text says what stands in them.
    texts = _read_counted(entered, kept.event.act.exhibits, count)
    yield from (Place(one.place, one.page, one.certain, "page") for one in find_names(people, texts))
    yield from _find_unread(entered, kept.event.act.exhibits)
    beside = ((one.exhibit, one.file_name) for one in kept.plan.beside)
    yield from _search_beside(entered, naming, people, beside)


def _search_gist(people: Sequence[Protected], wanted: ToGive) -> Iterator[Place]:
    told = [Text(one, 0, wanted.gist) for one in wanted.exhibits]
    yield from (Place(one.place, 0, one.certain, "gist") for one in find_names(people, told))


def _search_exhibits(
    entered: Entered, naming: Naming, people: Sequence[Protected], wanted: ToGive, count: Callable[[], None]
) -> Iterator[Place]:
    exhibits = _find_with(entered, wanted)
    texts = _read_counted(entered, exhibits, count)
    yield from (Place(one.place, one.page, one.certain, "page") for one in find_names(people, texts))
    yield from _find_unread(entered, exhibits)
    lodged = {one: event.seq for one in exhibits if (event := find_lodging(entered.facts, one)) is not None}
    entries = find_entries(entered, lodged.values())
    for name, seq in lodged.items():
        told = [Text(name, 0, find_text(entries.get(seq), field)) for field in _WORDS]
        yield from (Place(name, 0, one.certain, "words") for one in find_names(people, told))
    beside = ((one, find_text(entries.get(lodged[one]), "file_name")) for one in lodged)
    yield from _search_beside(entered, naming, people, beside)


def _find_unread(entered: Entered, exhibits: Iterable[str]) -> Iterator[Place]:
    """Yield the exhibits that have pages which are pictures, and in which no text was looked for."""
    for one in exhibits:
        made, origin = find_derivation(entered.facts, one), find_origin(entered.facts, one)
        # A part of a document holds pictures of its pages, and not their text.
        is_part = made is not None and made.how == "excerpt" and origin is not None and origin.act.form == "pages"
        if is_part or get_stored(entered.organisation, entered.stream, entered.facts, one).read_facts().get("unread"):
            yield Place(one, 0, False, "unread")


def _find_with(entered: Entered, wanted: ToGive) -> list[str]:
    """Return the exhibits, and what was made of each, which comes along with it."""
    made = [each.act.exhibit for one in wanted.exhibits for each in find_made_from(entered.facts, one)]
    return list(dict.fromkeys((*wanted.exhibits, *made)))


def _search_beside(
    entered: Entered, naming: Naming, people: Sequence[Protected], beside: Iterable[tuple[str, str]]
) -> Iterator[Place]:
    """Yield what the names of files say, of the originals of exhibits, and, where it is sure, what stands in them."""
    for exhibit, file_name in beside:
        name = Text(exhibit, 0, file_name.replace("_", " "))
        yield from (Place(found.place, 0, found.certain, "name") for found in find_names(people, [name]))
        file = get_stored(entered.organisation, entered.stream, entered.facts, exhibit).files.get("original")
        if file is None:
            continue
        said, is_whole = read_file_words(file, naming)
        words = Text(exhibit, 0, said)
        yield from (Place(found.place, 0, True, "inside") for found in find_names(people, [words]) if found.certain)
        if not is_whole:
            yield Place(exhibit, 0, False, "unread")


def _read_counted(entered: Entered, exhibits: Iterable[str], count: Callable[[], None]) -> Iterator[Text]:
    """Yield the pages of each exhibit, and count it once they were looked at."""
    for one in exhibits:
        text = read_text(get_stored(entered.organisation, entered.stream, entered.facts, one))
        yield from (Text(one, number, page) for number, page in enumerate(text.split(BREAK), 1))
        count()
