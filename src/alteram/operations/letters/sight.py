"""What of a matter may stand in a letter: the claims that everybody concerned with it may see, by `core.access`.

A letter tells its addressees nothing that they may not see, and whoever writes it learns nothing that they may not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from alteram.core.access import build_reader, find_visible_claims
from alteram.core.access.seeing import Reader
from alteram.core.acts import ActSpec, encode_fields, find_spec, get_spec
from alteram.core.acts.fields import Act
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.instants import parse_instant
from alteram.core.matters import Facts
from alteram.core.rules.rulebook import Rulebook
from alteram.operations.organisation import Organisation


@dataclass(frozen=True, slots=True)
class SeenEntry:
    """An entry with those of its fields that may stand in the letter."""

    seq: int
    at: datetime
    act: str
    fields: Mapping[str, Json]

    def text(self, name: str) -> str:
        """Return a field of text; empty where there is none."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """Return a field of several texts."""
        return list_texts(self.fields.get(name))


@dataclass(frozen=True, slots=True)
class CommonSight:
    """What the readers of a letter may all see of a matter, before an entry."""

    readers: tuple[Reader, ...]
    entries: tuple[SeenEntry, ...]

    def all(self, act: str) -> list[SeenEntry]:
        """Return the entries of an act, by its name, in order."""
        return [one for one in self.entries if one.act == act]

    def find(self, seq: Json) -> SeenEntry | None:
        """Return an entry by its number."""
        return next((one for one in self.entries if one.seq == seq), None)

    def may_know(self, person: PersonId) -> bool:
        """Return whether all of them may learn of a person's part."""
        return all(person not in reader.unknown for reader in self.readers)


def build_sight(
    organisation: Organisation,
    stream: StreamId,
    facts: Facts,
    rulebook: Rulebook,
    people: Iterable[PersonId],
    *,
    before: int | None = None,
) -> CommonSight:
    """Return what all of `people` may see of a matter's entries, or of those before the entry `before`."""
    readers = tuple(build_reader(facts, rulebook, person) for person in dict.fromkeys(people))
    ports, entries = organisation.ports, []
    for stored in ports.store.load(ports.organisation, stream):
        opened = None if before is not None and stored.seq >= before else organisation.open(stored)
        claims = {} if opened is None else opened.presentation.claims
        tag = claims.get("act")
        spec = find_spec(tag) if isinstance(tag, str) else None
        if spec is not None:
            entries.append(SeenEntry(stored.seq, stored.at, spec.name, dict(_common_fields(readers, spec, claims))))
    return CommonSight(readers, tuple(entries))


def choose_fields(sight: CommonSight, act: Act) -> dict[str, Json]:
    """Return those fields of an act about to be done which everybody concerned may see, as the record spells them."""
    spec = get_spec(type(act))
    fields = encode_fields(act)
    claims: dict[str, Json] = {f"act.{name}": value for name, value in fields.items()}
    closed = {name for reader in sight.readers for name in claims if _names_unknown(reader, spec, claims, name)}
    return {name: value for name, value in fields.items() if f"act.{name}" not in closed}


def _names_unknown(reader: Reader, spec: ActSpec, claims: Mapping[str, Json], name: str) -> bool:
    """Return whether a claim would tell this reader of somebody they may not know of.

    Every letter is addressed to its readers: of what it says only that is closed.
    """
    field = next((one for one in spec.fields if f"act.{one.name}" == name), None)
    if field is None or not field.names_people or reader.person is None:
        return False
    value = claims[name]
    people = value if isinstance(value, list | tuple) else (value,)
    return any(isinstance(one, str) and PersonId(one) in reader.unknown - reader.serving for one in people)


def _common_fields(readers: Iterable[Reader], spec: ActSpec, claims: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    visible = [set(find_visible_claims(reader, spec, claims)) for reader in readers]
    for name, value in claims.items():
        if name.startswith("act.") and all(name in one for one in visible):
            yield name.removeprefix("act."), value


def list_texts(value: Json) -> list[str]:
    """Return a list of texts of the record."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return []
    return [one for one in value if isinstance(one, str)]


def list_rows(value: Json) -> list[Mapping[str, Json]]:
    """Return a list of what has fields of its own, such as allegations."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return []
    return [one for one in value if isinstance(one, Mapping)]


def tell_moment(value: "Json | datetime", zone: tzinfo) -> list[Json] | None:
    """Return an instant as letters take it: year, month, day, hour and minute in a time zone."""
    if isinstance(value, str):
        value = parse_instant(value)
    if not isinstance(value, datetime):
        return None
    local = value.astimezone(UTC).astimezone(zone)
    return [local.year, local.month, local.day, local.hour, local.minute]


def tell_day(value: "Json | date") -> list[Json] | None:
    """Return a day as letters take it: year, month, day."""
    if isinstance(value, str):
        value = date.fromisoformat(value)
    return [value.year, value.month, value.day] if isinstance(value, date) else None
