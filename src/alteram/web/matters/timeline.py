"""What happened: the timeline, page by page, and one entry with its proof."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.adapters.witness import is_near
from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.operations.entries import enter, find_timeline_page
from alteram.operations.paper import find_shown_paper
from alteram.operations.ports import StoreError
from alteram.operations.proofs import find_proof, get_receipt
from alteram.operations.readings import read_entry
from alteram.web.doors import for_people, get_person
from alteram.web.matters.queries import read_number
from alteram.web.saying import say


@require_safe
@for_people
def show_timeline(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show fifty entries, the newest first; `before` is the number of the entry above which they end."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    page = find_timeline_page(entered, read_number(request, "before"))
    return render(request, "web/matters/timeline.html", {"matter": matter, "page": page})


@require_safe
@for_people
def show_entry(request: HttpRequest, asking: Asking, matter: str, seq: int) -> HttpResponse:
    """Show one entry: who, what, when, under which clause, what is closed, and what proves it."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    page = read_entry(entered, seq, now=asking.now)
    proof = find_proof(entered, page.entry)
    witnesses = [(one.name, is_near(one.url)) for one in proof.witnesses]
    clauses = {one.id: one for one in entered.rulebook.clauses}
    ruling = page.entry.claims.get("ruling")
    clause = ruling.get("clause") if isinstance(ruling, dict) else None
    context = {
        "matter": matter,
        "page": page,
        "proof": proof,
        "witnesses": witnesses,
        "ruling": ruling,
        "clause": clauses.get(clause) if isinstance(clause, str) else None,
        "last": entered.facts.matter.head_seq,
        "paper": find_shown_paper(entered, seq),
        "may_say": page.standing not in {"", "found"},
    }
    return render(request, "web/matters/entry.html", context)


@require_safe
@for_people
def download_proof(request: HttpRequest, asking: Asking, matter: str, seq: int) -> HttpResponse:
    """Give the receipt of one entry, for any verifier of tlog proofs."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    try:
        receipt = get_receipt(entered, seq)
    except StoreError as error:
        context = {"problem": say(error.problem), "remedy": say(error.remedy)}
        return render(request, "web/error.html", context, status=409)
    name = f"{matter}-{seq}.tlog-proof"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(receipt.encode(), content_type="application/octet-stream", headers=headers)
