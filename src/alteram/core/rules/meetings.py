"""What a meeting was called for, and for when. The asking requirement declares `MeetingCalled`."""

from alteram.core.acts import MeetingCalled, MeetingOpened
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.view import View

#: Purposes of meetings at which nobody is heard or judged on the charge.
ASIDE = frozenset({"interim", "appeal", "other"})


def find_call(view: View, meeting: str | None) -> Event[MeetingCalled] | None:
    """Return the last call of a meeting, whoever says so."""
    calls = [one for one in view.all(MeetingCalled) if one.act.meeting == meeting]
    return calls[-1] if calls else None


def find_purpose(view: View, meeting: str | None) -> str:
    """Return what a meeting was called for; one that nobody called is taken for a hearing."""
    call = find_call(view, meeting)
    return call.act.purpose if call is not None else "hearing"


def find_hearing(view: View, anchor: AnyEvent, meeting: str | None) -> Event[MeetingOpened] | None:
    """Return the opening of the hearing that came before `anchor`: of `meeting` where it is named, else the first.

    The asking requirement declares `MeetingOpened` too.
    """
    opened = [
        one
        for one in view.supporting(MeetingOpened)
        if one.before(anchor) and (one.act.meeting == meeting if meeting else not _is_aside(view, one.act.meeting))
    ]
    return opened[0] if opened else None


def _is_aside(view: View, meeting: str) -> bool:
    return find_purpose(view, meeting) in ASIDE
