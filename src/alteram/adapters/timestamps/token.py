"""Verify a time-stamp token over a checkpoint, offline.

The token stamps SHA-256 of the note's text, so it does not depend on which signatures the checkpoint had collected.
It says "this text existed at that time"; whether the checkpoint is signed and the log whole is verified elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from cryptography import x509
from rfc3161_client import TimeStampResponse, VerifierBuilder, decode_timestamp_response
from rfc3161_client.errors import VerificationError

from alteram.core.kernel.errors import AlteramError

#: A token is about 1 kB for each certificate in it.
MAX_TOKEN: Final = 64 * 1024
_SHA256: Final = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")


class TimestampError(AlteramError):
    """A token cannot be had, is malformed, or does not stamp this checkpoint under these authorities."""


@dataclass(frozen=True, slots=True)
class Timestamp:
    """What a token says, verified: that the text existed at `at`, by the clock of the holder of the certificate."""

    at: datetime
    authority: str


def verify_token(token: bytes, text: str, roots: Iterable[x509.Certificate]) -> Timestamp:
    """Return what `token` says of a checkpoint's `text`, the authority's certificate leading to one of `roots`.

    Certificates are judged as of the stamped time, so that a token outlives them. Revocation is not looked up.
    Raises: TimestampError.
    """
    response = parse_token_unverified(token)
    trusted = list(roots)
    if not trusted:
        raise TimestampError(
            "No authority is trusted for time stamps.", remedy="Name a file with its root certificate."
        )
    digest = sha256(text.encode()).digest()
    try:
        if response.tst_info.message_imprint.hash_algorithm != _SHA256:
            raise TimestampError("The token stamps another kind of hash than SHA-256.")
        VerifierBuilder(roots=trusted).build().verify(response, digest)
        return Timestamp(response.tst_info.gen_time.astimezone(UTC), _name_signer(response))
    except (VerificationError, ValueError) as error:
        raise TimestampError(
            f"The token does not stamp this checkpoint: {error}.".replace("..", "."),
            remedy="Ask the authority for another, or check which root certificate is named.",
        ) from error


def parse_token_unverified(token: bytes) -> TimeStampResponse:
    """Return the response that `token` spells in DER, nothing in it verified. Raises: TimestampError."""
    if len(token) > MAX_TOKEN:
        raise TimestampError("The token is larger than 64 KiB.")
    try:
        response = decode_timestamp_response(token)
        if response.status != 0:
            raise TimestampError("The authority refused to stamp.")
        # A field is decoded only when it is read; what cannot be decoded shows here.
        _ = response.tst_info.message_imprint.message, response.tst_info.gen_time
    except ValueError as error:
        raise TimestampError("Not a time-stamp response.") from error
    return response


def read_roots(data: bytes) -> tuple[x509.Certificate, ...]:
    """Return the certificates in a PEM file. Raises: TimestampError when there is none."""
    try:
        return tuple(x509.load_pem_x509_certificates(data))
    except ValueError as error:
        raise TimestampError("The file holds no certificate.", remedy="It must be PEM: BEGIN CERTIFICATE.") from error


def _name_signer(response: TimeStampResponse) -> str:
    """Return the subject of the certificate that signed, which verification has found in the token."""
    (signer,) = response.signed_data.signer_infos
    for data in response.signed_data.certificates:
        certificate = x509.load_der_x509_certificate(data)
        if (certificate.issuer, certificate.serial_number) == (signer.issuer, signer.serial_number):
            return certificate.subject.rfc4514_string()
    raise TimestampError("The token does not hold the certificate that signed it.")
