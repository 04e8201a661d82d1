"""What is shown when a page cannot be: what is wrong, in plain words, and what to do next."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def show_bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what could not be read."""
    if isinstance(exception, RequestDataTooBig):
        return _show(request, 413, _("This is too large."), _("Send a smaller file, or less at once."))
    return _show(request, 400, _("This could not be read."), _("Go back, and try again."))


def show_forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what is not open."""
    del exception
    return _show(request, 403, _("This is not open to you."), _("Go back to your matters."))


def show_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what is not there, or not open to who asks: which of the two is not said."""
    del exception
    return _show(
        request,
        404,
        _("There is no such page, or it is not open to you."),
        _("Look at the address again, sign in, or ask the secretary of your organisation."),
    )


def show_failure(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours."""
    return _show(
        request,
        500,
        _("Something went wrong on our side."),
        _("What was confirmed to you before is safe. Try again in a moment."),
    )


def show_csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was open for too long, or came from elsewhere."""
    del reason
    return _show(
        request,
        403,
        _("This form was open for too long, or your browser keeps no cookies."),
        _("Go back, load the page again, and send it once more. Nothing was recorded."),
    )


def _show(request: HttpRequest, status: int, problem: str, remedy: str) -> HttpResponse:
    return render(request, "web/error.html", {"problem": problem, "remedy": remedy}, status=status)
