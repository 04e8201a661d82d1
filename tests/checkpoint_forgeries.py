"""Older checkpoints of an export, each wrong in one way, most of them signed with the right keys; a few are right."""

import base64
from collections.abc import Callable
from dataclasses import replace

from alteram.core.tlog import (
    ED25519,
    EMPTY_ROOT,
    Checkpoint,
    Note,
    SignerKey,
    encode_checkpoint,
    parse_checkpoint,
    sign_note,
)
from tests.exports import ORIGIN, SIGNING, Log, build_export, build_part, members_of, pack, seed_of
from tests.forging import Forgery, Members, drop, with_members

OLDER = "checkpoints/0000000000000005"
STRANGER = SignerKey.from_seed(ORIGIN, ED25519, seed_of("stranger"))


def _with_older(sign: Callable[[Log], Note], size: int = 5) -> Callable[[], bytes]:
    """Put another note in the place of the checkpoint of a size; its proof stays."""
    return lambda: pack(
        members_of(build_export()) | {f"checkpoints/{size:016d}": sign(build_part().log).encode().encode()}
    )


def _with_proof(change: Callable[[bytes], bytes]) -> Callable[[Members], Members]:
    return lambda members: members | {f"{OLDER}.consistency": change(members[f"{OLDER}.consistency"])}


def _witnessed_by_nobody(log: Log) -> Note:
    return log.older(5, signers=SIGNING.get().witnesses)


def _cosigned_elsewhere(log: Log) -> Note:
    """The log's own signature is right; a witness's is that on another checkpoint."""
    return Note(log.older(5).text, log.older(5).lines[:1] + log.older(6).lines[1:])


def _of_another_head(**change: object) -> Callable[[Log], Note]:
    def sign(log: Log) -> Note:
        head = parse_checkpoint(log.older(5).text)
        signing = SIGNING.get()
        signers = (signing.log_keys[0], *signing.witnesses)
        changed: Checkpoint = replace(head, **change)  # type: ignore[arg-type]  # forged on purpose
        return sign_note(encode_checkpoint(changed), signers, timestamp=1_772_442_000)

    return sign


def _older_of_the_same_size() -> bytes:
    part = build_part()
    assert part.older is not None
    return replace(part, older=(*part.older, part.note)).write()


CHECKPOINT_FORGERIES: dict[str, Forgery] = {
    "older-checkpoints-removed": Forgery(
        with_members(lambda members: {name: data for name, data in members.items() if "checkpoints/" not in name}),
        None,
    ),
    "older-checkpoint-unsigned-by-log": Forgery(_with_older(_witnessed_by_nobody), "policy.log", OLDER),
    "older-checkpoint-signed-by-a-stranger": Forgery(
        _with_older(lambda log: log.older(5, signers=[STRANGER])), "note.unsigned", OLDER
    ),
    "older-checkpoint-cosigned-elsewhere": Forgery(_with_older(_cosigned_elsewhere), "note.signature", OLDER),
    "older-checkpoint-short-of-witnesses": Forgery(
        _with_older(lambda log: log.older(5, signers=[*SIGNING.get().log_keys, SIGNING.get().witnesses[0]])), None
    ),
    "older-checkpoint-without-time": Forgery(
        _with_older(lambda log: log.older(5, signers=SIGNING.get().log_keys[:1])), None
    ),
    "older-checkpoint-of-another-log": Forgery(
        _with_older(_of_another_head(origin="example.org/other")), "checkpoint.origin", OLDER
    ),
    "older-checkpoint-of-another-root": Forgery(
        _with_older(_of_another_head(root=bytes(32))), "proof.root", f"{OLDER}.consistency"
    ),
    "older-checkpoint-misnamed": Forgery(_with_older(_of_another_head(size=6)), "checkpoint.name", OLDER),
    "older-checkpoint-is-later": Forgery(
        with_members(
            lambda members: (
                members
                | {
                    "checkpoints/0000000000000010": _of_another_head(size=10)(build_part().log).encode().encode(),
                    "checkpoints/0000000000000010.consistency": b"",
                }
            )
        ),
        "proof.size",
        "checkpoints/0000000000000010.consistency",
    ),
    "older-checkpoint-is-empty": Forgery(
        with_members(
            lambda members: (
                members
                | {
                    "checkpoints/0000000000000000": _of_another_head(size=0, root=EMPTY_ROOT)(build_part().log)
                    .encode()
                    .encode(),
                    "checkpoints/0000000000000000.consistency": b"",
                }
            )
        ),
        "proof.size",
        "checkpoints/0000000000000000.consistency",
    ),
    "older-checkpoint-of-the-same-size": Forgery(_older_of_the_same_size, None),
    "consistency-altered": Forgery(
        with_members(_with_proof(lambda data: base64.b64encode(bytes(32)) + data[44:])),
        "proof.root",
        f"{OLDER}.consistency",
    ),
    "consistency-cut-short": Forgery(
        with_members(_with_proof(lambda data: data[45:])), "proof.too-short", f"{OLDER}.consistency"
    ),
    "consistency-with-more": Forgery(
        with_members(_with_proof(lambda data: data + data[:45])), "proof.too-long", f"{OLDER}.consistency"
    ),
    "consistency-without-line-end": Forgery(
        with_members(_with_proof(lambda data: data[:-1])), "proof.form", f"{OLDER}.consistency"
    ),
    "consistency-not-ascii": Forgery(
        with_members(_with_proof(lambda data: data + "é\n".encode())), "proof.form", f"{OLDER}.consistency"
    ),
    "consistency-of-short-hashes": Forgery(
        with_members(_with_proof(lambda _: base64.b64encode(bytes(31)) + b"\n")),
        "proof.hash-size",
        f"{OLDER}.consistency",
    ),
    "consistency-removed": Forgery(
        with_members(drop(f"{OLDER}.consistency")), "archive.missing", f"{OLDER}.consistency"
    ),
    "consistency-of-nothing": Forgery(with_members(drop(OLDER)), "archive.orphan", f"{OLDER}.consistency"),
}
