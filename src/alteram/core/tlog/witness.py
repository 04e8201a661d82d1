"""The witness protocol (C2SP tlog-witness) without its transport: requests, their checks in order, and answers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alteram.core.tlog.checkpoint import Checkpoint, parse_checkpoint_any_empty_root
from alteram.core.tlog.errors import NoteError, ProofError, TlogError
from alteram.core.tlog.keys import SignerKey, VerifierKey, decode_base64, encode_base64
from alteram.core.tlog.merkle import EMPTY_ROOT, verify_consistency
from alteram.core.tlog.note import Note, SignatureLine, parse_note_unverified, parse_signature_line, verify_note

MAX_REQUEST = 16 * 1024
SIZE_TYPE = "text/x.tlog.size"
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request to cosign: the size the log believes the witness last saw, a consistency proof, the new checkpoint."""

    old_size: int
    proof: tuple[bytes, ...]
    note: Note

    def encode(self) -> bytes:
        """Return the body of the request."""
        head = "".join(f"{line}\n" for line in (f"old {self.old_size}", *map(encode_base64, self.proof)))
        return (head + "\n" + self.note.encode()).encode()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers. `keep` is the cosigned checkpoint to persist before answering, where there is one."""

    status: int
    body: str = ""
    content_type: str = "text/plain; charset=utf-8"
    keep: Note | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """A request that a trusted log signed. `own` is its note with only the lines that were verified."""

    request: AddCheckpoint
    checkpoint: Checkpoint
    own: Note


def parse_add_checkpoint(data: bytes) -> AddCheckpoint:
    """Return the request in `data`. Raises: TlogError when malformed or larger than 16 KiB."""
    if len(data) > MAX_REQUEST:
        raise NoteError("witness.too-large", "The request is larger than 16 KiB.")
    head, separator, note = data.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    old = _OLD.fullmatch(lines[0])
    if not separator or old is None or len(lines) > 64:
        raise NoteError("witness.form", "A request is an old size, at most 63 hashes, an empty line and a checkpoint.")
    return AddCheckpoint(int(old[1]), tuple(decode_base64(line) for line in lines[1:]), parse_note_unverified(note))


def check_add_checkpoint(data: bytes, logs: Mapping[str, Sequence[VerifierKey]]) -> Submission | Answer:
    """Return what `data` submits, or the answer that refuses it: the checks that need no memory of earlier requests.

    `logs` holds the keys trusted for each origin. A signature by one of them that does not verify refuses the whole.
    """
    try:
        request = parse_add_checkpoint(data)
        checkpoint = parse_checkpoint_any_empty_root(request.note.text)
    except TlogError:
        return Answer(400)
    keys = logs.get(checkpoint.origin)
    if not keys:
        return Answer(404)
    try:
        trusted = {(one.key.name, one.key.key_id) for one in verify_note(request.note, keys)}
    except NoteError:
        return Answer(403)
    if request.old_size > checkpoint.size:
        return Answer(400)
    lines = tuple(line for line in request.note.lines if (line.name, line.key_id) in trusted)
    return Submission(request, checkpoint, Note(request.note.text, lines))


def answer_submission(
    submission: Submission, *, last: Checkpoint | None, signers: Sequence[SignerKey], timestamp: int
) -> Answer:
    """Return the answer to a submission. `last` is what was cosigned last for its origin.

    The caller holds `last` still, persists `keep`, and only then sends the answer: between two requests that are both
    checked against the same `last` the second would roll the first back (tlog-witness, add-checkpoint).
    """
    checkpoint, own = submission.checkpoint, submission.own
    before = last or Checkpoint(checkpoint.origin, 0, EMPTY_ROOT)
    if submission.request.old_size != before.size:
        return Answer(409, f"{before.size}\n", SIZE_TYPE)
    if not _consistent(before, checkpoint, submission.request.proof):
        return Answer(422)
    text = own.text.encode()
    lines = tuple(SignatureLine(one.name, one.verifier.key_id, one.sign(text, timestamp)) for one in signers)
    return Answer(200, "".join(line.encode() for line in lines), keep=Note(own.text, own.lines + lines))


def _consistent(last: Checkpoint, new: Checkpoint, proof: tuple[bytes, ...]) -> bool:
    if new.size == 0 and new.root != EMPTY_ROOT:
        return False
    if last.size == 0:
        return not proof
    try:
        verify_consistency(size1=last.size, root1=last.root, size2=new.size, root2=new.root, proof=proof)
    except ProofError:
        return False
    return True


def read_answer(status: int, body: bytes, note: Note, witness: VerifierKey) -> SignatureLine | int:
    """Return the witness's verified line, or the size it last saw when it answers 409 with one.

    Lines by other keys are ignored. Raises: NoteError for every other answer; the caller does not try again.
    """
    text = body.decode("utf-8", "replace")
    if status == 409 and re.fullmatch(r"(0|[1-9][0-9]{0,18})\n", text):
        return int(text)
    if status != 200:
        raise NoteError("witness.answer", f"The witness {witness.name} answered {status}.")
    for parsed in [parse_signature_line(line) for line in text.removesuffix("\n").split("\n")]:
        if (parsed.name, parsed.key_id) == (witness.name, witness.key_id):
            if witness.verify(note.text.encode(), parsed.signature) == 0:
                # tlog-cosignature: without a time it does not say that this is the newest the witness has seen.
                raise NoteError("witness.time", f"The witness {witness.name} signed without a time.")
            return parsed
    raise NoteError("witness.missing", f"The answer holds no signature by {witness.name}.")
