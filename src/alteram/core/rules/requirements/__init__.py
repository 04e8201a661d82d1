"""The library of requirements. Importing this package enters them all: each module beside this one is one."""

from importlib import import_module
from pkgutil import iter_modules

from alteram.core.rules.requirements.library import (
    Parameters,
    Requirement,
    UnknownRequirementError,
    all_requirements,
    get_requirement,
    parse_parameters,
    requirement,
)

for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)

__all__ = [
    "Parameters",
    "Requirement",
    "UnknownRequirementError",
    "all_requirements",
    "get_requirement",
    "parse_parameters",
    "requirement",
]
