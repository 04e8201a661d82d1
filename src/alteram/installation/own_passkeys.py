"""The passkeys of an account, as keys that can sign: allauth keeps them for signing in."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from fido2 import cbor

from alteram.core.vault import VaultError, encode_base64url, parse_passkey
from alteram.installation.models import Account


@dataclass(frozen=True, slots=True)
class OwnPasskey:
    """A passkey: what its owner calls it, by what a browser finds it, its COSE key, and whether it can sign acts."""

    number: int
    name: str
    credential: str
    cose: bytes
    can_sign: bool

    @property
    def key(self) -> str:
        """Return its key as the record spells it."""
        return encode_base64url(self.cose)


def find_own_passkeys(account: Account) -> list[OwnPasskey]:
    """Return the passkeys of an account, the oldest first."""
    found = Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN).order_by("created_at", "pk")
    return [_read(one) for one in found]


def _read(one: Authenticator) -> OwnPasskey:
    data = one.wrap().authenticator_data.credential_data
    cose = cbor.encode(dict(data.public_key))
    return OwnPasskey(one.pk, str(one), encode_base64url(data.credential_id), cose, _can_sign(cose))


def _can_sign(cose: bytes) -> bool:
    try:
        parse_passkey(cose)
    except VaultError:
        return False
    return True
