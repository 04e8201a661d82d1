"""Every adverse outcome can be appealed, and is heard by people who have not sat before."""

from collections.abc import Iterator
from typing import Final

from alteram.core.acts import AppealDecided, AppealLodged, AppealPanelFormed, SanctionImposed, VoteTaken
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_own, as_people, phrase
from alteram.core.matters import Facts, find_ever_holders
from alteram.core.rules.proving.adversary import find_deviations
from alteram.core.rules.proving.deviating import Alter, Deviation
from alteram.core.rules.proving.exploring import Base
from alteram.core.rules.proving.playing import Play, Played
from alteram.core.rules.proving.searching import Search, Violation

_STEPS: Final = frozenset({"appealed", "panel-formed", "appeal-admitted", "appeal-decided"})
_PEOPLE: Final = frozenset({"members", "panel", "person"})


def find_violations(search: Search) -> Iterator[Violation]:
    """Yield each way in which an outcome cannot be appealed, or is heard by somebody who had a part in it."""
    for procedure in search.procedures:
        base = search.base(procedure)
        if not any(isinstance(one.event.act, SanctionImposed) for one in base.play.played):
            continue
        yield from _find_missing(base)
        for variant in search.explore(base, _choose(base), at_once=True):
            yield from _read(variant.play, variant.deviations)


def _find_missing(base: Base) -> Iterator[Violation]:
    """Yield why whoever was sanctioned comes to no appeal."""
    for kind, told in ((AppealLodged, phrase("lodged")), (AppealDecided, phrase("decided"))):
        if any(isinstance(one.event.act, kind) for one in base.play.played):
            continue
        refused = [base.play.refused[step] for step in _STEPS if step in base.play.refused]
        because = phrase(
            "An appeal against a sanction cannot be {told}: {because}",
            told=told,
            because=refused[0].because if refused else phrase("nobody may"),
        )
        clause = refused[0].clause if refused else base.setting.procedure.clause
        yield Violation(because, about="appeal", clause=clause, play=base.play)
        return


def _choose(base: Base) -> Iterator[Deviation]:
    """Yield each panel with somebody on it who had a part before."""
    before = sorted(_find_involved(base.play.facts) | set(_find_voters(base.play.facts)))[:8]
    for one in find_deviations(base):
        if isinstance(one, Alter) and one.step in _STEPS and one.field in _PEOPLE:
            yield one
    for step, field in (("panel-formed", "members"), ("appeal-decided", "panel")):
        act = base.find_act(step)
        if act is not None:
            panel = getattr(act, field)
            yield from (Alter(step, field, (person, *panel[1:])) for person in before)


def _find_involved(facts: Facts) -> set[PersonId]:
    roles: tuple[Role, ...] = ("respondent", "complainant", "witness", "case-manager", "investigator")
    return {person for role in roles for person in find_ever_holders(facts.matter, role)}


def _find_voters(facts: Facts) -> Iterator[PersonId]:
    for vote in facts.matter.all(VoteTaken):
        yield from vote.act.voters


def _read(played: Play, deviations: tuple[Deviation, ...]) -> Iterator[Violation]:
    for one in played.played:
        sitting = _find_panel(one)
        again = sitting & (_find_involved(one.after) | set(_find_voters(one.after)))
        if again:
            because = phrase(
                "{people} may hear the appeal, who had a part in the matter before.", people=as_people(sorted(again))
            )
            yield Violation(
                because, as_own("appeal-panel"), one.ruling.clause, deviations=deviations, play=played, at=one
            )


def _find_panel(one: Played) -> set[PersonId]:
    match one.event.act:
        case AppealPanelFormed(members=people) | AppealDecided(panel=people):
            return set(people)
        case _:
            return set()
