"""A meeting that somebody alleges and nobody registered is an open question; the decision must answer it.

Hansard 18 Oct 2022 (those who judge are not to be lobbied out of sight). It does not say whether the meeting took
place.
"""

from alteram.core.acts import DecisionMade, MeetingAlleged, MeetingRegistered
from alteram.core.kernel.phrases import join, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.decisions import is_preliminary
from alteram.core.rules.findings import Cure, Finding, passed
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class AllegedMeetingAnswered(Parameters, frozen=True, kw_only=True):
    """`registering_answers`: whether it is enough that somebody who was there has registered the meeting since."""

    registering_answers: bool = True


@requirement(
    "alleged-meeting-answered",
    covers=("U6",),
    parameters=AllegedMeetingAnswered,
    anchors=(DecisionMade,),
    reads=(MeetingAlleged, MeetingRegistered),
    applies=lambda _parameters, anchor: not is_preliminary(anchor.act),
)
def check_alleged_meeting_answered(view: View, parameters: AllegedMeetingAnswered, anchor: AnyEvent) -> Finding:
    """Every alleged meeting was registered by somebody who was there, or is answered by the decision."""
    alleged = [one for one in view.all(MeetingAlleged) if one.before(anchor) is not False]
    if not alleged:
        return view.nothing_against(anchor, phrase("No meeting is alleged that nobody registered."))
    answered = frozenset(anchor.act.answers) if isinstance(anchor.act, DecisionMade) else frozenset()
    registered = _registered(view, anchor) if parameters.registering_answers else frozenset()
    still_open = [one for one in alleged if one.seq not in answered and one.act.meeting not in registered]
    if not still_open:
        entries = (*(one.seq for one in alleged), anchor.seq)
        return view.weigh(anchor, passed(phrase("Every alleged meeting was registered or answered."), entries=entries))
    return _unanswered(view, anchor, still_open)


def _registered(view: View, anchor: AnyEvent) -> frozenset[str]:
    registered = [one for one in view.supporting(MeetingRegistered) if one.before(anchor) is True]
    return frozenset(one.act.meeting for one in registered)


def _unanswered(view: View, anchor: AnyEvent, still_open: list[Event[MeetingAlleged]]) -> Finding:
    named = join(", ", [phrase("entry {seq}", seq=one.seq) for one in still_open])
    return view.missing(
        anchor,
        phrase("The decision leaves open whether a meeting took place that is alleged ({named}).", named=named),
        acts=("meeting.registered", "decision.made"),
        working=[phrase("entry {seq}: alleged, not registered, not answered", seq=one.seq) for one in still_open],
        cures=(
            Cure("meeting.registered", ("anyone",), phrase("Register the meeting, as somebody who was there.")),
            Cure(
                "decision.made",
                ("chair", "decider"),
                phrase("Decide again and answer, in the reasons, whether it took place."),
            ),
        ),
    )
