"""Leaves of the log: a hidden entry, which says nothing, or a public statement.

    0x01 || C           a commitment to an entry (or 32 random bytes: a decoy nobody can tell from one)
    0x03 || JSON        a public statement, such as the record key

C = SHA-256("alteram/entry-commitment/v1" padded with NUL to 32 bytes || r || JWT), r being 32 random bytes.
"""

from hashlib import sha256

from alteram.core.kernel.canonical import Json, encode_canonical, parse_canonical
from alteram.core.kernel.errors import MalformedError
from alteram.core.vault.errors import VaultError

HIDDEN = b"\x01"
PUBLIC = b"\x03"
BLINDING_SIZE = 32
MAX_STATEMENT = 65_534
_PREFIX = b"alteram/entry-commitment/v1".ljust(32, b"\x00")


def build_entry_leaf(jwt: str, blinding: bytes) -> bytes:
    """Return the leaf data that commits to an entry's JWT under 32 random bytes."""
    if len(blinding) != BLINDING_SIZE:
        raise VaultError("leaf.blinding", "The blinding is 32 bytes.")
    return HIDDEN + sha256(_PREFIX + blinding + jwt.encode("ascii")).digest()


def build_decoy_leaf(random: bytes) -> bytes:
    """Return the leaf data of a decoy from 32 random bytes."""
    if len(random) != BLINDING_SIZE:
        raise VaultError("leaf.blinding", "A decoy is 32 random bytes.")
    return HIDDEN + random


def build_statement_leaf(statement: Json) -> bytes:
    """Return the leaf data of a public statement."""
    data = encode_canonical(statement)
    if len(data) > MAX_STATEMENT:
        raise VaultError("leaf.too-large", "A public statement is at most 65,534 bytes.")
    return PUBLIC + data


def parse_statement_leaf(leaf: bytes) -> dict[str, Json]:
    """Return the public statement in leaf data. Raises: VaultError when it is none, or not in its one spelling."""
    if leaf[:1] != PUBLIC:
        raise VaultError("leaf.kind", "The leaf is not a public statement.")
    try:
        value = parse_canonical(leaf[1:], max_size=MAX_STATEMENT)
    except MalformedError as error:
        raise VaultError("leaf.form", f"A public statement is malformed: {error.problem}") from error
    if not isinstance(value, dict) or not isinstance(value.get("statement"), str):
        raise VaultError("leaf.form", "A public statement says what it states.")
    return value
