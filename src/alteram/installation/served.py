"""What the web server runs: the pages, and what takes requests in before them (see `front`)."""

from django.conf import settings
from django.urls import Resolver404, resolve

from alteram.installation.front.application import Front
from alteram.installation.wsgi import application as pages

#: Where files are sent to, by name: pages, then calls.
_PAGES = {"exhibit-copy", "lodge-exhibit", "lodge-report", "my-report-act", "paper-enter", "tracing", "upload"}
_CALLS = {"act_on_my_report", "add", "enter", "enter_report", "lodge", "propose_act_with_files", "trace"}
_TAKES_FILES = frozenset(_PAGES | {f"api:{name}" for name in _CALLS})


def takes_files(path: str) -> bool:
    """Return whether an address takes large files."""
    try:
        return resolve(path).view_name in _TAKES_FILES
    except Resolver404:
        return False


application = Front(pages, settings.PLACES.folder / "arriving", takes_files)
