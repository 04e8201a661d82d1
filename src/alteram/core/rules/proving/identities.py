"""A protected identity is never given to anyone whom the rulebook does not entitle."""

from collections.abc import Iterator
from dataclasses import replace

import msgspec

from alteram.core.acts import IdentityReleased, ReporterInformed, ReportLodged
from alteram.core.kernel.phrases import as_people, phrase
from alteram.core.rules.proving.course import Drafts, Step
from alteram.core.rules.proving.deviating import Deviation, Insert
from alteram.core.rules.proving.exploring import Base
from alteram.core.rules.proving.playing import Play, Played
from alteram.core.rules.proving.searching import Search, Violation
from alteram.core.rules.rulebook import Procedure

_PLACE = "accepted"


def find_violations(search: Search) -> Iterator[Violation]:
    """Yield each release of a protected identity without consent or a legal duty, or behind the reporter's back."""
    for procedure in search.procedures:
        base = _protect(search, procedure)
        for variant in search.explore(base, _choose(base), at_once=True):
            yield from _read(variant.play, variant.deviations)


def _protect(search: Search, procedure: Procedure) -> Base:
    """Return a matter whose reporter is protected."""
    normal = search.base(procedure)
    course = tuple(_protect_reporter(step) if step.name == "reported" else step for step in normal.course)
    return search.play(normal.setting, course)


def _protect_reporter(step: Step) -> Step:
    return replace(step, draft=lambda desk: _protected(step.draft(desk)))


def _protected(drafts: Drafts) -> Drafts:
    for act in drafts:
        yield msgspec.structs.replace(act, identity="protected") if isinstance(act, ReportLodged) else act


def _choose(base: Base) -> Iterator[Deviation]:
    cast = base.setting.cast
    reporter, respondent = cast.find("complainant"), cast.find("respondent")
    keeping = [one.id for one in base.setting.rulebook.offices if {"custodian", "secretary"} & set(one.plays)]
    for number, act in enumerate(
        IdentityReleased(person=reporter, to=to, basis=basis, reasons=reasons)
        for to in ((respondent,), (cast.members[-1],))
        for basis in ("consent", "legal-duty")
        for reasons in (None, "text")
    ):
        for by in dict.fromkeys((*map(cast.find, keeping), cast.find("case-manager"), respondent)):
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
    """Return whether the reporter consented on record, or was told first of a legal duty."""
    act = one.event.act
    if not isinstance(act, IdentityReleased):
        return True
    told = any(event.seq < one.event.seq for event in one.after.matter.all(ReporterInformed))
    return act.consented is not None if act.basis == "consent" else told and act.reporter_told is not None
