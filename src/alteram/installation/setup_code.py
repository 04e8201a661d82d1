"""The code that lets somebody found an organisation here: who can read it on this machine may.

It is kept in a file that only its owner can read, and replaced when it was used.
"""

import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from django.conf import settings

#: Without letters and digits that are easily taken for one another.
_SIGNS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_GROUPS, _LONG = 5, 4


def find_code_file() -> Path:
    """Return where the code is kept."""
    places = settings.PLACES
    folder: Path = places.folder
    return folder / "setup.code"


def get_setup_code() -> str:
    """Return the code, making one where there is none."""
    path = find_code_file()
    if not path.exists():
        replace_setup_code()
    return path.read_text().strip()


def replace_setup_code() -> None:
    """Make another code; the one there was opens nothing any more."""
    path = find_code_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_name(f".setup.{os.getpid()}")
    aside.touch(mode=0o600)
    aside.write_text("-".join("".join(secrets.choice(_SIGNS) for _ in range(_LONG)) for _ in range(_GROUPS)) + "\n")
    aside.replace(path)


def is_setup_code(text: str) -> bool:
    """Return whether this is the code, however it was written."""
    path = find_code_file()
    if not path.exists():
        return False
    return hmac.compare_digest(_strip(text).encode(), _strip(path.read_text()).encode())


def _strip(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())
