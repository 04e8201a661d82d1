"""`alteram disclosure names`: look for the names of protected people in what is to be given, and confirm it."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Final

import typer

from alteram.bootstrap.evidence import build_disclosure_tools
from alteram.cli.address_book import read_address_book
from alteram.cli.describing import describe_performed, tell_performed
from alteram.cli.showing import NO, AsJson, Value, reporting, show, stop
from alteram.cli.working import HOME, Actor, Home, MatterName, entering, read_now
from alteram.core.kernel.errors import MalformedError
from alteram.operations.disclosure.protected_names import (
    MAX_ALSO,
    MOST_ALSO,
    Place,
    ToGive,
    confirm_names,
    find_sought,
    find_waiting,
    read_also,
    search_names,
    tell_also,
)
from alteram.operations.disclosure.telling import find_bundles

_IN: Final = {
    "name": "the name of the file of {exhibit}",
    "words": "what the entry of {exhibit} says in words",
    "gist": "the gist of {exhibit}",
    "inside": "what the file of {exhibit} says of itself",
    "unread": "the file of {exhibit}, which could not all be read",
}


def names(
    matter: MatterName,
    actor: Actor,
    bundle: Annotated[str | None, typer.Option(help="Look in this bundle, before it is served.")] = None,
    exhibit: Annotated[
        list[str] | None, typer.Option(help="Look in this exhibit, with what was made of it; again for each.")
    ] = None,
    gist: Annotated[str, typer.Option(help="Look in this gist of them instead, as it is to be given.")] = "",
    called: Annotated[
        list[str] | None, typer.Option(help="What somebody protected is called in full; again for each.")
    ] = None,
    also: Annotated[
        list[str] | None, typer.Option(help="What else names them: a nickname, a telephone number; again for each.")
    ] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Record that you looked at each place, and that it gives nobody away.")
    ] = False,
    reasons: Annotated[str, typer.Option(help="Why what was found gives nobody away.")] = "",
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Look for protected names in what is to be given; exit status 1 where there may be one, until it is confirmed.

    It says where one may stand, not whose. With nothing to look in, it says which copies are closed until somebody did.

    Example: alteram disclosure names conduct --as m20 --exhibit e1
    """
    with reporting(as_json=as_json), entering(home, matter, actor) as entered:
        wanted, now = ToGive(bundle, tuple(dict.fromkeys(exhibit or ())), gist.strip()), read_now(entered.organisation)
        _check(wanted, (one.exhibit for one, _title in find_bundles(entered, now=now).choice))
        people = read_address_book(home, entered.organisation.ports.organisation, sorted(find_sought(entered, wanted)))
        known = [*people, tell_also(_read_lines(also), called or ())]
        naming = build_disclosure_tools().naming
        found = list(search_names(entered, naming, known, wanted)) if people else []
        places, waiting = tuple(dict.fromkeys(found)), find_waiting(entered)
        if confirm and found and not reasons:
            raise MalformedError(
                f"{_count(len(found))} may name somebody.", remedy="Read each, and say why it does not: --reasons WHY"
            )
        done = confirm_names(entered, wanted, found=len(found), reasons=reasons, now=now) if confirm else None
    nameless = sum(1 for one in people if not one.names) if not called else 0
    value: dict[str, Value] = {
        "protected": len(people),
        "nameless": nameless,
        "count": len(found),
        "places": [
            {"exhibit": one.exhibit, "page": one.page, "certain": one.certain, "what": one.what} for one in places
        ],
        "waiting": list(waiting),
    }
    lines = [*_tell(places, len(found), len(people), nameless, searched=wanted != ToGive()), *_tell_waiting(waiting)]
    if done is not None:
        value["confirmed"] = describe_performed(done)
        lines += tell_performed("names.checked", done)
    show(value, lines, as_json=as_json)
    if not done and (found or done is not None):
        stop(NO)


def _check(wanted: ToGive, known: Iterable[str]) -> None:
    """Refuse what is not there, or two things at once; it would be searched for in vain. Raises: MalformedError."""
    if wanted.bundle is not None and (wanted.exhibits or wanted.gist):
        raise MalformedError("A bundle is looked through by itself.", remedy="Leave out --exhibit and --gist.")
    if wanted.gist and not wanted.exhibits:
        raise MalformedError("It is not said of what this is the gist.", remedy="Name it: --exhibit NAME")
    there = list(known)
    for one in wanted.exhibits:
        if one not in there:
            raise MalformedError(
                f"There is no exhibit {one} that can be given.",
                remedy=f"Choose from {', '.join(there)}." if there else "Lodge it first: alteram exhibit add.",
            )


def _read_lines(also: Iterable[str] | None) -> tuple[str, ...]:
    lines = read_also("\n".join(also or ()))
    if lines is None:
        raise MalformedError(
            "That is too much to look for.", remedy=f"At most {MOST_ALSO} times --also, of {MAX_ALSO} characters each."
        )
    return lines


def _tell(places: Iterable[Place], count: int, protected: int, nameless: int, *, searched: bool) -> Iterator[str]:
    if not protected:
        yield "Nobody is protected here from whoever may be given it: there is no name to look for."
    elif not searched:
        yield "Nothing was looked through: say in what, by --bundle or --exhibit."
    else:
        for one in places:
            yield f"{'A NAME ' if one.certain else 'PERHAPS'}  {_tell_where(one)}"
        yield f"{_count(count)} may name somebody." + ("" if not count else " Read each before you confirm it.")
        if nameless:
            yield "Of somebody no name is known here: say it with --called, or read it yourself."


def _tell_where(place: Place) -> str:
    exhibit = f"exhibit {place.exhibit}"
    if place.what in _IN:
        return _IN[place.what].format(exhibit=exhibit)
    if place.exhibit:
        return f"{exhibit}, page {place.page} of it"
    return f"page {place.page} of the bundle" if place.page else "outside the pages: a title, a bookmark, an attachment"


def _tell_waiting(waiting: tuple[str, ...]) -> Iterator[str]:
    if waiting:
        yield f"Closed to whoever may not know them until somebody looked in it: {', '.join(waiting)}"


def _count(number: int) -> str:
    return "1 place" if number == 1 else f"{number} places"
