"""What the web server runs: the pages, and what takes requests in before them (see `front`)."""

from django.conf import settings
from django.urls import Resolver404, resolve

from alteram.installation.front.application import Front
from alteram.installation.wsgi import application as pages

#: Pages that files are sent to, by name.
_TAKES_FILES = frozenset({"lodge-report", "my-report-act", "paper-enter"})


def takes_files(path: str) -> bool:
    """Return whether an address takes large files."""
    try:
        return resolve(path).url_name in _TAKES_FILES
    except Resolver404:
        return False


application = Front(pages, settings.PLACES.folder / "arriving", takes_files)
