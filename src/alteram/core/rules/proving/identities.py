"""A protected identity is never given to anyone whom the rulebook does not entitle."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import msgspec

from alteram.core.acts import (
    IdentityAsked,
    IdentityReleased,
    ReporterAnswered,
    ReporterInformed,
    ReportLodged,
    SecondKeyGiven,
    get_spec,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_people, phrase
from alteram.core.rules.proving.casting import Cast
from alteram.core.rules.proving.course import Desk, Drafts, Step
from alteram.core.rules.proving.deviating import Deviation, Insert
from alteram.core.rules.proving.exploring import Base
from alteram.core.rules.proving.playing import Play, Played
from alteram.core.rules.proving.searching import Search, Violation
from alteram.core.rules.rulebook import Procedure

_PLACE: Final = "accepted"
_TEXT: Final = "text"


def find_violations(search: Search) -> Iterator[Violation]:
    """Yield each release of a protected identity without consent or a legal duty, or behind the reporter's back."""
    for procedure in search.procedures:
        base = _protect(search, procedure)
        for variant in search.explore(base, _choose(base), at_once=True):
            yield from _read(variant.play, variant.deviations)


def _protect(search: Search, procedure: Procedure) -> Base:
    """Return a matter whose reporter is protected, and whose name the case manager asks for, for those who want it."""
    normal = search.base(procedure)
    return search.play(normal.setting, tuple(_protect_course(normal)))


def _protect_course(normal: Base) -> Iterator[Step]:
    for step in normal.course:
        if step.name == _PLACE:
            yield Step("name-asked-for", _ask, by="case-manager")
            yield Step("second-key-to-the-name", _agree)
        yield _protect_reporter(step) if step.name == "reported" else step


def _ask(desk: Desk) -> Drafts:
    report = desk.last(ReportLodged)
    if report is not None:
        needed_by = _find_wanting(desk.cast)
        yield IdentityAsked(entry=report, ground="legal-duty", reasons=_TEXT, needed_by=needed_by)


def _agree(desk: Desk) -> Drafts:
    request = desk.last(IdentityAsked)
    if request is not None:
        yield SecondKeyGiven(to_act=get_spec(IdentityReleased).name, about=request)


def _find_wanting(cast: Cast) -> tuple[PersonId, ...]:
    """Return who would like to know: the one complained of, and somebody with no part in the matter."""
    return cast.find("respondent"), cast.members[-1]


def _protect_reporter(step: Step) -> Step:
    return replace(step, draft=lambda desk: _protected(step.draft(desk)))


def _protected(drafts: Drafts) -> Drafts:
    for act in drafts:
        yield msgspec.structs.replace(act, identity="protected") if isinstance(act, ReportLodged) else act


def _choose(base: Base) -> Iterator[Deviation]:
    """Yield each release that is told less of, or that names as consent or telling what is neither."""
    cast = base.setting.cast
    reporter = cast.find("complainant")
    seqs = {one.step: one.event.seq for one in base.play.played}
    request, report = seqs.get("name-asked-for"), seqs.get("reported")
    keeping = [one.id for one in base.setting.rulebook.offices if {"custodian", "secretary"} & set(one.plays)]
    releases = (
        IdentityReleased(
            person=reporter,
            to=(to,),
            basis=basis,
            reasons=reasons,
            reporter_told=told,
            consented=told if basis == "consent" else None,
            request=request,
        )
        for to in _find_wanting(cast)
        for basis in ("consent", "legal-duty")
        for reasons in (None, _TEXT)
        for told in (None, report, seqs.get("informed-of-triage"))
    )
    for number, act in enumerate(releases):
        for by in dict.fromkeys((*map(cast.find, keeping), cast.find("case-manager"), cast.find("respondent"))):
            yield Insert(f"identity-released-{number}-by-{by}", act, by, _PLACE)


def _read(played: Play, deviations: tuple[Deviation, ...]) -> Iterator[Violation]:
    for one in played.played:
        act = one.event.act
        if isinstance(act, IdentityReleased) and not _is_lawful(one):
            because = phrase(
                "A protected identity may be given to {people}: the reporter neither consented nor was told before.",
                people=as_people(act.to),
            )
            yield Violation(because, "identity.released", one.ruling.clause, deviations=deviations, play=played, at=one)


def _is_lawful(one: Played) -> bool:
    """Return whether the reporter was told of the request, and consented on record or a legal duty is given reasons."""
    act, matter = one.event.act, one.after.matter
    if not isinstance(act, IdentityReleased):
        return True
    asked = act.request if act.request is not None else one.event.seq
    if not any(event.seq == act.reporter_told and event.seq > asked for event in matter.all(ReporterInformed)):
        return False
    answers = matter.all(ReporterAnswered)
    consented = any(event.seq == act.consented and event.actor == act.person for event in answers)
    return consented if act.basis == "consent" else act.reasons is not None
