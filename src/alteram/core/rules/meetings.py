"""What a meeting was called for, and for when. The asking requirement declares `MeetingCalled`."""

from alteram.core.acts import MeetingCalled
from alteram.core.matters import Event
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
