"""What could not be stored just now: a page says so and asks to come back, a form keeps what was written in it."""

from typing import Final, TypeAlias

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from alteram.operations.perform import BusyError
from alteram.operations.ports import StoreUnavailableError

Busy: TypeAlias = BusyError | StoreUnavailableError
#: What passes by itself, or once the disk or the database is mended: it is no fault of the page.
BUSY: Final = (BusyError, StoreUnavailableError)
_SECONDS: Final = 5


def show_busy(request: HttpRequest) -> HttpResponse:
    """Answer a request that can be asked again in a moment."""
    context = {
        "problem": _("Something went wrong on our side."),
        "remedy": _("What was confirmed to you before is safe. Try again in a moment."),
    }
    response = render(request, "web/error.html", context, status=503)
    response["Retry-After"] = str(_SECONDS)
    return response


def tell_busy(busy: Busy) -> str:
    """Return what stands above a form that could not be recorded, filled in as it was sent."""
    told = _("This could not be stored just now. Nothing you wrote is lost: send it again.")
    if isinstance(busy, BusyError):
        return told
    # The store may have gone away just when it was to keep it: only the record says whether it did.
    return f"{told} {_('It may have been recorded all the same: look first at what happened last.')}"
