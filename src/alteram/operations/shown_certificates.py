"""A certificate as people are shown it: what is not known first, silence never as success, and who vouches for what."""

from dataclasses import dataclass
from datetime import UTC, datetime

from alteram.core.certificates import (
    Certificate,
    RequirementLine,
    ResultLine,
    Rules,
    VerifiedCertificate,
    verify_certificate,
)
from alteram.core.record.bounds import Bound


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line with what it is called when shown: a result, or `uncontradicted`; and the rules that demand it."""

    line: RequirementLine | ResultLine
    called: str
    rules: Rules
    guarantee: str = ""

    @property
    def is_from_pack(self) -> bool:
        """Return whether a pack chosen for the certificate demands it, and not the rulebook."""
        return self.rules.kind != "rulebook"


@dataclass(frozen=True, slots=True)
class ShownWitness:
    """Who signed beside the log; `is_known` where the policy inside the certificate names it and it verified."""

    name: str
    is_independent: bool
    is_known: bool


@dataclass(frozen=True, slots=True)
class ShownCertificate:
    """A certificate, verified with the policy inside it, as it is shown."""

    verified: VerifiedCertificate
    requirements: tuple[ShownLine, ...]
    results: tuple[ShownLine, ...]
    witnesses: tuple[ShownWitness, ...]
    signed_at: datetime | None
    recorded_by: datetime | None
    is_recorded_witnessed: bool

    @property
    def said(self) -> Certificate:
        """Return what the certificate says."""
        return self.verified.certificate

    @property
    def key(self) -> str:
        """Return the organisation's record key, in hexadecimal."""
        return self.verified.key.hex()

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """Return how many requirements are called what, in the order in which they are shown."""
        called = [one.called for one in self.requirements]
        return tuple((name, called.count(name)) for name in dict.fromkeys(called))


def show_certificate(data: bytes) -> ShownCertificate:
    """Return a certificate as it is shown. Raises: RecordError where it does not verify."""
    verified = verify_certificate(data)
    said = verified.certificate
    rules = {one.digest: one for one in said.rules}
    recorded = max(verified.recorded_by.values(), key=_at, default=None)
    return ShownCertificate(
        verified,
        tuple(ShownLine(one, _call(one), rules[one.by], one.guarantee) for one in said.requirements),
        tuple(ShownLine(one, _call(one), rules[one.by]) for one in said.results),
        tuple(ShownWitness(one.name, one.independent, one.name in verified.cosigned_by) for one in said.witnesses),
        _tell(verified.dated.first),
        _tell(recorded),
        recorded is not None and recorded.witnessed,
    )


def _call(one: RequirementLine | ResultLine) -> str:
    return "uncontradicted" if one.uncontradicted else one.result


def _at(bound: Bound) -> int:
    return bound.at


def _tell(bound: Bound | None) -> datetime | None:
    return None if bound is None else datetime.fromtimestamp(bound.at, UTC)
