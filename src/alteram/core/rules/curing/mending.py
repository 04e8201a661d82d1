"""Drafts that mend by themselves: a ruling, a call again, the whole beside an excerpt, a charge with its days."""

import msgspec

from alteram.core.acts import (
    Act,
    AdverseActReasoned,
    Allegation,
    AllegationsStated,
    ExhibitLodged,
    MeetingCalled,
    ProceedingsPaused,
    ReportLodged,
    RulingMade,
    SanctionImposed,
)
from alteram.core.rules.capacities import find_role_holders
from alteram.core.rules.curing.desk import TEXT, Desk
from alteram.core.rules.curing.people import find_outsider, find_parties
from alteram.core.rules.curing.proposing import Proposals, find_told, propose_each


def propose_ruling(desk: Desk) -> Proposals:
    """Propose that somebody entitled, whom it does not concern, rules that the requirement is met."""
    act = RulingMade(requirement=desk.intent.demand, met=True, reasons=TEXT, about=desk.intent.about)
    for role in desk.intent.ruled_by:
        for person in sorted(find_role_holders(desk.facts, desk.rulebook, role))[:2]:
            if person not in desk.intent.concerns and person not in desk.concerned:
                yield person, act


def propose_call(desk: Desk) -> Proposals:
    """Propose that a meeting is called, or called again, for each of the times that may do."""
    parties = (*find_parties(desk.facts, "respondent"), *find_parties(desk.facts, "complainant"))
    invited = tuple(sorted({*desk.sitting, *parties}))
    for one in reversed(desk.about(MeetingCalled)):
        for at in desk.later():
            yield from propose_each(
                desk,
                MeetingCalled(
                    meeting=one.act.meeting,
                    body=one.act.body,
                    at=at,
                    agenda=one.act.agenda,
                    invited=invited,
                    purpose=one.act.purpose,
                ),
            )
    if not desk.facts.matter.all(MeetingCalled) and desk.body is not None:
        for at in desk.later():
            act = MeetingCalled(
                meeting="hearing", body=desk.body.id, at=at, agenda=("charge",), invited=invited, purpose="hearing"
            )
            yield from propose_each(desk, act)


def propose_whole(desk: Desk) -> Proposals:
    """Draft that whoever is said to have lodged something hands the whole of it in."""
    named = {name for one in find_told(desk) if (name := _name_of_whole(one.act)) is not None}
    lodged = desk.facts.matter.all(ExhibitLodged)
    for one in lodged:
        if one.act.exhibit in named and one.actor is not None and one.act.digest is None:
            yield one.actor, msgspec.structs.replace(one.act, digest="0" * 64, part_of=None)
    for name in sorted(named - {one.act.exhibit for one in lodged}):
        yield from propose_each(desk, ExhibitLodged(exhibit=name, kind="document", obtained="given", digest="0" * 64))


def _name_of_whole(act: Act) -> str | None:
    part_of, name = getattr(act, "part_of", None), getattr(act, "exhibit", None)
    return part_of if isinstance(part_of, str) else name if isinstance(name, str) else None


def propose_charge(desk: Desk) -> Proposals:
    """Draft that the charge is stated, with the breach and the days of the report where it tells them."""
    reports = desk.facts.matter.all(ReportLodged)
    day = desk.rulebook.calendar.local_day(reports[-1].when.first or desk.now if reports else desk.now)
    first = next((one.act.first_on for one in reports if one.act.first_on is not None), day)
    last = next((one.act.last_on for one in reports if one.act.last_on is not None), first)
    for breach in desk.rulebook.breaches[:2]:
        allegation = Allegation(id="charge", breach=breach.id, first_on=first, last_on=last)
        yield from propose_each(desk, AllegationsStated(allegations=(allegation,), particulars=(TEXT,)))


def propose_pause(desk: Desk) -> Proposals:
    """Propose that the proceedings are paused for mediation."""
    for until in desk.later():
        yield from propose_each(desk, ProceedingsPaused(why="mediation", until=until))


def propose_reasons(desk: Desk) -> Proposals:
    """Propose reasons for a sanction against a reporter, signed off by somebody from outside."""
    for one in desk.about(SanctionImposed):
        second = find_outsider(desk.facts)
        act = AdverseActReasoned(person=one.act.person, adverse_act=one.seq, signed_off_by=second, reasons=TEXT)
        yield from propose_each(desk, act)
