"""The one place that chooses adapters: an organisation's folder, or its database, made and opened.

organisation.json   its identifier, the origin of its log, where its record is
record.db           the record (SQLite; elsewhere with PostgreSQL)
apart/              root key, stream keys, signing keys, the newest signed checkpoint: backed up apart from the record
log/                the public log: tiles, checkpoint, log.vkey; any static web server can publish it
policy              whose signatures count: this log's, and its witnesses'
"""

import json
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from alteram.adapters.db import SqlStore, open_postgresql, open_sqlite
from alteram.adapters.files import FileCheckpointLock, FileKeyStore, FileSigners, FileTileStore, read_root_key
from alteram.adapters.witness import HttpWitnesses, WitnessReport, prove_from_tiles
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import OrganisationId, parse_identifier
from alteram.core.tlog import Note, Policy, encode_policy, parse_policy
from alteram.core.tlog.policy import Named
from alteram.operations.integrate import Integrator
from alteram.operations.organisation import Organisation
from alteram.operations.ports import Clock, Cosigned, Entropy, Ports, StoreError, Witnesses

_CONFIGURATION = "organisation.json"


class FolderError(AlteramError):
    """A folder is not an organisation's, or is one already."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An organisation at work, what integrates its log, and its folder. Close it when done."""

    organisation: Organisation
    integrator: Integrator
    folder: Path
    close: Callable[[], None]


def read_clock() -> datetime:
    """Return the present, in UTC."""
    return datetime.now(UTC)


def create(folder: Path, *, organisation: str, origin: str, database: str = "", entropy: Entropy = os.urandom) -> None:
    """Make an organisation's folder, its keys and its policy. `database` is a PostgreSQL URL; empty means SQLite.

    Raises: FolderError when the folder holds an organisation already; nothing is changed then.
    """
    parse_identifier(organisation)
    if (folder / _CONFIGURATION).exists():
        raise FolderError(f"{folder} holds an organisation already.", remedy="Choose another folder.")
    apart = folder / "apart"
    apart.mkdir(parents=True, exist_ok=True, mode=0o700)
    signers = FileSigners(apart / "signers.db", read_root_key(apart / "root.key", entropy), entropy)
    keys = signers.log_keys(OrganisationId(organisation), origin)
    signers.close()
    policy = Policy(logs=tuple(Named(origin, key.verifier) for key in keys))
    (folder / "policy").write_bytes(encode_policy(policy))
    (folder / "log").mkdir(exist_ok=True)
    (folder / "log" / "log.vkey").write_text("".join(f"{key.verifier.encode()}\n" for key in keys))
    configuration = {"database": database, "organisation": organisation, "origin": origin}
    aside = folder / f".{_CONFIGURATION}"
    aside.write_text(json.dumps(configuration, indent=1) + "\n")
    aside.replace(folder / _CONFIGURATION)


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
    configuration = _read_configuration(folder)
    apart, closing = folder / "apart", ExitStack()
    if not (apart / "root.key").exists():
        raise StoreError(f"{apart / 'root.key'} is missing.", remedy="Restore it from its own backup.")
    root_key = read_root_key(apart / "root.key", entropy)
    store = _open_store(folder, configuration["database"])
    keys = FileKeyStore(apart / "streams.db", root_key, entropy)
    signers = FileSigners(apart / "signers.db", root_key, entropy)
    lock = FileCheckpointLock(apart / "checkpoint.db")
    for one in (store, keys, signers, lock):
        closing.callback(one.close)
    tiles = FileTileStore(folder / "log")
    policy = parse_policy((folder / "policy").read_bytes())
    ports = Ports(
        organisation=OrganisationId(configuration["organisation"]),
        origin=configuration["origin"],
        store=store,
        keys=keys,
        signers=signers,
        lock=lock,
        tiles=tiles,
        witnesses=witnesses or _choose_witnesses(policy, prove_from_tiles(tiles.get_tile), tell),
        policy=policy,
        clock=clock,
        entropy=entropy,
    )
    organisation = Organisation(ports)
    return Opened(organisation, Integrator(organisation), folder, closing.close)


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


def _open_store(folder: Path, database: str) -> SqlStore:
    return open_postgresql(database) if database else open_sqlite(folder / "record.db")


def _read_configuration(folder: Path) -> dict[str, str]:
    try:
        read = json.loads((folder / _CONFIGURATION).read_text())
    except FileNotFoundError as error:
        raise FolderError(f"There is no organisation in {folder}.", remedy="Found one: alteram init.") from error
    except ValueError as error:
        raise FolderError(f"{folder / _CONFIGURATION} is not readable.", remedy="Restore it from a backup.") from error
    names = ("database", "organisation", "origin")
    if not isinstance(read, dict) or any(not isinstance(read.get(name), str) for name in names):
        raise FolderError(f"{folder / _CONFIGURATION} is not complete.", remedy="Restore it from a backup.")
    return {name: read[name] for name in names}
