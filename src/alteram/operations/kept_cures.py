"""What would mend a matter, as JSON to be kept, and read again with all that a translation needs.

What each requirement comes to is not kept: it is told anew when a plan is read, as its reader may know it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from alteram.core.access.assessed import ToldFinding
from alteram.core.access.cured import ToldCure, ToldCures, ToldStep
from alteram.core.kernel.canonical import Json
from alteram.core.rules.curing.costs import Cost
from alteram.core.rules.findings import Result
from alteram.operations.kept_texts import decode_text, encode_text


@dataclass(frozen=True, slots=True)
class _Kept:
    """A plan as it is kept: its requirement by identifier, and the text of `incurable` with its places."""

    demand: str
    steps: tuple[ToldStep, ...]
    cost: Cost | None
    promised: Result | None
    is_lifted: bool
    until: datetime | None
    meeting: str
    is_least: bool
    rests_on_ruling: bool
    begins: tuple[str, ...]
    incurable: Any
    unruled: "_Kept | None"


@dataclass(frozen=True, slots=True)
class _KeptCures:
    now: datetime
    plans: tuple[_Kept, ...]
    together: tuple[ToldStep, ...]
    cost: Cost
    left: tuple[str, ...]
    is_history: bool
    is_least: bool


def encode_cures(cures: ToldCures) -> Json:
    """Return cures as JSON."""
    plans = tuple(map(_keep, cures.plans))
    kept = _KeptCures(
        cures.now, plans, cures.together, cures.cost, cures.left, cures.is_history, is_least=cures.is_least
    )
    told: Json = msgspec.to_builtins(kept)
    return told


def decode_cures(kept: Any, findings: Mapping[str, ToldFinding]) -> ToldCures:
    """Return cures that were kept, with what each requirement came to then. Raises: KeyError where one is not told."""
    read = msgspec.convert(kept, _KeptCures)
    plans = tuple(_tell(one, findings) for one in read.plans)
    return ToldCures(read.now, plans, read.together, read.cost, read.left, read.is_history, read.is_least)


def _keep(one: ToldCure) -> _Kept:
    return _Kept(
        one.told.demand.id,
        one.steps,
        one.cost,
        one.promised,
        one.is_lifted,
        one.until,
        one.meeting,
        one.is_least,
        one.rests_on_ruling,
        one.begins,
        encode_text(one.incurable),
        None if one.unruled is None else _keep(one.unruled),
    )


def _tell(kept: _Kept, findings: Mapping[str, ToldFinding]) -> ToldCure:
    return ToldCure(
        findings[kept.demand],
        kept.steps,
        kept.cost,
        kept.promised,
        kept.is_lifted,
        kept.until,
        kept.meeting,
        kept.is_least,
        kept.rests_on_ruling,
        kept.begins,
        decode_text(kept.incurable),
        None if kept.unruled is None else _tell(kept.unruled, findings),
    )
