"""Those who decide do not gather on the matter without the party whose case is still open.

US club appeal of 2014 (talk in closed session of what was not charged); SO 150 and Hansard 18 Oct 2022 (no lobbying of
the panel). It computes who of the deciders was there and whether they could carry a motion alone; it knows nothing of
what they said.
"""

from dataclasses import replace

from alteram.core.acts import (
    DecisionMade,
    MeetingCalled,
    MeetingOpened,
    MeetingRegistered,
    MinuteDisclosed,
    PartyExcluded,
    SubmissionsClosed,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import When
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.capacities import find_body_members
from alteram.core.rules.findings import Cure, Finding, passed, unknown
from alteram.core.rules.people import ACTING, find_deciders
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.rulebook import Body
from alteram.core.rules.view import View
from alteram.core.rules.voting import MORE_FOR_THAN_AGAINST, count_needed, show_share


class NoPrivateGathering(Parameters, frozen=True, kw_only=True):
    """`at_least`: how many of those who decide make a gathering."""

    at_least: int = 2


@requirement(
    "no-private-gathering",
    covers=("C11", "U6"),
    parameters=NoPrivateGathering,
    anchors=(MeetingRegistered, MeetingOpened),
    reads=(*ACTING, MeetingCalled, PartyExcluded, MinuteDisclosed, SubmissionsClosed),
    may_be_ruled=True,
)
def check_no_private_gathering(view: View, parameters: NoPrivateGathering, anchor: AnyEvent) -> Finding:
    """Those who decide do not gather on the matter without a party before that party's case is closed."""
    if not view.protected:
        return unknown(phrase("Nobody is named yet whom this protects."), entries=(anchor.seq,))
    there, asked = find_deciders(view, anchor), _invited(view, anchor)
    left_out = view.protected - there - asked
    if not left_out:
        return view.weigh(anchor, passed(phrase("The party was there, or was invited."), entries=(anchor.seq,)))
    if not there | asked:
        return view.missing(anchor, phrase("Nothing shows who was invited or who came."), acts=("meeting.called",))
    may_vote = _may_vote(view)
    overlap = (there or asked) & may_vote
    if len(overlap) < parameters.at_least:
        because = phrase("Fewer than {at_least} of those who decide were there.", at_least=parameters.at_least)
        return view.weigh(anchor, passed(because, entries=(anchor.seq,)))
    excuse = _excuse(view, anchor, left_out, there or asked)
    if excuse is not None:
        return view.weigh(anchor, excuse)
    return view.weigh(anchor, _gathered(view, anchor, overlap, may_vote))


def _invited(view: View, anchor: AnyEvent) -> frozenset[PersonId]:
    if isinstance(anchor.act, MeetingRegistered):
        return frozenset(anchor.act.invited)
    calls = [one.act for one in view.supporting(MeetingCalled) if one.act.meeting == _meeting(anchor)]
    return frozenset(person for call in calls for person in call.invited)


def _meeting(anchor: AnyEvent) -> str:
    return anchor.act.meeting if isinstance(anchor.act, MeetingRegistered | MeetingOpened) else ""


def _body(view: View) -> Body | None:
    procedure = view.procedure
    return None if procedure is None else view.rulebook.find_body(procedure.decided_by)


def _may_vote(view: View) -> frozenset[PersonId]:
    body = _body(view)
    sitting = frozenset() if body is None else find_body_members(view.facts, body)
    return sitting.union(view.holders("decider"), _later_deciders(view))


def _later_deciders(view: View) -> frozenset[PersonId]:
    return frozenset(person for one in view.all(*ACTING) if one.established for person in find_deciders(view, one))


def _excuse(view: View, anchor: AnyEvent, left_out: frozenset[PersonId], there: frozenset[PersonId]) -> Finding | None:
    """Return why the gathering is harmless or was put right, if it is or was."""
    closed = [one for one in view.supporting(SubmissionsClosed) if one.act.side == view.demand.protects]
    orders = [one for one in view.supporting(PartyExcluded) if one.act.meeting == _meeting(anchor)]
    in_time = [one for one in orders if _preceded(one, anchor)]
    disclosed = [one for one in view.supporting(MinuteDisclosed) if one.act.meeting == _meeting(anchor)]
    outcomes = _outcomes(view)
    if any(_preceded(one, anchor) for one in closed):
        return passed(phrase("That side had closed its case."), entries=(closed[0].seq, anchor.seq))
    if left_out <= {one.act.person for one in in_time}:
        return passed(
            phrase("The party was excluded by an order."), entries=(*(one.seq for one in in_time), anchor.seq)
        )
    early = [one for one in disclosed if all(one.before(outcome) for outcome in outcomes)]
    if left_out <= {one.act.to for one in early}:
        because = phrase("The minute was given to the party before anything was decided.")
        return passed(because, entries=(anchor.seq, *(one.seq for one in early)))
    deciders = [find_deciders(view, outcome) for outcome in outcomes]
    if deciders and all(people and not people & there for people in deciders):
        because = phrase("A panel decided of which nobody had been there.")
        return passed(because, entries=(anchor.seq, *(one.seq for one in outcomes)))
    return None


def _preceded(event: AnyEvent, anchor: AnyEvent) -> bool:
    """Return whether `event` surely came before the meeting took place, which may be long before it was registered."""
    if anchor.live and isinstance(anchor.act, MeetingRegistered):
        return event.when.before(When.exactly(anchor.act.held_at)) is True
    return event.before(anchor) is True


def _outcomes(view: View) -> list[Event[DecisionMade]]:
    return [one for one in view.all(DecisionMade) if one.established and one.act.kind == "outcome"]


def _gathered(view: View, anchor: AnyEvent, overlap: frozenset[PersonId], may_vote: frozenset[PersonId]) -> Finding:
    body = _body(view)
    shares = [one.majority for one in view.rulebook.sanctions if body is not None and one.by == body.id]
    hardest = max(
        [MORE_FOR_THAN_AGAINST, *(share for share in shares if share is not None)],
        key=lambda share: count_needed(share, len(may_vote)),
    )
    needed = count_needed(hardest, len(may_vote))
    alone = phrase("enough") if len(overlap) >= needed else phrase("not enough")
    finding = view.missing(
        anchor,
        phrase(
            "{overlap} of the {may_vote} who may vote met without the party, {alone} to carry a motion alone,"
            " before that side had closed its case and without an order of exclusion.",
            overlap=len(overlap),
            may_vote=len(may_vote),
            alone=alone,
        ),
        thing="exclusion-order",
        acts=("party.excluded", "minute.disclosed"),
        working=(
            phrase("there: {overlap} of the {may_vote} who may vote", overlap=len(overlap), may_vote=len(may_vote)),
            phrase(
                "the hardest motion needs {needed} of {may_vote} ({share})",
                needed=needed,
                may_vote=len(may_vote),
                share=show_share(hardest),
            ),
        ),
        cures=_cures(view),
    )
    return replace(finding, concerns=tuple(sorted(overlap)))


def _cures(view: View) -> tuple[Cure, ...]:
    return (
        Cure(
            "minute.disclosed",
            ("chair", "secretary", "case-manager"),
            phrase("Give the party a minute of that meeting."),
        ),
        Cure(
            "ruling.made",
            view.demand.ruled_by or ("chair",),
            phrase("Rule, with reasons, what follows from that meeting."),
        ),
        Cure("decision.made", ("decider",), phrase("Let a fresh panel decide, of people who were not there.")),
    )
