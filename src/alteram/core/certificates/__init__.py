"""Certificates: a signed assessment with proofs and without content, for outsiders; written, verified, repeated."""

from alteram.core.certificates.again import Repeated, repeat_certificate
from alteram.core.certificates.findings import Measures, Told, tell
from alteram.core.certificates.form import (
    FORMAT,
    MAX_CERTIFICATE,
    SHOWN_FIRST,
    Certificate,
    Cosigner,
    Departure,
    Matter,
    OlderCheckpoint,
    Placed,
    PublishedKey,
    RequirementLine,
    ResultLine,
    Rules,
    build_certificate_digest,
    build_signed_bytes,
    parse_certificate_unverified,
    sign_certificate,
)
from alteram.core.certificates.verification import VerifiedCertificate, verify_certificate

__all__ = [
    "FORMAT",
    "MAX_CERTIFICATE",
    "SHOWN_FIRST",
    "Certificate",
    "Cosigner",
    "Departure",
    "Matter",
    "Measures",
    "OlderCheckpoint",
    "Placed",
    "PublishedKey",
    "Repeated",
    "RequirementLine",
    "ResultLine",
    "Rules",
    "Told",
    "VerifiedCertificate",
    "build_certificate_digest",
    "build_signed_bytes",
    "parse_certificate_unverified",
    "repeat_certificate",
    "sign_certificate",
    "tell",
    "verify_certificate",
]
