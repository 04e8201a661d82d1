"""What changed parts of a rulebook other than requirements mean: who may do what, how long, with how many votes."""

from collections.abc import Iterable, Iterator

import msgspec

from alteram.core.acts import find_spec
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.phrases import as_act, as_own, as_word, phrase
from alteram.core.rules.amendments.asking import find_effect
from alteram.core.rules.amendments.demands import tell_value
from alteram.core.rules.amendments.effects import Effect, Meaning
from alteram.core.rules.differences import Part
from alteram.core.rules.rulebook import (
    ActRule,
    Body,
    Breach,
    Office,
    Procedure,
    Sanction,
    SecondKeyRule,
    Stage,
)

#: Who answers to a charge, and both sides of it.
_ACCUSED: tuple[Role, ...] = ("respondent",)
_SIDES: tuple[Role, ...] = ("complainant", "respondent")
_ALL: tuple[Role, ...] = ("member",)


def compare_acts(old: ActRule | None, new: ActRule | None) -> Iterator[Meaning]:
    """Yield who may do an act now, who no longer, and in which stages; where no rule is, the catalogue says who may."""
    rule = new or old
    if rule is None:
        return
    spec = find_spec(rule.act)
    usual = () if spec is None else spec.by
    before, after = (usual if one is None else one.by for one in (old, new))
    names = {"act": as_act(rule.act)}
    for role in after:
        if role not in before:
            told = phrase("{role} may now do this: {act}.", role=as_word(role), **names)
            yield Meaning("grows", (role,), "act", rule.act, told, rule.clause)
    for role in before:
        if role not in after:
            told = phrase("{role} may no longer do this: {act}.", role=as_word(role), **names)
            yield Meaning("shrinks", (role,), "act", rule.act, told, rule.clause)
    stages = tuple(() if one is None else one.stages for one in (old, new))
    if stages[0] != stages[1]:
        told = phrase(
            "{act}: the stages in which it may be done were {old} and are {new}.",
            old=_tell_stages(stages[0]),
            new=_tell_stages(stages[1]),
            **names,
        )
        yield Meaning(_compare_stages(*stages), after, "act", rule.act, told, rule.clause)


def _tell_stages(stages: tuple[str, ...]) -> object:
    return tell_value(list(stages)) if stages else phrase("any")


def _compare_stages(old: tuple[str, ...], new: tuple[str, ...]) -> Effect:
    """No stage named means any."""
    if not new or (old and set(old) < set(new)):
        return "grows"
    return "shrinks" if not old or set(new) < set(old) else "changes"


def compare_procedures(old: Procedure | None, new: Procedure | None) -> Iterator[Meaning]:
    """Yield how a kind of matter goes otherwise: its stages, who decides it, who hears the appeal."""
    one = new or old
    if one is None:
        return
    if old is None or new is None:
        told = (
            phrase("There is a new procedure: {title}.", title=as_own(one.title))
            if old is None
            else phrase("There is no such procedure any more: {title}.", title=as_own(one.title))
        )
        yield Meaning("changes", _SIDES, "procedure", one.id, told, one.clause)
        return
    if old.decided_by != new.decided_by:
        told = phrase("{title} is now decided by {body}.", title=as_own(new.title), body=_body(new.decided_by))
        yield Meaning("changes", _SIDES, "procedure", new.id, told, new.clause)
    if old.appeal_to != new.appeal_to:
        effect: Effect = "grows" if not old.appeal_to else "shrinks" if not new.appeal_to else "changes"
        told = phrase("An appeal in {title} now goes to {body}.", title=as_own(new.title), body=_body(new.appeal_to))
        yield Meaning(effect, _SIDES, "procedure", new.id, told, new.clause)
    yield from _compare_all_stages(old, new)


def _body(name: str) -> object:
    return as_word(name) if name else phrase("nobody")


def _compare_all_stages(old: Procedure, new: Procedure) -> Iterator[Meaning]:
    before, after = ({one.id: one for one in procedure.stages} for procedure in (old, new))
    for name, stage in after.items():
        if name not in before:
            told = phrase("There is a new stage: {stage}.", stage=as_own(stage.title))
            yield Meaning("changes", _SIDES, "procedure", new.id, told, stage.clause)
        else:
            yield from _compare_stage(before[name], stage, new)
    for name, stage in before.items():
        if name not in after:
            told = phrase("There is no such stage any more: {stage}.", stage=as_own(stage.title))
            yield Meaning("changes", _SIDES, "procedure", new.id, told, stage.clause)


def _compare_stage(old: Stage, new: Stage, procedure: Procedure) -> Iterator[Meaning]:
    title = as_own(new.title)
    if old.owner != new.owner:
        told = phrase("{stage} is now in the hands of: {owner}.", stage=title, owner=as_word(new.owner))
        yield Meaning("changes", (old.owner, new.owner), "procedure", procedure.id, told, new.clause)
    if old.within != new.within:
        told = phrase(
            "{stage} was to be left within {old}, and now within {new}.",
            stage=title,
            old=old.within if old.within is not None else phrase("any time"),
            new=new.within if new.within is not None else phrase("any time"),
        )
        effect: Effect = "grows" if old.within is None else "shrinks"
        if old.within is not None and new.within is not None:
            effect = find_effect("within", msgspec.to_builtins(old.within), msgspec.to_builtins(new.within))
        yield Meaning(effect, _SIDES, "procedure", procedure.id, told, new.clause)
    if old.overdue_to != new.overdue_to:
        to = as_word(new.overdue_to) if new.overdue_to else phrase("nobody")
        effect = "shrinks" if new.overdue_to is None else "grows" if old.overdue_to is None else "changes"
        told = phrase("Where {stage} is late, it now goes to: {to}.", stage=title, to=to)
        yield Meaning(effect, _SIDES, "procedure", procedure.id, told, new.clause)
    if set(old.entered_by) != set(new.entered_by):
        told = phrase("{stage} now begins otherwise.", stage=title)
        yield Meaning("changes", _SIDES, "procedure", procedure.id, told, new.clause)


def compare_sanctions(old: Sanction | None, new: Sanction | None) -> Iterator[Meaning]:
    """Yield what it means for whoever is charged that a sanction came, went, or became easier or harder to impose."""
    one = new or old
    if one is None:
        return
    title = as_own(one.title)
    if old is None or new is None:
        effect: Effect = "shrinks" if old is None else "grows"
        told = (
            phrase("This sanction can now be imposed: {title}.", title=title)
            if old is None
            else phrase("This sanction can no longer be imposed: {title}.", title=title)
        )
        yield Meaning(effect, _ACCUSED, "sanction", one.id, told, one.clause)
        return
    for name in ("by", "majority", "after", "needs_term", "longest", "rung"):
        before, after = (msgspec.to_builtins(getattr(rule, name)) for rule in (old, new))
        before, after = (_without_none(value) for value in (before, after))
        if before != after:
            told = phrase(
                "{title}: {name} was {old} and is {new}.",
                title=title,
                name=as_word(name),
                old=tell_value(before or None) if name != "needs_term" else tell_value(before),
                new=tell_value(after or None) if name != "needs_term" else tell_value(after),
            )
            yield Meaning(_weigh_sanction(name, before, after), _ACCUSED, "sanction", new.id, told, new.clause)


def _without_none(value: object) -> object:
    return {name: one for name, one in value.items() if one is not None} if isinstance(value, dict) else value


def _weigh_sanction(name: str, old: object, new: object) -> Effect:
    if name in {"after", "majority", "needs_term", "longest"} and bool(old) is not bool(new):
        return "grows" if new else "shrinks"
    return find_effect(name, old, new) if name in {"majority", "longest"} else "changes"


def compare_breaches(old: Breach | None, new: Breach | None) -> Iterator[Meaning]:
    """Yield what can be charged now, and what no longer."""
    if new is not None and old is None:
        told = phrase("This can now be charged as a breach: {title}.", title=as_own(new.title))
        yield Meaning("shrinks", _ACCUSED, "breach", new.id, told, new.clause)
    if old is not None and new is None:
        told = phrase("This can no longer be charged as a breach: {title}.", title=as_own(old.title))
        yield Meaning("grows", _ACCUSED, "breach", old.id, told, old.clause)


def compare_offices(old: Office | Body | None, new: Office | Body | None) -> Iterator[Meaning]:
    """Yield which parts an office or a body plays now, and which no longer."""
    one = new or old
    if one is None:
        return
    before, after = (() if rule is None else rule.plays for rule in (old, new))
    part: Part = "office" if isinstance(one, Office) else "body"
    for role in _only_in(after, before):
        told = phrase("{title} now plays this part: {role}.", title=as_own(one.title), role=as_word(role))
        yield Meaning("changes", (role,), part, one.id, told, one.clause)
    for role in _only_in(before, after):
        told = phrase("{title} no longer plays this part: {role}.", title=as_own(one.title), role=as_word(role))
        yield Meaning("changes", (role,), part, one.id, told, one.clause)


def _only_in(roles: Iterable[Role], others: Iterable[Role]) -> Iterator[Role]:
    kept = frozenset(others)
    yield from (one for one in roles if one not in kept)


def compare_bodies(old: Body | None, new: Body | None) -> Iterator[Meaning]:
    """Yield what changed in a body that decides: its parts, and who sits, presides and suffices in it."""
    yield from compare_offices(old, new)
    if old is None or new is None:
        return
    for name in ("all_members", "chair", "quorum", "size"):
        before, after = (msgspec.to_builtins(getattr(rule, name)) for rule in (old, new))
        if before != after:
            told = phrase(
                "{title}: {name} was {old} and is {new}.",
                title=as_own(new.title),
                name=as_word(name),
                old=tell_value(before if before != "" else None),
                new=tell_value(after if after != "" else None),
            )
            effect: Effect = "changes"
            if name == "quorum":
                effect = find_effect(name, before, after) if before and after else "grows" if after else "shrinks"
            yield Meaning(effect, _ACCUSED, "body", new.id, told, new.clause)


def compare_second_keys(old: SecondKeyRule | None, new: SecondKeyRule | None) -> Iterator[Meaning]:
    """Yield what nobody does alone any more, and what somebody can do alone now."""
    rule = new or old
    if rule is None:
        return
    names = {"act": as_act(rule.act)}
    if old is None:
        told = phrase("Nobody does this alone any more: {act}.", **names)
        yield Meaning("grows", _ALL, "second_key", rule.act, told, rule.clause)
    elif new is None:
        told = phrase("This can now be done by one person alone: {act}.", **names)
        yield Meaning("shrinks", _ALL, "second_key", rule.act, told, rule.clause)
    elif set(old.by) != set(new.by):
        told = phrase(
            "{act}: those who can agree to it were {old} and are {new}.",
            old=tell_value(list(old.by)),
            new=tell_value(list(new.by)),
            **names,
        )
        yield Meaning("changes", _ALL, "second_key", rule.act, told, rule.clause)
