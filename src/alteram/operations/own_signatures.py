"""An act signed by its author's own passkey, in two steps: prepare what is to be signed, then perform what was signed.

What is signed is the digest of the act's claims, each under a salt of its own, with the time of the act (record R3.8).
Time and salts are chosen when it is prepared and are kept by the caller, for a short time and for one use; the act
itself comes again with the signature. One that was altered between has another digest, which nobody signed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from alteram.core.acts import KeyEnrolled, KeyRotated
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.kernel.phrases import phrase
from alteram.core.record import Entry
from alteram.core.record.entry import build_digest_to_sign, draw_salts
from alteram.core.vault import Assertion, VaultError, encode_base64url, parse_passkey
from alteram.operations.keys import KeyChangeError, read_key_ring
from alteram.operations.organisation import Organisation
from alteram.operations.perform import Performed, normalise_proposal, perform
from alteram.operations.recording import Proposal
from alteram.operations.signing import OWN_SIGNATURE, OwnSignature, SigningError

#: For how long what was prepared can be signed. A verifier remarks on times that are 300 seconds off (record R7.9).
LIFETIME: Final = timedelta(minutes=4)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What an act will be signed with: the time it will bear, and a salt for each claim that its author signs."""

    at: datetime
    salts: Mapping[str, bytes]


def prepare_signature(
    organisation: Organisation, stream: StreamId, act: Act, actor: PersonId, *, now: datetime | None = None
) -> tuple[Prepared, bytes]:
    """Return what `act` would be signed with, and the 32 bytes to sign. Nothing is ruled on, nothing recorded."""
    at = (now or organisation.ports.clock()).replace(microsecond=0)
    entry = _build_entry(stream, act, actor, at)
    prepared = Prepared(at, draw_salts(entry, organisation.ports.entropy))
    return prepared, build_digest_to_sign(entry, prepared.salts)


def perform_signed(
    organisation: Organisation,
    stream: StreamId,
    act: Act,
    actor: PersonId,
    *,
    prepared: Prepared,
    assertion: Assertion,
    now: datetime | None = None,
) -> Performed:
    """Rule on an act as of the time it was prepared, and record it with its author's signature.

    The caller sees to it that `prepared` was made for `actor` and serves once.
    Raises: SigningError when it is too old, or what was signed is not this act; BusyError; StoreError.
    """
    now = now or organisation.ports.clock()
    if not prepared.at <= now <= prepared.at + LIFETIME:
        raise SigningError(
            phrase("This waited too long to be signed."), remedy=phrase("Send the form again, and sign it then.")
        )
    signed = OwnSignature(prepared.salts, assertion)
    try:
        return perform(organisation, stream, act, actor, signed=signed, now=prepared.at)
    except VaultError as error:
        raise SigningError(
            phrase("The signature is not one over this act: {problem}", problem=error.problem),
            remedy=phrase(
                "Nothing was recorded. Send the form again, and sign it with the passkey you chose for that."
            ),
        ) from error


def _build_entry(stream: StreamId, act: Act, actor: PersonId, at: datetime) -> Entry:
    """Return the entry as far as its author knows it; the rest is not signed."""
    whole = normalise_proposal(Proposal(stream, act, actor))
    return Entry(stream=whole.stream, seq=0, prev=None, act=whole.act, actor=whole.actor, at=at, ruling={})


@dataclass(frozen=True, slots=True)
class KeyInForce:
    """Which key signs for somebody: `passkey` is its COSE key as the act that enrolled it names it."""

    held_by: Literal["organisation", "person"]
    passkey: str | None = None


def find_key_in_force(organisation: Organisation, person: PersonId) -> KeyInForce:
    """Return which key signs for a person now."""
    ring = read_key_ring(organisation)
    named = ring.people.get(person)
    if named is None or named not in ring.held_elsewhere:
        return KeyInForce("organisation")
    return KeyInForce("person", named if named in ring.passkeys else None)


def needs_own_signature(organisation: Organisation, act: str, person: PersonId) -> bool:
    """Return whether an act of this name waits for the passkey of whoever would do it now."""
    return act in OWN_SIGNATURE and find_key_in_force(organisation, person).passkey is not None


def enrol_passkey(
    organisation: Organisation, person: PersonId, cose: bytes, *, now: datetime | None = None
) -> Performed:
    """Let a person's passkey sign what they do from now on, in the place of the key that did.

    Only a key of ES256 or EdDSA can. Raises: KeyChangeError for another.
    """
    try:
        parse_passkey(cose)
    except VaultError as error:
        raise KeyChangeError(
            phrase("This passkey cannot sign acts."), remedy=phrase("Use one of another device.")
        ) from error
    key, replaces = encode_base64url(cose), read_key_ring(organisation).people.get(person)
    act: Act = KeyEnrolled(person=person, scheme="webauthn", public_key=key, held_by="person")
    if replaces is not None:
        act = KeyRotated(person=person, scheme="webauthn", public_key=key, replaces=replaces, held_by="person")
    return perform(organisation, ORGANISATION_STREAM, act, person, now=now)
