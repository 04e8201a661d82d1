"""Begin a new log where the old one can no longer be signed: its key or its lock was lost, or it was forked.

The new log holds the old one's leaves again, each at its old index, before anything new; then a public statement names
the old log and its last head, and an act records the same (docs/adr: a log that follows another). One consistency proof
therefore shows that nothing of the old log was changed or left out, and everything exported verifies again.
What the old log held and the store does not (restored from an old copy) is lost, and the statement says how much.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from alteram.core.acts import KeyLost, KeyRotated, LogSucceeded, RecordKeyRotated
from alteram.core.acts.fields import Act
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.tlog import (
    Checkpoint,
    Frontier,
    ProofError,
    TlogError,
    VerifierKey,
    build_range_root,
    hash_leaf,
    parse_checkpoint,
    parse_note_unverified,
)
from alteram.core.tlog.merkle import build_consistency_proof, verify_consistency
from alteram.core.vault import build_statement_leaf, encode_base64url, parse_statement_leaf
from alteram.core.vault.leaves import PUBLIC
from alteram.operations.integrate import Integrator
from alteram.operations.keys import bring_up_to_date, publish_record_key, read_key_ring
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform, rule_on
from alteram.operations.ports import CheckpointLock, Ports, TileStore

_PAGE = 4096
STATEMENT = "log-succession"


class SuccessionError(AlteramError):
    """A new log cannot follow the old one."""


@dataclass(frozen=True, slots=True)
class Succession:
    """What the new log says of the old: its last head, and how many of its leaves were carried over."""

    old: Checkpoint
    carried: int

    @property
    def lost(self) -> int:
        """Return how many leaves of the old log are not in the store any more."""
        return self.old.size - self.carried


def find_last_head(origin: str, lock: CheckpointLock, tiles: TileStore) -> Checkpoint | None:
    """Return the last head of a log: the larger of what was signed and what was published, as far as either is left.

    Where both have one size, what the world has seen counts.
    """
    published, locked = tiles.find_checkpoint(), lock.load(origin)
    heads = [] if published is None else [parse_checkpoint(parse_note_unverified(published).text)]
    heads += [] if locked is None else [parse_checkpoint(locked.note.text)]
    return max(heads, key=lambda one: one.size, default=None)


def examine_succession(ports: Ports, old: Checkpoint, *, accept_loss: bool = False) -> Succession:
    """Return what can be carried over, after checking that it is what the old log held. It changes nothing.

    Raises: SuccessionError when the store holds other leaves, or fewer and `accept_loss` is not set.
    """
    carried = min(ports.store.size(ports.organisation), old.size)
    if carried < old.size and not accept_loss:
        raise SuccessionError(
            f"The store holds {carried} of the {old.size} entries that the old log held.",
            remedy="Restore a newer copy; if there is none, say --accept-loss, and the new log says what is missing.",
        )
    root = _compute_root(ports, carried)
    try:
        _verify_beginning(ports.tiles, old, carried, root)
    except TlogError as error:
        raise SuccessionError(
            f"The store does not hold the entries that the old log held: {error.problem}",
            remedy="Restore the copy of the record that belongs to this log.",
        ) from error
    return Succession(old, carried)


def _compute_root(ports: Ports, size: int) -> bytes:
    frontier = Frontier()
    while frontier.size < size:
        leaves = ports.store.leaves(ports.organisation, frontier.size, min(_PAGE, size - frontier.size))
        if not leaves or leaves[0].index != frontier.size:
            raise SuccessionError(f"Entry {frontier.size} is missing from the store.", remedy="Restore a whole copy.")
        frontier = frontier.extend([hash_leaf(leaf.leaf) for leaf in leaves])
    return frontier.root


def _verify_beginning(tiles: TileStore, old: Checkpoint, carried: int, root: bytes) -> None:
    """Verify that a log whose first `carried` leaves have this root is how the old one began. Raises: TlogError."""
    if carried == old.size:
        if root != old.root:
            raise ProofError("proof.root", "Their root is another.")
    elif carried:
        proof = build_consistency_proof(carried, old.size, build_range_root(old.size, tiles.get_tile))
        verify_consistency(size1=carried, root1=root, size2=old.size, root2=old.root, proof=proof)


def may_succeed(organisation: Organisation, old: Checkpoint, actor: PersonId, *, now: datetime | None = None) -> None:
    """Raise SuccessionError unless `actor` may record that a new log follows the old one."""
    ruling = rule_on(organisation, ORGANISATION_STREAM, _build_act(old), actor, now=now)
    if isinstance(ruling, Refused):
        raise SuccessionError(f"{ruling.because} ({ruling.code})", remedy="Ask the secretary or the custodian.")


def record_succession(
    organisation: Organisation,
    integrator: Integrator,
    succession: Succession,
    actor: PersonId,
    *,
    now: datetime | None = None,
) -> None:
    """Carry everything into the new log, publish what it follows and record the act; nothing of it twice.

    Record keys and keys held for people that were lost with the old log's are replaced: their files were lost together.
    Raises: LogError, SuccessionError.
    """
    _renew_replaced_keys(organisation)
    bring_up_to_date(integrator)
    _publish_succession(organisation, succession)
    _publish_missing_record_key(organisation)
    bring_up_to_date(integrator)
    _record_once(organisation, _build_act(succession.old), actor, now)
    for act in [*_build_record_rotation(organisation), *_build_person_rotations(organisation)]:
        _record_once(organisation, act, actor, now)
    bring_up_to_date(integrator)


def declare_log_key_lost(
    organisation: Organisation,
    integrator: Integrator,
    old: VerifierKey,
    actor: PersonId,
    *,
    now: datetime | None = None,
) -> None:
    """Record that the old log's key was lost: what it signs from now on counts for nothing."""
    _record_once(organisation, KeyLost(kind="log", public_key=encode_base64url(old.public)), actor, now)
    bring_up_to_date(integrator)


def are_held(ports: Ports, origin: str, keys: Iterable[VerifierKey]) -> bool:
    """Return whether the private halves of a log's keys are here."""
    return set(keys) <= {key.verifier for key in ports.signers.log_keys(ports.organisation, origin)}


def _build_act(old: Checkpoint) -> LogSucceeded:
    return LogSucceeded(origin=old.origin, last_size=old.size, last_root=old.root.hex())


def _record_once(organisation: Organisation, act: Act, actor: PersonId, now: datetime | None) -> None:
    facts = organisation.state(ORGANISATION_STREAM, fresh=True).facts
    if any(event.act == act for event in facts.all(type(act))):
        return
    ruling = perform(organisation, ORGANISATION_STREAM, act, actor, now=now).ruling
    if isinstance(ruling, Refused):
        raise SuccessionError(f"{ruling.because} ({ruling.code})", remedy="Let the secretary do it.")


def _publish_succession(organisation: Organisation, succession: Succession) -> None:
    """Queue the public statement of what the new log follows, once."""
    ports, old = organisation.ports, succession.old
    statement: dict[str, Json] = {
        "carried": succession.carried,
        "follows": old.origin,
        "organisation": ports.organisation,
        "origin": ports.origin,
        "root": encode_base64url(old.root),
        "size": old.size,
        "statement": STATEMENT,
    }
    ports.store.append_statement(ports.organisation, build_statement_leaf(statement), once=True)


# -- keys that were lost with the log's


def _renew_replaced_keys(organisation: Organisation) -> None:
    """Put new keys in the place of those that the record says were replaced: an old copy of the key file was restored.

    Nothing names them yet; they are published and recorded below.
    """
    ports, signers, ring = organisation.ports, organisation.ports.signers, read_key_ring(organisation)
    if encode_base64url(signers.record_key(ports.organisation).public) in ring.gone:
        staged = signers.stage_record_key(ports.organisation)
        signers.promote_record_key(ports.organisation, staged.public)
    for person in ring.people:
        if encode_base64url(signers.author_key(ports.organisation, person).public) in ring.gone:
            renewed = signers.stage_author_key(ports.organisation, person)
            signers.promote_author_key(ports.organisation, person, renewed.public)


def _publish_missing_record_key(organisation: Organisation) -> None:
    """Publish the record key that is held here where the log does not, before it signs anything."""
    held = organisation.ports.signers.record_key(organisation.ports.organisation)
    if encode_base64url(held.public) not in _published_record_keys(organisation):
        publish_record_key(organisation, held)


def _build_record_rotation(organisation: Organisation) -> Iterator[RecordKeyRotated]:
    ports, ring = organisation.ports, read_key_ring(organisation)
    held = encode_base64url(ports.signers.record_key(ports.organisation).public)
    before = ring.record or _published_record_keys(organisation)[0]
    if held != before:
        yield RecordKeyRotated(public_key=held, replaces=before)


def _build_person_rotations(organisation: Organisation) -> Iterator[KeyRotated]:
    ports, ring = organisation.ports, read_key_ring(organisation)
    for person, named in sorted(ring.people.items()):
        held = encode_base64url(ports.signers.author_key(ports.organisation, person).public)
        if held != named and held not in ring.used and named not in ring.held_elsewhere:
            yield KeyRotated(person=person, scheme="ed25519", public_key=held, replaces=named)


def _published_record_keys(organisation: Organisation) -> list[str]:
    """Return the record keys that the log publishes, in order."""
    return [str(one.get("key")) for one in _statements(organisation) if one["statement"] == "record-key"]


def _statements(organisation: Organisation) -> Iterator[dict[str, Json]]:
    ports, at = organisation.ports, 0
    while leaves := ports.store.leaves(ports.organisation, at, _PAGE):
        yield from (parse_statement_leaf(one.leaf) for one in leaves if one.leaf[:1] == PUBLIC)
        at += len(leaves)
