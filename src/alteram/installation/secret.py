"""The key that signs sessions and links of this installation: made once, kept in a file only its owner can read."""

import os
import secrets
from pathlib import Path


def read_secret(folder: Path) -> str:
    """Return the key, making it where there is none. Two processes that begin at once agree on one.

    Where there is no home yet, nothing is served and nothing is kept: the key is for this process only.
    """
    if not folder.parent.is_dir():
        return secrets.token_urlsafe(48)
    path = folder / "secret.key"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        aside = folder / f".secret.{os.getpid()}"
        aside.touch(mode=0o600)
        aside.write_text(secrets.token_urlsafe(48))
        try:
            os.link(aside, path)  # fails where another process was first
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    return path.read_text()
