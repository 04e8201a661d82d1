"""Which key signs: the one that the organisation's stream says is in force, wherever the key files stand.

Two files cannot change together. A rotation therefore stages the new key, records the act, and then puts the key in its
place; after a crash in between, or in another process, the record is right, and whoever signs next follows it.
Whoever has enrolled a passkey signs with it what weighs heavily (`OWN_SIGNATURE`), and nobody can sign that for them.
Their other acts are signed by the organisation's key that is nobody's: it does not pass for theirs.
An entry that rests on an old reading of the record is refused by the store, so no entry is signed by a key after the
act that replaced it (docs/adr: keys in force).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from alteram.core.acts import KeyRotated, get_spec
from alteram.core.acts.fields import Act
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_own, as_person, phrase
from alteram.core.matters import KeyRing
from alteram.core.record.entry import SignedElsewhere
from alteram.core.vault import Assertion, AuthorKey, RecordKey, VaultError, decode_base64url, encode_base64url
from alteram.core.vault.phrases import is_pseudonym
from alteram.operations.ports import Ports

#: Acts that whoever has enrolled a passkey signs with it, and with nothing else.
OWN_SIGNATURE: Final = frozenset(
    {
        "appeal.decided",
        "decision.made",
        "departure.authorised",
        "matter.closed",
        "matter.declined",
        "sanction.imposed",
        "vote.taken",
    }
)


class SigningError(AlteramError):
    """No key that is in force can sign this. Nothing was recorded."""


class OwnSignatureNeededError(SigningError):
    """The act would be recorded, were it signed with the passkey of whoever does it. Nothing was recorded."""


@dataclass(frozen=True, slots=True)
class OwnSignature:
    """An act signed with a passkey: the salts that its digest was built with, and the assertion over the digest."""

    salts: Mapping[str, bytes]
    assertion: Assertion


def choose_record_key(ports: Ports, ring: KeyRing) -> RecordKey:
    """Return the record key in force. Raises: SigningError when only one that was replaced is here."""
    key = ports.signers.record_key(ports.organisation)
    if ring.record is not None and encode_base64url(key.public) != ring.record:
        ports.signers.promote_record_key(ports.organisation, _read_key(ring.record))
        key = ports.signers.record_key(ports.organisation)
    if encode_base64url(key.public) in ring.gone:
        raise SigningError(
            phrase("The record key here was replaced."),
            remedy=phrase("Restore the newest signers.db, or: alteram log succeed."),
        )
    return key


def choose_author_key(ports: Ports, ring: KeyRing, actor: PersonId | None, act: Act) -> AuthorKey:
    """Return the key in force for `actor`; the one held here for whoever has enrolled none.

    Reporters who are known by what their phrase derives share the key of whoever has no name: one made for each would
    prove no more, and would list them.
    A key that was declared lost signs nothing but the act by which its owner replaces it.
    Raises: SigningError when the key in force is lost or is not held here, or only one that was replaced is.
    """
    if actor is None or actor not in ring.people:
        return ports.signers.author_key(ports.organisation, None if actor and is_pseudonym(actor) else actor)
    key = ports.signers.author_key(ports.organisation, actor)
    named = ring.people[actor]
    if encode_base64url(key.public) != named:
        ports.signers.promote_author_key(ports.organisation, actor, _read_key(named))
        key = ports.signers.author_key(ports.organisation, actor)
    _refuse_useless(ring, encode_base64url(key.public), named, actor, replacing=_replaces_own(act, actor))
    return key


def choose_author(
    ports: Ports, ring: KeyRing, actor: PersonId | None, act: Act, signed: OwnSignature | None, *, live: bool
) -> AuthorKey | SignedElsewhere:
    """Return what signs `act` for `actor`: their passkey's signature where one is in force, else a key held here.

    `live`: the act is done here and now; what is only reported is signed by no passkey.
    Raises: OwnSignatureNeededError; SigningError as `choose_author_key` does, or for a passkey not in force.
    """
    named = None if actor is None else ring.people.get(actor)
    if actor is None or named is None or named not in ring.passkeys:
        if signed is not None:
            raise SigningError(
                phrase("The passkey that signed this is not in force."), remedy=phrase("Send the form again.")
            )
        return choose_author_key(ports, ring, actor, act)
    if named in ring.lost and not _replaces_own(act, actor):
        raise SigningError(
            phrase("The passkey of {actor} was declared lost.", actor=as_person(actor)),
            remedy=phrase("Choose another passkey to sign with."),
        )
    if signed is not None:
        return SignedElsewhere(signed.salts, _read_key(named), signed.assertion)
    if live and get_spec(type(act)).name in OWN_SIGNATURE:
        raise OwnSignatureNeededError(
            phrase("This is to be signed with your own passkey."),
            remedy=phrase("Do it on the page of the act, in your browser."),
        )
    return ports.signers.author_key(ports.organisation, None)


def choose_for_paper(ports: Ports, act: Act) -> AuthorKey:
    """Return what signs an act that is read from paper: the organisation's key that is nobody's, whoever the party is.

    Who writes on paper signs there, and nothing entered for them passes for what they signed with a key of their own.
    Raises: OwnSignatureNeededError for an act that nobody else may sign.
    """
    if get_spec(type(act)).name in OWN_SIGNATURE:
        raise OwnSignatureNeededError(
            phrase("This cannot be done on paper."), remedy=phrase("Do it on the page of the act.")
        )
    return ports.signers.author_key(ports.organisation, None)


def _read_key(named: str) -> bytes:
    """Return the bytes of a key that an act names; none where they are spelled as no key of ours is."""
    try:
        return decode_base64url(named)
    except VaultError:
        return b""


def _replaces_own(act: Act, actor: PersonId) -> bool:
    return isinstance(act, KeyRotated) and act.person == actor


def _refuse_useless(ring: KeyRing, held: str, named: str, actor: PersonId, *, replacing: bool) -> None:
    rotate, who = f"alteram key rotate {actor}", as_person(actor)
    if named in ring.lost and not replacing:
        raise SigningError(
            phrase("The key of {actor} was declared lost.", actor=who),
            remedy=phrase("Replace it: {command}", command=as_own(f"{rotate} --as SECRETARY")),
        )
    if held != named and named in ring.held_elsewhere and not replacing:
        raise SigningError(
            phrase("{actor} holds the key; it cannot sign here.", actor=who),
            remedy=phrase("Replace it: {command}", command=as_own(rotate)),
        )
    if held in ring.gone:
        raise SigningError(
            phrase("The key held here for {actor} was replaced.", actor=who),
            remedy=phrase("Restore the newest signers.db."),
        )
