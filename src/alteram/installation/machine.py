"""Whether the machine does what the record needs of it: work outside requests is done, mail leaves, there is room."""

import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pysqlite3
from django.conf import settings
from django.db import connection

from alteram.bootstrap import Opened
from alteram.installation.organisations import find_folders
from alteram.installation.outgoing import find_stuck
from alteram.installation.telling import Notice

#: SQLite before this may corrupt a database that several connections write to (the WAL-reset bug).
_SAFE_SQLITE: Final = (3, 51, 3)
#: Work outside requests is done every second: silence for so many seconds is a fault.
_SILENT_AFTER: Final = 60
_LITTLE_ROOM: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Machine:
    """How the machine does: work outside requests, mail, room, database."""

    jobs_seen_at: datetime | None
    jobs_work: bool
    mail_by_server: bool
    mail_waiting: int
    mail_given_up: int
    free_bytes: int
    has_room: bool
    database: str
    database_is_safe: bool
    keys_changed_at: datetime | None
    """When the folder of keys was last written to: it is to be copied after that."""


def note_jobs_seen(name: str, opened: Opened) -> None:
    """Leave a mark that work outside requests is being done."""
    del name, opened
    folder: Path = settings.PLACES.folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "jobs.seen").touch()


def examine_machine(organisation: str) -> Machine:
    """Return what is found now."""
    places = settings.PLACES
    seen = _find_time(places.folder / "jobs.seen")
    folder = next((folder for name, folder in find_folders() if name == organisation), places.home)
    waiting = (Notice.objects.filter(organisation=organisation, sent_at=None), find_stuck(organisation))
    free = shutil.disk_usage(folder).free
    is_sqlite = connection.vendor == "sqlite"
    return Machine(
        jobs_seen_at=seen,
        jobs_work=seen is not None and time.time() - seen.timestamp() < _SILENT_AFTER,
        mail_by_server=bool(places.mail),
        mail_waiting=sum(one.filter(given_up_at=None).count() for one in waiting),
        mail_given_up=sum(one.exclude(given_up_at=None).count() for one in waiting),
        free_bytes=free,
        has_room=free >= _LITTLE_ROOM,
        database=f"SQLite {pysqlite3.sqlite_version}" if is_sqlite else "PostgreSQL",
        database_is_safe=not is_sqlite or pysqlite3.sqlite_version_info >= _SAFE_SQLITE,
        keys_changed_at=_find_time(folder / "apart" / "signers.db"),
    )


def _find_time(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    except FileNotFoundError:
        return None
