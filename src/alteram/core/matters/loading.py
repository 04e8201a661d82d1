"""Entries to events: what the rules may see of what was opened."""

from collections.abc import Mapping, Sequence

from alteram.core.acts import HIDDEN, build_structural, find_spec
from alteram.core.kernel.canonical import Json
from alteram.core.matters.events import AnyEvent, build_live_event, build_reported_event
from alteram.core.matters.stream_facts import WithheldEntry
from alteram.core.record import Entry, RecordError, parse_entry
from alteram.core.record.claims import ACT_PREFIX


def build_event(entry: Entry, *, as_stated: bool) -> AnyEvent:
    """Return the event of an entry. `as_stated`: the matter only tells a history, see `events.build_reported_event`."""
    act = build_structural(entry.act)
    if entry.reported is None:
        return build_live_event(act, seq=entry.seq, actor=entry.actor, at=entry.at)
    return build_reported_event(act, entry.reported, seq=entry.seq, actor=entry.actor, at=entry.at, as_stated=as_stated)


def build_event_from_claims(seq: int, claims: Mapping[str, Json], *, as_stated: bool) -> AnyEvent | WithheldEntry:
    """Return the event of a set of claims, or that of an entry some of whose claims are withheld."""
    try:
        return build_event(parse_entry({**_stand_ins(claims), **claims}), as_stated=as_stated)
    except RecordError as error:
        if error.code != "entry.withheld":
            raise
    tag = claims.get("act")
    return WithheldEntry(seq, tag if isinstance(tag, str) else None)


def _stand_ins(claims: Mapping[str, Json]) -> dict[str, Json]:
    """Return stand-ins for confidential fields that are listed but withheld: the rules see no more of them anyway."""
    hidden, listed, tag = str(HIDDEN), claims.get("fields"), claims.get("act")  # a plain string: it is encoded
    spec = find_spec(tag) if isinstance(tag, str) else None
    if spec is None or not isinstance(listed, Sequence):
        return {}
    return {
        f"{ACT_PREFIX}{field.name}": [hidden] if field.many else hidden
        for field in spec.fields
        if field.confidential and f"{ACT_PREFIX}{field.name}" in listed
    }
