"""Whom to trust (C2SP tlog-policy): logs, witnesses, groups of them, and the quorum a checkpoint must reach.

log <vkey> [url]
witness <name> <vkey> [url]
group <name> any|all|<k> <names...>
quorum <name>|none

Items stand apart by spaces or tabs, names are octets, no public key stands twice among the logs or the witnesses.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from alteram.core.tlog.errors import NoteError, PolicyError
from alteram.core.tlog.keys import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA44,
    ED25519,
    VerifierKey,
    parse_verifier_key,
)
from alteram.core.tlog.note import Note, VerifiedSignature, verify_note

MAX_POLICY = 1 << 20
MAX_OF_EACH = 256
_LOG_TYPES = frozenset({ED25519, COSIGNATURE_MLDSA44})
_WITNESS_TYPES = frozenset({COSIGNATURE_ED25519, COSIGNATURE_MLDSA44})
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_ITEMS = re.compile(r"[^ \t]+")
_COUNT = re.compile(r"[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class Named:
    """A log or witness: its name in the policy, its key, and where it is, if said."""

    name: str
    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A group that is met when `threshold` of its members are."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom a verifier trusts."""

    logs: tuple[Named, ...] = ()
    witnesses: tuple[Named, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = "none"

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        """Return every key of the policy."""
        return tuple(one.key for one in (*self.logs, *self.witnesses))


def parse_policy(data: bytes) -> Policy:
    """Return the policy that a file spells. Raises: PolicyError naming the line."""
    if len(data) > MAX_POLICY:
        raise PolicyError("policy.too-large", "The policy file is too large.")
    if _CONTROL.search(data):
        raise PolicyError("policy.control", "The policy file holds a control character other than tab and newline.")
    # Octets that are not UTF-8 are kept as they are: the format is one of octets, not of characters.
    text = data.decode("utf-8", "surrogateescape")
    reader = _Reader()
    for number, line in enumerate(text.split("\n"), 1):
        words = _ITEMS.findall(line)
        if words and not words[0].startswith("#"):
            try:
                reader.read(words)
            except (PolicyError, NoteError) as error:
                raise PolicyError(error.code, f"Line {number}: {error.problem}", remedy=error.remedy) from error
    return reader.policy()


class _Reader:
    def __init__(self) -> None:
        self._logs: list[Named] = []
        self._witnesses: list[Named] = []
        self._groups: list[Group] = []
        self._grouped: set[str] = set()
        self._quorum: str | None = None

    def read(self, words: list[str]) -> None:
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                key = self._key(vkey, _LOG_TYPES, self._logs)
                self._logs.append(Named(key.name, key, "".join(url)))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self._new(name)
                key = self._key(vkey, _WITNESS_TYPES, self._witnesses)
                self._witnesses.append(Named(name, key, "".join(url)))
            case ["group", name, count, *members] if members:
                self._new(name)
                self._groups.append(self._group(name, count, members))
            case ["quorum", name] if self._quorum is None:
                if name != "none" and name not in self._names():
                    raise PolicyError("policy.name", f"The quorum names {_show(name)}, which is not defined above.")
                self._quorum = name
            case _:
                raise PolicyError("policy.line", "Not a log, witness, group or quorum line, or a second quorum.")
        if max(len(self._logs), len(self._witnesses), len(self._groups)) > MAX_OF_EACH:
            raise PolicyError("policy.too-many", f"More than {MAX_OF_EACH} of one kind.")

    @staticmethod
    def _key(vkey: str, types: frozenset[int], others: Iterable[Named]) -> VerifierKey:
        key = parse_verifier_key(vkey)
        if key.type not in types:
            raise PolicyError("policy.key", "A key of this type signs nothing that a log, or a witness, signs.")
        if any(key.public == other.key.public for other in others):
            raise PolicyError("policy.duplicate", "This public key stands in the policy already.")
        return key

    def _group(self, name: str, count: str, members: list[str]) -> Group:
        for member in members:
            if member not in self._names() or member in self._grouped:
                raise PolicyError("policy.name", f"{_show(member)} is not defined above, or is in a group already.")
            self._grouped.add(member)
        threshold = {"any": 1, "all": len(members)}.get(count) or (int(count) if _COUNT.fullmatch(count) else 0)
        if not 1 <= threshold <= len(members):
            raise PolicyError("policy.threshold", "A group needs any, all, or a number of its members.")
        return Group(name, threshold, tuple(members))

    def _names(self) -> set[str]:
        return {one.name for one in self._witnesses} | {one.name for one in self._groups}

    def _new(self, name: str) -> None:
        if name in self._names() or name == "none":
            raise PolicyError("policy.name", f"The name {_show(name)} is taken.")

    def policy(self) -> Policy:
        if not self._logs:
            raise PolicyError("policy.log", "The policy names no log.", remedy="Add a line: log <vkey>.")
        if self._quorum is None:
            raise PolicyError("policy.quorum", "The policy names no quorum.", remedy="Add a line: quorum none.")
        return Policy(tuple(self._logs), tuple(self._witnesses), tuple(self._groups), self._quorum)


def encode_policy(policy: Policy) -> bytes:
    """Return a policy file."""
    lines = [f"log {one.key.encode()} {one.url}".rstrip() for one in policy.logs]
    lines += [f"witness {one.name} {one.key.encode()} {one.url}".rstrip() for one in policy.witnesses]
    lines += [f"group {one.name} {one.threshold} {' '.join(one.members)}" for one in policy.groups]
    return "".join(f"{line}\n" for line in [*lines, f"quorum {policy.quorum}"]).encode()


def verify_checkpoint_note(note: Note, policy: Policy, origin: str) -> tuple[VerifiedSignature, ...]:
    """Return the signatures on a checkpoint by keys of the policy: the log's own, and enough witnesses.

    Raises: NoteError or PolicyError.
    """
    signatures = verify_log_note(note, policy, origin)
    if not _reaches_quorum(signatures, policy):
        raise PolicyError("policy.quorum", f"Too few witnesses cosigned: the quorum {_show(policy.quorum)} is not met.")
    return signatures


def verify_log_note(note: Note, policy: Policy, origin: str) -> tuple[VerifiedSignature, ...]:
    """Return the signatures on a checkpoint by keys of the policy, the log's own among them; witnesses may be missing.

    Raises: NoteError or PolicyError.
    """
    signatures = verify_note(note, policy.keys)
    signed = {signature.key for signature in signatures}
    if not any(log.key in signed and log.key.name == origin for log in policy.logs):
        raise PolicyError("policy.log", f"The checkpoint is not signed by the log {origin}.")
    return signatures


def find_cosignatures(signatures: Iterable[VerifiedSignature], policy: Policy) -> tuple[VerifiedSignature, ...]:
    """Return those of witnesses, where they reach the policy's quorum; else none, for the log alone vouches then."""
    signatures = tuple(signatures)
    witnesses = {one.key for one in policy.witnesses}
    cosigned = tuple(one for one in signatures if one.key in witnesses)
    return cosigned if _reaches_quorum(signatures, policy) else ()


def is_witnessed(note: Note, policy: Policy) -> bool:
    """Return whether witnesses cosigned the checkpoint, enough of them for the policy.

    Raises: NoteError when a signature by a key of the policy does not verify.
    """
    witnesses = {(one.key.name, one.key.key_id) for one in policy.witnesses}
    if not any((line.name, line.key_id) in witnesses for line in note.lines):
        return False
    return bool(find_cosignatures(verify_note(note, policy.keys), policy))


def _reaches_quorum(signatures: Iterable[VerifiedSignature], policy: Policy) -> bool:
    return policy.quorum == "none" or _met(policy.quorum, policy, {one.key for one in signatures})


def _show(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode()


def _met(name: str, policy: Policy, signed: Iterable[VerifierKey]) -> bool:
    for witness in policy.witnesses:
        if witness.name == name:
            return witness.key in signed
    group = next(one for one in policy.groups if one.name == name)
    return sum(_met(member, policy, signed) for member in group.members) >= group.threshold
