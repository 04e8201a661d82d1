"""What one person can refer to in a stream: the entries open to them by their act, and the identifiers given in these.

It is worked out from the fold. Opened are only entries of which the fold tells too little: those some of whose claims
were destroyed, and reported ones that are closed to the reader's part, because the reader may have recorded them.
What comes of it is what `questions.find_timeline` would show, at the cost of the few that were opened.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from alteram.core.access import Reader, build_reader, find_visible_claims, find_visible_fields
from alteram.core.acts import ActSpec, find_spec, get_spec
from alteram.core.acts.shapes import find_shapes
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.matters import AnyEvent
from alteram.operations.entries import Entered, find_entries
from alteram.operations.organisation import Organisation
from alteram.operations.questions import UnknownMatterError


@dataclass(frozen=True, slots=True)
class Offered:
    """Entries, each with the tag of its act, in their order; and identifiers, by the name of what they identify."""

    entries: tuple[tuple[int, str], ...]
    identifiers: Mapping[str, tuple[str, ...]]


def find_offered(organisation: Organisation, stream: StreamId, viewer: PersonId) -> Offered:
    """Return what `viewer` can refer to. Raises: UnknownMatterError where nothing of the stream is open to them."""
    facts, rulebook = organisation.facts(stream, fresh=True), organisation.governing(stream)
    reader = build_reader(facts, rulebook, viewer)
    look = _Look(reader, {})
    found: dict[int, _Open] = {}
    unclear = [one.seq for one in facts.matter.withheld]
    for event in (*facts.matter.every(), *facts.matter.gone):
        seen = look.at(event)
        if seen is None:
            unclear.append(event.seq)
        else:
            found[event.seq] = seen
    opened = find_entries(Entered(organisation, stream, facts, rulebook, reader), unclear, titles=True)
    found |= {seq: (one.act, one.claims) for seq, one in opened.items()}
    if not (reader.has_part and facts.matter.head_seq >= 0) and not any(tag for tag, _ in found.values()):
        raise UnknownMatterError("There is no such matter, or it is not open to you.", remedy="Ask the secretary.")
    identifiers: dict[str, dict[str, None]] = {}
    for _, (tag, claims) in sorted(found.items()):
        for name, value in _find_identifiers(tag, claims):
            identifiers.setdefault(name, {})[value] = None
    return Offered(
        tuple((seq, tag) for seq, (tag, _) in sorted(found.items()) if tag),
        {name: tuple(values) for name, values in identifiers.items()},
    )


#: The tag of an act with the claims that are open and hold identifiers; an empty tag where the act is not open.
_Open = tuple[str, Mapping[str, Json]]


@dataclass(frozen=True, slots=True)
class _Look:
    """Somebody who looks at events; `by_part` keeps whether their part opens all of an act, by its tag."""

    reader: Reader
    by_part: dict[str, bool]

    def at(self, event: AnyEvent) -> _Open | None:
        """Return what is open of an event; None where the fold does not tell."""
        spec = get_spec(type(event.act))
        if self._opens_all(spec):
            return spec.tag, _find_claims(spec, event)
        if not event.live and (_find_naming(spec) or not self.reader.has_part):
            return None
        claims = {"act": spec.tag, "actor": event.actor, "act.to": getattr(event.act, "to", None)}
        visible = find_visible_claims(self.reader, spec, claims | _find_claims(spec, event))
        shown = {name: value for name, value in _find_claims(spec, event).items() if name in visible}
        return spec.tag if "act" in visible else "", shown

    def _opens_all(self, spec: ActSpec) -> bool:
        known = self.by_part.get(spec.tag)
        if known is None:
            known = self.by_part[spec.tag] = "fields" in find_visible_fields(spec, self.reader.roles)
        return known


def _find_claims(spec: ActSpec, event: AnyEvent) -> dict[str, Json]:
    """Return the claims of an event that hold identifiers, as its entry has them: what is as it always is stays out."""
    found: dict[str, Json] = {}
    for name, is_part in _find_naming(spec):
        value = getattr(event.act, name)
        if is_part:
            found[f"act.{name}"] = [{"id": one.id} for one in value or ()]
        elif value is not None:
            found[f"act.{name}"] = value
    return found


@cache
def _find_naming(spec: ActSpec) -> tuple[tuple[str, bool], ...]:
    """Return the fields of an act that hold identifiers, and whether they do so in parts."""
    shapes = find_shapes(spec)
    with_parts = {name for name, shape in shapes.items() if any(part.name == "id" for part in shape.parts)}
    return tuple(
        (name, name in with_parts) for name, shape in shapes.items() if shape.kind == "identifier" or name in with_parts
    )


def _find_identifiers(tag: str, claims: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Yield the identifiers that claims hold, each with the name of what it identifies."""
    spec = find_spec(tag)
    for name, is_part in () if spec is None else _find_naming(spec):
        value = claims.get(f"act.{name}")
        for one in value if isinstance(value, list | tuple) else [] if value is None else [value]:
            if not is_part:
                yield name, str(one)
            elif isinstance(one, Mapping) and "id" in one:
                yield name.removesuffix("s"), str(one["id"])
