"""Building bundles, serving marked copies and looking for names in them: long work that somebody asked for on a page.

What it came to is kept without a word of what is in a bundle: pages, people, entries, and why the rules refused.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from itertools import chain
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final, cast

from alteram.core.acts import BundleBuilt
from alteram.core.disclosure.names import Protected, Text
from alteram.core.disclosure.names import find_names as search_names
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.rules.exhibits import live_acts
from alteram.installation.asking import Asking
from alteram.installation.background import LongWork, Tell, Work, ask_for, count_parts, find_work, find_works
from alteram.installation.exhibit_tools import find_disclosure_tools
from alteram.installation.models import DirectoryEntry
from alteram.installation.organisations import get_organisation, read_now
from alteram.installation.writing import find_names
from alteram.operations.bundle_ports import Carrying, PageMaking, TextPart
from alteram.operations.disclosure.bundling import BundleTools, build_bundle, find_bundle
from alteram.operations.disclosure.copies import By, serve_copies
from alteram.operations.disclosure.telling import find_hidden
from alteram.operations.entries import Entered, enter
from alteram.operations.exhibits.stored import get_stored
from alteram.operations.exhibits.texts import BREAK, read_text
from alteram.operations.perform import Performed
from alteram.operations.sealed_notes import open_note, seal_note

_BUNDLE: Final = "bundle"
_COPIES: Final = "copies"
_NAMES: Final = "names"
#: What is a part of the work beside each copy or exhibit: marking or reading the bundle, and the end.
_AROUND: Final = 2
_TITLE: Final = b"alteram/bundle-title/v1\x00"
#: So many places are told; more than that are a number.
_MOST_PLACES: Final = 200


def ask_for_bundle(
    asking: Asking,
    entered: Entered,
    people: Sequence[PersonId],
    exhibits: Sequence[str],
    *,
    name: str = "",
    title: str = "",
) -> Work:
    """Have a bundle built; without a name, it has the next that is free. Raises: BusyError."""
    given = {"people": list(people), "exhibits": list(exhibits), "bundle": name or _find_free_name(entered)}
    if title:
        given["title"] = b64encode(seal_note(entered.organisation, entered.stream, title, label=_TITLE)).decode()
    return _ask(asking, entered, _BUNDLE, given, parts=len(exhibits) + 1)


def _find_free_name(entered: Entered) -> str:
    taken, number = {one.act.bundle for one in live_acts(entered.facts, BundleBuilt)}, 1
    while f"bundle-{number}" in taken:
        number += 1
    return f"bundle-{number}"


def ask_for_serving(asking: Asking, entered: Entered, bundle: str, people: Sequence[PersonId], *, by: By) -> Work:
    """Have copies of a bundle marked and served. Raises: BusyError."""
    return _ask(
        asking, entered, _COPIES, {"people": list(people), "bundle": bundle, "by": by}, parts=len(people) + _AROUND
    )


def ask_for_names(asking: Asking, entered: Entered, bundle: str) -> Work:
    """Have the names of protected people looked for in a bundle. Raises: BusyError."""
    return _ask(asking, entered, _NAMES, {"bundle": bundle})


def find_last_work(asking: Asking, entered: Entered, kind: str) -> Work | None:
    """Return the last work of a kind that whoever entered asked for in this matter."""
    asked = (one for one in find_works(asking.name, kind) if _is_of(one, entered))
    return next(asked, None)


def find_names_work(asking: Asking, entered: Entered, bundle: str) -> Work | None:
    """Return the last search for names in a bundle that whoever entered asked for."""
    asked = (one for one in find_works(asking.name, _NAMES) if _is_of(one, entered) and one.given["bundle"] == bundle)
    return next(asked, None)


def run_bundle(organisation: str, given: Any, tell: Tell) -> Any:
    """Build it. See `background`."""
    entered, tools = _enter(organisation, given), find_disclosure_tools().bundles
    count = count_parts(tell, len(given["exhibits"]) + 1)
    people = [PersonId(one) for one in given["people"]]
    making = _Counted(tools.making, count)
    return _told(
        lambda: build_bundle(
            entered,
            BundleTools(tools.bundles, making),
            people,
            name=given["bundle"],
            exhibits=given["exhibits"],
            title=_read_title(entered, given),
            now=read_now().replace(microsecond=0),
        )
    )


def _read_title(entered: Entered, given: Any) -> str:
    if "title" not in given:
        return ""
    title, _ = open_note(entered.organisation, entered.stream, b64decode(given["title"]), label=_TITLE)
    return str(title)


def run_serving(organisation: str, given: Any, tell: Tell) -> Any:
    """Mark and serve the copies. See `background`."""
    entered = _enter(organisation, given)
    people = [PersonId(one) for one in given["people"]]
    count = count_parts(tell, len(people) + _AROUND)
    now = read_now().replace(microsecond=0)
    carrying: list[Carrying] = []
    try:
        served = serve_copies(
            entered, find_disclosure_tools().marking, given["bundle"], people, by=given["by"],
            names=find_person_names(organisation, people), now=now, count=count, tell=carrying.append,
        )  # fmt: skip
    except AlteramError as error:
        return {"problem": str(error.problem), "remedy": str(error.remedy)}
    told = [{"person": one, **_tell_done(done)} for one, done in served.items()]
    return {"served": told, "marked": asdict(carrying[0]) if carrying else None}


def find_person_names(organisation: str, people: Sequence[PersonId]) -> dict[PersonId, str]:
    """Return what the directory calls these people, as their copies are to show it."""
    return {PersonId(one): name for one, name in find_names(organisation, people).items()}


def find_what_names(organisation: str, people: Iterable[PersonId]) -> list[Protected]:
    """Return by what each of these people can be told: what the directory holds, and their identifier as a label.

    Nothing else is known here: a telephone number, or what friends call them, is for whoever confirms the search.
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


def run_names(organisation: str, given: Any, tell: Tell) -> Any:
    """Look for the names. See `background`. Only where they are is kept, not what stands there."""
    entered = _enter(organisation, given)
    kept = find_bundle(entered, given["bundle"])
    count = count_parts(tell, len(kept.event.act.exhibits) + _AROUND)
    hidden = find_hidden(entered, kept.event.act)
    known = find_names(organisation, hidden)
    people = find_what_names(organisation, sorted(hidden))
    try:
        with TemporaryFile() as out:
            for block in kept.file.read():
                out.write(block)
            out.seek(0)
            found = find_disclosure_tools().naming.find(cast("BinaryIO", out), people)
    except AlteramError as error:
        return {"problem": str(error.problem), "remedy": str(error.remedy)}
    # Pages of an exhibit are pictures in the bundle: its own text says what stands in them.
    count()
    # What lies beside it is called in the zip as it was called when it was lodged.
    beside = (Text("name of a file beside", 0, one.file_name.replace("_", " ")) for one in kept.plan.beside)
    texts = chain(beside, _read_counted(entered, kept.event.act.exhibits, count))
    places = [("", one.page, one.certain) for one in found]
    places += [(one.place, one.page, one.certain) for one in search_names(people, texts)]
    return {
        "count": len(places),
        "nameless": sum(1 for one in hidden if not known.get(one)),
        "places": [list(one) for one in dict.fromkeys(places)][:_MOST_PLACES],
    }


def _read_counted(entered: Entered, exhibits: Iterable[str], count: Callable[[], None]) -> Iterator[Text]:
    """Yield the pages of each exhibit, and count it once they were looked at."""
    for one in exhibits:
        yield from _read_pages(entered, one)
        count()


def _read_pages(entered: Entered, exhibit: str) -> Iterator[Text]:
    text = read_text(get_stored(entered.organisation, entered.stream, entered.facts, exhibit))
    for number, page in enumerate(text.split(BREAK), 1):
        yield Text(exhibit, number, page)


class _Counted:
    """Implements PageMaking by another, and tells each exhibit whose pages were counted."""

    def __init__(self, making: PageMaking, count: Callable[[], None]) -> None:
        self._making, self._count = making, count

    def bind_pages(self, pages: Iterable[bytes], out: BinaryIO) -> int:
        return self._making.bind_pages(pages, out)

    def print_text(self, title: str, parts: Sequence[TextPart], out: BinaryIO, *, dated_at: datetime) -> None:
        self._making.print_text(title, parts, out, dated_at=dated_at)

    def count_pages(self, source: BinaryIO) -> int:
        self._count()
        return self._making.count_pages(source)


def _ask(asking: Asking, entered: Entered, kind: str, given: dict[str, Any], *, parts: int = 0) -> Work:
    whole = {"stream": entered.stream, "person": entered.person, **given}
    # A title is sealed, anew each time: it does not tell one wish from another.
    said = "\n".join(f"{name}={whole[name]}" for name in sorted(whole) if name != "title")
    # What the rules say of it changes with the record: once the matter moved on, the same is asked for anew.
    key = sha256(f"{entered.facts.matter.head_seq}\n{said}".encode()).hexdigest()
    if find_work(asking.name, kind, key) is None:
        ended = LongWork.objects.filter(organisation=asking.name, kind=kind, given__stream=entered.stream)
        ended.filter(given__person=entered.person).exclude(ended_at=None).delete()
    return ask_for(asking.name, kind, key, whole, parts=parts)


def _enter(organisation: str, given: Any) -> Entered:
    opened = get_organisation(organisation).organisation
    return enter(opened, StreamId(given["stream"]), PersonId(given["person"]))


def _is_of(work: Work, entered: Entered) -> bool:
    return (work.given["stream"], work.given["person"]) == (entered.stream, entered.person)


def _told(do: Callable[[], Performed]) -> dict[str, Any]:
    """Return what came of an act, or why it could not be done, as it is kept."""
    try:
        return _tell_done(do())
    except AlteramError as error:
        return {"problem": str(error.problem), "remedy": str(error.remedy)}


def _tell_done(done: Performed) -> dict[str, Any]:
    if isinstance(done.ruling, Refused):
        return {"refused": str(done.ruling.because), "missing": list(done.ruling.missing)}
    return {"seq": done.seq}
