"""Issuing a certificate of a matter, the list of those that were, and publishing one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from alteram.adapters.rulebooks.library import load_pack, shipped_names
from alteram.adapters.witness import is_near
from alteram.core.certificates import build_certificate_digest
from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.operations.certifying import (
    CertificateError,
    find_issued,
    issue_certificate,
    may_issue,
    may_publish,
    publish_certificate,
)
from alteram.operations.entries import Entered, enter
from alteram.operations.ports import StoreError, StoreUnavailableError
from alteram.web.doors import for_people, get_person
from alteram.web.saying import say_error

#: For whom it is: kept in the register, so no longer than a line.
_LONGEST_TO = 200


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def show_certificates(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show what was issued, and issue another."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    if request.method != "POST":
        return _show(request, entered, matter)
    if not may_issue(entered):
        raise Http404
    names, to = shipped_names("packs"), request.POST.get("to", "")
    chosen = [one for one in request.POST.getlist("pack") if one in names]
    problem = ""
    if len(to) <= _LONGEST_TO:
        try:
            packs = [load_pack(one) for one in dict.fromkeys(chosen)]
            data = issue_certificate(entered, packs, to=to, is_near=is_near, now=asking.now)
            digest = build_certificate_digest(data)
            return redirect("certificate", organisation=asking.name, matter=matter, digest=digest)
        except StoreUnavailableError:
            raise
        except (CertificateError, StoreError) as error:
            problem = say_error(error)
    return _show(request, entered, matter, chosen=chosen, to=to, problem=problem, status=409 if problem else 422)


def _show(
    request: HttpRequest,
    entered: Entered,
    matter: str,
    *,
    chosen: list[str] | None = None,
    to: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "matter": matter,
        "issued": find_issued(entered),
        "may_issue": may_issue(entered),
        "packs": shipped_names("packs"),
        "chosen": chosen or [],
        "to": to,
        "longest": _LONGEST_TO,
        "is_too_long": len(to) > _LONGEST_TO,
        "problem": problem,
    }
    return render(request, "web/certificates/certificates.html", context, status=status)


@require_POST
@for_people
def publish(request: HttpRequest, asking: Asking, matter: str, digest: str) -> HttpResponse:
    """Publish a certificate for the organisation, or take it back."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    if not may_publish(entered):
        raise Http404
    publish_certificate(entered, digest, withdrawn=request.POST.get("withdraw") == "yes", now=asking.now)
    return redirect("certificate", organisation=asking.name, matter=matter, digest=digest)
