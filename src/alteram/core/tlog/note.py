"""Signed notes (C2SP signed-note): text, then one line for each signature.

Unknown keys are ignored; a known key whose signature fails rejects the whole note; a note that nobody known signed is
rejected. Text may hold empty lines: the signatures follow the last one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from alteram.core.tlog.errors import NoteError
from alteram.core.tlog.keys import SignerKey, VerifierKey, check_name, decode_base64, encode_base64

MAX_NOTE = 1 << 20
MAX_SIGNATURES = 64
_DASH = "\u2014"
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature as it stands: the signer's name, four bytes of key ID, and the signature."""

    name: str
    key_id: bytes
    signature: bytes

    def encode(self) -> str:
        """Return the line with its newline."""
        return f"{_DASH} {self.name} {encode_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it stands, signatures unverified. `text` ends in a newline and is what is signed."""

    text: str
    lines: tuple[SignatureLine, ...]

    def encode(self) -> str:
        """Return the whole note."""
        return self.text + "\n" + "".join(line.encode() for line in self.lines)


@dataclass(frozen=True, slots=True)
class VerifiedSignature:
    """A signature that verified: by which key, and when where the type says so (POSIX seconds, else 0)."""

    key: VerifierKey
    timestamp: int


def parse_note_unverified(data: bytes) -> Note:
    """Return the note that `data` spells, its signatures not verified. Raises: NoteError when malformed."""
    if len(data) > MAX_NOTE:
        raise NoteError("note.too-large", f"The note is larger than {MAX_NOTE} bytes.")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoteError("note.utf-8", "The note is not UTF-8.") from error
    if _CONTROL.search(whole):
        raise NoteError("note.control", "The note holds a control character.")
    text, separator, signatures = whole.rpartition("\n\n")
    if not separator or not signatures.endswith("\n") or not text:
        raise NoteError("note.form", "A note is text, an empty line and signature lines, each ending in a newline.")
    lines = signatures.removesuffix("\n").split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError("note.signatures", f"The note has more than {MAX_SIGNATURES} signatures.")
    parsed = tuple(parse_signature_line(line) for line in lines)
    if len({(line.name, line.key_id) for line in parsed}) != len(parsed):
        raise NoteError("note.duplicate", "One key signs the note twice.")
    return Note(text + "\n", parsed)


def parse_signature_line(line: str) -> SignatureLine:
    """Return one signature line, given without its newline. Raises: NoteError when malformed."""
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _DASH:
        raise NoteError("note.line", "A signature line is a dash, a name and base64.")
    data = decode_base64(parts[2])
    if len(data) < 5:
        raise NoteError("note.line", "A signature is too short.")
    return SignatureLine(check_name(parts[1]), data[:4], data[4:])


def verify_note(note: Note, keys: Iterable[VerifierKey]) -> tuple[VerifiedSignature, ...]:
    """Return the signatures on `note` by `keys`; at least one.

    Raises: NoteError when a signature by a known key does not verify, or no known key signed.
    """
    known = {(key.name, key.key_id): key for key in keys}
    text = note.text.encode()
    verified = []
    for line in note.lines:
        key = known.get((line.name, line.key_id))
        if key is not None:
            verified.append(VerifiedSignature(key, key.verify(text, line.signature)))
    if not verified:
        raise NoteError("note.unsigned", "No key that is trusted here signed the note.")
    return tuple(verified)


def sign_note(text: str, signers: Iterable[SignerKey], *, timestamp: int = 0) -> Note:
    """Return a note over `text`, which ends in a newline, signed by each signer."""
    if not text.endswith("\n") or "\n\n" in text[-2:]:
        raise NoteError("note.form", "The text of a note ends in exactly one newline.")
    data = text.encode()
    lines = tuple(
        SignatureLine(signer.name, signer.verifier.key_id, signer.sign(data, timestamp)) for signer in signers
    )
    return Note(text, lines)
