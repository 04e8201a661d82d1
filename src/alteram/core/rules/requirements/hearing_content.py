"""What must have taken place at a hearing (Acas Code para 12): the case put, the answer heard, questions, witnesses.

The record says which of these took place, never what was said. Who waives the hearing, or stays away after proved
service, ends nothing by that. The respondent confirms the minute or objects to it;
an objection is as good as a confirmation here, since both show that the respondent saw it.
"""

from alteram.core.acts import (
    DecisionMade,
    DefaultNoted,
    MeetingCalled,
    MeetingClosed,
    MeetingOpened,
    MinuteConfirmed,
    PartyHeard,
    RightWaived,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_person, as_word, join, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.decisions import burdens
from alteram.core.rules.findings import Cure, Finding, passed, silent
from alteram.core.rules.meetings import ASIDE, find_hearing, find_purpose
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import ask_of_each, find_before, find_waiver


class HearingContent(Parameters, frozen=True, kw_only=True):
    """`items`: what must have taken place. `minute_seen`: the person must have confirmed the minute or objected."""

    items: tuple[str, ...] = ("case-put", "response-heard", "questions", "witnesses")
    minute_seen: bool = False


@requirement(
    "hearing-content",
    covers=("A9",),
    parameters=HearingContent,
    anchors=(MeetingClosed, DecisionMade),
    reads=(PartyHeard, MeetingOpened, MeetingCalled, MinuteConfirmed, RightWaived, DefaultNoted),
    applies=lambda _parameters, anchor: burdens(anchor.act),
)
def check_hearing_content(view: View, parameters: HearingContent, anchor: AnyEvent) -> Finding:
    """At the hearing the case was put, the answer heard, questions asked and witnesses called, as the record says."""
    meeting = _find_meeting(view, anchor)
    if isinstance(anchor.act, MeetingClosed) and find_purpose(view, anchor.act.meeting) in ASIDE:
        return silent(phrase("This meeting was not called to hear the charge."))
    if meeting is None:
        cure = Cure("meeting.opened", ("chair", "secretary"), phrase("Hold a hearing."))
        because = phrase("No hearing before this is on record.")
        return view.missing(anchor, because, thing="hearing", acts=("meeting.opened",), cures=(cure,))
    return ask_of_each(view, anchor, view.protected, lambda person: _ask(view, parameters, anchor, person, meeting))


def _find_meeting(view: View, anchor: AnyEvent) -> str | None:
    match anchor.act:
        case MeetingClosed(meeting=meeting):
            return meeting
        case DecisionMade(meeting=named):
            hearing = find_hearing(view, anchor, named)
            return None if hearing is None else hearing.act.meeting
        case _:
            return None


def _ask(view: View, parameters: HearingContent, anchor: AnyEvent, person: PersonId, meeting: str) -> Finding:
    waiver = find_waiver(view, anchor, "hearing", person)
    noted, _ = find_before(view, anchor, [one for one in view.all(DefaultNoted) if one.act.person == person])
    if waiver is not None or noted:
        because = phrase("{person} waived the hearing or stayed away from it, as was noted.", person=as_person(person))
        entry = noted[-1].seq if waiver is None else waiver.seq
        return view.weigh(anchor, passed(because, entries=(entry, anchor.seq)))
    at_it = [one for one in view.all(PartyHeard) if (one.act.person, one.act.meeting) == (person, meeting)]
    heard, doubtful = find_before(view, anchor, at_it)
    lacking = set(parameters.items) - {item for one in heard for item in one.act.items}
    if lacking:
        return view.missing(
            anchor,
            phrase(
                "Nothing shows of the hearing of {person}: {lacking}.",
                person=as_person(person),
                lacking=join(", ", map(as_word, sorted(lacking))),
            ),
            thing="hearing",
            alleged=doubtful,
            acts=("party.heard",),
            cures=(Cure("party.heard", ("chair", "secretary"), phrase("Hold what is lacking, then decide again.")),),
        )
    if parameters.minute_seen and not _has_seen_minute(view, anchor, person, meeting):
        cure = Cure(
            "minute.disclosed",
            ("chair", "secretary", "case-manager"),
            phrase("Give {person} the minute to confirm.", person=as_person(person)),
        )
        because = phrase("{person} neither confirmed the minute nor objected to it.", person=as_person(person))
        return view.missing(anchor, because, thing="minute", acts=("minute.confirmed",), cures=(cure,))
    entries = (*(one.seq for one in heard), anchor.seq)
    return view.weigh(anchor, passed(phrase("The hearing held all that it must."), entries=entries))


def _has_seen_minute(view: View, anchor: AnyEvent, person: PersonId, meeting: str) -> bool:
    confirmations = (one for one in view.all(MinuteConfirmed) if one.act.meeting == meeting and one.actor == person)
    return bool(find_before(view, anchor, confirmations)[0])
