"""Replace a key, declare one lost: of a person, or of the record. The new key signs from the next act on.

Order: stage the new key, (for the record: publish it in the log,) record the act, put the key in its place. After a
crash before the act nothing has changed; after it the record is right, and whoever signs next finishes the work
(`operations.signing`). What was published or staged for a rotation that never came does no harm: nothing names it.
"""

from datetime import datetime

from alteram.core.acts import KeyEnrolled, KeyLost, KeyRotated, RecordKeyRotated
from alteram.core.acts.fields import Act
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import KeyRing, build_key_ring
from alteram.core.vault import RecordKey, build_statement_leaf, encode_base64url
from alteram.operations.integrate import Integrator
from alteram.operations.organisation import Organisation
from alteram.operations.perform import Performed, perform, rule_on

#: How many runs of the integrator are waited for. What waits longer still comes before whatever is recorded later.
_RUNS = 64


class KeyChangeError(AlteramError):
    """A key cannot be replaced or declared lost."""


def rotate_key(
    organisation: Organisation, person: PersonId, actor: PersonId, *, now: datetime | None = None
) -> Performed:
    """Replace the key held for `person`; where none was enrolled, enrol the one that is held."""
    ports, ring = organisation.ports, read_key_ring(organisation)
    replaces = ring.people.get(person)
    if replaces is None:
        held = encode_base64url(ports.signers.author_key(ports.organisation, person).public)
        return _record(organisation, KeyEnrolled(person=person, scheme="ed25519", public_key=held), actor, now)
    staged = ports.signers.stage_author_key(ports.organisation, person)
    act = KeyRotated(person=person, scheme="ed25519", public_key=encode_base64url(staged.public), replaces=replaces)
    done = _record(organisation, act, actor, now)
    if done:
        ports.signers.promote_author_key(ports.organisation, person, staged.public)
    return done


def rotate_record_key(
    organisation: Organisation, integrator: Integrator, actor: PersonId, *, now: datetime | None = None
) -> Performed:
    """Replace the key that signs every entry: publish the new one, let it be in the log, then record the act.

    Raises: LogError when the log cannot be signed; the old key stays in force then.
    """
    ports, ring = organisation.ports, read_key_ring(organisation)
    replaces = ring.record or encode_base64url(ports.signers.record_key(ports.organisation).public)
    staged = ports.signers.stage_record_key(ports.organisation)
    act = RecordKeyRotated(public_key=encode_base64url(staged.public), replaces=replaces)
    if not isinstance(rule_on(organisation, ORGANISATION_STREAM, act, actor, now=now), Refused):
        publish_record_key(organisation, staged)
        bring_up_to_date(integrator)
    done = _record(organisation, act, actor, now)
    if done:
        ports.signers.promote_record_key(ports.organisation, staged.public)
    return done


def declare_key_lost(
    organisation: Organisation,
    person: PersonId,
    actor: PersonId,
    *,
    text: str | None = None,
    now: datetime | None = None,
) -> Performed:
    """Declare the key held for `person` lost or stolen; it is replaced first, so that nobody is left without one."""
    lost = read_key_ring(organisation).people.get(person)
    if lost is None:
        raise KeyChangeError(f"No key of {person} was enrolled.", remedy=f"Enrol one: alteram key rotate {person}")
    rotated = rotate_key(organisation, person, actor, now=now)
    if not rotated:
        return rotated
    return _record(organisation, KeyLost(kind="person", person=person, public_key=lost, text=text), actor, now)


def declare_record_key_lost(
    organisation: Organisation,
    integrator: Integrator,
    actor: PersonId,
    *,
    text: str | None = None,
    now: datetime | None = None,
) -> Performed:
    """Declare the record key lost or stolen; it is replaced first."""
    rotated = rotate_record_key(organisation, integrator, actor, now=now)
    if not rotated:
        return rotated
    organisation.state(ORGANISATION_STREAM, fresh=True)
    lost = organisation.state(ORGANISATION_STREAM).facts.all(RecordKeyRotated)[-1].act.replaces
    return _record(organisation, KeyLost(kind="record", public_key=lost, text=text), actor, now)


def read_key_ring(organisation: Organisation) -> KeyRing:
    """Return the keys as the organisation's stream has them now."""
    return build_key_ring(organisation.state(ORGANISATION_STREAM, fresh=True).facts)


def publish_record_key(organisation: Organisation, key: RecordKey) -> None:
    """Queue the public statement of a key that signs entries, once; verifiers take it from the log."""
    statement = {
        "key": encode_base64url(key.public),
        "kid": key.kid,
        "organisation": organisation.ports.organisation,
        "statement": "record-key",
    }
    leaf = build_statement_leaf(statement)
    organisation.ports.store.append_statement(organisation.ports.organisation, leaf, once=True)


def bring_up_to_date(integrator: Integrator) -> None:
    """Put what waits into the log. Raises: LogError."""
    for _ in range(_RUNS):
        if not integrator.run().added:
            return


def _record(organisation: Organisation, act: Act, actor: PersonId, now: datetime | None) -> Performed:
    return perform(organisation, ORGANISATION_STREAM, act, actor, now=now)
