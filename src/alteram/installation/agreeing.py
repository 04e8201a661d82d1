"""Acts that wait for a second person: looked at, agreed to by another, recorded or withdrawn by whoever asked.

Access is asked in `operations.roll`, first thing. To who holds no office there is nothing that waits.
"""

from dataclasses import dataclass

from alteram.core.acts import encode_fields
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.awaiting import Awaited, find_awaited, forget_awaited
from alteram.installation.founding import invite_people
from alteram.operations.perform import Performed, perform, rule_on
from alteram.operations.questions import UnknownMatterError
from alteram.operations.roll import find_roll_as_officer


@dataclass(frozen=True, slots=True)
class Waiting:
    """An act that waits, and what would become of it if whoever asked recorded it now."""

    awaited: Awaited
    fields: tuple[tuple[str, Json], ...]
    is_mine: bool
    refused: Refused | None


def find_waiting(asking: Asking, viewer: PersonId) -> list[Waiting]:
    """Return what waits, the oldest first. Raises: UnknownMatterError."""
    find_roll_as_officer(asking.organisation, viewer)
    return [_look_at(asking, one, is_mine=one.asked_by == viewer) for one in find_awaited(asking.name)]


def get_awaited(asking: Asking, viewer: PersonId, number: int, *, own: bool = False) -> Awaited:
    """Return one act that waits, or one that `viewer` asked for themselves. Raises: UnknownMatterError."""
    find_roll_as_officer(asking.organisation, viewer)
    found = find_awaited(asking.name, number)
    if not found or (own and found[0].asked_by != viewer):
        raise UnknownMatterError("Nothing of this number waits, or it is not yours.", remedy="Look at the list.")
    return found[0]


def agree(asking: Asking, awaited: Awaited, by: PersonId) -> Performed:
    """Agree to just this act, by an act of one's own. The rules say whether one may."""
    return perform(asking.organisation, ORGANISATION_STREAM, awaited.build_agreement(), by)


def record_agreed(asking: Asking, awaited: Awaited) -> Performed:
    """Record the act for whoever asked, and invite whoever joins by it; what is refused goes on waiting."""
    done = perform(asking.organisation, ORGANISATION_STREAM, awaited.act, awaited.asked_by)
    if done:
        forget_awaited(asking.name, awaited.number)
        invite_people(asking.name, asking.title, awaited.people)
    return done


def _look_at(asking: Asking, awaited: Awaited, *, is_mine: bool) -> Waiting:
    ruling = rule_on(asking.organisation, ORGANISATION_STREAM, awaited.act, awaited.asked_by, now=asking.now)
    fields = tuple((name, value) for name, value in encode_fields(awaited.act).items() if value not in (None, [], ""))
    return Waiting(awaited, fields, is_mine, ruling if isinstance(ruling, Refused) else None)
