"""What a published standard holds beside its demands: named results, figures, and what no record can decide.

A named result is what the standard says of several of its demands together, such as a statutory safe harbour. A figure
is measured and shown, and never gates anything. What cannot be decided from a record is said, with who must judge it.
"""

from typing import Literal, TypeAlias

from msgspec import Struct

from alteram.core.acts.catalogue import Role

#: How a source was found: F its text, S a secondary source, G general knowledge.
SourceStatus: TypeAlias = Literal["F", "S", "G"]
#: What a figure counts: days from the start of a matter to its outcome, the length of its investigation in days, the
#: part of the pack's demands that were not met as per cent of the benchmark, or how many members the roll has.
MetricKind: TypeAlias = Literal["days-to-outcome", "days-of-investigation", "compliance-share", "members"]


class NamedResult(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A result of its own name: met when every demand it needs is met or was ruled to be."""

    id: str
    title: str
    needs: tuple[str, ...]
    """The identifiers of demands of the same pack."""
    source: str
    status: SourceStatus
    clause: str = ""
    covers: tuple[str, ...] = ()


class Metric(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure with the benchmark that its source gives; it tells, and gates nothing."""

    id: str
    title: str
    kind: MetricKind
    benchmark: int
    source: str
    status: SourceStatus
    clause: str = ""
    covers: tuple[str, ...] = ()


class RecordingRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the law of a place asks of whoever records a conversation: that one party agrees, or all do.

    It is shown beside each speaker's consent, and cited by rulings; it gates nothing.
    """

    id: str
    title: str
    consent: Literal["one-party", "all-parties"]
    clause: str
    """The clause of the pack that says it."""
    source: str
    status: SourceStatus


class Undecidable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What no machine can decide from a record, why not, and who must rule on it."""

    what: str
    why: str
    by: tuple[Role, ...]
