"""An organisation's folder, and its database, made and opened.

organisation.json   its identifier, the origin of its log, where its record is
record.db           the record (SQLite; elsewhere with PostgreSQL)
attachments/        files that belong to entries, sealed; backed up with the record, after it
uploads/            files on their way in over several requests, sealed; need no backup
apart/              root key, stream keys, signing keys, the newest signed checkpoint: backed up apart from the record
log/                the public log: tiles, checkpoint, log.vkey; any static web server can publish it
policy              whose signatures count: this log's, and its witnesses'

Where a log was succeeded by another (`succeed_log`), the new one is in log-2/, and so on; the old stays, read-only.
"""

import os
import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import msgspec

from alteram.adapters.db import SqlStore, open_sqlite
from alteram.adapters.files import (
    FileAttachmentStore,
    FileCheckpointLock,
    FileKeyStore,
    FileSigners,
    FileTileStore,
    FileUploadStore,
    read_root_key,
)
from alteram.adapters.files.aside import make_names_durable, written_aside
from alteram.adapters.witness import HttpWitnesses, WitnessReport, prove_from_tiles
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import OrganisationId, parse_identifier
from alteram.core.tlog import Note, Policy, encode_policy, parse_policy
from alteram.core.tlog.policy import Named
from alteram.operations.integrate import Integrator
from alteram.operations.organisation import Organisation
from alteram.operations.ports import AttachmentStore, Clock, Cosigned, Entropy, Ports, StoreError, Witnesses

_CONFIGURATION, _POLICY = "organisation.json", "policy"
#: The folders of logs, the first and those that followed.
LOG = re.compile(r"log(-[1-9][0-9]*)?")
#: Where an organisation is served its name is the first part of its addresses, and these begin other ones.
RESERVED = frozenset({"accounts", "api", "check", "found", "language", "sign-in", "static"})
_NO_SIGNERS = "Restore it from its own backup; if there is none, begin a new log: alteram log succeed."


class FolderError(AlteramError):
    """A folder is not an organisation's, or is one already."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An organisation at work, what integrates its log, its folder and that of its public log. Close it when done."""

    organisation: Organisation
    integrator: Integrator
    folder: Path
    close: Callable[[], None]
    log: Path = Path("log")


class Follows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The log before this one: its name, its last head, its folder, and what of it was carried over."""

    origin: str
    size: int
    root: str
    carried: int
    log: str


class Configuration(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What organisation.json holds."""

    organisation: str
    origin: str
    database: str
    log: str = "log"
    follows: Follows | None = None
    attachments: str = ""
    """Where files of entries are: empty, in the folder; else s3://BUCKET/PREFIX?endpoint=…&region=…"""


def read_clock() -> datetime:
    """Return the present, in UTC."""
    return datetime.now(UTC)


def create(folder: Path, *, organisation: str, origin: str, database: str = "", entropy: Entropy = os.urandom) -> None:
    """Make an organisation's folder, its keys and its policy. `database` is a PostgreSQL URL; empty means SQLite.

    Doing it again with the same words changes nothing, so that a founding that was cut short can go on.

    Raises: FolderError when the folder holds another organisation already, or the name is reserved; nothing is changed
    then.
    """
    if parse_identifier(organisation) in RESERVED:
        raise FolderError(f"No organisation can be called {organisation} here.", remedy="Choose another identifier.")
    asked = Configuration(organisation, origin, database)
    if (folder / _CONFIGURATION).exists():
        if read_configuration(folder) == asked:
            return
        raise FolderError(f"{folder} holds an organisation already.", remedy="Choose another folder.")
    apart = folder / "apart"
    apart.mkdir(parents=True, exist_ok=True, mode=0o700)
    signers = FileSigners(apart / "signers.db", read_root_key(apart / "root.key", entropy), entropy)
    keys = signers.log_keys(OrganisationId(organisation), origin)
    signers.close()
    policy = Policy(logs=tuple(Named(origin, key.verifier) for key in keys))
    _write_whole(folder / _POLICY, encode_policy(policy))
    prepare_log(folder / "log", policy)
    write_configuration(folder, asked)


def prepare_log(log: Path, policy: Policy) -> None:
    """Make the folder of a public log, with the keys that will sign it and whose signatures will count."""
    log.mkdir(exist_ok=True)
    _write_whole(log / "log.vkey", "".join(f"{one.key.encode()}\n" for one in policy.logs).encode())
    _write_whole(log / _POLICY, encode_policy(policy))


def _write_whole(path: Path, data: bytes) -> None:
    with written_aside(path, data, mode=0o644) as aside:
        aside.replace(path)
    make_names_durable(path.parent)


def open_folder(
    folder: Path,
    *,
    clock: Clock = read_clock,
    entropy: Entropy = os.urandom,
    witnesses: Witnesses | None = None,
    tell: Callable[[WitnessReport], None] = lambda _: None,
) -> Opened:
    """Open the organisation in `folder`. Without `witnesses`, those of its policy are asked over HTTP.

    `tell` hears what became of each round of asking them.

    Raises: FolderError, StoreError.
    """
    configuration = read_configuration(folder)
    apart, closes, log = folder / "apart", ExitStack(), folder / configuration.log
    root_key = get_root_key(folder, entropy)
    if not (apart / "signers.db").exists():
        raise StoreError(f"{apart / 'signers.db'} is missing.", remedy=_NO_SIGNERS)
    store = open_store(folder, configuration.database)
    keys = FileKeyStore(apart / "streams.db", root_key, entropy)
    signers = FileSigners(apart / "signers.db", root_key, entropy)
    lock = FileCheckpointLock(apart / "checkpoint.db")
    for one in (store, keys, signers, lock):
        closes.callback(one.close)
    tiles = FileTileStore(log)
    policy = read_policy(folder, log, configuration.origin)
    ports = Ports(
        organisation=OrganisationId(configuration.organisation),
        origin=configuration.origin,
        store=store,
        keys=keys,
        signers=signers,
        lock=lock,
        tiles=tiles,
        attachments=open_attachments(folder, configuration.attachments),
        uploads=FileUploadStore(folder / "uploads"),
        witnesses=witnesses or _choose_witnesses(policy, prove_from_tiles(tiles.get_tile), tell),
        policy=policy,
        clock=clock,
        entropy=entropy,
    )
    organisation = Organisation(ports)
    return Opened(organisation, Integrator(organisation), folder, closes.close, log)


class NoWitnesses:
    """Implements Witnesses for a policy that names none: checkpoints stay as the log signed them."""

    def cosign(self, note: Note) -> Cosigned:
        """Return `note` as it is."""
        return Cosigned(note)


def _choose_witnesses(
    policy: Policy, prove: Callable[[int, int], Sequence[bytes]], tell: Callable[[WitnessReport], None]
) -> Witnesses:
    if any(one.url for one in policy.witnesses):
        return HttpWitnesses(policy, prove, tell=tell)
    return NoWitnesses()


def open_store(folder: Path, database: str) -> SqlStore:
    """Open the record: in the folder, or in the PostgreSQL that `database` names."""
    if not database:
        return open_sqlite(folder / "record.db")
    from alteram.adapters.db.postgresql import open_postgresql  # noqa: PLC0415 - slow to load, and not always needed

    return open_postgresql(database)


def open_attachments(folder: Path, place: str) -> AttachmentStore:
    """Open where files of entries are: in the folder, or in the bucket that `place` names.

    Credentials come from the environment, as programs for S3 take them. Raises: FolderError, StoreUnavailableError.
    """
    if not place:
        return FileAttachmentStore(folder / "attachments")
    parts = urlsplit(place)
    asked = dict(parse_qsl(parts.query))
    if parts.scheme != "s3" or not parts.netloc or asked.keys() - {"endpoint", "region"}:
        raise FolderError(
            "The place of the attachments is not one of a store.",
            remedy="Write s3://BUCKET/PREFIX?endpoint=https://… into organisation.json, or leave it out.",
        )
    from alteram.adapters.files.objects import Bucket, ObjectAttachmentStore  # noqa: PLC0415 - slow to load, seldom needed

    return ObjectAttachmentStore(Bucket(parts.netloc, **asked, prefix=parts.path.lstrip("/")))


def get_root_key(folder: Path, entropy: Entropy) -> bytes:
    """Return the root key, which must be there. Raises: StoreError."""
    path = folder / "apart" / "root.key"
    if not path.exists():
        raise StoreError(f"{path} is missing.", remedy="Restore it from its own backup.")
    return read_root_key(path, entropy)


def read_policy(folder: Path, log: Path, origin: str) -> Policy:
    """Return the policy of this log; after a succession that was cut short, the one that was made with the new log."""
    policy = parse_policy((folder / _POLICY).read_bytes())
    if all(one.key.name != origin for one in policy.logs) and (log / _POLICY).exists():
        data = (log / _POLICY).read_bytes()
        _write_whole(folder / _POLICY, data)
        policy = parse_policy(data)
    return policy


def read_configuration(folder: Path) -> Configuration:
    """Return what the folder is of. Raises: FolderError."""
    path = folder / _CONFIGURATION
    try:
        configuration = msgspec.json.decode(path.read_bytes(), type=Configuration)
    except FileNotFoundError as error:
        raise FolderError(f"There is no organisation in {folder}.", remedy="Found one: alteram init.") from error
    except msgspec.DecodeError as error:
        raise FolderError(f"{path} is not readable or not complete.", remedy="Restore it from a backup.") from error
    if not LOG.fullmatch(configuration.log):
        raise FolderError(f"{path} names no folder of a log.", remedy="Restore it from a backup.")
    return configuration


def write_configuration(folder: Path, configuration: Configuration) -> None:
    """Say what the folder is of, durably and all at once."""
    _write_whole(folder / _CONFIGURATION, msgspec.json.format(msgspec.json.encode(configuration), indent=1) + b"\n")
