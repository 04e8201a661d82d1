"""Subject access: what the record holds by or about one person, as that person may see it, protecting everybody else.

Each entry is shown as it is shown to them (`core.access`): a protected identity stays closed, and what they may not see
is left out. Prose that names somebody whom they may not know by the identifier of the record is left out as well; a
name that somebody typed in prose is not found by this, and whoever hands the file over should read it first.
"""

import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import BinaryIO, Final

from alteram.core.access import build_reader
from alteram.core.kernel.canonical import Json, encode_canonical
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.kernel.instants import encode_instant
from alteram.operations.lists import find_offices
from alteram.operations.organisation import Organisation
from alteram.operations.personal import find_matters_of
from alteram.operations.questions import TimelineEntry, UnknownMatterError, find_timeline

_README: Final = """What the record holds by you or about you
=========================================

entries/ has a file for each matter in which you have a part. Each entry that you did, or that names you, is there as
you may see it. What would give away somebody whose identity is protected from you is left out, and so are entries that
are not open to you. The organisation's own entries that name you are in entries/organisation.json.

To check an entry against the public log, ask for the export of the matter: it carries the proofs.
"""


def write_subject_access(
    organisation: Organisation, person: PersonId, viewer: PersonId, target: BinaryIO, *, now: datetime
) -> int:
    """Write the file and return how many entries are in it.

    Raises: UnknownMatterError unless `viewer` is that person, or the custodian, who answers such requests.
    """
    if person != viewer and "custodian" not in find_offices(organisation, viewer):
        raise UnknownMatterError("There is nobody of this name, or it is not open to you.", remedy="Ask the secretary.")
    count = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _README)
        for stream in (ORGANISATION_STREAM, *(row.stream for row in find_matters_of(organisation, person))):
            entries: list[Json] = list(_find_entries(organisation, stream, person))
            if entries:
                name = "organisation" if stream == ORGANISATION_STREAM else f"matter-{stream}"
                told: dict[str, Json] = {"entries": entries, "made_at": encode_instant(now), "stream": stream}
                archive.writestr(f"entries/{name}.json", encode_canonical(told))
                count += len(entries)
    return count


def _find_entries(organisation: Organisation, stream: StreamId, person: PersonId) -> Iterator[Json]:
    try:
        timeline = find_timeline(organisation, stream, person)
    except UnknownMatterError:
        return
    reader = build_reader(organisation.facts(stream), organisation.governing(stream), person)
    for one in timeline:
        if _is_theirs(one, person):
            claims = _protect(one.claims, reader.unknown)
            yield {"at": encode_instant(one.at), "claims": claims, "seq": one.seq}


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
