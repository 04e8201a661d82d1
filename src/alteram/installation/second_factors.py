"""What stands behind a passphrase: passkeys, codes from an app, recovery codes. Their secrets are kept encrypted.

Who only reads the database of accounts cannot make anybody's codes: the key is in a file of its own (`secret`).
"""

import base64
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Names passkeys in plain words, and encrypts what codes are made from."""

    def encrypt(self, text: str) -> str:
        """Return what is kept of a secret."""
        return _build_cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret again."""
        return _build_cipher().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - the name is allauth's
        """Return what a passkey is called whose owner calls it nothing."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey") if count == 0 else _("Passkey %(number)s") % {"number": count + 1}


def _build_cipher() -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"alteram second factors").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
