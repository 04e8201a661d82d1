"""Tokens for programs: made by a person for themselves, shown once, kept as a digest, good for one organisation.

A token is `alteram_` + handle + `_` + secret. It is found by its handle and compared by the digest of all of it, in
constant time. It does what its owner may do, and of that only what its scopes name.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from alteram.core.kernel.identifiers import PersonId
from alteram.installation.models import Membership
from alteram.installation.programs import ApiToken

#: What a token can be made for, in the order they are shown.
SCOPES: Final = (
    "read",
    "propose",
    "report",
    "letters",
    "paper",
    "members",
    "rulebook",
    "settings",
    "export",
    "grave",
)
#: For how many days a token can be made.
LIFETIMES: Final = (7, 30, 90, 365)
#: Tokens that one person may have at a time.
MOST: Final = 20
_PREFIX: Final = "alteram"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Somebody's program: the token it showed, and whom it acts for. `secret` is what only its holder knows."""

    token: ApiToken
    person: PersonId
    scopes: frozenset[str]
    secret: str


def make_token(
    membership: Membership, name: str, scopes: tuple[str, ...], days: int, *, now: datetime
) -> tuple[ApiToken, str]:
    """Return a new token and what its owner is shown, this once."""
    handle, secret = secrets.token_hex(8), secrets.token_hex(32)
    shown = f"{_PREFIX}_{handle}_{secret}"
    token = ApiToken.objects.create(
        name=name,
        handle=handle,
        digest=_digest(shown),
        membership=membership,
        scopes=" ".join(one for one in SCOPES if one in scopes),
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    return token, shown


def find_bearer(organisation: str, shown: str, *, now: datetime) -> Bearer | None:
    """Return whose token this is in an organisation; None where it is unknown, over, revoked, or of somewhere else."""
    parts = shown.split("_")
    handle = parts[1] if len(parts) == 3 else ""
    found = ApiToken.objects.filter(handle=handle).select_related("membership__account").first()
    # Compared even where there is none, so that both take the same time.
    same = hmac.compare_digest(_digest(shown), "" if found is None else found.digest)
    if found is None or not same or found.revoked_at is not None or found.expires_at <= now:
        return None
    membership = found.membership
    if membership.organisation != organisation or not membership.account.is_active:
        return None
    if found.last_used_on != now.date():
        ApiToken.objects.filter(pk=found.pk).update(last_used_on=now.date())
    return Bearer(found, PersonId(membership.person), frozenset(found.scopes.split()), shown)


def find_tokens(organisation: str, person: PersonId) -> list[ApiToken]:
    """Return somebody's tokens that are not revoked, the newest first."""
    own = ApiToken.objects.filter(membership__organisation=organisation, membership__person=person, revoked_at=None)
    return list(own.order_by("-made_at", "-pk"))


def revoke_token(organisation: str, person: PersonId, handle: str, *, now: datetime) -> bool:
    """Revoke somebody's own token; return whether there was one to revoke. It cannot be taken back."""
    own = ApiToken.objects.filter(membership__organisation=organisation, membership__person=person, revoked_at=None)
    return bool(own.filter(handle=handle).update(revoked_at=now))


def _digest(shown: str) -> str:
    return hashlib.sha256(shown.encode()).hexdigest()
