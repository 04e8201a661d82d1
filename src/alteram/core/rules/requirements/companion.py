"""The right to be accompanied (Employment Relations Act 1999 s 10).

The notice must state it, and whoever is named as companion must be let in: present, or on the roll of those invited.
A refusal comes with reasons, but does not by itself meet this unless the rules let a companion be refused.
"""

from alteram.core.acts import (
    CompanionNamed,
    CompanionRefused,
    MeetingCalled,
    MeetingOpened,
    NoticeServed,
    RightWaived,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_person, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed, silent
from alteram.core.rules.meetings import ASIDE, find_call, find_purpose
from alteram.core.rules.notices import build_notice_cure, find_notices
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import ask_of_each, find_before, find_waiver


class Companion(Parameters, frozen=True, kw_only=True):
    """`refusable`: a companion may be refused with reasons."""

    refusable: bool = False


@requirement(
    "companion",
    covers=("A10", "I7"),
    parameters=Companion,
    anchors=(MeetingOpened,),
    reads=(NoticeServed, CompanionNamed, CompanionRefused, MeetingCalled, RightWaived),
)
def check_companion(view: View, parameters: Companion, anchor: AnyEvent) -> Finding:
    """Whoever is heard was told that somebody may accompany them, and the companion they named was let in."""
    act = anchor.act
    if not isinstance(act, MeetingOpened) or find_purpose(view, act.meeting) in ASIDE:
        return silent(phrase("This meeting was not called to hear the charge."))
    return ask_of_each(view, anchor, view.protected, lambda person: _ask(view, parameters, anchor, act, person))


def _ask(view: View, parameters: Companion, anchor: AnyEvent, act: MeetingOpened, person: PersonId) -> Finding:
    waiver = find_waiver(view, anchor, "companion", person)
    if waiver is not None:
        because = phrase("The right to be accompanied was waived.")
        return view.weigh(anchor, passed(because, entries=(waiver.seq, anchor.seq)))
    notices, doubtful = find_notices(view, anchor, person)
    told = [one for one in notices if one.act.states_companion]
    if not told:
        return view.missing(
            anchor,
            phrase("No notice told {person} of the right to be accompanied.", person=as_person(person)),
            thing="notice",
            alleged=doubtful,
            acts=("notice.served",),
            cures=(build_notice_cure(phrase("Serve a notice that states the right to be accompanied.")),),
        )
    shut_out = _find_shut_out(view, parameters, anchor, act, person)
    if not shut_out:
        because = phrase("The right was stated, and no companion was kept out.")
        return view.weigh(anchor, passed(because, entries=(told[-1].seq, anchor.seq)))
    cure = Cure(
        "meeting.called",
        ("chair", "secretary"),
        phrase(
            "Invite {shut_out} too, and hear {person} again.", shut_out=as_person(shut_out[0]), person=as_person(person)
        ),
    )
    because = phrase(
        "{shut_out}, whom {person} named as companion, was neither invited nor present.",
        shut_out=as_person(shut_out[0]),
        person=as_person(person),
    )
    finding = failed(because, entries=(told[-1].seq, anchor.seq), missing=("meeting.called",), cures=(cure,))
    return view.weigh(anchor, finding)


def _find_shut_out(
    view: View, parameters: Companion, anchor: AnyEvent, act: MeetingOpened, person: PersonId
) -> tuple[PersonId, ...]:
    """Return the companions of `person` who were kept out, where none was let in."""
    named, _ = find_before(view, anchor, (one for one in view.all(CompanionNamed) if one.act.for_person == person))
    refused, _ = find_before(view, anchor, view.all(CompanionRefused))
    call = find_call(view, act.meeting)
    refusals = {one.act.person for one in refused}
    let_in = {*act.present, *(call.act.invited if call is not None else ())} - refusals
    companions = tuple(one.act.person for one in named)
    excused = refusals if parameters.refusable else set()
    return () if let_in.intersection(companions) else tuple(one for one in companions if one not in excused)
