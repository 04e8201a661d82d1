"""Keys, signed notes, and whom to trust: C2SP signed-note, tlog-cosignature, tlog-policy (record R5)."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from conformance.failure import Failure
from conformance.spelling import read_base64

PLAIN, COSIGNATURE, MLDSA = 0x01, 0x04, 0x06
PUBLIC_SIZE = {PLAIN: 32, COSIGNATURE: 32, MLDSA: 1312}
SIGNATURE_SIZE = {PLAIN: 64, COSIGNATURE: 72, MLDSA: 2428}
LARGEST = 1 << 20
MOST_SIGNATURES = 64
MOST_OF_EACH = 256
#: 2^255 - 19.
PRIME = 2**255 - 19
#: The y coordinate of two points of order eight, and so its negative that of the two others.
EIGHTH = int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little")


def is_small_order(public: bytes) -> bool:
    """Return whether an Ed25519 key is a point of small order, which anybody could sign for (R5.4)."""
    y = (int.from_bytes(public, "little") & (2**255 - 1)) % PRIME
    return y in {0, 1, PRIME - 1, EIGHTH, PRIME - EIGHTH}


def verify_ed25519(public: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether a signature verifies under a key that is not of small order."""
    if len(public) != 32 or is_small_order(public):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True)
class Key:
    """A named public key of one type."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that name the key in a signature line (R5.3)."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]


def read_name(name: str) -> str:
    """Return the name of a key (R5.2)."""
    bad = any(one.isspace() or one == "+" or ord(one) < 32 or ord(one) == 127 for one in name)
    if bad or not 1 <= len(name) <= 255:
        raise Failure("note.name", "a key's name is empty, too long, or holds a space, a plus or a control character")
    return name


def read_key(raw: bytes) -> Key:
    """Return the key of a vkey (R5.3, R5.4)."""
    try:
        pieces = raw.decode("utf-8").split("+", 2)
    except UnicodeDecodeError as error:
        raise Failure("note.name", "a key's name is not UTF-8") from error
    if len(pieces) != 3:
        raise Failure("note.vkey", "not a verifier key")
    name, key_id, encoded = pieces
    data = read_base64(encoded)
    if not data or PUBLIC_SIZE.get(data[0]) != len(data) - 1:
        raise Failure("note.vkey", "a key of an unknown type or length")
    key = Key(read_name(name), data[0], data[1:])
    if key.kind != MLDSA and is_small_order(key.public):
        raise Failure("note.vkey", "a key of small order")
    if key.key_id.hex() != key_id:
        raise Failure("note.vkey", "the key ID is not the key's")
    return key


@dataclass(frozen=True)
class Line:
    """A signature line of a note."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True)
class SignedNote:
    """A note: the text that is signed, and its signature lines."""

    text: str
    lines: tuple[Line, ...]


def read_note(data: bytes) -> SignedNote:
    """Return a note, its signatures not verified (R5.1)."""
    if len(data) > LARGEST:
        raise Failure("note.too-large", "a note of more than 1 MiB")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Failure("note.utf-8", "a note that is not UTF-8") from error
    if any(one < " " and one != "\n" for one in whole):
        raise Failure("note.control", "a note with a control character")
    cut = whole.rfind("\n\n")
    if cut < 1 or not whole.endswith("\n") or cut + 2 >= len(whole):
        raise Failure("note.form", "a note is text, an empty line and signature lines")
    rows = whole[cut + 2 : -1].split("\n")
    if len(rows) > MOST_SIGNATURES:
        raise Failure("note.signatures", "a note with too many signatures")
    lines = tuple(_read_line(row) for row in rows)
    if len({(line.name, line.key_id) for line in lines}) < len(lines):
        raise Failure("note.duplicate", "a note that one key signs twice")
    return SignedNote(whole[: cut + 1], lines)


def _read_line(row: str) -> Line:
    match row.split(" "):
        case ["\u2014", name, encoded]:
            data = read_base64(encoded)
        case _:
            raise Failure("note.line", "a malformed signature line")
    if len(data) < 5:
        raise Failure("note.line", "a signature that is too short")
    return Line(read_name(name), data[:4], data[4:])


def verify_line(key: Key, line: Line, note: SignedNote) -> int:
    """Return the time of a verified signature, 0 where it has none (R5.5)."""
    signature = line.signature
    if len(signature) != SIGNATURE_SIZE[key.kind]:
        raise Failure("note.signature", f"a signature by {key.name} of the wrong length")
    time = 0 if key.kind == PLAIN else int.from_bytes(signature[:8], "big")
    if time >= 2**63:
        raise Failure("note.time", f"a signature by {key.name} at an impossible time")
    if not _verifies(key, time, signature[-64:] if key.kind != MLDSA else signature[8:], note):
        raise Failure("note.signature", f"the signature by {key.name} does not verify")
    return time


def _verifies(key: Key, time: int, signature: bytes, note: SignedNote) -> bool:
    text = note.text.encode()
    if key.kind == PLAIN:
        return verify_ed25519(key.public, signature, text)
    if key.kind == COSIGNATURE:
        return verify_ed25519(key.public, signature, f"cosignature/v1\ntime {time}\n".encode() + text)
    origin, size, root = note.text.split("\n")[:3]
    if len(origin.encode()) > 255 or len(key.name.encode()) > 255:
        raise Failure("note.checkpoint", "a checkpoint that cannot be cosigned")
    message = b"subtree/v1\n\0"
    message += bytes([len(key.name.encode())]) + key.name.encode() + time.to_bytes(8, "big")
    message += bytes([len(origin.encode())]) + origin.encode()
    message += bytes(8) + int(size).to_bytes(8, "big") + read_base64(root)
    try:
        MLDSA44PublicKey.from_public_bytes(key.public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True)
class Trust:
    """A policy: keys of logs, keys of witnesses by name, groups by name, and the quorum (R5.6)."""

    logs: tuple[Key, ...]
    witnesses: dict[bytes, Key]
    groups: dict[bytes, tuple[int, tuple[bytes, ...]]]
    quorum: bytes

    def verify(self, note: SignedNote, origin: str) -> list[tuple[Key, int]]:
        """Return the signatures by keys of the policy, the log's own and a quorum among them (R5.7)."""
        signed = self.verify_log(note, origin)
        if not self._has_quorum(signed):
            raise Failure("policy.quorum", "too few witnesses cosigned")
        return signed

    def verify_log(self, note: SignedNote, origin: str) -> list[tuple[Key, int]]:
        """Return the signatures by keys of the policy, the log's own among them (R7.3)."""
        known = {(key.name, key.key_id): key for key in (*self.logs, *self.witnesses.values())}
        signed = []
        for line in note.lines:
            key = known.get((line.name, line.key_id))
            if key is not None:
                signed.append((key, verify_line(key, line, note)))
        keys = {key for key, _ in signed}
        if not keys:
            raise Failure("note.unsigned", "signed by no key of the policy")
        if not any(key in keys and key.name == origin for key in self.logs):
            raise Failure("policy.log", f"not signed by the log {origin}")
        return signed

    def find_times(self, signed: list[tuple[Key, int]]) -> tuple[bool, list[tuple[Key, int]]]:
        """Return whether a quorum of witnesses gives the times, and they or the log alone with them (R7.9)."""
        witnesses = set(self.witnesses.values())
        told = [(key, time) for key, time in signed if time and key in witnesses]
        if told and self._has_quorum(signed):
            return True, told
        return False, [(key, time) for key, time in signed if time and key in self.logs]

    def _has_quorum(self, signed: list[tuple[Key, int]]) -> bool:
        return self.quorum == b"none" or self._is_met(self.quorum, {key for key, _ in signed})

    def _is_met(self, name: bytes, keys: Iterable[Key]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name] in keys
        needed, members = self.groups[name]
        return sum(self._is_met(member, keys) for member in members) >= needed


def read_policy(data: bytes) -> Trust:
    """Return the policy of a file (R5.6)."""
    if len(data) > LARGEST:
        raise Failure("policy.too-large", "a policy of more than 1 MiB")
    if any((one < 32 and one not in b"\t\n") or one == 127 for one in data):
        raise Failure("policy.control", "a policy with a control character")
    logs: list[Key] = []
    witnesses: dict[bytes, Key] = {}
    groups: dict[bytes, tuple[int, tuple[bytes, ...]]] = {}
    quorums: list[bytes] = []
    for row in data.split(b"\n"):
        items = [item for item in re.split(rb"[ \t]+", row) if item]
        match items:
            case []:
                continue
            case [first, *_] if first.startswith(b"#"):
                continue
            case [b"log", vkey] | [b"log", vkey, _]:
                logs.append(_read_new_key(vkey, {PLAIN, MLDSA}, logs))
            case [b"witness", name, vkey] | [b"witness", name, vkey, _]:
                _check_new(name, witnesses, groups)
                witnesses[name] = _read_new_key(vkey, {COSIGNATURE, MLDSA}, witnesses.values())
            case [b"group", name, count, *members] if members:
                _check_new(name, witnesses, groups)
                groups[name] = _read_group(count, members, witnesses, groups)
            case [b"quorum", name] if not quorums:
                quorums.append(_check_known(name, {b"none", *witnesses, *groups}))
            case _:
                raise Failure("policy.line", "a line that says nothing a policy can say")
    most = max(len(logs), len(witnesses), len(groups))
    for wrong, code in (
        (most > MOST_OF_EACH, "policy.too-many"),
        (not logs, "policy.log"),
        (not quorums, "policy.quorum"),
    ):
        if wrong:
            raise Failure(code, "a policy that names no log, no quorum, or too many of one kind")
    return Trust(tuple(logs), witnesses, groups, quorums[0])


def _read_new_key(vkey: bytes, kinds: set[int], others: Iterable[Key]) -> Key:
    key = read_key(vkey)
    if key.kind not in kinds:
        raise Failure("policy.key", "a key of a type that does not sign as this one would")
    if any(other.public == key.public for other in others):
        raise Failure("policy.duplicate", "a public key that stands in the policy twice")
    return key


def _check_new(name: bytes, witnesses: Iterable[bytes], groups: Iterable[bytes]) -> None:
    if name == b"none" or name in witnesses or name in groups:
        raise Failure("policy.name", "a name that is taken")


def _check_known(name: bytes, known: set[bytes]) -> bytes:
    if name not in known:
        raise Failure("policy.name", "a quorum that is not defined above")
    return name


def _read_group(
    count: bytes,
    members: list[bytes],
    witnesses: dict[bytes, Key],
    groups: dict[bytes, tuple[int, tuple[bytes, ...]]],
) -> tuple[int, tuple[bytes, ...]]:
    taken = [member for _, others in groups.values() for member in others]
    for member in members:
        if member in taken or (member not in witnesses and member not in groups):
            raise Failure("policy.name", "a member that is not defined above, or is in a group already")
        taken.append(member)
    if count in {b"any", b"all"}:
        return (1 if count == b"any" else len(members)), tuple(members)
    if not re.fullmatch(rb"[1-9][0-9]{0,2}", count) or int(count) > len(members):
        raise Failure("policy.threshold", "a group that needs a number it has not")
    return int(count), tuple(members)
