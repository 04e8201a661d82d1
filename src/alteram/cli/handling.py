"""`alteram exhibit`: what is said of an exhibit on record: who handled it, who consented, whether it may be used."""

from pathlib import Path
from typing import Annotated, Any

import typer

from alteram.cli.describing import describe_performed, tell_performed
from alteram.cli.fields import convert_given, parse_instants
from alteram.cli.showing import NO, AsJson, reporting, show, stop
from alteram.cli.working import HOME, Actor, Home, MatterName, at_work, entering, parse_actor, parse_matter
from alteram.core.acts import (
    ConsentRecorded,
    CustodyRecorded,
    ExhibitChallenged,
    ExhibitQuarantined,
    ExhibitRuled,
    get_spec,
)
from alteram.core.acts.fields import Act
from alteram.operations.exhibits.showing import find_rule
from alteram.operations.perform import Performed, perform

_Exhibit = Annotated[str, typer.Argument(help="The exhibit's name in the matter.")]
_Reasons = Annotated[str, typer.Option(help="Why.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to those about exhibits."""
    for command in (custody, consent, challenge, rule, quarantine):
        app.command()(command)


def custody(
    matter: MatterName,
    exhibit: _Exhibit,
    event: Annotated[
        str, typer.Argument(help="received, moved, copied, examined, sealed, opened, returned, destroyed")
    ],
    actor: Actor,
    reasons: _Reasons,
    holder: Annotated[str, typer.Option(help="Who has it afterwards.")] = "",
    place: Annotated[str, typer.Option(help="Where it is afterwards.")] = "",
    seal: Annotated[str, typer.Option(help="The number on its seal afterwards.")] = "",
    at: Annotated[str, typer.Option(help="When, where that was earlier: 2025-08-11T20:00+12:00.")] = "",
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Record that somebody handled an exhibit, and why.

    Example: alteram exhibit custody conduct e1 copied --as m20 --reasons "For the investigator"
    """
    given = {"holder": holder, "place": place, "seal": seal}
    with reporting(as_json=as_json):
        fields: dict[str, Any] = parse_instants(CustodyRecorded, handled_at=at)
    fields |= {"exhibit": exhibit, "event": event, "reasons": reasons}
    fields |= {name: said for name, said in given.items() if said}
    _do(home, matter, actor, CustodyRecorded, fields, as_json=as_json)


def challenge(
    matter: MatterName,
    exhibit: _Exhibit,
    actor: Actor,
    ground: Annotated[str, typer.Option(help="authenticity, consent, context, relevance, privilege, mediation")],
    reasons: _Reasons,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Challenge an exhibit.

    Example: alteram exhibit challenge conduct e1 --as m05 --ground consent --reasons "I was not asked"
    """
    fields = {"exhibit": exhibit, "ground": ground, "text": reasons}
    _do(home, matter, actor, ExhibitChallenged, fields, as_json=as_json)


def rule(
    matter: MatterName,
    exhibit: _Exhibit,
    actor: Actor,
    reasons: _Reasons,
    admit: Annotated[bool, typer.Option("--admit/--exclude", help="Whether it may be used.")],
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Rule whether an exhibit may be used. For a recording, the rule that the rulebook's packs carry is cited.

    Example: alteram exhibit rule conduct e1 --as m01 --admit --reasons "Whole, and both speakers agree"
    """
    with reporting(as_json=as_json), entering(home, matter, actor) as entered:
        cited = find_rule(entered, exhibit)
        fields: dict[str, Any] = {"exhibit": exhibit, "admissible": admit, "reasons": reasons}
        act = convert_given(ExhibitRuled, fields if cited is None else {**fields, "cites": cited.citation})
        done = perform(entered.organisation, entered.stream, act, entered.person)
    _show_performed(act, done, as_json=as_json)


def consent(
    matter: MatterName,
    exhibit: _Exhibit,
    speaker: Annotated[str, typer.Argument(help="Who speaks in it.")],
    state: Annotated[str, typer.Argument(help="before, after, refused, unknown")],
    actor: Actor,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Record whether somebody who speaks in a recording consented. That they did counts only when they say it.

    Example: alteram exhibit consent conduct e1 m05 before --as m05
    """
    fields = {"exhibit": exhibit, "speaker": speaker, "state": state}
    _do(home, matter, actor, ConsentRecorded, fields, as_json=as_json)


def quarantine(
    matter: MatterName,
    exhibit: _Exhibit,
    actor: Actor,
    found: Annotated[str, typer.Option(help="What was found in it.")] = "",
    release: Annotated[bool, typer.Option("--release", help="Let it go again; say why.")] = False,
    reasons: Annotated[str, typer.Option(help="Why.")] = "",
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Keep an exhibit from being opened by anybody but its keepers, or let it go again. `list` shows which are kept.

    Example: alteram exhibit quarantine conduct e1 --as m20 --found "Eicar-Signature"
    """
    given = {"found": found, "reasons": reasons}
    fields = {"exhibit": exhibit, "lifted": release, **{name: said for name, said in given.items() if said}}
    _do(home, matter, actor, ExhibitQuarantined, fields, as_json=as_json)


def _do(home: Path, matter: str, actor: str, kind: type[Act], fields: dict[str, Any], *, as_json: bool) -> None:
    with reporting(as_json=as_json), at_work(home) as opened:
        act = convert_given(kind, fields)
        done = perform(opened.organisation, parse_matter(matter), act, parse_actor(actor))
    _show_performed(act, done, as_json=as_json)


def _show_performed(act: Act, done: Performed, *, as_json: bool) -> None:
    show(describe_performed(done), tell_performed(get_spec(type(act)).name, done), as_json=as_json)
    if not done:
        stop(NO)
