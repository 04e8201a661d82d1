"""A new log in the place of one that can no longer be signed, in the same organisation's folder."""

import os
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from alteram.adapters.files import FileCheckpointLock, FileKeyStore, FileSigners, FileTileStore
from alteram.adapters.memory import MemoryAttachmentStore, MemorySigners, MemoryUploadStore
from alteram.bootstrap.folder import (
    LOG,
    Configuration,
    Follows,
    NoWitnesses,
    get_root_key,
    open_folder,
    open_store,
    prepare_log,
    read_clock,
    read_configuration,
    read_policy,
    write_configuration,
)
from alteram.core.kernel.identifiers import OrganisationId, PersonId
from alteram.core.tlog import Checkpoint, Policy, parse_checkpoint, parse_note_unverified
from alteram.core.tlog.keys import check_name, parse_verifier_key
from alteram.core.tlog.policy import Named
from alteram.operations.organisation import Organisation
from alteram.operations.ports import Clock, Entropy, Ports
from alteram.operations.succession import (
    Succession,
    SuccessionError,
    are_held,
    declare_log_key_lost,
    examine_succession,
    find_last_head,
    may_succeed,
    record_succession,
)


def succeed_log(
    folder: Path,
    origin: str,
    actor: PersonId,
    *,
    accept_loss: bool = False,
    clock: Clock = read_clock,
    entropy: Entropy = os.urandom,
) -> Succession:
    """Begin a log named `origin` in the place of one that can no longer be signed; return what it says of the old one.

    Nobody else may be at work in the folder meanwhile. Which log the folder names is changed once all is ready: cut
    short before, nothing has changed; after, calling it again with the same origin finishes it. The old log stays where
    it is, read-only. Raises: FolderError, StoreError, SuccessionError, LogError.
    """
    configuration = read_configuration(folder)
    if configuration.origin != origin:
        configuration = _begin_log(folder, configuration, origin, actor, accept_loss=accept_loss, clock=clock)
    follows = configuration.follows
    if follows is None:
        raise SuccessionError("This is the name of the log there is.", remedy="Give the new log another name.")
    succession = Succession(Checkpoint(follows.origin, follows.size, bytes.fromhex(follows.root)), follows.carried)
    old_log = folder / follows.log
    opened = open_folder(folder, clock=clock, entropy=entropy, witnesses=NoWitnesses())
    with closing(opened):
        record_succession(opened.organisation, opened.integrator, succession, actor)
        old_keys = [parse_verifier_key(line) for line in (old_log / "log.vkey").read_text().splitlines()]
        if not are_held(opened.organisation.ports, follows.origin, old_keys):
            declare_log_key_lost(opened.organisation, opened.integrator, old_keys[0], actor)
    _make_read_only(old_log)
    return succession


def _begin_log(
    folder: Path, old: Configuration, origin: str, actor: PersonId, *, accept_loss: bool, clock: Clock
) -> Configuration:
    """Prepare the folder, the keys and the policy of a new log, then let the folder name it."""
    check_name(origin)
    if any(_read_origin(path) == origin for path in folder.glob("log*/checkpoint")):
        raise SuccessionError("A log of this name was here before.", remedy="Give the new log another name.")
    log = f"log-{1 + max(int(path.name[4:] or '1') for path in folder.glob('log*') if LOG.fullmatch(path.name))}"
    with ExitStack() as closes:
        organisation = _open_for_reading(folder, old, clock, closes)
        ports = organisation.ports
        head = find_last_head(old.origin, ports.lock, ports.tiles)
        if head is None:
            raise SuccessionError("The old log holds nothing.", remedy="Let it be signed: alteram log checkpoint.")
        may_succeed(organisation, head, actor)
        succession = examine_succession(ports, head, accept_loss=accept_loss)
        prepare_log(folder / log, _build_policy(folder, ports.policy, old, origin))
    follows = Follows(old.origin, head.size, head.root.hex(), succession.carried, old.log)
    configuration = Configuration(old.organisation, origin, old.database, log, follows)
    write_configuration(folder, configuration)
    return configuration


def _open_for_reading(folder: Path, configuration: Configuration, clock: Clock, closes: ExitStack) -> Organisation:
    """Open what is there without the keys that sign: they may be what was lost, and a new file would hide that."""
    apart, log = folder / "apart", folder / configuration.log
    store = open_store(folder, configuration.database)
    keys = FileKeyStore(apart / "streams.db", get_root_key(folder, os.urandom), os.urandom)
    lock = FileCheckpointLock(apart / "checkpoint.db")
    for one in (store, keys, lock):
        closes.callback(one.close)
    ports = Ports(
        organisation=OrganisationId(configuration.organisation),
        origin=configuration.origin,
        store=store,
        keys=keys,
        signers=MemorySigners(b""),
        lock=lock,
        tiles=FileTileStore(log),
        attachments=MemoryAttachmentStore(),
        uploads=MemoryUploadStore(),
        witnesses=NoWitnesses(),
        policy=read_policy(folder, log, configuration.origin),
        clock=clock,
        entropy=os.urandom,
    )
    return Organisation(ports)


def _build_policy(folder: Path, policy: Policy, old: Configuration, origin: str) -> Policy:
    """Return the policy with the new log's keys, made now, in the place of the old one's; the witnesses stay."""
    apart = folder / "apart"
    signers = FileSigners(apart / "signers.db", get_root_key(folder, os.urandom), os.urandom)
    with closing(signers):
        keys = signers.log_keys(OrganisationId(old.organisation), origin)
    return replace(policy, logs=tuple(Named(origin, key.verifier) for key in keys))


def _read_origin(checkpoint: Path) -> str:
    return parse_checkpoint(parse_note_unverified(checkpoint.read_bytes()).text).origin


def _make_read_only(log: Path) -> None:
    for path in [*log.rglob("*"), log]:
        path.chmod(0o555 if path.is_dir() else 0o444)
