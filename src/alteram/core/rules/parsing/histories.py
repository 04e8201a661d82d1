"""A history as people write it: an organisation, its matters with what is said to have happened, and what to expect.

Every event is reported: `agreed: true` means that both sides of the matter agree, as `both_sides` names them.
A history ends with what an assessment must say of it, so that it is a test as well as a story.
"""

from dataclasses import replace
from typing import get_args

from alteram.core.acts import Act, HistoryEntered, MattersLinked, PartyJoined
from alteram.core.acts.reported import Reported
from alteram.core.kernel.documents import (
    Node,
    Scalar,
    fail,
    read_any_mapping,
    read_boolean,
    read_choice,
    read_identifier,
    read_mapping,
    read_sequence,
    read_text,
)
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.matters.history import Expectation, History, HistoryEvent
from alteram.core.rules.findings import Result
from alteram.core.rules.parsing.demands import read_role
from alteram.core.rules.parsing.events import read_act_name, read_event, read_event_ids
from alteram.core.rules.parsing.organisations import RulebookLoader, read_organisation, read_rulebook
from alteram.core.rules.parsing.values import Scope, read_moment, read_people, read_reference

_REQUIRED = ("history", "title", "source", "rulebook", "entered_at", "entered_by", "organisation", "matters")
_EXPECTED = ("matter", "requirement", "result", "why")


def parse_history(root: Node, load_rulebook: RulebookLoader) -> History:
    """Return the history that a document states. Raises: DocumentError, which names file, line, field and remedy."""
    fields = read_mapping(
        root, required=_REQUIRED, optional=("assessed_at", "linked", "expected", "open_cures", "note")
    )
    rulebook = read_rulebook(fields["rulebook"], load_rulebook)
    organisation = read_organisation(fields["organisation"], rulebook)
    scope = Scope(rulebook.calendar, organisation.members)
    streams = {StreamId(_identifier(node, name)): node for name, node in read_any_mapping(fields["matters"]).items()}
    links = read_sequence(fields["linked"], lambda node: _read_link(node, streams)) if "linked" in fields else ()
    matters: dict[StreamId, tuple[HistoryEvent, ...]] = {}
    ids: dict[StreamId, dict[str, int]] = {}
    for stream, node in streams.items():
        others = tuple(sorted({one for pair in links if stream in pair for one in pair} - {stream}))
        matters[stream], ids[stream] = _read_matter(node, fields, others, scope)
    return History(
        name=read_identifier(fields["history"]),
        title=read_text(fields["title"], longest=300),
        rulebook=rulebook.id,
        entered_at=read_moment(fields["entered_at"], scope),
        entered_by=PersonId(read_identifier(fields["entered_by"])),
        assessed_at=read_moment(fields.get("assessed_at", fields["entered_at"]), scope),
        organisation=organisation.events,
        matters=matters,
        links=links,
        expected=_read_expected(fields, scope, ids),
        open_cures=read_sequence(fields["open_cures"], read_act_name) if "open_cures" in fields else (),
    )


def _identifier(node: Node, name: str) -> str:
    return read_identifier(Scalar(node.place, name))


def _read_link(node: Node, streams: dict[StreamId, Node]) -> tuple[StreamId, StreamId]:
    pair = read_sequence(node, lambda item: StreamId(read_choice(item, streams)))
    if len(pair) != 2 or pair[0] == pair[1]:
        fail(node, "a link names two matters.", "Write [conduct, confidence].")
    return pair[0], pair[1]


def _read_matter(
    node: Node, history: dict[str, Node], others: tuple[StreamId, ...], scope: Scope
) -> tuple[tuple[HistoryEvent, ...], dict[str, int]]:
    fields = read_mapping(node, required=("title", "parties", "both_sides", "events"), optional=("note",))
    begun = _beginning(fields, history, others, scope)
    ids = read_event_ids(fields["events"], len(begun))
    both_sides = read_people(fields["both_sides"], scope)
    here = replace(scope, events=ids)
    stated = read_sequence(
        fields["events"], lambda item: read_event(item, here, both_sides=both_sides, always_reported=True)
    )
    for event in stated:
        if event.found:
            fail(Scalar(event.place, ""), "a history finds nothing.", "Enter it, then find facts in the matter.")
    at, by = read_moment(history["entered_at"], scope), PersonId(read_identifier(history["entered_by"]))
    events = [HistoryEvent(act, reported, by, at) for act, reported in begun]
    return (*events, *(HistoryEvent(one.act, one.reported, by, at) for one in stated)), ids


def _beginning(
    fields: dict[str, Node], history: dict[str, Node], others: tuple[StreamId, ...], scope: Scope
) -> list[tuple[Act, Reported | None]]:
    """Return how a matter that tells a history begins: that it does, what it is linked to, who plays which part."""
    title = read_text(fields["title"], longest=200)
    source = read_text(history["source"], longest=200)
    begun: list[tuple[Act, Reported | None]] = [(HistoryEntered(title=title, source=source), None)]
    begun += [(MattersLinked(other=other, why="same-people"), Reported()) for other in others]
    for name, people in read_any_mapping(fields["parties"]).items():
        role = read_role(Scalar(people.place, name))
        begun += [(PartyJoined(person=person, role=role), Reported()) for person in read_people(people, scope)]
    return begun


def _read_expected(
    fields: dict[str, Node], scope: Scope, ids: dict[StreamId, dict[str, int]]
) -> tuple[Expectation, ...]:
    if "expected" not in fields:
        return ()
    return read_sequence(fields["expected"], lambda node: _read_expectation(node, scope, ids))


def _read_expectation(node: Node, scope: Scope, ids: dict[StreamId, dict[str, int]]) -> Expectation:
    fields = read_mapping(
        node, required=_EXPECTED, optional=("pack", "curable", "cures", "earliest", "says", "entries")
    )
    results: tuple[Result, ...] = get_args(Result)
    matter = StreamId(read_choice(fields["matter"], ids))
    here = replace(scope, events=ids[matter])
    return Expectation(
        matter=matter,
        demand=read_identifier(fields["requirement"]),
        result=read_choice(fields["result"], results),
        why=read_text(fields["why"]),
        pack=read_identifier(fields["pack"]) if "pack" in fields else "",
        curable=read_boolean(fields["curable"]) if "curable" in fields else None,
        cures=read_sequence(fields["cures"], read_act_name) if "cures" in fields else (),
        earliest=read_moment(fields["earliest"], scope) if "earliest" in fields else None,
        says=read_sequence(fields["says"], read_text) if "says" in fields else (),
        entries=_read_entries(fields["entries"], here) if "entries" in fields else (),
    )


def _read_entries(node: Node, scope: Scope) -> tuple[int, ...]:
    return read_sequence(node, lambda item: read_reference(item, scope))
