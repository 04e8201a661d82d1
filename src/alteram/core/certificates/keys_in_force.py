"""Whether the record key that signed a certificate was the one in force, as far as an export shows (spec C4.11).

Every entry is signed by the key in force before it, so an entry that is no rotation tells which key that is; a rotation
tells which comes next. What the export withholds tells nothing.
"""

from collections.abc import Mapping
from typing import Final

from alteram.core.acts import RecordKeyRotated, get_spec
from alteram.core.kernel.canonical import Json
from alteram.core.record.archive import Archive
from alteram.core.record.errors import RecordError
from alteram.core.record.verification import VerifiedEntry
from alteram.core.vault import encode_base64url, parse_statement_leaf

_ROTATED: Final = get_spec(RecordKeyRotated).tag


def find_published_keys(archive: Archive) -> dict[str, str]:
    """Return each record key that an export publishes, by its name. The export was verified before."""
    found: dict[str, str] = {}
    for name in archive.under("statements", ".leaf"):
        match parse_statement_leaf(archive.read(name)):
            case {"statement": "record-key", "kid": str() as kid, "key": str() as key}:
                found[kid] = key
            case _:
                continue
    return found


def check_key_in_force(
    key: bytes, entries: Mapping[int, VerifiedEntry], published: Mapping[str, str], last: int
) -> bool:
    """Return whether it is shown that `key` was in force after entry `last` of the organisation's stream.

    Raises: RecordError where it is shown that it was not.
    """
    signed_by = encode_base64url(key)
    in_force: str | None = None
    replaced: set[str | None] = set()
    for seq in range(last + 1):
        entry = entries.get(seq)
        if entry is None or "act" not in entry.claims:
            in_force = None
        elif entry.claims["act"] == _ROTATED:
            in_force, before = _read_rotation(entry.claims)
            replaced.add(before)
        elif in_force is None:
            in_force = published.get(entry.presentation.jwt.kid)
    if signed_by in replaced or (in_force is not None and in_force != signed_by):
        raise RecordError("certificate.key", "Another record key was in force when it was signed.", where="record_key")
    return in_force is not None


def _read_rotation(claims: Mapping[str, Json]) -> tuple[str | None, str | None]:
    """Return the key that comes next and the one it replaces, where they are shown."""
    after, before = claims.get("act.public_key"), claims.get("act.replaces")
    return after if isinstance(after, str) else None, before if isinstance(before, str) else None
