"""The database of accounts, sessions and jobs. It is not the record's: no transaction spans the two."""

from typing import Any
from urllib.parse import unquote, urlsplit

from alteram.installation.places import Places


def build_databases(places: Places) -> dict[str, dict[str, Any]]:
    """Return Django's setting for the database that `places` names: PostgreSQL, else SQLite in the folder."""
    if places.accounts:
        url = urlsplit(places.accounts)
        postgresql = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path[1:]),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": unquote(url.hostname or ""),
            "PORT": str(url.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
        return {"default": postgresql}
    sqlite = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": places.folder / "accounts.db",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # A transaction that reads first and writes later would fail when somebody else wrote in between.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
        },
    }
    return {"default": sqlite}
