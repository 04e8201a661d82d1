"""A letter that is printed and not served: a form to answer on paper."""

from datetime import datetime

from alteram.core.acts import AllegationsAmended, AllegationsStated
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.operations.accusation import find_accusation, find_accused
from alteram.operations.entries import Entered, enter, find_entries
from alteram.operations.letters.contents import Context, tell_allegations
from alteram.operations.letters.drafting import Draft, Writing, build_head, find_day
from alteram.operations.letters.kinds import find_kind
from alteram.operations.letters.sight import build_sight
from alteram.operations.questions import UnknownMatterError
from alteram.operations.readings import keep_reading


def find_answering(writing: Writing, stream: StreamId, viewer: PersonId) -> tuple[PersonId, ...]:
    """Return for whom `viewer` can print a form to answer on that says what is alleged, and until when to answer.

    Raises: UnknownMatterError, also where the matter is not open to `viewer`.
    """
    return find_accused(enter(writing.organisation, stream, viewer))


def build_reply_form(
    writing: Writing, stream: StreamId, viewer: PersonId, *, now: datetime, person: PersonId | None = None
) -> Draft:
    """Return a form for a respondent to answer on, as far as `viewer` may see what is alleged; keep what was read.

    It has the charges and the last day of one of those whose accusation `viewer` may be told: of `person`, else of
    the only one. For everybody else it says no day, which would be that of somebody else.
    Raises: UnknownMatterError, also where the matter is not open to `viewer`, or `person` not answering; BusyError.
    """
    entered = enter(writing.organisation, stream, viewer)
    accused = find_accused(entered)
    if person is not None and person not in accused:
        raise UnknownMatterError("There is nobody to answer of this name.", remedy="Look at the letters of the matter.")
    answering = person or (accused[0] if len(accused) == 1 else None)
    accusation = None if answering is None else find_accusation(entered, answering)
    wanted = None if accusation is None else [one.id for one in accusation.charges]
    context = _build_context(writing, entered, now)
    data = {
        **build_head(writing, stream, context.rulebook, "reply-form", now),
        "allegations": list(tell_allegations(context, wanted)),
        "respond_by": None if accusation is None else context.moment(accusation.respond_by),
    }
    stated = [one.seq for one in entered.facts.matter.all(AllegationsStated, AllegationsAmended)]
    keep_reading(entered, find_entries(entered, stated).values(), now=now)
    return _draft("reply-form", data, writing, now)


def _build_context(writing: Writing, entered: Entered, now: datetime) -> Context:
    facts, rulebook = entered.facts, entered.rulebook
    sight = build_sight(writing.organisation, entered.stream, facts, rulebook, (entered.person,))
    return Context(facts, rulebook, sight, writing.zone, now, writing.name)


def _draft(name: str, data: dict[str, Json], writing: Writing, now: datetime) -> Draft:
    kind = find_kind(name)
    if kind is None:
        raise ValueError(name)
    return Draft(kind, (), data, find_day(writing, now))
