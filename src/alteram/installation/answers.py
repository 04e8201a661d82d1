"""Answers kept for requests with an idempotency key, so that asking twice does it once.

A key is remembered for a day, for one caller: the holder of a token, of the sign-in part of a receipt phrase, or of the
setup code. What is kept is sealed under a key made from that secret, which only its holder has: who reads the database
learns neither what was asked nor what was answered, nor, where there is no token, that two requests were of one caller.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol, TypeAlias

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import IntegrityError, transaction

from alteram.installation.programs import ApiToken, KeptAnswer

_KEPT: Final = timedelta(hours=24)
#: How long a request may take; who died later left it open whether it was done.
_AT_WORK: Final = timedelta(seconds=60)
_NONCE: Final = 12


class Caller(Protocol):
    """Who asks: by a secret that only they have, and by a token where they have one."""

    @property
    def token(self) -> ApiToken | None:
        """Return the token that was shown; None for who comes without one."""
        ...

    @property
    def secret(self) -> str:
        """Return what only they have."""
        ...


@dataclass(frozen=True, slots=True)
class Holder:
    """A caller without a token: who has a receipt phrase, or the setup code."""

    secret: str
    token: None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """The key is new: do what was asked, then `keep_answer`, or `forget` where nothing was done."""

    row: KeptAnswer
    key: str


@dataclass(frozen=True, slots=True)
class Kept:
    """It was answered before."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class OtherRequest:
    """The key was used for something else."""


@dataclass(frozen=True, slots=True)
class AtWork:
    """The same request is being worked on; or, `lost`, it was when the server stopped, and nobody knows how far."""

    lost: bool


Found: TypeAlias = Begun | Kept | OtherRequest | AtWork


def begin_answer(caller: Caller, key: str, request: bytes, *, now: datetime) -> Found:
    """Return what is known of a request by its key; where nothing is, remember that it is being worked on."""
    KeptAnswer.objects.filter(made_at__lte=now - _KEPT).delete()
    key_digest, request_digest = _mac(caller, "key", key.encode()), _mac(caller, "request", request)
    try:
        with transaction.atomic():
            row = KeptAnswer.objects.create(
                token=caller.token, key_digest=key_digest, request_digest=request_digest, made_at=now
            )
    except IntegrityError:
        known = KeptAnswer.objects.filter(key_digest=key_digest).first()
    else:
        return Begun(row, key)
    if known is None:
        return AtWork(lost=False)  # whoever had it has just forgotten it: the next try has it to itself
    row = known
    if not hmac.compare_digest(row.request_digest, request_digest):
        return OtherRequest()
    if not row.status:
        return AtWork(lost=row.made_at <= now - _AT_WORK)
    return Kept(row.status, _open(caller, key, bytes(row.sealed)))


def keep_answer(caller: Caller, begun: Begun, status: int, body: bytes) -> None:
    """Keep what was answered."""
    nonce = secrets.token_bytes(_NONCE)
    begun.row.status = status
    begun.row.sealed = nonce + AESGCM(_seal_key(caller, begun.key)).encrypt(nonce, body, None)
    begun.row.save(update_fields=["status", "sealed"])


def forget(begun: Begun) -> None:
    """Forget a request of which nothing was done, so that it can be asked again."""
    begun.row.delete()


def _open(caller: Caller, key: str, sealed: bytes) -> bytes:
    return AESGCM(_seal_key(caller, key)).decrypt(sealed[:_NONCE], sealed[_NONCE:], None)


def _seal_key(caller: Caller, key: str) -> bytes:
    return hmac.digest(caller.secret.encode(), b"seal\0" + key.encode(), hashlib.sha256)


def _mac(caller: Caller, purpose: str, data: bytes) -> str:
    return hmac.digest(caller.secret.encode(), purpose.encode() + b"\0" + data, hashlib.sha256).hex()
