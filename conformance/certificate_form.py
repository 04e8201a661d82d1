"""What a certificate holds, member by member (certificate section 2), checked before anything in it is used."""

import re
from collections.abc import Callable
from typing import Any

from conformance.failure import Failure
from conformance.spelling import is_whole

LARGEST_SEQ = 99_999_999
MOST_HASHES = 63
HASH = re.compile(r"[A-Za-z0-9_-]{43}")
DIGEST = re.compile(r"[0-9a-f]{64}")
GUARANTEES = [
    *("notice", "disclosure", "response", "hearing", "impartiality", "open-mind", "evidence", "reasons"),
    *("proportionality", "timeliness", "accompaniment", "confidentiality", "welfare", "appeal", "authority", "record"),
]
ORDER = ["UNKNOWN", "FAIL", "RULED", "PASS"]
Check = Callable[[Any], bool]


def is_text(value: Any) -> bool:
    """Return whether it is a string."""
    return isinstance(value, str)


def is_truth(value: Any) -> bool:
    """Return whether it is true or false."""
    return isinstance(value, bool)


def is_seq(value: Any) -> bool:
    """Return whether it is the number of an entry."""
    return is_whole(value) and value <= LARGEST_SEQ


def is_count(value: Any) -> bool:
    """Return whether it is a number of entries."""
    return is_whole(value) and value <= LARGEST_SEQ + 1


def _spelt(pattern: re.Pattern[str]) -> Check:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _among(words: list[str]) -> Check:
    return lambda value: isinstance(value, str) and value in words


def _list_of(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(check(one) for one in value)


def _object(**members: Check) -> Check:
    return lambda value: (
        isinstance(value, dict)
        and value.keys() == members.keys()
        and all(check(value[name]) for name, check in members.items())
    )


is_hash, is_digest = _spelt(HASH), _spelt(DIGEST)


def is_path(value: Any) -> bool:
    """Return whether it is a list of at most 63 hashes."""
    return _list_of(is_hash)(value) and len(value) <= MOST_HASHES


_PLACED = _object(seq=is_seq, index=is_whole, leaf=is_hash, path=is_path)
_RESULT = {
    "by": is_digest,
    "clause": is_text,
    "elsewhere": is_truth,
    "entries": _list_of(is_seq),
    "id": is_text,
    "result": _among(ORDER),
    "signed": is_count,
    "source": is_text,
    "status": _among(["F", "S", "G"]),
    "title": is_text,
    "uncontradicted": is_truth,
}
_MATTER = _object(alleged=_list_of(is_seq), asserted=is_count, destroyed=is_count, entries=is_count, signed=is_count)
_RULES = _object(
    as_of=is_text,
    digest=is_digest,
    id=is_text,
    kind=_among(["rulebook", "built-on", "pack"]),
    text=is_text,
    title=is_text,
    version=is_text,
)
_MEMBERS: dict[str, Check] = {
    "as_of": is_text,
    "checkpoint": is_text,
    "checkpoints": _list_of(_object(consistency=is_path, note=is_text)),
    "departures": _list_of(_object(entry=is_seq, requirement=is_text)),
    "entries": _list_of(_PLACED),
    "format": is_text,
    "matter": _MATTER,
    "organisation": is_text,
    "organisation_entry": _PLACED,
    "policy": is_text,
    "record_key": _object(index=is_whole, path=is_path, statement=is_text),
    "requirements": _list_of(_object(**_RESULT, guarantee=_among(GUARANTEES), pack=is_text)),
    "results": _list_of(_object(**_RESULT)),
    "rules": _list_of(_RULES),
    "witnesses": _list_of(_object(independent=is_truth, name=is_text)),
}


def check_members(certificate: Any) -> None:
    """Check that every member is there, of its form, and none besides (C2.1). Raises: Failure naming it."""
    if not isinstance(certificate, dict):
        raise Failure("certificate.form", "not a certificate")
    for name in sorted(certificate.keys() ^ _MEMBERS.keys()):
        raise Failure("certificate.form", "a member that is missing, or one too many", name)
    for name, check in _MEMBERS.items():
        if not check(certificate[name]):
            raise Failure("certificate.form", "a malformed member", name)
