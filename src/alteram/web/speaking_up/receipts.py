"""The receipt to print, and the files that prove it without content."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.installation.asking import Asking
from alteram.operations.lodging import find_lodged_receipt
from alteram.web.speaking_up.coming_back import for_reporters
from alteram.web.speaking_up.files import send


@require_safe
@for_reporters
def show_receipt(request: HttpRequest, asking: Asking, reporter: PersonId, matter: str) -> HttpResponse:
    """Show it, to be printed. It holds neither what was reported nor the phrase."""
    receipt = find_lodged_receipt(asking.organisation, StreamId(matter), reporter)
    context = {"matter": matter, "receipt": receipt, "origin": asking.organisation.ports.origin}
    return render(request, "web/speaking_up/receipt.html", context)


@require_safe
@for_reporters
def download_receipt(
    request: HttpRequest, asking: Asking, reporter: PersonId, matter: str, kind: str
) -> HttpResponseBase:
    """Give the log's proof, or the entry with all of its claims withheld."""
    del request
    receipt = find_lodged_receipt(asking.organisation, StreamId(matter), reporter)
    data = {"sd-jwt": receipt.withheld.encode(), "tlog-proof": receipt.proof}.get(kind)
    if data is None:
        raise Http404
    return send(f"{matter}-0.{kind}", iter((data,)))
