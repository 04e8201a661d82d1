"""The rulebook and what is done with it: rule on acts (`decide`), `assess` a record, say what would cure it."""

from alteram.core.rules.assess import NOTHING_YET, Assessed, Assessment, assess, examine
from alteram.core.rules.curing.planning import plan_cures
from alteram.core.rules.curing.plans import CurePlan, Cures
from alteram.core.rules.decide import decide
from alteram.core.rules.findings import Cure, Finding, Result
from alteram.core.rules.rulebook import (
    Demand,
    Pack,
    Rulebook,
    build_digest,
    encode_rulebook,
    parse_canonical_pack,
    parse_canonical_rulebook,
)

__all__ = [
    "NOTHING_YET",
    "Assessed",
    "Assessment",
    "Cure",
    "CurePlan",
    "Cures",
    "Demand",
    "Finding",
    "Pack",
    "Result",
    "Rulebook",
    "assess",
    "build_digest",
    "decide",
    "encode_rulebook",
    "examine",
    "parse_canonical_pack",
    "parse_canonical_rulebook",
    "plan_cures",
]
