"""Whether an export shows that a record key was in force: clause C4.11 of docs/spec/certificate.md."""

from conformance.container import Container
from conformance.disclosures import read_disclosed
from conformance.failure import Failure
from conformance.spelling import write_base64url

ROTATED = "record-key.rotated/1"


def check_key_in_force(public: bytes, container: Container, published: dict[str, bytes], last: int) -> bool:
    """Return whether it is shown that a key was in force after entry `last` of the organisation's stream.

    Raises: Failure where it is shown that it was not.
    """
    signed_by = write_base64url(public)
    known: str | None = None
    replaced: set[str] = set()
    for seq in range(last + 1):
        name = f"streams/organisation/{seq:08d}.sd-jwt"
        entry = read_disclosed(container.read(name)) if name in container else None
        if entry is None or "act" not in entry.claims:
            known = None
        elif entry.claims["act"] == ROTATED:
            following, before = (entry.claims.get(name) for name in ("act.public_key", "act.replaces"))
            known = following if isinstance(following, str) else None
            replaced |= {before} if isinstance(before, str) else set()
        elif known is None:
            known = write_base64url(published[entry.kid])
    if signed_by in replaced or known not in {None, signed_by}:
        raise Failure("certificate.key", "another record key was in force when it was signed", "record_key")
    return known is not None
