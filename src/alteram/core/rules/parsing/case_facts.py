"""The facts of a case: its organisation, its parties, its linked matters and its events, folded.

What a case does not say, it takes from the defaults below, so that a case tells only what it is about.
"""

from dataclasses import replace
from datetime import datetime

from alteram.core.acts import Act, MattersLinked, PartyJoined
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.documents import (
    DocumentError,
    Mapping,
    Node,
    Scalar,
    Sequence,
    read_any_mapping,
    read_sequence,
)
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.matters import AnyEvent, Facts, Holding, LinkedMatter, StreamFacts, fold_events
from alteram.core.matters.history import HistoryEvent, build_history_event
from alteram.core.rules.parsing.demands import read_role
from alteram.core.rules.parsing.events import StatedEvent, read_event, read_event_ids
from alteram.core.rules.parsing.organisations import StatedOrganisation, read_organisation
from alteram.core.rules.parsing.values import Scope, read_people
from alteram.core.rules.rulebook import Rulebook

_STREAM = StreamId("case")
_RECORDER = PersonId("observer")
_FOUNDED = "2025-01-01T09:00"
_MEMBERS = "12"
_OFFICES = {
    "leader": "m01", "senior-whip": "m02", "junior-whip": "m03", "minister": "m04", "chair": "m09",
    "custodian": "m10", "scrutineer": "m11",
}  # fmt: skip
_PANEL = "x01..x03"
_PARTIES = {"respondent": "m05", "complainant": "m06", "case-manager": "m07", "investigator": "m08"}


def read_facts(case: Node, fields: dict[str, Node], rulebook: Rulebook) -> tuple[Facts, dict[str, int]]:
    """Return the facts of a case, and the sequence number of each event that has an identifier."""
    organisation = read_organisation(_organisation(case, fields), rulebook)
    scope = Scope(rulebook.calendar, organisation.members)
    parties = _read_parties(fields.get("parties", _default(case, _PARTIES)), scope)
    linked = _read_linked(fields.get("linked", Mapping(case.place, ())), scope)
    begun: list[Act] = [PartyJoined(person=person, role=role) for person, role in parties]
    begun += [MattersLinked(other=one.stream, why="same-people") for one in linked]
    ids = read_event_ids(fields["events"], len(begun))
    both_sides = tuple(sorted({person for person, _ in parties}))
    stated = read_sequence(
        fields["events"],
        lambda node: read_event(node, replace(scope, events=ids), both_sides=both_sides),
    )
    matter = _begin(begun, organisation.begun_at)
    matter += _events(stated, len(begun), organisation.begun_at)
    return Facts(_fold_organisation(fields, organisation, scope), _fold(_STREAM, matter), linked), ids


def _organisation(case: Node, fields: dict[str, Node]) -> Node:
    """Return the organisation stated, completed by the defaults."""
    stated = read_any_mapping(fields["organisation"]) if "organisation" in fields else {}
    defaults: dict[str, Node] = {
        "members": Scalar(case.place, _MEMBERS),
        "founded_at": Scalar(case.place, _FOUNDED),
        "rulebook_published_on": Scalar(case.place, _FOUNDED[:10]),
        "secretary": Scalar(case.place, _OFFICES["senior-whip"]),
        "offices": _default(case, _OFFICES),
        "bodies": Mapping(case.place, (("appeal-panel", Sequence(case.place, (Scalar(case.place, _PANEL),))),)),
    }
    return Mapping(case.place, tuple((defaults | stated).items()))


def _default(case: Node, names: dict[str, str]) -> Mapping:
    return Mapping(case.place, tuple((name, Scalar(case.place, person)) for name, person in names.items()))


def _read_parties(node: Node, scope: Scope) -> list[tuple[PersonId, Role]]:
    found: list[tuple[PersonId, Role]] = []
    for name, people in read_any_mapping(node).items():
        role = read_role(Scalar(people.place, name))
        found += [(person, role) for person in read_people(people, scope)]
    return found


def _read_linked(node: Node, scope: Scope) -> tuple[LinkedMatter, ...]:
    return tuple(
        LinkedMatter(StreamId(name), tuple(Holding(person, role, 0) for person, role in _read_parties(parties, scope)))
        for name, parties in read_any_mapping(node).items()
    )


def _events(stated: tuple[StatedEvent, ...], first_seq: int, begun_at: datetime) -> list[AnyEvent]:
    """Return the events in order; a reported one is recorded no earlier than the live act before it."""
    events: list[AnyEvent] = []
    clock = begun_at
    for seq, one in enumerate(stated, first_seq):
        live_at = one.when.first if one.reported is None else None
        if live_at is not None and live_at < clock:
            raise DocumentError(f"{one.place}: live acts must stand in the order of time.", remedy="Move it up.")
        clock = live_at or clock
        events.append(_event(one, seq, clock))
    return events


def _event(one: StatedEvent, seq: int, clock: datetime) -> AnyEvent:
    recorded_by = _RECORDER if one.reported is not None or one.by is None else one.by
    at = clock if one.reported is None else max(clock, one.when.last or clock)
    event = build_history_event(HistoryEvent(one.act, one.reported, recorded_by, at), seq)
    return replace(event, found=one.found)


def _begin(acts: list[Act], begun_at: datetime) -> list[AnyEvent]:
    return [build_history_event(HistoryEvent(act, None, _RECORDER, begun_at), seq) for seq, act in enumerate(acts)]


def _fold(stream: StreamId, events: list[AnyEvent]) -> StreamFacts:
    return fold_events(StreamFacts.empty(stream), events)


def _fold_organisation(fields: dict[str, Node], organisation: StatedOrganisation, scope: Scope) -> StreamFacts:
    events = [build_history_event(one, seq) for seq, one in enumerate(organisation.events)]
    if "organisation_events" in fields:
        stated = read_sequence(fields["organisation_events"], lambda node: read_event(node, scope, both_sides=()))
        events += [
            _event(one, seq, one.when.first or organisation.begun_at) for seq, one in enumerate(stated, len(events))
        ]
    return _fold(ORGANISATION_STREAM, events)
