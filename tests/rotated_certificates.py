"""The certificate of `tests.certificates` under an organisation that rotated its record key, and what others signed."""

from collections.abc import Sequence
from functools import cache

from alteram.core.acts import RecordKeyRotated
from alteram.core.kernel.identifiers import StreamId
from alteram.core.rules import encode_rulebook
from alteram.core.vault import Disclosure, RecordKey, encode_base64url
from tests.certificates import RULEBOOK, STREAM, Scene, assemble, begin_log, play_log
from tests.exports import ED25519_ONLY, MATTER, RECORD_KEY, SIGNING, Log, Part, seed_of

#: The key that replaces the record key in the rotated scene, and one that the log publishes and nobody rotates to.
NEXT_KEY = RecordKey.from_seed("record-2", seed_of("the next record key"))
STAGED_KEY = RecordKey.from_seed("record-3", seed_of("a record key that never came"))


class _RotatingLog(Log):
    """A log whose entries are signed by whichever record key is in force."""

    in_force = RECORD_KEY

    def append_disclosures(
        self, stream: StreamId, seq: int, disclosures: Sequence[Disclosure], record_key: RecordKey = RECORD_KEY
    ) -> int:
        del record_key
        return super().append_disclosures(stream, seq, disclosures, self.in_force)


@cache
def _play_rotated() -> tuple[Log, dict[RecordKey, int]]:
    """Return the log in which the record key was rotated before the matter, and where it published each key."""
    log = _RotatingLog()
    begin_log(log)
    published = {RECORD_KEY: 0, NEXT_KEY: log.publish(NEXT_KEY), STAGED_KEY: log.publish(STAGED_KEY)}
    before, after = encode_base64url(RECORD_KEY.public), encode_base64url(NEXT_KEY.public)
    log.perform(STREAM, RecordKeyRotated(public_key=after, replaces=before), "secretary")
    log.in_force = NEXT_KEY
    play_log(log)
    return log, published


def build_rotated_export(without: frozenset[tuple[str, int]]) -> bytes:
    """Return the export of the rotated scene without some of its entries."""
    token = SIGNING.set(ED25519_ONLY)
    try:
        log, _ = _play_rotated()
        streams = ("organisation", MATTER)
        rulebooks = (encode_rulebook(RULEBOOK),)
        return Part(log, log.checkpoint(), streams=streams, without=without, rulebooks=rulebooks, packs=()).write()
    finally:
        SIGNING.reset(token)


@cache
def build_rotated() -> tuple[Scene, dict[str, bytes]]:
    """Return the same matter under an organisation that rotated its record key before it, and what others signed."""
    token = SIGNING.set(ED25519_ONLY)
    try:
        log, published = _play_rotated()
        scenes = {one.kid: assemble(log, one, index) for one, index in published.items()}
    finally:
        SIGNING.reset(token)
    others = {
        "rotated-signed-by-the-key-replaced": scenes[RECORD_KEY.kid].data,
        "rotated-signed-by-a-key-never-in-force": scenes[STAGED_KEY.kid].data,
    }
    return scenes[NEXT_KEY.kid], others
