"""One event as people write it: an act, who did it, when, and how it stands.

An event with a standing (`agreed`, `agreed_by`, `asserted_by`, `denied_by`, `absent`, `found`) is reported; one without
is live, recorded as it happened. It does not decide what an event supports: that is `matters.events`.
"""

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import datetime, time
from typing import get_args

from alteram.core.acts import Act
from alteram.core.acts.catalogue import all_specs
from alteram.core.acts.reported import Reported, Thing
from alteram.core.kernel.calendars import CalendarError
from alteram.core.kernel.documents import (
    Mapping,
    Node,
    Place,
    fail,
    read_boolean,
    read_choice,
    read_day,
    read_identifier,
    read_mapping,
    read_sequence,
    read_text,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import UNKNOWN_WHEN, When
from alteram.core.rules.parsing.values import (
    Scope,
    need_calendar,
    read_instant_of,
    read_moment,
    read_people,
    read_struct,
)

_TIMES = ("at", "on", "from", "to", "when")
_STANDINGS = (
    "agreed", "agreed_by", "asserted_by", "denied_by", "absent", "absent_agreed", "absent_agreed_by", "found",
)  # fmt: skip
_NOON = time(12)


@dataclass(frozen=True, slots=True)
class StatedEvent:
    """An event as a document states it. `reported` is None for a live one; `found` says that it was found to be so."""

    act: Act
    by: PersonId | None
    when: When
    reported: Reported | None
    found: bool
    place: Place


def read_event_id(node: Node) -> str | None:
    """Return the identifier an event gives itself."""
    fields = dict(node.fields) if isinstance(node, Mapping) else {}
    return read_identifier(fields["id"]) if "id" in fields else None


def read_event_ids(events: Node, first_seq: int) -> dict[str, int]:
    """Return the sequence number of each event of a list that gives itself an identifier."""
    found: dict[str, int] = {}
    for place, node in enumerate(read_sequence(events, lambda item: item)):
        name = read_event_id(node)
        if name is not None and name in found:
            fail(node, f"two events are called {name!r}.", "Give each its own identifier.")
        if name is not None:
            found[name] = first_seq + place
    return found


def read_event(
    node: Node,
    scope: Scope,
    *,
    both_sides: tuple[PersonId, ...],
    always_reported: bool = False,
    also: tuple[str, ...] = (),
) -> StatedEvent:
    """Return the event that `node` states. `both_sides` are those who agree where it says only `agreed: true`.

    `also` names fields that somebody else reads. Raises: DocumentError when it is not an event.
    """
    fields = read_mapping(node, required=("act",), optional=("by", "id", "fields", "note", *_TIMES, *_STANDINGS, *also))
    reported = always_reported or any(name in fields for name in _STANDINGS)
    when = _read_when(node, fields, scope, live=not reported)
    by = PersonId(read_identifier(fields["by"])) if "by" in fields else None
    if "note" in fields:
        read_text(fields["note"])
    return StatedEvent(
        _read_act(node, fields, scope),
        by,
        when,
        _read_standing(fields, scope, when, by, both_sides) if reported else None,
        "found" in fields and read_boolean(fields["found"]),
        node.place,
    )


def read_act_name(node: Node) -> str:
    """Return the name of an act of the catalogue, without its version."""
    return read_choice(node, (spec.name for spec in all_specs()))


def _read_act(node: Node, fields: MappingOf[str, Node], scope: Scope) -> Act:
    types = {spec.name: spec.type for spec in all_specs()}
    return read_struct(fields.get("fields", Mapping(node.place, ())), types[read_act_name(fields["act"])], scope)


def _read_when(node: Node, fields: MappingOf[str, Node], scope: Scope, *, live: bool) -> When:
    given = [name for name in _TIMES if name in fields]
    if given == ["at"]:
        return When.exactly(read_moment(fields["at"], scope))
    if given == ["on"]:
        return _noon(fields["on"], scope) if live else _days(fields["on"], fields["on"], scope)
    if live or given not in (["from", "to"], ["when"]):
        fail(
            node,
            "says when in no known way.",
            "Give `at: 2025-08-11T20:00` or `on: 2025-08-11` (or, reported, from and to).",
        )
    if given == ["when"]:
        read_choice(fields["when"], ("unknown",))
        return UNKNOWN_WHEN
    return _days(fields["from"], fields["to"], scope)


def _days(first: Node, last: Node, scope: Scope) -> When:
    calendar = need_calendar(first, scope)
    if read_day(last) < read_day(first):
        fail(last, "ends before it begins.")
    try:
        return When(calendar.start_of_day(read_day(first)), calendar.last_of_day(read_day(last)))
    except CalendarError as error:
        fail(first, error.problem, error.remedy)


def _noon(node: Node, scope: Scope) -> When:
    """Return noon: a live act has an instant, and a document that gives only its day means no more than that day."""
    return When.exactly(read_instant_of(node, datetime.combine(read_day(node), _NOON), scope))


def _read_standing(
    fields: MappingOf[str, Node], scope: Scope, when: When, by: PersonId | None, both_sides: tuple[PersonId, ...]
) -> Reported:
    def people(name: str, short: str = "") -> tuple[PersonId, ...]:
        if short in fields and name in fields:
            fail(fields[name], f"says twice who agrees: {short} and {name}.", "Keep one of them.")
        if short in fields:
            return both_sides if read_boolean(fields[short]) else ()
        return read_people(fields[name], scope) if name in fields else ()

    absent: tuple[Thing, ...] = ()
    if "absent" in fields:
        absent = read_sequence(fields["absent"], _read_thing)
    return Reported(
        first=when.first,
        last=when.last,
        by=by,
        asserted_by=people("asserted_by"),
        denied_by=people("denied_by"),
        agreed_by=people("agreed_by", "agreed"),
        absent=absent,
        absent_agreed_by=people("absent_agreed_by", "absent_agreed"),
    )


def _read_thing(node: Node) -> Thing:
    known: tuple[Thing, ...] = get_args(Thing)
    found = read_choice(node, known)
    return next(thing for thing in known if thing == found)
