"""Building bundles and serving marked copies of them: long work that somebody asked for on a page.

What it came to is kept without a word of what is in a bundle: pages, people, entries, and why the rules refused.
Work that was stopped is begun again: what it had recorded by then is not recorded twice.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Any, BinaryIO, Final, TypeVar

from alteram.core.acts import BundleBuilt, ExhibitDisclosed
from alteram.core.acts.fields import Act
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import Event
from alteram.core.rules.exhibits import live_acts
from alteram.installation.asking import Asking
from alteram.installation.background import LongWork, Tell, Work, ask_for, count_parts, find_work, find_works
from alteram.installation.exhibit_tools import find_disclosure_tools
from alteram.installation.organisations import get_organisation, read_now
from alteram.installation.writing import find_names
from alteram.operations.bundle_ports import Carrying, PageMaking, TextPart
from alteram.operations.disclosure.bundling import BundleTools, build_bundle
from alteram.operations.disclosure.copies import By, serve_copies
from alteram.operations.entries import Entered, enter
from alteram.operations.perform import Performed
from alteram.operations.sealed_notes import open_note, seal_note

_BUNDLE: Final = "bundle"
_COPIES: Final = "copies"
#: What is a part of the work beside each copy or exhibit: marking or reading the bundle, and the end.
AROUND: Final = 2
_TITLE: Final = b"alteram/bundle-title/v1\x00"
#: Behind which entry the work was asked for.
SINCE: Final = "since"
A = TypeVar("A", bound=Act)


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
    return ask_once(asking, entered, _BUNDLE, given, parts=len(exhibits) + 1)


def _find_free_name(entered: Entered) -> str:
    taken, number = {one.act.bundle for one in live_acts(entered.facts, BundleBuilt)}, 1
    while f"bundle-{number}" in taken:
        number += 1
    return f"bundle-{number}"


def ask_for_serving(asking: Asking, entered: Entered, bundle: str, people: Sequence[PersonId], *, by: By) -> Work:
    """Have copies of a bundle marked and served. Raises: BusyError."""
    return ask_once(
        asking, entered, _COPIES, {"people": list(people), "bundle": bundle, "by": by}, parts=len(people) + AROUND
    )


def find_last_work(asking: Asking, entered: Entered, kind: str) -> Work | None:
    """Return the last work of a kind that whoever entered asked for in this matter."""
    asked = (one for one in find_works(asking.name, kind) if is_of(one, entered))
    return next(asked, None)


def run_bundle(organisation: str, given: Any, tell: Tell) -> Any:
    """Build it. See `background`."""
    entered, tools = enter_given(organisation, given), find_disclosure_tools().bundles
    wanted = given["bundle"], tuple(given["people"])
    done = _find_done(entered, given, BundleBuilt)
    built = next((one for one in done if (one.act.bundle, one.act.for_people) == wanted), None)
    if built is not None:
        return {"seq": built.seq}
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
    entered = enter_given(organisation, given)
    done = _find_done(entered, given, ExhibitDisclosed)
    before = {one.act.to: one.seq for one in done if one.act.bundle == given["bundle"]}
    people = [PersonId(one) for one in given["people"] if one not in before]
    count = count_parts(tell, len(people) + AROUND)
    now = read_now().replace(microsecond=0)
    carrying: list[Carrying] = []
    try:
        served = serve_copies(
            entered, find_disclosure_tools().marking, given["bundle"], people, by=given["by"],
            names=find_person_names(organisation, people), now=now, count=count, tell=carrying.append,
        )  # fmt: skip
    except AlteramError as error:
        return {"problem": error.problem, "remedy": error.remedy}
    told: list[dict[str, Any]] = [{"person": one, "seq": seq} for one, seq in before.items()]
    told += [{"person": one, **_tell_done(done)} for one, done in served.items()]
    return {"served": told, "marked": asdict(carrying[0]) if carrying else None}


def find_person_names(organisation: str, people: Sequence[PersonId]) -> dict[PersonId, str]:
    """Return what the directory calls these people, as their copies are to show it."""
    return {PersonId(one): name for one, name in find_names(organisation, people).items()}


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


def ask_once(asking: Asking, entered: Entered, kind: str, given: dict[str, Any], *, parts: int = 0) -> Work:
    """Have work done, unless the same was asked for since the matter last moved on. Raises: BusyError."""
    whole = {"stream": entered.stream, "person": entered.person, **given}
    # A title is sealed, anew each time: it does not tell one wish from another.
    said = "\n".join(f"{name}={whole[name]}" for name in sorted(whole) if name != "title")
    # What the rules say of it changes with the record: once the matter moved on, the same is asked for anew.
    since = entered.facts.matter.head_seq
    key = sha256(f"{since}\n{said}".encode()).hexdigest()
    if find_work(asking.name, kind, key) is None:
        ended = LongWork.objects.filter(organisation=asking.name, kind=kind, given__stream=entered.stream)
        ended.filter(given__person=entered.person).exclude(ended_at=None).delete()
    return ask_for(asking.name, kind, key, whole | {SINCE: since}, parts=parts)


def enter_given(organisation: str, given: Any) -> Entered:
    """Return the matter entered by who asked for the work."""
    opened = get_organisation(organisation).organisation
    return enter(opened, StreamId(given["stream"]), PersonId(given["person"]))


def _find_done(entered: Entered, given: Any, kind: type[A]) -> tuple[Event[A], ...]:
    """Return what whoever asked recorded since they did."""
    since = given.get(SINCE, entered.facts.matter.head_seq)
    return tuple(one for one in live_acts(entered.facts, kind) if one.seq > since and one.actor == entered.person)


def is_of(work: Work, entered: Entered) -> bool:
    """Return whether whoever entered asked for work in this matter."""
    return (work.given["stream"], work.given["person"]) == (entered.stream, entered.person)


def _told(do: Callable[[], Performed]) -> dict[str, Any]:
    """Return what came of an act, or why it could not be done, as it is kept."""
    try:
        return _tell_done(do())
    except AlteramError as error:
        return {"problem": error.problem, "remedy": error.remedy}


def _tell_done(done: Performed) -> dict[str, Any]:
    if isinstance(done.ruling, Refused):
        return {"refused": done.ruling.because, "missing": list(done.ruling.missing)}
    return {"seq": done.seq}
