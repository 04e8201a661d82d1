"""Silence ends: nobody can stall for ever, and every stage has an owner, a period and a way on when it is missed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from alteram.core.acts import (
    Act,
    CaseManagerAssigned,
    DecisionMade,
    DefaultNoted,
    InvestigatorAppointed,
    MatterAccepted,
    MatterClosed,
    MatterDeclined,
    MeetingCalled,
    NoticeServed,
    ServiceConfirmed,
    get_spec,
)
from alteram.core.acts.catalogue import Role, find_spec
from alteram.core.kernel.phrases import as_own, as_person, as_word, phrase
from alteram.core.rules.capacities import find_role_holders
from alteram.core.rules.proving.course import Desk, Drafting, Drafts, Step
from alteram.core.rules.proving.exploring import Base
from alteram.core.rules.proving.overdue import find_stalled_stages
from alteram.core.rules.proving.searching import Search, Violation
from alteram.core.rules.rulebook import Procedure, Rulebook, Stage

#: Parts whose holder may simply never answer.
_SILENT: Final = ("respondent", "complainant", "companion")
#: Roles that an act of the matter gives, with that act.
_GIVEN: Final[dict[str, type[Act]]] = {
    "case-manager": CaseManagerAssigned,
    "investigator": InvestigatorAppointed,
    "respondent": MatterAccepted,
    "complainant": MatterAccepted,
}
_UNIVERSAL: Final = frozenset(
    {"anyone", "member", "reporter", "witness", "companion", "representative", "appeal-decider"}
)
_LONG: Final = timedelta(days=120)


def find_violations(search: Search) -> Iterator[Violation]:
    """Yield each stage that may last for ever, and each person who may stall a matter by silence."""
    for procedure in search.rulebook.procedures:
        yield from _find_open_stages(search.rulebook, procedure)
    for procedure in search.procedures:
        yield from _find_nobody_else(search.base(procedure))
        yield from find_stalled_stages(search, search.base(procedure))
        for part in _SILENT:
            yield from _find_stall(search, procedure, part)


def _find_open_stages(rulebook: Rulebook, procedure: Procedure) -> Iterator[Violation]:
    """Yield what each stage lacks; the last of a procedure, and one that ends a matter, need no way on."""
    for number, stage in enumerate(procedure.stages):
        if not can_be_held(rulebook, stage.owner):
            because = phrase(
                "The stage {stage} is owned by a {role}, and nobody can be one.", **_told(stage, stage.owner)
            )
            yield Violation(because, about=stage.id, clause=stage.clause)
        if number == len(procedure.stages) - 1 or ends(stage):
            continue
        if stage.within is None:
            because = phrase("The stage {stage} has no period: it may last for ever.", stage=as_own(stage.title))
            yield Violation(because, about=stage.id, clause=stage.clause)
        if stage.overdue_to is None or stage.overdue_to == stage.owner:
            because = phrase(
                "When the period of the stage {stage} is missed, nobody else takes over.", stage=as_own(stage.title)
            )
            yield Violation(because, about=stage.id, clause=stage.clause)
        elif not can_be_held(rulebook, stage.overdue_to):
            because = phrase(
                "The stage {stage} falls to a {role} when it is overdue, and nobody can be one.",
                **_told(stage, stage.overdue_to),
            )
            yield Violation(because, about=stage.id, clause=stage.clause)


def _find_nobody_else(base: Base) -> Iterator[Violation]:
    """Yield each stage that falls, when it is overdue, to nobody who is there then but whoever is late with it."""
    rulebook = base.setting.rulebook
    for stage in base.setting.procedure.stages:
        entered = next((one for one in base.play.played if _name(one.event.act) in stage.entered_by), None)
        if entered is None or stage.within is None or stage.overdue_to in {None, stage.owner}:
            continue
        owners, next_ones = (find_role_holders(entered.after, rulebook, role) for role in _find_roles(stage))
        if not next_ones - owners:
            because = phrase(
                "When the period of the stage {stage} is missed, it falls to a {role}: nobody is one by then, but for"
                " whoever missed it.",
                **_told(stage, stage.overdue_to or stage.owner),
            )
            yield Violation(because, about=stage.id, clause=stage.clause, play=base.play, at=entered)


def _find_roles(stage: Stage) -> tuple[Role, Role]:
    return stage.owner, stage.overdue_to or stage.owner


def _name(act: Act) -> str:
    return get_spec(type(act)).name


def _told(stage: Stage, role: Role) -> dict[str, object]:
    return {"stage": as_own(stage.title), "role": as_word(role)}


def ends(stage: Stage) -> bool:
    """Return whether a stage is entered by what ends a matter, or leaves only serving and appealing to come."""
    kinds = [spec.type for name in stage.entered_by if (spec := find_spec(name)) is not None]
    return bool(kinds) and all(kind in (MatterClosed, MatterDeclined) for kind in kinds)


def can_be_held(rulebook: Rulebook, role: Role) -> bool:
    """Return whether anybody can have a role: by an act of the matter, an office, a body, or the founding."""
    if role in _UNIVERSAL or role in _GIVEN or role in {"contact-person", "mediator"}:
        return True
    if role == "secretary":
        return True
    plays = {one for office in rulebook.offices for one in office.plays}
    deciding = {name for procedure in rulebook.procedures for name in (procedure.decided_by, procedure.appeal_to)}
    plays |= {one for body in rulebook.bodies if body.id in deciding for one in body.plays}
    return role in plays


def _find_stall(search: Search, procedure: Procedure, part: str) -> Iterator[Violation]:
    """Yield why a matter comes to no end when one of its people never does anything after the report."""
    normal = search.base(procedure)
    if not _is_ended(normal):
        return  # It comes to no end anyhow, which is told elsewhere.
    person = normal.setting.cast.find(part)
    base = search.play(normal.setting, tuple(_silence(normal, part)))
    if not _is_ended(base):
        step, refused = next(iter(base.play.refused.items()), ("", None))
        yield Violation(
            phrase(
                "The matter comes to no decision when {person} stays silent: {because}",
                person=as_person(person),
                because="" if refused is None else refused.because,
            ),
            about=as_own(step),
            clause="" if refused is None else refused.clause,
            play=base.play,
        )


def _is_ended(base: Base) -> bool:
    return any(isinstance(one.event.act, DecisionMade | MatterDeclined) for one in base.play.played)


def _silence(normal: Base, part: str) -> Iterator[Step]:
    """Yield the course without anything that one person does, but for the report; their default is noted instead."""
    person = normal.setting.cast.find(part)
    theirs = {one.step for one in normal.play.played if one.event.actor == person and one.step != "reported"}
    theirs |= {f"{part}-heard", f"{part}-interviewed"}
    for step in normal.course:
        if step.name in theirs:
            continue
        if step.name == "opened":
            yield replace(step, after=step.after + _LONG)
            yield Step(f"{part}-in-default", _note(part))
            continue
        yield step


def _note(part: str) -> Drafting:
    def draft(desk: Desk) -> Drafts:
        person = desk.who(part)
        calls = {one.seq for one in desk.facts.matter.all(MeetingCalled, NoticeServed)}
        served = [one for one in desk.facts.matter.all(ServiceConfirmed) if one.act.to == person]
        proofs = [one.seq for one in served if one.act.document in calls]
        if part in {"respondent", "complainant"} and proofs:
            yield DefaultNoted(person=person, step="hearing", service=proofs[-1])

    return draft
