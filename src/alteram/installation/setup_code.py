"""The code that lets somebody found an organisation here: who can read it on this machine may.

It is kept in a file that only its owner can read, and replaced when it was used. Of many who use it at once, one does.
"""

import fcntl
import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings

from alteram.core.kernel.errors import AlteramError

#: Without letters and digits that are easily taken for one another.
_SIGNS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS, _LONG = 5, 4


class SetupCodeError(AlteramError):
    """This is not the setup code, or not any more."""


def find_code_file() -> Path:
    """Return where the code is kept."""
    places = settings.PLACES
    folder: Path = places.folder
    return folder / "setup.code"


def get_setup_code() -> str:
    """Return the code, making one where there is none."""
    path = find_code_file()
    if not path.exists():
        aside = _write_aside(path)
        try:
            os.link(aside, path)  # fails where another process was first
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    return path.read_text().strip()


def replace_setup_code() -> None:
    """Make another code; the one there was opens nothing any more."""
    path = find_code_file()
    _write_aside(path).replace(path)


@contextmanager
def use_setup_code(code: str) -> Iterator[None]:
    """Do what the code is for. Whoever uses it at the same time waits, and then finds it used. Raises: SetupCodeError.

    What fails leaves the code as it is, and so does a crash: it can be tried again.
    """
    folder = find_code_file().parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "setup.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go when it is closed, also by a crash
        if not is_setup_code(code):
            raise SetupCodeError("The setup code was used already.", remedy="Read the new one on the machine.")
        yield
        replace_setup_code()


def is_setup_code(text: str) -> bool:
    """Return whether this is the code, however it was written."""
    path = find_code_file()
    if not path.exists():
        return False
    return hmac.compare_digest(_strip(text).encode(), _strip(path.read_text()).encode())


def _write_aside(path: Path) -> Path:
    """Write another code into a file beside, which only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_name(f".setup.{secrets.token_hex(8)}")
    aside.touch(mode=0o600)
    aside.write_text("-".join("".join(secrets.choice(_SIGNS) for _ in range(_LONG)) for _ in range(_GROUPS)) + "\n")
    return aside


def _strip(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())
