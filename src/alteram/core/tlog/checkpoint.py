"""Checkpoints (C2SP tlog-checkpoint): origin, size, root; the signed head of a log.

>>> encode_checkpoint(Checkpoint("example.org/log", 0, EMPTY_ROOT)).splitlines()[:2]
['example.org/log', '0']
"""

import re
from dataclasses import dataclass

from alteram.core.tlog.errors import NoteError
from alteram.core.tlog.keys import check_name, decode_base64, encode_base64
from alteram.core.tlog.merkle import EMPTY_ROOT, HASH_SIZE
from alteram.core.tlog.note import Note

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: its origin, how many leaves, and the root over them. `extensions` are further text lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def encode_checkpoint(checkpoint: Checkpoint) -> str:
    """Return the text that is signed."""
    lines = (checkpoint.origin, str(checkpoint.size), encode_base64(checkpoint.root), *checkpoint.extensions)
    return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint that a note's text spells. Raises: NoteError for any other spelling."""
    checkpoint = parse_checkpoint_any_empty_root(text)
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise NoteError("checkpoint.root", "An empty log has another root.")
    return checkpoint


def parse_checkpoint_any_empty_root(text: str) -> Checkpoint:
    """Return the checkpoint, not checking that size 0 has the empty root: a witness has a code of its own for that.

    Raises: NoteError for any other spelling.
    """
    lines = text.removesuffix("\n").split("\n")
    if not text.endswith("\n") or len(lines) < 3 or not all(lines):
        raise NoteError("checkpoint.form", "A checkpoint is an origin, a size and a root, a line each.")
    origin, size, root, *extensions = lines
    if not _SIZE.fullmatch(size) or int(size) > 2**63 - 1:
        raise NoteError("checkpoint.size", "The size is not a plain decimal number.")
    digest = decode_base64(root)
    if len(digest) != HASH_SIZE:
        raise NoteError("checkpoint.root", "The root is not 32 bytes.")
    return Checkpoint(check_name(origin), int(size), digest, tuple(extensions))


def supersedes(new: Note, published: Note | None) -> bool:
    """Return whether `new` may take the place of the checkpoint `published`: a larger log, or more signatures on it.

    Raises: NoteError when the two are different heads of a log of one size.
    """
    if published is None:
        return True
    fresh, old = parse_checkpoint(new.text), parse_checkpoint(published.text)
    if fresh.size == old.size and new.text != published.text:
        raise NoteError("checkpoint.fork", "Another checkpoint of the same size is published.")
    return fresh.size > old.size or (fresh.size == old.size and len(new.lines) >= len(published.lines))


def merge_signatures(kept: Note | None, new: Note) -> Note:
    """Return a checkpoint with the signatures of both notes; where one key signed both, with the line of `kept`.

    A key that signs again gives a later time, and the earlier one bounds the entries better. Raises: NoteError when the
    two are different heads of a log of one size.
    """
    if kept is None:
        return new
    if kept.text != new.text:
        raise NoteError("checkpoint.fork", "Another checkpoint of the same size is kept.")
    known = {(line.name, line.key_id) for line in kept.lines}
    return Note(kept.text, kept.lines + tuple(line for line in new.lines if (line.name, line.key_id) not in known))
