"""An entry: an act as it stands in the record, to and from its hidden claims.

The envelope's claims have plain names; each field of the act is a claim named `act.<field>`, so that it can be
disclosed, withheld or forgotten alone. The specification is docs/spec/record.md, section 3.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from alteram.core.acts import Act, encode_fields, get_spec, parse_act
from alteram.core.acts.reported import Reported, encode_reported, parse_reported
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.instants import encode_instant, parse_instant
from alteram.core.record.claims import ACT_PREFIX, ENVELOPE, check_claims
from alteram.core.record.errors import RecordError
from alteram.core.vault import (
    Assertion,
    AuthorKey,
    RecordKey,
    SealedEntry,
    VaultError,
    build_act_digest,
    build_author_claim,
    build_passkey_claim,
    decode_base64url,
    encode_base64url,
    seal_entry,
    sign_jwt,
    verify_assertion,
)
from alteram.core.vault.disclosures import SALT_SIZE, Disclosure, Entropy, build_disclosure

_UNSIGNED: Final = frozenset({"seq", "prev", "seen", "reads", "ruling", "fields", "author"})
_encoder = msgspec.json.Encoder(order="deterministic")


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest witnessed checkpoint an entry has seen: the entry was written after it."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to an entry, by the SHA-256 and size of its stored ciphertext."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """An act with its envelope. `prev` is the leaf hash of the stream's previous entry; `ruling` what the rules said.

    `reads` are the (stream, sequence) pairs the ruling rests on; `reported` is set for an event reported afterwards.
    """

    stream: StreamId
    seq: int
    prev: bytes | None
    act: Act
    actor: PersonId | None
    at: datetime
    ruling: Mapping[str, Json]
    reads: tuple[tuple[StreamId, int], ...] = ()
    seen: Seen | None = None
    reported: Reported | None = None
    attachments: tuple[Attachment, ...] = ()


def encode_claims(entry: Entry) -> dict[str, Json]:
    """Return every claim of `entry` but its author's signature."""
    fields = {f"{ACT_PREFIX}{name}": value for name, value in encode_fields(entry.act).items()}
    return _encode_envelope(entry, fields) | fields


def _encode_envelope(entry: Entry, names: Iterable[str]) -> dict[str, Json]:
    seen = entry.seen
    return {
        "stream": entry.stream,
        "seq": entry.seq,
        "prev": None if entry.prev is None else encode_base64url(entry.prev),
        "seen": None
        if seen is None
        else {"origin": seen.origin, "root": encode_base64url(seen.root), "size": seen.size},
        "reads": [[stream, seq] for stream, seq in entry.reads],
        "ruling": entry.ruling,
        "act": get_spec(type(entry.act)).tag,
        "actor": entry.actor,
        "at": encode_instant(entry.at),
        "reported": None if entry.reported is None else encode_reported(entry.reported),
        "attachments": [{"sha256": one.sha256, "size": one.size} for one in entry.attachments],
        "fields": sorted([*ENVELOPE, *names, "author"]),
    }


def parse_entry(claims: Mapping[str, Json]) -> Entry:
    """Return the entry that a full set of claims spells; the author's signature may be withheld, and is not checked.

    Raises: RecordError when a claim is missing, malformed, or not in its one spelling.
    """
    missing = [name for name in ENVELOPE if name not in claims]
    if missing:
        raise RecordError("entry.withheld", f"The entry's {missing[0]} is withheld.")
    check_claims(claims)
    try:
        return _parse(claims)
    except (MalformedError, VaultError) as error:
        raise RecordError("entry.form", f"The entry is malformed: {error.problem}") from error


def _parse(claims: Mapping[str, Json]) -> Entry:
    names = [name for name in claims if name.startswith(ACT_PREFIX)]
    expected = claims["fields"]
    if isinstance(expected, Sequence) and any(name not in claims for name in expected if name != "author"):
        raise RecordError("entry.withheld", "A field of the entry is withheld.")
    envelope = {name: claims[name] for name in ENVELOPE}
    match claims:
        case {
            "stream": str() as stream,
            "seq": int() as seq,
            "act": str() as tag,
            "at": str() as at,
            "ruling": Mapping() as ruling,
        }:
            entry = Entry(
                stream=StreamId(stream),
                seq=seq,
                prev=_parse_prev(claims["prev"]),
                act=parse_act(tag, {name.removeprefix(ACT_PREFIX): claims[name] for name in names}),
                actor=_parse_actor(claims["actor"]),
                at=parse_instant(at),
                ruling=ruling,
                reads=_parse_reads(claims["reads"]),
                seen=_parse_seen(claims["seen"]),
                reported=None if claims["reported"] is None else parse_reported(claims["reported"]),
                attachments=_parse_attachments(claims["attachments"]),
            )
        case _:
            raise RecordError("entry.form", "The entry's envelope is malformed.")
    # Forms were checked by `check_claims`; what is left is that nothing else would be written in their place.
    if _encoder.encode(_encode_envelope(entry, names)) != _encoder.encode(envelope):
        raise RecordError("entry.fields", "The entry's list of fields is not what it holds.")
    if claims.keys() - {*ENVELOPE, *names, "author"}:
        raise RecordError("entry.fields", "The entry holds a claim that is not known here.")
    return entry


def _parse_prev(value: Json) -> bytes | None:
    return decode_base64url(value) if isinstance(value, str) else None


def _parse_actor(value: Json) -> PersonId | None:
    return PersonId(value) if isinstance(value, str) else None


def _parse_reads(value: Json) -> tuple[tuple[StreamId, int], ...]:
    reads = []
    for pair in value if isinstance(value, Sequence) else ():
        match pair:
            case [str() as stream, int() as seq]:
                reads.append((StreamId(stream), seq))
            case _:
                raise RecordError("entry.form", "What the ruling read is malformed.")
    return tuple(reads)


def _parse_seen(value: Json) -> Seen | None:
    match value:
        case {"origin": str() as origin, "root": str() as root, "size": int() as size}:
            return Seen(origin, size, decode_base64url(root))
        case _:
            return None


def _parse_attachments(value: Json) -> tuple[Attachment, ...]:
    attachments = []
    for one in value if isinstance(value, Sequence) else ():
        match one:
            case {"sha256": str() as sha256, "size": int() as size}:
                attachments.append(Attachment(sha256, size))
            case _:
                raise RecordError("entry.form", "An attachment is malformed.")
    return tuple(attachments)


def is_signed_by_author(name: str) -> bool:
    """Return whether an author's signature covers the claim of this name."""
    return name not in _UNSIGNED


@dataclass(frozen=True, slots=True)
class SignedElsewhere:
    """What an author signed with a passkey before the entry was sealed: under which salts, by which key, and how."""

    salts: Mapping[str, bytes]
    key: bytes
    assertion: Assertion


def draw_salts(entry: Entry, entropy: Entropy) -> dict[str, bytes]:
    """Return a salt for each claim that the author of `entry` signs. Each is drawn for one entry alone."""
    return {name: entropy(SALT_SIZE) for name in encode_claims(entry) if is_signed_by_author(name)}


def build_digest_to_sign(entry: Entry, salts: Mapping[str, bytes]) -> bytes:
    """Return the 32 bytes that the author of `entry` signs; where it stands and what was ruled is not in them.

    Raises: VaultError when the salts were drawn for an act of other fields.
    """
    return build_act_digest(one.digest for one in _build_signed(encode_claims(entry), salts))


def _build_signed(claims: Mapping[str, Json], salts: Mapping[str, bytes]) -> tuple[Disclosure, ...]:
    signed = {name: value for name, value in claims.items() if is_signed_by_author(name)}
    if signed.keys() != salts.keys():
        raise VaultError("author.covers", "What was signed is not this act.")
    return tuple(build_disclosure(name, value, salts[name]) for name, value in signed.items())


def seal(
    entry: Entry, *, record_key: RecordKey, author_key: AuthorKey | SignedElsewhere, entropy: Entropy
) -> SealedEntry:
    """Return `entry` sealed: signed by its author and by the record key, committed to, and encrypted.

    Raises: VaultError when what the author signed elsewhere is not this entry.
    """
    claims = encode_claims(entry)
    salts = author_key.salts if isinstance(author_key, SignedElsewhere) else {}
    disclosures = tuple(
        build_disclosure(name, value, salts.get(name) or entropy(SALT_SIZE)) for name, value in claims.items()
    )
    signed = [one for one in disclosures if is_signed_by_author(one.name)]
    if isinstance(author_key, SignedElsewhere):
        verify_assertion(author_key.key, author_key.assertion, build_digest_to_sign(entry, salts))
        author: Json = build_passkey_claim((one.digest for one in signed), author_key.key, author_key.assertion)
    else:
        author = build_author_claim(author_key, signed)
    disclosures = (*disclosures, build_disclosure("author", author, entropy(SALT_SIZE)))
    return seal_entry(sign_jwt(disclosures, record_key, entropy), disclosures, entropy)
