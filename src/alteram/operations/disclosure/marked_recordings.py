"""Marked copies of the recordings beside a bundle: each recipient's says whose it is, and comes in their zip.

They are files of the entry that serves the copy, behind the copy itself: first a list (JSON) of what each is
a copy of, then the copies. What was lodged before it could be sought in, or cannot be marked here, has no such copy;
it lies beside as it was lodged.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

import msgspec

from alteram.core.disclosure.bundles import Beside, Plan
from alteram.operations.bundle_ports import Marking
from alteram.operations.entries import Entered
from alteram.operations.exhibits.forms import read_blocks
from alteram.operations.exhibits.incoming import receive, seal_small
from alteram.operations.exhibits.stored import StoredFile, get_stored, open_files
from alteram.operations.recording import SealedAttachment

_FORMS: Final = {"flac": False, "matroska": True}
#: Where the list stands among the files of the entry, and the first of the copies.
_LIST, _FIRST = 1, 2


class _Line(msgspec.Struct, frozen=True):
    """What a marked copy is a copy of, by digest, and what it is."""

    of: str
    file_name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording beside a bundle, in the form that can be marked, written out; `film`: it has pictures."""

    beside: Beside
    source: Path
    film: bool


def write_recordings(entered: Entered, plan: Plan, folder: Path) -> tuple[Recorded, ...]:
    """Write what can be marked of the recordings beside a bundle into a folder, once for all copies."""
    return tuple(_write(entered, plan, folder))


def mark_recordings(
    entered: Entered, marking: Marking, recorded: Sequence[Recorded], shown: str, folder: Path
) -> tuple[SealedAttachment, ...]:
    """Return the list and the copies that say `shown`, taken in as files; nothing where none could be made."""
    organisation, stream = entered.organisation, entered.stream
    listed: list[_Line] = []
    copies: list[SealedAttachment] = []
    for one in recorded:
        made = marking.mark_recording(one.source, shown, Path(mkdtemp(dir=folder)), film=one.film)
        if made is None:
            continue
        name = f"{Path(one.beside.file_name).stem}{made.suffix}"
        received = receive(organisation, stream, read_blocks(made))
        listed.append(_Line(one.beside.digest, name, received.size, received.digest_hex))
        copies.append(received.sealed)
        made.unlink()
    if not copies:
        return ()
    return (seal_small(organisation, stream, msgspec.json.encode(listed)), *copies)


@dataclass(frozen=True, slots=True)
class MarkedRecording:
    """A marked copy as it is kept: its line in the list beside the bundle, and its file."""

    beside: Beside
    file: StoredFile


def find_marked(entered: Entered, seq: int, plan: Plan) -> Mapping[str, MarkedRecording]:
    """Return the marked recordings of a served copy, by the digest of what was lodged. It asks nobody's permission.

    Raises: StoreError, VaultError.
    """
    files = open_files(entered.organisation, entered.stream, seq)[2]
    if len(files) <= _FIRST:
        return {}
    listed = msgspec.json.decode(b"".join(files[_LIST].read()), type=list[_Line])
    beside = {one.digest: one for one in plan.beside}
    return {
        one.of: MarkedRecording(
            replace(beside[one.of], file_name=one.file_name, size=one.size, digest=one.sha256), file
        )
        for one, file in zip(listed, files[_FIRST:], strict=True)
    }


def _write(entered: Entered, plan: Plan, folder: Path) -> Iterator[Recorded]:
    for number, one in enumerate(plan.beside):
        if one.what != "recording":
            continue
        stored = get_stored(entered.organisation, entered.stream, entered.facts, one.exhibit)
        if stored.form not in _FORMS:
            continue
        source = folder / f"recording-{number}"
        with source.open("xb") as out:
            for block in stored.get("form").read():
                out.write(block)
        yield Recorded(one, source, _FORMS[stored.form])
