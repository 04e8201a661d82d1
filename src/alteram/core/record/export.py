"""Put a whole matter, or the part of it that is disclosed, into one file (docs/spec/record.md, section 6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

from alteram.core.kernel.canonical import encode_canonical
from alteram.core.kernel.identifiers import OrganisationId, StreamId
from alteram.core.record.archive import build_file_digest, write_archive
from alteram.core.tlog import Note, TlogProof, encode_consistency, parse_checkpoint
from alteram.core.vault import Presentation

FORMAT: Final = "alteram-export/1"
_README = """\
This file is a matter, or a part of one, as an Alteram export. It can be checked without any network:

  alteram verify THIS-FILE --policy POLICY

or with any tool that knows the formats: RFC 6962 hashes, C2SP signed notes and tlog-proof receipts, SD-JWT (RFC 9901).
  checkpoint           signed head of the log
  checkpoints/         older heads, each with a proof that this log continues it: they bound the time of entries
  policy               whom the sender suggests trusting; use your own
  statements/          public leaves of the log (record keys), each with its receipt
  streams/NAME/        entries in order: what is disclosed of each (.sd-jwt) and its receipt (.tlog-proof)
  rulebooks/ packs/    the rules that ruled, by SHA-256
What is not here is withheld, never denied.
"""


@dataclass(frozen=True, slots=True)
class ExportedEntry:
    """One entry as it goes into an export. The receipt's `extra` is 0x01 || r."""

    stream: StreamId
    seq: int
    presentation: Presentation
    receipt: TlogProof


@dataclass(frozen=True, slots=True)
class ExportedStatement:
    """A public leaf with its receipt."""

    leaf: bytes
    receipt: TlogProof


@dataclass(frozen=True, slots=True)
class ExportedCheckpoint:
    """An older head of the log, and the proof that the export's own checkpoint continues it."""

    note: Note
    consistency: tuple[bytes, ...]


def write_export(
    target: BinaryIO,
    *,
    organisation: OrganisationId,
    matter: StreamId,
    checkpoint: Note,
    policy: bytes,
    entries: Iterable[ExportedEntry],
    statements: Iterable[ExportedStatement],
    checkpoints: Iterable[ExportedCheckpoint] = (),
    rulebooks: Iterable[bytes] = (),
    packs: Iterable[bytes] = (),
) -> None:
    """Write an export to `target`. The same arguments give the same bytes."""
    members: dict[str, bytes] = {
        "README.txt": _README.encode(),
        "checkpoint": checkpoint.encode().encode(),
        "policy": policy,
    }
    counts: dict[str, int] = {}
    for entry in entries:
        stem = f"streams/{entry.stream}/{entry.seq:08d}"
        members[f"{stem}.sd-jwt"] = entry.presentation.encode()
        members[f"{stem}.tlog-proof"] = entry.receipt.encode()
        counts[entry.stream] = counts.get(entry.stream, 0) + 1
    for statement in statements:
        stem = f"statements/{statement.receipt.index:08d}"
        members[f"{stem}.leaf"] = statement.leaf
        members[f"{stem}.tlog-proof"] = statement.receipt.encode()
    for older in checkpoints:
        stem = f"checkpoints/{parse_checkpoint(older.note.text).size:016d}"
        members[stem] = older.note.encode().encode()
        members[f"{stem}.consistency"] = encode_consistency(older.consistency)
    for folder, files in (("rulebooks", rulebooks), ("packs", packs)):
        members.update({f"{folder}/{build_file_digest(data)}.json": data for data in files})
    members["manifest.json"] = _manifest(organisation, matter, counts)
    write_archive(target, members)


def _manifest(organisation: OrganisationId, matter: StreamId, counts: Mapping[str, int]) -> bytes:
    return encode_canonical({"format": FORMAT, "matter": matter, "organisation": organisation, "streams": dict(counts)})
