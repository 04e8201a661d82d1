"""Looking in a bundle for the names of protected people: long work that somebody asked for on a page.

Only where something may stand is kept, not what stands there; what else was to be looked for is sealed while it waits.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final, TypeAlias, cast

from alteram.core.disclosure.bundles import Beside
from alteram.core.disclosure.file_words import read_words
from alteram.core.disclosure.names import Protected, Text
from alteram.core.disclosure.names import find_names as search_names
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId
from alteram.installation.asking import Asking
from alteram.installation.background import Tell, Work, count_parts, find_works
from alteram.installation.disclosure_work import AROUND, ask_once, enter_given, is_of
from alteram.installation.exhibit_tools import find_disclosure_tools
from alteram.installation.models import DirectoryEntry
from alteram.installation.writing import find_names
from alteram.operations.disclosure.bundling import find_bundle
from alteram.operations.disclosure.telling import find_hidden
from alteram.operations.entries import Entered
from alteram.operations.exhibits.stored import get_stored
from alteram.operations.exhibits.texts import BREAK, read_text
from alteram.operations.sealed_notes import open_note, seal_note

_NAMES: Final = "names"
_ALSO: Final = b"alteram/also-names/v1\x00"
#: So many places are told; more than that are a number.
_MOST_PLACES: Final = 200
#: What else is looked for: so many lines, of so many characters.
MOST_ALSO: Final = 50
MAX_ALSO: Final = 200
#: What a file says of itself stands in its first and last bytes.
_ENDS: Final = 1 << 20
#: A line of what else is looked for that has so many digits, and no letters, is a telephone number.
_DIGITS: Final = 6
#: A place: in which exhibit (none: in what the bundle adds), on which page, whether it is surely a name, and in what:
#: "page", the "name" of its file, or what stands "inside" that.
_Place: TypeAlias = tuple[str, int, bool, str]


def ask_for_names(asking: Asking, entered: Entered, bundle: str, also: Sequence[str] = ()) -> Work:
    """Have the names of protected people looked for in a bundle, and what `also` names one. Raises: BusyError."""
    given: dict[str, Any] = {"bundle": bundle}
    if also:
        sealed = seal_note(entered.organisation, entered.stream, list(also), label=_ALSO)
        given["also"] = b64encode(sealed).decode()
    return ask_once(asking, entered, _NAMES, given)


def find_names_work(asking: Asking, entered: Entered, bundle: str) -> Work | None:
    """Return the last search for names in a bundle that whoever entered asked for."""
    asked = (one for one in find_works(asking.name, _NAMES) if is_of(one, entered) and one.given["bundle"] == bundle)
    return next(asked, None)


def read_also(text: str) -> tuple[str, ...] | None:
    """Return the lines of what else is looked for; None where they are too many, or one is too long."""
    lines = tuple(dict.fromkeys(one.strip() for one in text.splitlines() if one.strip()))
    return None if len(lines) > MOST_ALSO or any(len(one) > MAX_ALSO for one in lines) else lines


def run_names(organisation: str, given: Any, tell: Tell) -> Any:
    """Look for the names. See `background`."""
    entered = enter_given(organisation, given)
    kept = find_bundle(entered, given["bundle"])
    count = count_parts(tell, len(kept.event.act.exhibits) + AROUND)
    hidden = find_hidden(entered, kept.event.act)
    known = find_names(organisation, hidden)
    people = [*find_what_names(organisation, sorted(hidden)), *_open_also(entered, given)]
    try:
        with TemporaryFile() as out:
            for block in kept.file.read():
                out.write(block)
            out.seek(0)
            found = find_disclosure_tools().naming.find(cast("BinaryIO", out), people)
        places: list[_Place] = [("", one.page, one.certain, "page") for one in found]
        count()
        # Pages of an exhibit are pictures in the bundle: its own text says what stands in them.
        texts = _read_counted(entered, kept.event.act.exhibits, count)
        places += [(one.place, one.page, one.certain, "page") for one in search_names(people, texts)]
        places += _search_beside(entered, people, kept.plan.beside)
    except AlteramError as error:
        return {"problem": str(error.problem), "remedy": str(error.remedy)}
    return {
        "count": len(places),
        "nameless": sum(1 for one in hidden if not known.get(one)),
        "places": [list(one) for one in dict.fromkeys(places)][:_MOST_PLACES],
    }


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


def _search_beside(entered: Entered, people: Sequence[Protected], beside: Iterable[Beside]) -> Iterator[_Place]:
    """Yield what the names of files beside the bundle say, and, where it is sure, what stands in them plainly."""
    for one in beside:
        name = Text(one.exhibit, 0, one.file_name.replace("_", " "))
        yield from ((found.place, 0, found.certain, "name") for found in search_names(people, [name]))
        file = get_stored(entered.organisation, entered.stream, entered.facts, one.exhibit).get("original")
        size = file.find_size()
        ends = file.read_range(0, min(size, _ENDS))
        if size > _ENDS:
            ends += file.read_range(max(_ENDS, size - _ENDS), size)
        words = Text(one.exhibit, 0, read_words(ends))
        yield from ((found.place, 0, True, "inside") for found in search_names(people, [words]) if found.certain)


def _read_counted(entered: Entered, exhibits: Iterable[str], count: Callable[[], None]) -> Iterator[Text]:
    """Yield the pages of each exhibit, and count it once they were looked at."""
    for one in exhibits:
        yield from _read_pages(entered, one)
        count()


def _read_pages(entered: Entered, exhibit: str) -> Iterator[Text]:
    text = read_text(get_stored(entered.organisation, entered.stream, entered.facts, exhibit))
    for number, page in enumerate(text.split(BREAK), 1):
        yield Text(exhibit, number, page)
