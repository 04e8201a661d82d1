"""What an act is to be signed with, kept between the page that shows it and the signature that comes back.

It is kept encrypted under a key that only that page holds, for minutes, for the person it was prepared for, and is
taken once. Nothing of the act is in it: only the time it will bear and the salts, which open nothing by themselves.
"""

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models
from django.utils import timezone

from alteram.core.kernel.canonical import encode_canonical, parse_canonical
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import encode_instant, parse_instant
from alteram.core.vault import VaultError, decode_base64url, encode_base64url
from alteram.operations.own_signatures import LIFETIME, Prepared

#: Each key is used once.
_NONCE = bytes(12)


class PreparedSignature(models.Model):
    """What somebody is about to sign with; `handle` is the digest of the key that opens `box`."""

    handle = models.CharField(max_length=64, primary_key=True)
    organisation = models.CharField(max_length=64)
    person = models.CharField(max_length=64)
    box = models.BinaryField()
    prepared_at = models.DateTimeField(db_index=True)


def keep_prepared(organisation: str, person: PersonId, prepared: Prepared) -> str:
    """Keep what an act will be signed with; return what gives it back."""
    key, now = secrets.token_bytes(32), timezone.now()
    PreparedSignature.objects.filter(prepared_at__lt=now - LIFETIME).delete()
    salts = {name: encode_base64url(salt) for name, salt in prepared.salts.items()}
    content = encode_canonical({"at": encode_instant(prepared.at), "salts": salts})
    PreparedSignature.objects.create(
        handle=hashlib.sha256(key).hexdigest(),
        organisation=organisation,
        person=person,
        box=AESGCM(key).encrypt(_NONCE, content, None),
        prepared_at=now,
    )
    return encode_base64url(key)


def take_prepared(organisation: str, person: PersonId, token: str) -> Prepared | None:
    """Return what was kept, once; None where it was taken, is somebody else's, or was never kept."""
    try:
        key = decode_base64url(token)
    except VaultError:
        return None
    kept = PreparedSignature.objects.filter(
        handle=hashlib.sha256(key).hexdigest(), organisation=organisation, person=person
    )
    found = kept.first()
    # Two who send it at once: the count in the database says who was first.
    if found is None or not kept.delete()[0]:
        return None
    try:
        content = parse_canonical(AESGCM(key).decrypt(_NONCE, bytes(found.box), None))
    except InvalidTag:
        return None
    match content:
        case {"at": str() as at, "salts": dict() as salts}:
            return Prepared(parse_instant(at), {name: decode_base64url(str(salt)) for name, salt in salts.items()})
        case _:
            return None
