"""What each verifier says of a file. Anything but its own error coming out of one fails the test that asks."""

from dataclasses import dataclass
from io import BytesIO

from alteram.core.record import RecordError, verify_export
from alteram.core.tlog import PolicyError, parse_policy
from conformance.failure import Failure
from conformance.verify_export import verify


@dataclass(frozen=True)
class Verdict:
    """Accepted, or refused with a code and the member it names."""

    accepted: bool
    code: str = ""
    where: str = ""


def ask_first(export: bytes, policy: bytes | None = None) -> Verdict:
    try:
        verify_export(BytesIO(export), None if policy is None else parse_policy(policy))
    except (RecordError, PolicyError) as error:
        return Verdict(False, error.code, getattr(error, "where", ""))
    return Verdict(True)


def ask_second(export: bytes, policy: bytes | None = None) -> Verdict:
    try:
        verify(export, policy)
    except Failure as failure:
        return Verdict(False, failure.code, failure.where)
    return Verdict(True)


def ask_both(export: bytes, policy: bytes | None = None) -> tuple[Verdict, Verdict]:
    """Return both verdicts, which must be the same in what matters: whether the file is accepted."""
    first, second = ask_first(export, policy), ask_second(export, policy)
    assert first.accepted == second.accepted, (first, second)
    return first, second
