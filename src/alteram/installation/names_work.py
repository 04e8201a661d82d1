"""Looking in a bundle, or in exhibits that are given by themselves, for the names of protected people: long work.

Only where something may stand is kept, not what stands there; what else was to be looked for is sealed while it waits.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import astuple, replace
from typing import Any, Final

from alteram.core.disclosure.names import Protected
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import Facts
from alteram.core.matters.protection import find_protected
from alteram.core.rules.giving import find_made_from
from alteram.installation.asking import Asking
from alteram.installation.background import Tell, Work, count_parts, find_works
from alteram.installation.disclosure_work import SINCE, ask_once, enter_given, is_of
from alteram.installation.exhibit_tools import find_disclosure_tools
from alteram.installation.models import DirectoryEntry
from alteram.operations.disclosure.protected_names import ToGive, count_searched, find_sought, search_names, tell_also
from alteram.operations.entries import Entered
from alteram.operations.sealed_notes import open_note, seal_note

_NAMES: Final = "names"
_ALSO: Final = b"alteram/also-names/v1\x00"
_GIST: Final = b"alteram/gist-to-give/v1\x00"
#: What a search is kept like. One that was kept otherwise, before, is not read: it is asked for anew.
_FORM: Final = 2
#: So many places are told; more than that are a number.
_MOST_PLACES: Final = 200


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

    One that is kept otherwise than today, or did not look for or in all that there is by now, is told as one that
    failed: it has to be asked for again.
    """
    asked = (one for one in find_works(asking.name, _NAMES) if is_of(one, entered))
    found = next((one for one in asked if one.given.get("bundle") == bundle), None)
    if found is None or (found.given.get("form") == _FORM and not _is_behind(entered.facts, found.given)):
        return found
    return replace(found, outcome=None, has_failed=True)


def _is_behind(facts: Facts, given: Any) -> bool:
    """Return whether somebody was protected, or a copy made of an exhibit that was searched, since it was asked for."""
    since = given.get(SINCE, -1)
    made = [each.seq for one in given.get("exhibits", ()) for each in find_made_from(facts, one)]
    return bool(find_protected(facts.matter, after=since)) or any(seq > since for seq in made)


def read_searched(entered: Entered, work: Work) -> ToGive:
    """Return what a search looked through. Raises: StoreError where its words do not open under the matter's key."""
    return _read_wanted(entered, work.given)


def run_names(organisation: str, given: Any, tell: Tell) -> Any:
    """Look for the names. See `background`."""
    entered, naming = enter_given(organisation, given), find_disclosure_tools().naming
    try:
        wanted = _read_wanted(entered, given)
        known = find_what_names(organisation, sorted(find_sought(entered, wanted)))
        people = [*known, *_open_also(entered, given)]
        count = count_parts(tell, count_searched(entered, wanted) + 1)
        places = [astuple(one) for one in search_names(entered, naming, people, wanted, count)]
    except AlteramError as error:
        return {"problem": error.problem, "remedy": error.remedy}
    return {
        "count": len(places),
        "nameless": sum(1 for one in known if not one.names),
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


def _read_wanted(entered: Entered, given: Any) -> ToGive:
    gist = str(_open(entered, given["gist"], _GIST)) if "gist" in given else ""
    return ToGive(given.get("bundle"), tuple(given.get("exhibits", ())), gist)


def _open_also(entered: Entered, given: Any) -> list[Protected]:
    also = _open(entered, given["also"], _ALSO) if "also" in given else None
    return [tell_also([str(one) for one in also])] if isinstance(also, list) else []


def _open(entered: Entered, sealed: str, label: bytes) -> Json:
    return open_note(entered.organisation, entered.stream, b64decode(sealed), label=label)[0]
