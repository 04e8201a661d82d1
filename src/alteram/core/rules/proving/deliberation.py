"""The deciders cannot lawfully deliberate before the respondent's case is closed, or on what was not disclosed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from alteram.core.acts import (
    Act,
    DecisionMade,
    DefaultNoted,
    ExhibitDisclosed,
    ExhibitWithheld,
    NoticeServed,
    PartyHeard,
    ResponseGiven,
    RightWaived,
    SubmissionsClosed,
    VoteTaken,
    get_spec,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_act, as_own, phrase
from alteram.core.matters import Facts
from alteram.core.rules.decisions import burdens
from alteram.core.rules.proving.adversary import find_deviations
from alteram.core.rules.proving.deviating import Alter, Delay, Deviation, Insert, Move, Omit, OmitAll
from alteram.core.rules.proving.exploring import Base
from alteram.core.rules.proving.playing import Play, Played
from alteram.core.rules.proving.searching import Search, Violation

_DELIBERATING: Final = (VoteTaken, DecisionMade)
_BEFORE: Final = frozenset(
    {"answered", "respondent-heard", "respondent-closed", "notified", "notice-delivered", "disclosed-respondent"}
)

#: All by which the respondent is heard or closes the case, and all by which the respondent comes to see the evidence.
_CLOSING: Final = ("respondent-interviewed", "answered", "respondent-heard", "respondent-closed")
_DISCLOSING: Final = ("disclosed-respondent", "draft-report-respondent", "report-delivered-respondent")


def find_violations(search: Search) -> Iterator[Violation]:
    """Yield each matter in which the deciders deliberate too early, or on what the respondent has not seen."""
    for procedure in search.procedures:
        base = search.base(procedure)
        yield from _read(base.play, ())
        for variant in search.explore(base, _choose(base)):
            yield from _read(variant.play, variant.deviations)


def _choose(base: Base) -> Iterator[Deviation]:
    yield OmitAll(_CLOSING)
    yield OmitAll((*_CLOSING, *_DISCLOSING))
    yield OmitAll(_DISCLOSING)
    for one in find_deviations(base):
        match one:
            case Omit(step=name) if name in _BEFORE:
                yield one
            case Move():
                yield one
            case Alter(field="exhibits" | "respond_by" | "to" | "side" | "person"):
                yield one
            case Insert(name=name) if "exhibit" in name or "witness" in name:
                yield one
            case Delay() | _:
                continue


def _read(played: Play, deviations: tuple[Deviation, ...]) -> Iterator[Violation]:
    respondent = played.setting.cast.find("respondent")
    for one in played.played:
        act = one.event.act
        if not isinstance(act, _DELIBERATING) or not burdens(act):
            continue
        if not _is_closed(one.after, respondent, one):
            because = phrase("{act} may come before the respondent's case is closed.", act=_name(act))
            yield _violation(because, one, played, deviations)
        unseen = _find_unseen(one.after, respondent, act)
        if unseen:
            because = phrase("{act} may rest on {exhibit}, which was not disclosed.", act=_name(act), exhibit=unseen)
            yield _violation(because, one, played, deviations)


def _name(act: Act) -> str:
    return as_act(get_spec(type(act)).name)


def _violation(because: str, one: Played, played: Play, deviations: tuple[Deviation, ...]) -> Violation:
    name = get_spec(type(one.event.act)).name
    return Violation(because, name, one.ruling.clause, deviations=deviations, play=played, at=one)


def _is_closed(after: Facts, respondent: PersonId, at: Played) -> bool:
    """Return whether the respondent closed the case, was heard, waived it knowingly, or let the time go by."""
    before = at.event.seq
    closed = any(one.act.side == "respondent" and one.seq < before for one in after.matter.all(SubmissionsClosed))
    heard = any(one.act.person == respondent and one.seq < before for one in after.matter.all(PartyHeard))
    heard = heard or any(one.actor == respondent and one.seq < before for one in after.matter.all(ResponseGiven))
    waived = any(
        one.act.right == "hearing" and one.act.informed and one.actor == respondent and one.seq < before
        for one in after.matter.all(RightWaived)
    )
    default = any(one.act.person == respondent and one.seq < before for one in after.matter.all(DefaultNoted))
    return closed or ((heard or waived or default) and _is_time_over(after, respondent, at.event.recorded_at))


def _is_time_over(after: Facts, respondent: PersonId, now: datetime) -> bool:
    notices = [one.act for one in after.matter.all(NoticeServed) if one.act.to == respondent]
    return bool(notices) and notices[-1].respond_by is not None and notices[-1].respond_by <= now


def _find_unseen(after: Facts, respondent: PersonId, act: Act) -> str:
    """Return the first exhibit a decision relies on of which the respondent had neither the whole nor the gist."""
    if not isinstance(act, DecisionMade):
        return ""
    seen = {name for one in after.matter.all(ExhibitDisclosed) if one.act.to == respondent for name in one.act.exhibits}
    seen |= {name for one in after.matter.all(NoticeServed) if one.act.to == respondent for name in one.act.exhibits}
    seen |= {one.act.exhibit for one in after.matter.all(ExhibitWithheld) if one.act.person == respondent}
    return as_own(next((name for name in act.exhibits if name not in seen), ""))
