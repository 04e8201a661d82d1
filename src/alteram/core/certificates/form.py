"""A certificate as a value and as bytes: what a signed statement for outsiders holds (docs/spec/certificate.md).

It decides that the bytes have the one form and spelling that a writer would give them. It verifies no signature and no
proof: see `verification`. Nobody is named in it, no act is, and not the matter either: that is its first entry's leaf.
"""

from hashlib import sha256
from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

from alteram.core.kernel.canonical import Json, encode_canonical, parse_canonical
from alteram.core.kernel.errors import AlteramError, MalformedError
from alteram.core.record.claims import MAX_SEQ
from alteram.core.record.errors import RecordError
from alteram.core.rules.findings import Result
from alteram.core.rules.rulebook import Guarantee
from alteram.core.rules.standards import SourceStatus
from alteram.core.vault import RecordKey, decode_base64url, encode_base64url

FORMAT: Final = "alteram-certificate/1"
MAX_CERTIFICATE: Final = 4 << 20
#: In which order requirements stand: what is not known comes first, then what was not met (spec C3.1).
SHOWN_FIRST: Final[tuple[Result, ...]] = ("UNKNOWN", "FAIL", "RULED", "PASS")
_PREFIX: Final = b"alteram/certificate/v1".ljust(32, b"\x00")
#: Base64url of 32 bytes; that its unused bits are zero is checked where it is read.
Hash: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}$(?!\n)")]
Digest: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
Path: TypeAlias = Annotated[tuple[Hash, ...], Meta(max_length=63)]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=MAX_SEQ + 1)]
Seq: TypeAlias = Annotated[int, Meta(ge=0, le=MAX_SEQ)]
Seqs: TypeAlias = tuple[Seq, ...]
Index: TypeAlias = Annotated[int, Meta(ge=0, le=(1 << 53) - 1)]


class _Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a certificate: every member is there, and no other."""


class Placed(_Part, frozen=True, kw_only=True):
    """An entry by its number in its stream, with the proof that its leaf is in the log."""

    seq: Seq
    index: Index
    leaf: Hash
    path: Path


class PublishedKey(_Part, frozen=True, kw_only=True):
    """The statement that published the record key, with the proof that it is in the log."""

    index: Index
    path: Path
    statement: str
    """The statement's canonical JSON, as text: its leaf is 0x03 and these bytes."""


class OlderCheckpoint(_Part, frozen=True, kw_only=True):
    """An older head of the log, with the proof that the certificate's own checkpoint continues it."""

    note: str
    consistency: Path


class Matter(_Part, frozen=True, kw_only=True):
    """What is said of the matter as a whole: numbers, and which entries allege a meeting that nobody registered."""

    alleged: Seqs
    asserted: Count
    """Events that are only asserted, or denied: neither agreed nor found."""
    destroyed: Count
    """Entries of which something that the rules read was destroyed."""
    entries: Count
    signed: Count
    """Entries that carry a signature only the person could make."""


class Rules(_Part, frozen=True, kw_only=True):
    """A rulebook or a pack, by its digest. `built-on` packs speak through the rulebook, but for their named results."""

    as_of: str
    digest: Digest
    id: str
    kind: Literal["rulebook", "built-on", "pack"]
    text: str
    """The canonical JSON of a pack; empty for the rulebook, which is the organisation's own to give."""
    title: str
    version: str


class RequirementLine(_Part, frozen=True, kw_only=True):
    """One requirement and what it comes to. `by` is the digest of the rules that demand it."""

    by: Digest
    clause: str
    elsewhere: bool
    """It comes out otherwise without the linked matters: its entries are not given, and it cannot be repeated here."""
    entries: Seqs
    guarantee: Guarantee
    id: str
    pack: str
    result: Result
    signed: Count
    """How many of the entries carry a signature only the person could make."""
    source: str
    status: SourceStatus
    title: str
    uncontradicted: bool
    """It is a PASS because nothing speaks against it, not because anything shows it."""


class ResultLine(_Part, frozen=True, kw_only=True):
    """A named result of a pack, such as a statutory safe harbour."""

    by: Digest
    clause: str
    elsewhere: bool
    entries: Seqs
    id: str
    result: Result
    signed: Count
    source: str
    status: SourceStatus
    title: str
    uncontradicted: bool


class Departure(_Part, frozen=True, kw_only=True):
    """That somebody entitled authorised a departure from a requirement, in an entry."""

    entry: Seq
    requirement: str


class Cosigner(_Part, frozen=True, kw_only=True):
    """Who signed the checkpoint beside the log, and whether the organisation says that it runs elsewhere."""

    independent: bool
    name: str


class Certificate(_Part, frozen=True, kw_only=True):
    """All that is signed."""

    as_of: str
    checkpoint: str
    checkpoints: tuple[OlderCheckpoint, ...]
    departures: tuple[Departure, ...]
    entries: tuple[Placed, ...]
    format: str
    matter: Matter
    organisation: str
    organisation_entry: Placed
    policy: str
    record_key: PublishedKey
    requirements: tuple[RequirementLine, ...]
    results: tuple[ResultLine, ...]
    rules: tuple[Rules, ...]
    witnesses: tuple[Cosigner, ...]


class _File(_Part, frozen=True, kw_only=True):
    certificate: Certificate
    signature: Annotated[str, Meta(min_length=86, max_length=86)]


# Made while nobody else runs: msgspec crashes when two threads are the first to read the same kind of struct.
msgspec.json.Decoder(_File)


def sign_certificate(certificate: Certificate, key: RecordKey) -> bytes:
    """Return the file of a certificate, signed by the record key. Raises: RecordError when it would be too large."""
    signature = key.private.sign(build_signed_bytes(certificate))
    data = encode_canonical({"certificate": _build(certificate), "signature": encode_base64url(signature)})
    if len(data) > MAX_CERTIFICATE:
        raise RecordError("certificate.too-large", "The certificate would be too large.", remedy="Choose fewer packs.")
    return data


def build_signed_bytes(certificate: Certificate) -> bytes:
    """Return what the record key signs (spec C1.3)."""
    return _PREFIX + encode_canonical(_build(certificate))


def build_certificate_digest(data: bytes) -> str:
    """Return what identifies a certificate: the lower-case hexadecimal SHA-256 of its file."""
    return sha256(data).hexdigest()


def parse_certificate_unverified(data: bytes) -> tuple[Certificate, bytes]:
    """Return what a file says and its signature, nothing in it verified. Raises: RecordError when malformed."""
    if len(data) > MAX_CERTIFICATE:
        raise RecordError("certificate.too-large", "A certificate is at most 4 MiB.")
    try:
        value = parse_canonical(data, max_size=MAX_CERTIFICATE)
        file = msgspec.convert(value, _File)
        signature = decode_base64url(file.signature)
    except MalformedError as error:
        raise RecordError("certificate.form", f"Not a certificate. {error.problem}") from error
    except (msgspec.ValidationError, AlteramError) as error:
        _refuse_later_format(data)
        raise RecordError("certificate.form", f"Not a certificate: {_tell(error)}.") from error
    if file.certificate.format != FORMAT:
        raise RecordError("certificate.format", "This release does not know the format.")
    return file.certificate, signature


def _refuse_later_format(data: bytes) -> None:
    """Say of a certificate of a later format that it is one, rather than that it is malformed."""
    match parse_canonical(data, max_size=MAX_CERTIFICATE):
        case {"certificate": {"format": str() as version}} if version != FORMAT:
            raise RecordError("certificate.format", "This release does not know the format.")
        case _:
            pass


def _tell(error: Exception) -> str:
    return error.problem if isinstance(error, AlteramError) else str(error).rstrip(".")


def _build(certificate: Certificate) -> Json:
    built: Json = msgspec.to_builtins(certificate)
    return built
