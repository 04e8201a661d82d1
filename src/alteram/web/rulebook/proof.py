"""The proof beside the clauses: what each property came to, each story in plain words, and what would mend it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from alteram.installation.asking import Asking
from alteram.installation.background import BusyError
from alteram.installation.rulebook_proofs import KeptProof, ask_for_proof, find_proof, find_proof_by_key, take_over
from alteram.operations.proving import SCOPE
from alteram.operations.rulebook_versions import get_version
from alteram.web.doors import for_people, get_person
from alteram.web.rulebook.amending import look_at
from alteram.web.rulebook.stories import show_results


@require_http_methods(["GET", "POST"])
@for_people
def show_proof(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show the proof of a version, or of a proposal by the name of its proof; have it made; take over what it proposes.

    The version in force is meant if none is named.
    """
    person = get_person(asking)
    key, digest = request.GET.get("proof", ""), request.GET.get("version", "")
    if key:
        proof = find_proof_by_key(asking, person, key)
        if proof is None:
            raise Http404
        rulebook, version = proof.rulebook, None
    else:
        version, rulebook = get_version(asking.organisation, person, digest)
        proof = find_proof(asking, person, digest)
    context: dict[str, Any] = {"proof": proof, "rulebook": rulebook, "version": version, "scope": SCOPE}
    if request.method == "POST" and "take" in request.POST:
        return _take_over(request, asking, proof)
    if request.method == "POST" and version is not None:
        try:
            ask_for_proof(asking, person, version.digest)
        except BusyError as error:
            return render(request, "web/rulebook/proof.html", context | {"busy": error}, status=409)
        return redirect(f"{reverse('rulebook-proof', args=[asking.name])}?{urlencode({'version': version.digest})}")
    if proof is not None:
        context["results"] = show_results(proof, rulebook)
    return render(request, "web/rulebook/proof.html", context)


def _take_over(request: HttpRequest, asking: Asking, proof: KeptProof | None) -> HttpResponse:
    """Show the file with a proposal, or all of them, beside the version in force: nothing is recorded by that."""
    number = request.POST["take"]
    if proof is None or not (number.isdecimal() or number == "all"):
        raise Http404
    text = take_over(proof, None if number == "all" else int(number))
    if text is None:
        raise Http404
    return look_at(request, asking, text.encode(), "rulebook.yaml")
