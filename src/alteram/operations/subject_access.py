"""Subject access: what the record holds by or about one person, as that person may see it, protecting everybody else.

Each entry is shown as it is shown to them (`core.access`): a protected identity stays closed, and what they may not see
is left out. Prose that names somebody whom they may not know by the identifier of the record is left out as well; a
name that somebody typed in prose is not found by this, and whoever hands the file over should read it first.

It is made matter by matter and handed on as it is made, so that a file of any size takes the room of one matter. That
its entries were read, by whoever it is made for, is kept before they are handed on. Looked into is every matter in
which the person has a part or had one. What an office holder did in other matters is not found: the record does not say
which those are without opening all of them.
"""

import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import BinaryIO, Final, cast

from alteram.core.access import build_reader
from alteram.core.kernel.canonical import Json, encode_canonical
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.kernel.instants import encode_instant
from alteram.operations.entries import Entered
from alteram.operations.lists import find_offices
from alteram.operations.organisation import Organisation
from alteram.operations.questions import TimelineEntry, UnknownMatterError, find_timeline
from alteram.operations.readings import keep_reading

_README: Final = """What the record holds by you or about you
=========================================

entries/ has a file for each matter in which you have a part or had one. Each entry that you did, or that names you, is
there as you may see it. What would give away somebody whose identity is protected from you is left out, and so are
entries that are not open to you. The organisation's own entries that name you are in entries/organisation.json.

To check an entry against the public log, ask for the export of the matter: it carries the proofs.
"""


def write_subject_access(
    organisation: Organisation, person: PersonId, viewer: PersonId, target: BinaryIO, *, now: datetime
) -> None:
    """Write the file. Raises: as `stream_subject_access`."""
    target.writelines(stream_subject_access(organisation, person, viewer, now=now))


def stream_subject_access(
    organisation: Organisation, person: PersonId, viewer: PersonId, *, now: datetime
) -> Iterator[bytes]:
    """Return the file piece by piece, each made when it is asked for.

    Raises, before the first: UnknownMatterError unless `viewer` is that person, or the custodian, who answers such
    requests.
    """
    if person != viewer and "custodian" not in find_offices(organisation, viewer):
        raise UnknownMatterError("There is nobody of this name, or it is not open to you.", remedy="Ask the secretary.")
    return _build(organisation, person, viewer, now)


def _build(organisation: Organisation, person: PersonId, viewer: PersonId, now: datetime) -> Iterator[bytes]:
    made = _Made()
    with zipfile.ZipFile(cast("BinaryIO", made), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _README)
        for stream in chain((ORGANISATION_STREAM,), _find_streams(organisation, person)):
            found = _find_entries(organisation, stream, person)
            entries: list[Json] = [
                {"at": encode_instant(one.at), "claims": claims, "seq": one.seq} for one, claims in found
            ]
            if stream != ORGANISATION_STREAM:
                _keep_reading(organisation, stream, viewer, [one for one, _ in found], now)
            if entries:
                name = "organisation" if stream == ORGANISATION_STREAM else f"matter-{stream}"
                told: dict[str, Json] = {"entries": entries, "made_at": encode_instant(now), "stream": stream}
                archive.writestr(f"entries/{name}.json", encode_canonical(told))
                yield made.take()
    yield made.take()


class _Made:
    """What a file is written into and taken from again: it is never there as a whole."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def _find_streams(organisation: Organisation, person: PersonId) -> Iterator[StreamId]:
    """Yield every matter in which somebody has a part or had one, by name."""
    ports, after = organisation.ports, ""
    while streams := ports.store.streams_of(ports.organisation, person, after):
        yield from streams
        after = streams[-1]


def _keep_reading(
    organisation: Organisation, stream: StreamId, viewer: PersonId, entries: Iterable[TimelineEntry], now: datetime
) -> None:
    """Keep that `viewer` was given what is in these entries, also where they have no part in the matter themselves."""
    facts, rulebook = organisation.facts(stream), organisation.governing(stream)
    entered = Entered(organisation, stream, facts, rulebook, build_reader(facts, rulebook, viewer))
    keep_reading(entered, entries, now=now)


def _find_entries(
    organisation: Organisation, stream: StreamId, person: PersonId
) -> list[tuple[TimelineEntry, dict[str, Json]]]:
    """Return what is theirs of a stream, each with the claims that stand in the file."""
    try:
        timeline = find_timeline(organisation, stream, person)
    except UnknownMatterError:
        return []
    reader = build_reader(organisation.facts(stream), organisation.governing(stream), person)
    return [(one, _protect(one.claims, reader.unknown)) for one in timeline if _is_theirs(one, person)]


def _is_theirs(entry: TimelineEntry, person: PersonId) -> bool:
    return any(_holds(value, person) for name, value in entry.claims.items() if name not in {"author", "ruling"})


def _holds(value: Json, person: PersonId) -> bool:
    if isinstance(value, Mapping):
        return any(_holds(one, person) for one in value.values())
    if isinstance(value, list | tuple):
        return any(_holds(one, person) for one in value)
    return value == person


def _protect(claims: Mapping[str, Json], unknown: Collection[PersonId]) -> dict[str, Json]:
    return {name: value for name, value in claims.items() if not any(_names(value, one) for one in unknown)}


def _names(value: Json, person: PersonId) -> bool:
    """Return whether the identifier of somebody stands in a value, as a word of its own, at any depth."""
    if isinstance(value, Mapping):
        return any(_names(one, person) for one in value.values())
    if isinstance(value, list | tuple):
        return any(_names(one, person) for one in value)
    pattern = rf"(?<![a-z0-9._-]){re.escape(person)}(?![a-z0-9_-]|\.[a-z0-9])"
    return isinstance(value, str) and re.search(pattern, value) is not None
