"""Looking in a bundle, or in exhibits that are given by themselves, for the names of protected people: long work.

Only where something may stand is kept, not what stands there; what else was to be looked for is sealed while it waits.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final, TypeAlias, cast

from alteram.core.disclosure.names import Protected, Text
from alteram.core.disclosure.names import find_names as search_names
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters.protection import find_protected
from alteram.core.rules.exhibits import find_lodging
from alteram.core.rules.giving import find_made_from
from alteram.installation.asking import Asking
from alteram.installation.background import Tell, Work, count_parts, find_works
from alteram.installation.disclosure_work import AROUND, ask_once, enter_given, is_of
from alteram.installation.exhibit_tools import find_disclosure_tools
from alteram.installation.models import DirectoryEntry
from alteram.installation.writing import find_names
from alteram.operations.disclosure.bundling import find_bundle
from alteram.operations.disclosure.file_words import read_file_words
from alteram.operations.disclosure.telling import find_hidden
from alteram.operations.entries import Entered, find_entries, find_text
from alteram.operations.exhibits.stored import get_stored
from alteram.operations.exhibits.texts import BREAK, read_text
from alteram.operations.sealed_notes import open_note, seal_note

_NAMES: Final = "names"
_ALSO: Final = b"alteram/also-names/v1\x00"
_GIST: Final = b"alteram/gist-to-give/v1\x00"
#: What a search is kept like. One that was kept otherwise, before, is not read: it is asked for anew.
_FORM: Final = 2
#: So many places are told; more than that are a number.
_MOST_PLACES: Final = 200
#: What else is looked for: so many lines, of so many characters.
MOST_ALSO: Final = 50
MAX_ALSO: Final = 200
#: A gist that is looked through has so many characters.
MAX_GIST: Final = 10_000
#: What the entry that lodges an exhibit says of it in words.
_WORDS: Final = ("title", "source", "place", "reasons")
#: A line of what else is looked for that has so many digits, and no letters, is a telephone number.
_DIGITS: Final = 6
#: A place: in which exhibit (none: in what the bundle adds), on which page, whether it is surely a name, and in what:
#: "page", the "name" of its file, what stands "inside" that, the "words" of the entry that lodges it, or its "gist";
#: "unread" says that not all of the file could be read.
_Place: TypeAlias = tuple[str, int, bool, str]


def ask_for_names(asking: Asking, entered: Entered, bundle: str, also: Sequence[str] = ()) -> Work:
    """Have the names of protected people looked for in a bundle, and what `also` names one. Raises: BusyError."""
    return _ask(asking, entered, {"bundle": bundle}, also)


def ask_for_exhibit_names(
    asking: Asking, entered: Entered, exhibits: Sequence[str], also: Sequence[str] = (), *, gist: str = ""
) -> Work:
    """Have them looked for in exhibits, or in the gist that is to be given of them instead. Raises: BusyError."""
    given: dict[str, Any] = {"exhibits": list(exhibits)}
    if gist:
        given["gist"] = _seal(entered, gist, _GIST)
    return _ask(asking, entered, given, also)


def _ask(asking: Asking, entered: Entered, given: dict[str, Any], also: Sequence[str]) -> Work:
    if also:
        given["also"] = _seal(entered, list(also), _ALSO)
    return ask_once(asking, entered, _NAMES, {**given, "form": _FORM})


def _seal(entered: Entered, said: Json, label: bytes) -> str:
    return b64encode(seal_note(entered.organisation, entered.stream, said, label=label)).decode()


def find_names_work(asking: Asking, entered: Entered, bundle: str | None = None) -> Work | None:
    """Return the last search for names in a bundle, without one in exhibits, that whoever entered asked for.

    One that is kept otherwise than today is told as one that failed: it has to be asked for again.
    """
    asked = (one for one in find_works(asking.name, _NAMES) if is_of(one, entered))
    found = next((one for one in asked if one.given.get("bundle") == bundle), None)
    is_other = found is not None and found.given.get("form") != _FORM
    return replace(found, outcome=None, has_failed=True) if found is not None and is_other else found


def read_also(text: str) -> tuple[str, ...] | None:
    """Return the lines of what else is looked for; None where they are too many, or one is too long."""
    lines = tuple(dict.fromkeys(one.strip() for one in text.splitlines() if one.strip()))
    return None if len(lines) > MOST_ALSO or any(len(one) > MAX_ALSO for one in lines) else lines


def run_names(organisation: str, given: Any, tell: Tell) -> Any:
    """Look for the names. See `background`."""
    entered = enter_given(organisation, given)
    if "bundle" in given:
        hidden = find_hidden(entered, find_bundle(entered, given["bundle"]).event.act)
    else:
        hidden = find_protected(entered.facts.matter)
    known = find_names(organisation, hidden)
    people = [*find_what_names(organisation, sorted(hidden)), *_open_also(entered, given)]
    look = _look_in_bundle if "bundle" in given else _look_in_exhibits
    try:
        places = list(look(entered, given, people, tell))
    except AlteramError as error:
        return {"problem": error.problem, "remedy": error.remedy}
    return {
        "count": len(places),
        "nameless": sum(1 for one in hidden if not known.get(one)),
        "places": [list(one) for one in dict.fromkeys(places)][:_MOST_PLACES],
    }


def _look_in_bundle(entered: Entered, given: Any, people: Sequence[Protected], tell: Tell) -> Iterator[_Place]:
    kept = find_bundle(entered, given["bundle"])
    count = count_parts(tell, len(kept.event.act.exhibits) + AROUND)
    with TemporaryFile() as out:
        for block in kept.file.read():
            out.write(block)
        out.seek(0)
        found = find_disclosure_tools().naming.find(cast("BinaryIO", out), people)
    yield from (("", one.page, one.certain, "page") for one in found)
    count()
    # Pages of an exhibit are pictures in the bundle: its own text says what stands in them.
    texts = _read_counted(entered, kept.event.act.exhibits, count)
    yield from ((one.place, one.page, one.certain, "page") for one in search_names(people, texts))
    yield from _search_beside(entered, people, ((one.exhibit, one.file_name) for one in kept.plan.beside))


def _look_in_exhibits(entered: Entered, given: Any, people: Sequence[Protected], tell: Tell) -> Iterator[_Place]:
    if "gist" in given:
        gist, _ = open_note(entered.organisation, entered.stream, b64decode(given["gist"]), label=_GIST)
        told = [Text(one, 0, str(gist)) for one in given["exhibits"]]
        yield from ((one.place, 0, one.certain, "gist") for one in search_names(people, told))
        return
    # What was made of an exhibit comes along with it.
    made = [each.act.exhibit for one in given["exhibits"] for each in find_made_from(entered.facts, one)]
    exhibits = list(dict.fromkeys((*given["exhibits"], *made)))
    texts = _read_counted(entered, exhibits, count_parts(tell, len(exhibits) + 1))
    yield from ((one.place, one.page, one.certain, "page") for one in search_names(people, texts))
    lodged = {one: event.seq for one in exhibits if (event := find_lodging(entered.facts, one)) is not None}
    entries = find_entries(entered, lodged.values())
    for name, seq in lodged.items():
        told = [Text(name, 0, find_text(entries.get(seq), field)) for field in _WORDS]
        yield from ((name, 0, one.certain, "words") for one in search_names(people, told))
    yield from _search_beside(
        entered, people, ((one, find_text(entries.get(lodged[one]), "file_name")) for one in lodged)
    )


def find_what_names(organisation: str, people: Iterable[PersonId]) -> list[Protected]:
    """Return by what each of these people can be told: what the directory holds, and their identifier as a label.

    Nothing else is known here: a telephone number, or what friends call them, is for whoever asks to add.
    """
    wanted = list(people)
    rows = DirectoryEntry.objects.filter(organisation=organisation, person__in=wanted)
    told = {row.person: row for row in rows}
    return [_tell_by_what(one, told.get(one)) for one in wanted]


def _tell_by_what(person: PersonId, row: DirectoryEntry | None) -> Protected:
    names, emails, addresses = ("", "", "") if row is None else (row.name, row.email, row.post)
    return Protected(
        person,
        names=(names,) if names else (),
        emails=(emails,) if emails else (),
        addresses=_find_addresses(addresses, names),
        labels=(person,),
    )


def _find_addresses(post: str, name: str) -> tuple[str, ...]:
    """Return the address of a letter without the name above it."""
    lines = [one.strip() for one in post.splitlines() if one.strip() and one.strip() != name]
    return (", ".join(lines),) if lines else ()


def _open_also(entered: Entered, given: Any) -> list[Protected]:
    if "also" not in given:
        return []
    also, _ = open_note(entered.organisation, entered.stream, b64decode(given["also"]), label=_ALSO)
    lines = [str(one) for one in also] if isinstance(also, list) else []
    numbers = [one for one in lines if len(re.findall(r"\d", one)) >= _DIGITS and not re.search(r"[^\W\d_]", one)]
    mails = [one for one in lines if "@" in one]
    others = [one for one in lines if one not in {*numbers, *mails}]
    return [Protected("", aliases=tuple(others), emails=tuple(mails), telephones=tuple(numbers))]


def _search_beside(
    entered: Entered, people: Sequence[Protected], beside: Iterable[tuple[str, str]]
) -> Iterator[_Place]:
    """Yield what the names of files say, of the originals of exhibits, and, where it is sure, what stands in them."""
    for exhibit, file_name in beside:
        name = Text(exhibit, 0, file_name.replace("_", " "))
        yield from ((found.place, 0, found.certain, "name") for found in search_names(people, [name]))
        file = get_stored(entered.organisation, entered.stream, entered.facts, exhibit).files.get("original")
        if file is None:
            continue
        said, is_whole = read_file_words(file, find_disclosure_tools().naming)
        words = Text(exhibit, 0, said)
        yield from ((found.place, 0, True, "inside") for found in search_names(people, [words]) if found.certain)
        if not is_whole:
            yield exhibit, 0, False, "unread"


def _read_counted(entered: Entered, exhibits: Iterable[str], count: Callable[[], None]) -> Iterator[Text]:
    """Yield the pages of each exhibit, and count it once they were looked at."""
    for one in exhibits:
        yield from _read_pages(entered, one)
        count()


def _read_pages(entered: Entered, exhibit: str) -> Iterator[Text]:
    text = read_text(get_stored(entered.organisation, entered.stream, entered.facts, exhibit))
    for number, page in enumerate(text.split(BREAK), 1):
        yield Text(exhibit, number, page)
