"""Thresholds are monotone: with attendance fixed, no vote more against lets a motion pass, and none more for fails it.

A recusal is no vote: no sanction is counted of all members, where who stands down counts against it, unless a cited
statute fixes that base, which is then reported. Every tally of a small body is tried
with the engine (found wrong in practice: w3c/process pull request 888).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import msgspec

from alteram.core.acts import Act, SanctionImposed, VoteTaken
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.rules.proving.course import Desk, Drafts, Step
from alteram.core.rules.proving.exploring import Base
from alteram.core.rules.proving.playing import Play, play, resume
from alteram.core.rules.proving.searching import Search, Violation
from alteram.core.rules.requirements import parse_parameters
from alteram.core.rules.rulebook import Demand, Sanction

_VOTED: Final = "penalty-voted"
_IMPOSED: Final = "imposed"


def find_violations(search: Search) -> Iterator[Violation]:
    """Yield each sanction for which a vote against lets it pass, a vote for fails it, or a recusal counts as a vote."""
    for sanction in search.rulebook.sanctions:
        yield from _find_counted_against(search, sanction)
    for procedure in search.procedures:
        for sanction in search.rulebook.sanctions:
            if not sanction.after:
                yield from _try_all(search, search.base(procedure, sanction=sanction), sanction)


def _find_counted_against(search: Search, sanction: Sanction) -> Iterator[Violation]:
    """Yield that a recusal counts against a sanction; note it instead where a cited statute fixes the base."""
    if sanction.majority is None or sanction.majority.of != "members":
        return
    statute = next((one for one in _find_majorities(search) if _fixes(one, sanction)), None)
    if statute is not None:
        search.notes.append(
            phrase(
                "{sanction} is counted of all members, so that who stands down counts against it: {source}.",
                sanction=as_own(sanction.title),
                source=as_own(statute.source),
            )
        )
        return
    because = phrase(
        "{sanction} is counted of all members: whoever stands down counts as a vote against it.",
        sanction=as_own(sanction.title),
    )
    yield Violation(because, sanction.id, sanction.clause)


def _find_majorities(search: Search) -> Iterator[Demand]:
    packs = (one for pack in search.packs for one in pack.demands if one not in search.overridden)
    yield from (one for one in (*search.rulebook.demands, *packs) if one.kind == "majority" and one.source)


def _fixes(demand: Demand, sanction: Sanction) -> bool:
    """Return whether a demand with a source asks for a share of all members for this sanction."""
    read: dict[str, Any] = msgspec.to_builtins(parse_parameters(demand))
    named = read.get("sanctions") or [sanction.id]
    return (read.get("at_least") or {}).get("of") == "members" and sanction.id in named


def _try_all(search: Search, base: Base, sanction: Sanction) -> Iterator[Violation]:
    vote = base.find_act(_VOTED)
    if not isinstance(vote, VoteTaken):
        return
    eligible = len(vote.voters)
    passed: dict[tuple[int, int], Play] = {}
    tried: set[tuple[int, int]] = set()
    for cast in range(eligible + 1):
        for votes_for in range(cast + 1):
            tally = (votes_for, cast - votes_for)
            tried.add(tally)
            search.tally.begin()
            played = _play_with(base, tally, eligible)
            search.tally.count(played)
            if any(isinstance(one.event.act, SanctionImposed) for one in played.played):
                passed[tally] = played
    for (votes_for, against), played in passed.items():
        fewer = (votes_for, against - 1)
        more = (votes_for + 1, against)
        if fewer in tried and fewer not in passed:
            yield _violation(sanction, played, votes_for, against, phrase("one vote fewer against it fails"))
        if more in tried and more not in passed:
            yield _violation(sanction, played, votes_for, against, phrase("one vote more for it fails"))
        if votes_for <= against:
            yield _violation(sanction, played, votes_for, against, phrase("no more were for it than against it"))


def _violation(sanction: Sanction, played: Play, votes_for: int, against: int, how: str) -> Violation:
    because = phrase(
        "{sanction} passes with {votes_for} for and {against} against, though {how}.",
        sanction=as_own(sanction.title),
        votes_for=votes_for,
        against=against,
        how=how,
    )
    imposed = next(one for one in played.played if isinstance(one.event.act, SanctionImposed))
    return Violation(because, sanction.id, sanction.clause, play=played, at=imposed)


def _play_with(base: Base, tally: tuple[int, int], eligible: int) -> Play:
    names = [step.name for step in base.course]
    first, last = names.index(_VOTED), names.index(_IMPOSED)
    course = [_count(base.course[first], tally, eligible), *base.course[first + 1 : last + 1]]
    return play(resume(base.setting, base.marks[first], may_rule=base.ruled), course)


def _count(step: Step, tally: tuple[int, int], eligible: int) -> Step:
    votes_for, against = tally

    def draft(desk: Desk) -> Drafts:
        for act in step.draft(desk):
            yield _counted(act, votes_for, against, eligible)

    return replace(step, draft=draft)


def _counted(act: Act, votes_for: int, against: int, eligible: int) -> Act:
    if not isinstance(act, VoteTaken):
        return act
    cast = votes_for + against
    counted = cast if act.base == "cast" else act.base_count
    return msgspec.structs.replace(
        act,
        votes_for=votes_for,
        votes_against=against,
        abstained=eligible - cast,
        base_count=counted,
        voters=act.voters[:cast],
    )
