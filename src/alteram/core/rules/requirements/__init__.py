"""The library of requirements. Importing this package enters them all; each module below is one requirement."""

from alteram.core.rules.requirements import notice_period, separate_hands
from alteram.core.rules.requirements.library import (
    Parameters,
    Requirement,
    UnknownRequirementError,
    all_requirements,
    get_requirement,
    parse_parameters,
    requirement,
)

__all__ = [
    "Parameters",
    "Requirement",
    "UnknownRequirementError",
    "all_requirements",
    "get_requirement",
    "notice_period",
    "parse_parameters",
    "requirement",
    "separate_hands",
]
