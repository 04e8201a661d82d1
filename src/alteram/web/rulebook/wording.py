"""What a rulebook makes the machine do, told in plain sentences: one line for each thing."""

from collections.abc import Callable, Iterator
from typing import Final

import msgspec
from django.utils.translation import gettext as _
from msgspec import Struct

from alteram.core.acts import find_spec
from alteram.core.kernel.periods import Period
from alteram.core.rules.requirements import get_requirement, parse_parameters
from alteram.core.rules.rulebook import (
    ActRule,
    Body,
    Breach,
    Clause,
    Demand,
    DepartureRule,
    Office,
    PackReference,
    Procedure,
    Sanction,
    SecondKeyRule,
    Share,
    Stage,
)
from alteram.web.wording import tell_act, tell_period, tell_word


def tell_share(share: Share) -> str:
    """Return a share in words: more than 1/2 of those who may vote."""
    of = {
        "members": _("all members"),
        "eligible": _("those who may vote"),
        "present": _("those present"),
        "cast": _("the votes cast"),
    }[share.of]
    part = {"part": f"{share.numerator}/{share.denominator}", "of": of}
    return _("more than %(part)s of %(of)s") % part if share.more_than else _("at least %(part)s of %(of)s") % part


def tell_item(item: Struct | None) -> tuple[str, ...]:
    """Return what one part of a rulebook says, line by line; nothing for none."""
    return () if item is None else tuple(_TELLERS[type(item)](item))


def tell_names(roles: tuple[str, ...]) -> str:
    """Return parts or offices one may choose from: chair or custodian."""
    return _(" or ").join(tell_word(one) for one in roles)


def _clause(clause: Clause) -> Iterator[str]:
    yield clause.title
    yield clause.text


def _act(rule: ActRule) -> Iterator[str]:
    told = {"act": tell_act(rule.act), "by": tell_names(rule.by), "stages": _(", ").join(map(tell_word, rule.stages))}
    if rule.stages:
        yield _("%(act)s: by %(by)s, only in the stage %(stages)s.") % told
    else:
        yield _("%(act)s: by %(by)s.") % told


def _demand(demand: Demand) -> Iterator[str]:
    yield _("Required: %(title)s.") % {"title": demand.title}
    if demand.gates:
        yield _("Until that is so, refused: %(acts)s.") % {"acts": _(", ").join(map(tell_act, demand.gates))}
    else:
        yield _("It stops no act; the assessment tells whether it was kept.")
    yield _(get_requirement(demand.kind).help)
    for name, value in msgspec.structs.asdict(parse_parameters(demand)).items():
        told = _value(value)
        if told:
            yield _("%(name)s: %(value)s.") % {"name": tell_word(name).capitalize(), "value": told}
    if demand.ruled_by:
        yield _("Where only a person can judge, ruled on by %(by)s.") % {"by": tell_names(demand.ruled_by)}


def _value(value: object) -> str:
    match value:
        case Share() | Period():
            return tell_share(value) if isinstance(value, Share) else tell_period(value)
        case True:
            return _("yes")
        case False | None | () | "":
            return ""
        case tuple() | list() | frozenset():
            return _(", ").join(_value(one) for one in value)
        case str():
            return tell_act(value) if find_spec(value) is not None else tell_word(value)
        case _:
            return str(value)


def _procedure(procedure: Procedure) -> Iterator[str]:
    yield procedure.title
    if procedure.decided_by:
        yield _("Decided by: %(body)s.") % {"body": tell_word(procedure.decided_by)}
    if procedure.appeal_to:
        yield _("Appeals go to: %(body)s.") % {"body": tell_word(procedure.appeal_to)}
    for stage in procedure.stages:
        yield _("Stage %(title)s: %(told)s") % {"title": stage.title, "told": " ".join(tell_stage(stage))}


def tell_stage(stage: Stage) -> tuple[str, ...]:
    """Return who has a stage in hand, for how long, and who takes over."""
    lines = [_("In the hands of: %(owner)s.") % {"owner": tell_word(stage.owner)}]
    if stage.within is not None:
        lines.append(_("To be left within %(period)s.") % {"period": tell_period(stage.within)})
    if stage.overdue_to is not None:
        lines.append(_("Late: goes to %(to)s.") % {"to": tell_word(stage.overdue_to)})
    return tuple(lines)


def _sanction(sanction: Sanction) -> Iterator[str]:
    told = {"rung": sanction.rung, "title": sanction.title, "by": tell_word(sanction.by)}
    yield _("Rung %(rung)s, %(title)s: imposed by %(by)s.") % told
    if sanction.majority is not None:
        yield _("It needs the votes of %(share)s.") % {"share": tell_share(sanction.majority)}
    if sanction.after:
        yield _("Only while this one is in force: %(after)s.") % {"after": tell_word(sanction.after)}
    if sanction.longest is not None:
        yield _("For %(period)s at the longest.") % {"period": tell_period(sanction.longest)}


def _breach(breach: Breach) -> Iterator[str]:
    yield _("A breach that can be charged: %(title)s.") % {"title": breach.title}


def _office(office: Office) -> Iterator[str]:
    plays = _(", ").join(map(tell_word, office.plays)) or _("none")
    yield _("Office %(title)s; its part in a matter: %(plays)s.") % {"title": office.title, "plays": plays}


def _body(body: Body) -> Iterator[str]:
    who = _("all members") if body.all_members else _("those it was constituted of")
    yield _("Body %(title)s: %(who)s.") % {"title": body.title, "who": who}
    if body.chair:
        yield _("Presided over by: %(chair)s.") % {"chair": tell_word(body.chair)}
    if body.size is not None:
        yield _("It has %(size)s seats.") % {"size": body.size}
    if body.quorum is not None:
        yield _("Its quorum: %(share)s.") % {"share": tell_share(body.quorum)}


def _departure(rule: DepartureRule) -> Iterator[str]:
    told = {"requirement": tell_word(rule.requirement), "by": tell_names(rule.by)}
    yield _("This may be departed from, in writing and with reasons: %(requirement)s. Authorised by %(by)s.") % told


def _second_key(rule: SecondKeyRule) -> Iterator[str]:
    told = {"act": tell_act(rule.act), "by": tell_names(rule.by)}
    yield _("%(act)s: only once %(by)s agreed to just that.") % told


def _pack(pack: PackReference) -> Iterator[str]:
    yield _("Builds on %(pack)s, version %(version)s.") % {"pack": pack.id, "version": pack.version}


_TELLERS: Final[dict[type[Struct], Callable[..., Iterator[str]]]] = {
    ActRule: _act,
    Body: _body,
    Breach: _breach,
    Clause: _clause,
    Demand: _demand,
    DepartureRule: _departure,
    Office: _office,
    PackReference: _pack,
    Procedure: _procedure,
    Sanction: _sanction,
    SecondKeyRule: _second_key,
}
