"""The hearing waits for a companion who cannot come.

Employment Relations Act 1999 s 10; Talon Engineering v Smith [2018].
It waits for the other time that was offered, when that lies within the period after the time first set.
"""

from alteram.core.acts import CompanionNamed, CompanionUnavailable, MeetingCalled, MeetingOpened
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed, silent, unknown
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class CompanionPostponed(Parameters, frozen=True, kw_only=True):
    """`within`: how long after the time first set the hearing waits at most."""

    within: Period


@requirement(
    "companion-postponed",
    covers=("A11",),
    parameters=CompanionPostponed,
    anchors=(MeetingOpened,),
    reads=(CompanionUnavailable, CompanionNamed, MeetingCalled),
)
def check_companion_postponed(view: View, parameters: CompanionPostponed, anchor: AnyEvent) -> Finding:
    """Where a companion cannot come, the hearing waits for another time within the period."""
    if not isinstance(anchor.act, MeetingOpened):
        return silent(phrase("No meeting was opened."))
    said = _find_said(view, anchor, anchor.act.meeting)
    if said is None:
        return view.nothing_against(anchor, phrase("Nobody said that a companion could not come."))
    calls = [one for one in view.all(MeetingCalled) if one.act.meeting == said.act.meeting and one.before(said)]
    if not calls:
        because = phrase("It is not known for when the meeting was first called.")
        return unknown(because, entries=(said.seq, anchor.seq), missing=("meeting.called",))
    alternative = said.act.alternative_at
    first = When.exactly(calls[-1].act.at)
    measured = measure_within(first, parameters.within, When.exactly(alternative), view.calendar)
    entries = (calls[-1].seq, said.seq, anchor.seq)
    if measured.kept is False:
        because = phrase("The other time offered was later than {within} after the first.", within=parameters.within)
        finding = passed(because, entries=entries, working=measured.working)
    elif anchor.when.before(When.exactly(alternative)) is False:
        finding = passed(phrase("The hearing waited for the companion."), entries=entries, working=measured.working)
    else:
        cure = Cure(
            "meeting.adjourned", ("chair", "secretary"), phrase("Wait for the time that the companion offered.")
        )
        finding = failed(
            phrase("The hearing did not wait for the companion."),
            entries=entries,
            working=measured.working,
            earliest=alternative,
            cures=(cure,),
        )
    return view.weigh(anchor, finding)


def _find_said(view: View, anchor: AnyEvent, meeting: str) -> Event[CompanionUnavailable] | None:
    """Return the last word that a companion of those protected could not come to the meeting."""
    companions = {one.act.person for one in view.all(CompanionNamed) if one.act.for_person in view.protected}
    said = [
        one
        for one in view.all(CompanionUnavailable)
        if one.act.meeting == meeting
        and one.established
        and one.before(anchor)
        and one.actor in view.protected | companions
    ]
    return said[-1] if said else None
