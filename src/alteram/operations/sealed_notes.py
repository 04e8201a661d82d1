"""What waits outside the record for long work to be done, sealed under its matter's key: with that gone it is nothing.

A job's row says who asked for what kind of work in which matter; words of a matter, such as what is to be blacked out,
are in a note beside it.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from alteram.core.kernel.canonical import Json, encode_canonical, parse_canonical
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.phrases import phrase
from alteram.core.vault import VaultError, unwrap_keys, wrap_keys
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StoreError

_NONCE: Final = bytes(12)
_KEY: Final = 32


def seal_note(organisation: Organisation, stream: StreamId, said: Json, *, label: bytes, key: bytes = b"") -> bytes:
    """Return what is said, sealed. It opens under the same label alone; `key`, of a file it goes with, is kept too."""
    entropy = organisation.ports.entropy
    own = entropy(_KEY)
    keys = (own, key) if key else (own,)
    wrapped = wrap_keys(keys, label, organisation.stream_key(stream), entropy)
    return len(wrapped).to_bytes(2, "big") + wrapped + AESGCM(own).encrypt(_NONCE, encode_canonical(said), label)


def open_note(organisation: Organisation, stream: StreamId, sealed: bytes, *, label: bytes) -> tuple[Json, bytes]:
    """Return what was sealed, and the key that was kept with it, if one was.

    Raises: StoreError where the matter's key is another by now, or the note was altered.
    """
    end = 2 + int.from_bytes(sealed[:2], "big")
    try:
        own, *keys = unwrap_keys(sealed[2:end], label, organisation.stream_key(stream))
        said = parse_canonical(AESGCM(own).decrypt(_NONCE, sealed[end:], label))
    except (InvalidTag, VaultError, ValueError) as error:
        raise StoreError(phrase("What waits here does not open under the matter's key.")) from error
    return said, keys[0] if keys else b""
