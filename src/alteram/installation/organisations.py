"""The organisations this installation serves: found by their folders, each opened once in a process."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from alteram.bootstrap import FolderError, Opened, open_folder, read_clock
from alteram.bootstrap.folder import read_configuration
from alteram.installation.places import Places

_opened: dict[str, Opened] = {}
_opening = threading.Lock()


class UnknownOrganisationError(FolderError):
    """This installation serves no organisation of this name."""


def find_folders() -> Iterator[tuple[str, Path]]:
    """Yield each organisation's identifier and folder: that of the home itself, then those in it."""
    home = _places().home
    inside = sorted(path.parent for path in home.glob("*/organisation.json"))
    for folder in [home, *inside]:
        if (folder / "organisation.json").exists():
            yield read_configuration(folder).organisation, folder


def get_organisation(name: str) -> Opened:
    """Return an organisation, opening it the first time. Raises: UnknownOrganisationError, StoreError."""
    with _opening:
        if name not in _opened:
            folder = next((folder for known, folder in find_folders() if known == name), None)
            if folder is None:
                raise UnknownOrganisationError(
                    f"There is no organisation {name} here.", remedy="Look at the address again."
                )
            _opened[name] = open_folder(folder, clock=read_now)
        return _opened[name]


def close_organisations() -> None:
    """Close what this process opened."""
    with _opening:
        while _opened:
            _opened.popitem()[1].close()


def read_now() -> datetime:
    """Return the present; in tests on this machine, moved by what the file ALTERAM_CLOCK says."""
    clock = _places().clock
    if clock is None or not clock.exists():
        return read_clock()
    return read_clock() + timedelta(seconds=float(clock.read_text() or 0))


def _places() -> Places:
    places: Places = settings.PLACES
    return places
