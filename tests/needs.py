"""What a test needs beyond Python: told once, so that the runner can say what could not run and what provides it."""

import os
import shutil
from pathlib import Path

import pytest

VECTORS = Path(__file__).resolve().parents[2] / "shared" / "vectors"


def need_program(name: str, *, provided_by: str, also: str = "") -> str:
    """Return the path of a program, else skip (or fail where everything is required)."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:{also}")
    if found is None:
        cannot_run(f"{name} is missing", provided_by)
    return str(found)


def need_vectors(folder: str) -> Path:
    """Return a folder of the public test vectors kept beside the repository, else skip.

    They are told as missing but never required: no package brings them, so a clean checkout cannot have them.
    """
    path = VECTORS / folder
    if not path.is_dir():
        pytest.skip("cannot run: the public test vectors are not beside this repository; put them in ../shared/vectors")
    return path


def cannot_run(why: str, provided_by: str) -> None:
    """Skip with a reason the runner collects; fail where ALTERAM_REQUIRE_ALL is set."""
    reason = f"cannot run: {why}; {provided_by}"
    if os.environ.get("ALTERAM_REQUIRE_ALL"):
        pytest.fail(reason)
    pytest.skip(reason)
