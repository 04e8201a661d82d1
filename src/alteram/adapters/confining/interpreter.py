"""What our own interpreter needs to be shown and told, to run a module of ours where it is confined."""

import sys
from functools import cache
from pathlib import Path

import alteram


def run_module(module: str, *arguments: str) -> tuple[str, ...]:
    """Return the command that runs a module; it writes nothing beside itself and takes nothing of a user's own."""
    return (sys.executable, "-s", "-P", "-B", "-m", module, *arguments)


def find_settings() -> dict[str, str]:
    """Return what our interpreter must be told to find this package where it runs confined."""
    return {"PYTHONPATH": str(_find_package().parent)}


@cache
def find_interpreter() -> tuple[Path, ...]:
    """Return the folders in which this interpreter, its libraries and this package stand; nothing else of the path."""
    wanted = (sys.prefix, sys.base_prefix, sys.exec_prefix)
    return tuple(dict.fromkeys([*(Path(one).resolve() for one in wanted), Path(sys.prefix), _find_package()]))


def _find_package() -> Path:
    return Path(alteram.__file__).resolve().parent
