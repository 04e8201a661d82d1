"""Which notices of the charge a person was served with before an event. Who asks declares `NoticeServed`."""

from alteram.core.acts import NoticeServed
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_before

#: Who may serve a notice.
SERVERS = ("case-manager", "secretary")


def find_notices(
    view: View, anchor: AnyEvent, person: PersonId
) -> tuple[tuple[Event[NoticeServed], ...], tuple[Event[NoticeServed], ...]]:
    """Return the notices served on `person` surely before `anchor`, then those of which that is in doubt."""
    return find_before(view, anchor, (one for one in view.all(NoticeServed) if one.act.to == person))


def build_notice_cure(why: str) -> Cure:
    """Return the cure of serving the notice again."""
    return Cure("notice.served", SERVERS, why)
