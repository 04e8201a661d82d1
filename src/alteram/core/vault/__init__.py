"""Sealing in bytes: salted digests, field-wise disclosure, commitments, encryption, key wrapping, destroying keys."""

from alteram.core.vault.age import AgeHeader, AgeSealer, open_age, parse_age_header
from alteram.core.vault.age_keys import (
    derive_recipient,
    encode_identity,
    encode_recipient,
    parse_identity,
    parse_recipient,
)
from alteram.core.vault.authors import (
    AuthorKey,
    build_act_digest,
    build_author_claim,
    build_passkey_claim,
    is_signed_by_passkey,
    verify_author,
)
from alteram.core.vault.base64url import decode_base64url, encode_base64url
from alteram.core.vault.disclosures import (
    Disclosure,
    Presentation,
    RecordKey,
    build_disclosures,
    parse_jwt_unverified,
    parse_presentation,
    sign_jwt,
)
from alteram.core.vault.errors import OtherFileError, VaultError
from alteram.core.vault.files import (
    FileSealer,
    OpenedFile,
    attach_file_keys,
    check_whole,
    open_file,
    open_file_keys,
    open_stored_file,
)
from alteram.core.vault.leaves import build_decoy_leaf, build_entry_leaf, build_statement_leaf, parse_statement_leaf
from alteram.core.vault.passkeys import Assertion, parse_passkey, verify_assertion
from alteram.core.vault.phrases import derive_end_to_end, derive_pseudonym, derive_sign_in, encode_phrase, parse_phrase
from alteram.core.vault.sealing import (
    OpenedEntry,
    SealedEntry,
    forget_keys,
    open_entry,
    seal_entry,
    unwrap_keys,
    unwrap_stream_key,
    wrap_keys,
    wrap_stream_key,
)

__all__ = [
    "AgeHeader",
    "AgeSealer",
    "Assertion",
    "AuthorKey",
    "Disclosure",
    "FileSealer",
    "OpenedEntry",
    "OpenedFile",
    "OtherFileError",
    "Presentation",
    "RecordKey",
    "SealedEntry",
    "VaultError",
    "attach_file_keys",
    "build_act_digest",
    "build_author_claim",
    "build_decoy_leaf",
    "build_disclosures",
    "build_entry_leaf",
    "build_passkey_claim",
    "build_statement_leaf",
    "check_whole",
    "decode_base64url",
    "derive_end_to_end",
    "derive_pseudonym",
    "derive_recipient",
    "derive_sign_in",
    "encode_base64url",
    "encode_identity",
    "encode_phrase",
    "encode_recipient",
    "forget_keys",
    "is_signed_by_passkey",
    "open_age",
    "open_entry",
    "open_file",
    "open_file_keys",
    "open_stored_file",
    "parse_age_header",
    "parse_identity",
    "parse_jwt_unverified",
    "parse_passkey",
    "parse_phrase",
    "parse_presentation",
    "parse_recipient",
    "parse_statement_leaf",
    "seal_entry",
    "sign_jwt",
    "unwrap_keys",
    "unwrap_stream_key",
    "verify_assertion",
    "verify_author",
    "wrap_keys",
    "wrap_stream_key",
]
