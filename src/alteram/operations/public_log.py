"""The public log of an organisation, for anybody: its newest checkpoints and its files. It tells of no matter."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from alteram.core.tlog import (
    Note,
    NoteError,
    PolicyError,
    TileError,
    encode_policy,
    find_cosignatures,
    parse_checkpoint,
    parse_note_unverified,
    verify_log_note,
)
from alteram.core.tlog.tiles import parse_tile_path
from alteram.operations.health import IsNear, WitnessHealth, find_witnesses
from alteram.operations.organisation import Organisation
from alteram.operations.ports import Ports

#: Checkpoints that are shown.
RECENT: Final = 10


@dataclass(frozen=True, slots=True)
class PublishedCheckpoint:
    """A signed head of the log: its size, its root, and when it was last signed where that is known.

    `witnesses` are those whose cosignatures verify, where they reach the policy's quorum. `is_verified` is false where
    it is not signed as today's policy asks: then nothing is said of who signed it.
    """

    size: int
    root: str
    signed_at: datetime | None = None
    witnesses: tuple[str, ...] = ()
    is_verified: bool = True


@dataclass(frozen=True, slots=True)
class PublicLog:
    """A log as anybody sees it. `recent` begins with the newest checkpoint; it is empty before the first."""

    origin: str
    recent: tuple[PublishedCheckpoint, ...]
    witnesses: tuple[WitnessHealth, ...]


@dataclass(frozen=True, slots=True)
class LogFile:
    """A file of the log. `is_lasting` where it will never hold anything else."""

    content: bytes
    is_text: bool
    is_lasting: bool


class UnknownLogFileError(Exception):
    """The log has no file of this name. The door answers that there is no such page."""


def find_public_log(organisation: Organisation, is_near: IsNear) -> PublicLog:
    """Return it. It is public: nobody is asked who they are."""
    ports = organisation.ports
    published = ports.tiles.find_checkpoint()
    newest = None if published is None else parse_note_unverified(published)
    recent = () if newest is None else _find_recent(ports, newest)
    return PublicLog(ports.origin, recent, find_witnesses(ports.policy, newest, is_near))


def _find_recent(ports: Ports, newest: Note) -> tuple[PublishedCheckpoint, ...]:
    """Return what is published, then what is kept of smaller sizes: a checkpoint may be kept before it is published."""
    size = parse_checkpoint(newest.text).size
    kept = ports.store.newest_checkpoints(ports.organisation, ports.origin, RECENT + 1)
    older = [note for note in kept if parse_checkpoint(note.text).size < size]
    return tuple(_describe(ports, note) for note in (newest, *older[: RECENT - 1]))


def _describe(ports: Ports, note: Note) -> PublishedCheckpoint:
    checkpoint = parse_checkpoint(note.text)
    size, root = checkpoint.size, checkpoint.root.hex()
    try:
        signed = verify_log_note(note, ports.policy, ports.origin)
    except (NoteError, PolicyError):
        return PublishedCheckpoint(size, root, is_verified=False)
    cosigned = find_cosignatures(signed, ports.policy)
    at = max((one.timestamp for one in signed), default=0)
    return PublishedCheckpoint(
        size=size,
        root=root,
        signed_at=datetime.fromtimestamp(at, UTC) if at else None,
        witnesses=tuple(sorted({one.key.name for one in cosigned})),
    )


def find_log_file(organisation: Organisation, path: str) -> LogFile:
    """Return a file of the log by its path in the tlog-tiles layout: a tile, the checkpoint, its keys, its policy.

    What is not spelt as one of them is no path, so none can lead out of the log. Raises: UnknownLogFileError.
    """
    ports = organisation.ports
    if path == "checkpoint":
        published = ports.tiles.find_checkpoint()
        if published is None:
            raise UnknownLogFileError
        return LogFile(published, is_text=True, is_lasting=False)
    if path == "log.vkey":
        keys = "".join(f"{one.key.encode()}\n" for one in ports.policy.logs)
        return LogFile(keys.encode(), is_text=True, is_lasting=False)
    if path == "policy":
        return LogFile(encode_policy(ports.policy), is_text=True, is_lasting=False)
    try:
        return LogFile(ports.tiles.get_tile(parse_tile_path(path)), is_text=False, is_lasting=True)
    except TileError as error:
        raise UnknownLogFileError from error
