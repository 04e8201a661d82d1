"""`alteram key`: replace a key, or declare one lost: a person's, or the one that signs every entry."""

from typing import Annotated

import typer

from alteram.bootstrap import Opened
from alteram.cli.describing import describe_performed, tell_performed
from alteram.cli.showing import NO, AsJson, reporting, show, stop
from alteram.cli.working import HOME, Actor, Home, at_work, parse_actor
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import PersonId
from alteram.operations.keys import declare_key_lost, declare_record_key_lost, rotate_key, rotate_record_key
from alteram.operations.perform import Performed

app = typer.Typer(no_args_is_help=True, help="Replace keys; declare them lost.", rich_markup_mode=None)
_Person = Annotated[str, typer.Argument(help="Whose key it is.")]
_Record = Annotated[bool, typer.Option("--record", help="The key that signs every entry, instead of a person's.")]


@app.command()
def rotate(
    actor: Actor, person: _Person = "", record: _Record = False, home: Home = HOME, as_json: AsJson = False
) -> None:
    """Replace the key held for a person, or the one that signs every entry; the new one signs from the next act on.

    Example: alteram key rotate m05 --as m02
    """
    with reporting(as_json=as_json):
        whose, who = _parse_whose(person, record=record), parse_actor(actor)
        with at_work(home) as opened:
            performed = _rotate(opened, whose, who)
    _show(performed, "key.rotated" if whose else "record-key.rotated", as_json=as_json)


@app.command()
def lost(
    actor: Actor,
    person: _Person = "",
    record: _Record = False,
    text: Annotated[str, typer.Option(help="How it was lost; confidential.")] = "",
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Replace a key and declare the old one lost or stolen: what it signs from now on counts for nothing.

    Example: alteram key lost m01 --as m02 --text "The laptop was stolen."
    """
    with reporting(as_json=as_json):
        whose, who = _parse_whose(person, record=record), parse_actor(actor)
        with at_work(home) as opened:
            performed = _declare_lost(opened, whose, who, text or None)
    _show(performed, "key.lost", as_json=as_json)


def _rotate(opened: Opened, whose: PersonId | None, who: PersonId) -> Performed:
    if whose is None:
        return rotate_record_key(opened.organisation, opened.integrator, who)
    return rotate_key(opened.organisation, whose, who)


def _declare_lost(opened: Opened, whose: PersonId | None, who: PersonId, text: str | None) -> Performed:
    if whose is None:
        return declare_record_key_lost(opened.organisation, opened.integrator, who, text=text)
    return declare_key_lost(opened.organisation, whose, who, text=text)


def _parse_whose(person: str, *, record: bool) -> PersonId | None:
    """Return whose key it is; None for the record's. Raises: MalformedError unless it is one of the two."""
    if bool(person) == record:
        raise MalformedError("Say whose key: a person's identifier, or --record.", remedy="alteram key rotate --help")
    return None if record else parse_actor(person)


def _show(performed: Performed, act: str, *, as_json: bool) -> None:
    show(describe_performed(performed), tell_performed(act, performed), as_json=as_json)
    if not performed:
        stop(NO)
