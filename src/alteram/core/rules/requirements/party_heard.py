"""Nobody is decided on unheard (Ridge v Baldwin; Incorporated Societies Act 2022 Sch 2; Lee v Showmen's Guild).

A party is heard orally or in writing, or closes the case on their side, or waives the hearing knowing what it is, or
lets the time pass after service on them was proved. A hearing that somebody only says took place settles nothing.
"""

from collections.abc import Iterator

from alteram.core.acts import (
    CompanionNamed,
    DecisionMade,
    DefaultNoted,
    InterimMeasureImposed,
    MeetingCalled,
    MotionPut,
    NoticeServed,
    PaperServed,
    PartyHeard,
    ResponseGiven,
    RightWaived,
    SanctionImposed,
    ServiceConfirmed,
    SubmissionsClosed,
    VoteTaken,
)
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_person, as_word, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, passed, silent
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.service import SERVING
from alteram.core.rules.view import View
from alteram.core.rules.voting import votes_on_outcome
from alteram.core.rules.weighing import ask_of_each, find_before, find_waiver

_CURE = Cure("party.heard", ("chair", "secretary"), phrase("Hear the party, orally or in writing, then decide again."))


class PartyHeardFirst(Parameters, frozen=True, kw_only=True):
    """`role`: who is heard. `oral`: it must be oral. `interim`: asked of interim measures instead of decisions."""

    role: Role = "respondent"
    oral: bool = False
    interim: bool = False


@requirement(
    "party-heard",
    covers=("N2", "N3", "C13"),
    parameters=PartyHeardFirst,
    anchors=(DecisionMade, SanctionImposed, InterimMeasureImposed, VoteTaken),
    reads=(
        PartyHeard,
        ResponseGiven,
        SubmissionsClosed,
        CompanionNamed,
        RightWaived,
        DefaultNoted,
        NoticeServed,
        MeetingCalled,
        MotionPut,
        *SERVING,
    ),
    applies=lambda parameters, anchor: (
        parameters.interim == isinstance(anchor.act, InterimMeasureImposed)
        and getattr(anchor.act, "kind", "") != "preliminary"
    ),
)
def check_party_heard(view: View, parameters: PartyHeardFirst, anchor: AnyEvent) -> Finding:
    """A party is heard, or could have been and chose otherwise, before a vote or decision that touches them."""
    if not votes_on_outcome(view, anchor):
        return silent(phrase("This vote is on neither a charge nor a sanction."))
    people = view.holders(parameters.role)
    if not people and parameters.role != "respondent":
        return silent(phrase("The matter has no {role}.", role=as_word(parameters.role)))
    return ask_of_each(view, anchor, people, lambda person: _ask(view, parameters, anchor, person))


def _ask(view: View, parameters: PartyHeardFirst, anchor: AnyEvent, person: PersonId) -> Finding:
    sure, doubtful = find_before(view, anchor, _hearings(view, parameters, person))
    unheard = view.agreed_absent(anchor, "hearing") and (parameters.oral or view.agreed_absent(anchor, "response"))
    if sure and not unheard:
        return view.weigh(anchor, passed(phrase("The party was heard."), entries=(sure[-1].seq, anchor.seq)))
    other = _chose_otherwise(view, parameters, anchor, person)
    if other is not None and not unheard:
        because = phrase("The party could have been heard, and waived it or let the time pass.")
        return view.weigh(anchor, passed(because, entries=(other.seq, anchor.seq)))
    return view.missing(
        anchor,
        phrase(
            "The {role} {person} was not heard before this.", role=as_word(parameters.role), person=as_person(person)
        ),
        thing="hearing" if unheard else None,
        alleged=doubtful,
        acts=("party.heard",),
        cures=(_CURE,),
    )


def _hearings(view: View, parameters: PartyHeardFirst, person: PersonId) -> list[AnyEvent]:
    """Return every event at which `person` spoke to the charge, in order."""
    oral: list[AnyEvent] = [
        one
        for one in view.all(PartyHeard)
        if one.act.person == person and (one.act.manner == "oral" or not parameters.oral)
    ]
    written = [] if parameters.oral else list(_written(view, person))
    return sorted([*oral, *written], key=lambda one: one.seq)


def _written(view: View, person: PersonId) -> Iterator[AnyEvent]:
    """Yield what `person`, or who was named to stand beside them, wrote; and the closing of their own case."""
    speakers = {person, *(one.act.person for one in view.all(CompanionNamed) if one.act.for_person == person)}
    yield from (one for one in view.all(ResponseGiven) if one.actor in speakers)
    yield from (one for one in view.all(SubmissionsClosed) if one.actor == person)


def _chose_otherwise(view: View, parameters: PartyHeardFirst, anchor: AnyEvent, person: PersonId) -> AnyEvent | None:
    rights = ("hearing", "oral-hearing") if parameters.oral else ("hearing",)
    for right in rights:
        waiver = find_waiver(view, anchor, right, person)
        if waiver is not None:
            return waiver
    noted, _ = find_before(view, anchor, view.all(DefaultNoted))
    return next((one for one in noted if one.act.person == person and _served(view, one, person)), None)


def _served(view: View, default: Event[DefaultNoted], person: PersonId) -> bool:
    """Return whether `default` names a proof that a notice, or the call of a meeting, reached `person` before it."""
    confirmed = [
        (one.seq, one.act.to, one.act.document) for one in view.supporting(ServiceConfirmed) if one.before(default)
    ]
    on_paper = [(one.seq, one.act.to, one.act.document) for one in view.supporting(PaperServed) if one.before(default)]
    notices = {one.seq for one in view.all(NoticeServed, MeetingCalled)}
    proof = (default.act.service, person)
    return any((seq, to) == proof and document in notices for seq, to, document in (*confirmed, *on_paper))
