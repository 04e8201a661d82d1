"""What can be read by the API: matters, one matter, its entries, its assessment, the rules that govern it."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from alteram.adapters.rulebooks import load_pack, shipped_names
from alteram.api import shapes
from alteram.api.calling import BearerToken, From, Limit, MatterName, Org, Seq, Word, get_calling
from alteram.api.cursors import encode_cursor, parse_cursor
from alteram.api.problems import ProblemError, misfit
from alteram.core.kernel.identifiers import StreamId
from alteram.core.rules import Pack
from alteram.operations.assessing import assess_for
from alteram.operations.comparing import compare_for
from alteram.operations.curing import plan_for
from alteram.operations.entries import Entered, enter, find_entry
from alteram.operations.lists import View, find_my_matters
from alteram.operations.overview import Overview, find_overview
from alteram.operations.questions import TimelineEntry
from alteram.operations.readings import read_entry, read_from
from alteram.operations.receipts import ShreddedEntryError, find_receipt

router = Router(tags=["reading"], auth=BearerToken("read"))

Packs = Annotated[list[str] | None, Query(max_length=20, description="Packs that ship, by name.")]
_TEXT = {"content": {"text/plain": {"schema": {"type": "string"}}}}


@router.get("/{org}/me", response=shapes.Me, auth=BearerToken(), operation_id="show_me", summary="Whom I act for")
def show_me(request: HttpRequest, org: Org) -> shapes.Me:
    """Tell whom the token acts for, in which organisation, and what it is good for. Any token may ask."""
    calling = get_calling(request)
    return shapes.Me(
        organisation=org,
        title=calling.asking.title,
        person=calling.person,
        scopes=sorted(calling.bearer.scopes),
        expires_at=calling.bearer.token.expires_at,
    )


@router.get("/{org}/matters", response=shapes.MatterPage, operation_id="list_matters", summary="My matters")
def list_matters(
    request: HttpRequest, org: Org, view: View = "open", cursor: Word = None, limit: Limit = 25
) -> shapes.Answer:
    """List the asker's matters: what waits on them first, then by the time that is due."""
    del org
    calling = get_calling(request)
    after = parse_cursor(cursor)
    if after is not None and (after.standing == "closed") != (view == "closed"):
        after = None
    if after is not None and view == "waits" and after.standing != "waits":
        return {"matters": (), "next": None}
    found = find_my_matters(calling.asking.organisation, calling.person, view, after=after, limit=limit)
    return {"matters": found.matters, "next": encode_cursor(found.after)}


@router.get(
    "/{org}/matters/{matter}", response=shapes.Overview, operation_id="show_matter", summary="Where a matter stands"
)
def show_matter(request: HttpRequest, org: Org, matter: MatterName) -> Overview:
    """Tell the stage, the clock, and who plays which part, as far as it is open to the asker."""
    del org
    calling = get_calling(request)
    organisation, now = calling.asking.organisation, calling.asking.now
    return find_overview(organisation, StreamId(matter), calling.person, now=now)


@router.get(
    "/{org}/matters/{matter}/entries", response=shapes.EntryPage, operation_id="list_entries", summary="The timeline"
)
def list_entries(
    request: HttpRequest, org: Org, matter: MatterName, cursor: From = None, limit: Limit = 25
) -> shapes.Answer:
    """List what was recorded, the oldest first, each entry with the claims that are open to the asker.

    That their content was read is kept, and shown to the parties.
    """
    del org
    calling = get_calling(request)
    entered = calling.enter(matter)
    return tell_entries(entered, cursor or 0, limit, now=calling.asking.now)


def tell_entries(entered: Entered, first: int, limit: int, *, now: datetime) -> shapes.Answer:
    """Return the page of so many entries, the oldest first; that they were read is kept."""
    total = entered.facts.matter.head_seq + 1
    entries = read_from(entered, first, limit, now=now)
    end = first + len(entries)
    return {"entries": entries, "total": total, "next": str(end) if first < end < total else None}


@router.get(
    "/{org}/matters/{matter}/entries/{seq}", response=shapes.Entry, operation_id="show_entry", summary="One entry"
)
def show_entry(request: HttpRequest, org: Org, matter: MatterName, seq: Seq) -> TimelineEntry:
    """Tell one entry as far as it is open to the asker. That its content was read is kept, and shown to the parties."""
    del org
    calling = get_calling(request)
    entered = calling.enter(matter)
    return read_entry(entered, seq, now=calling.asking.now).entry


@router.get(
    "/{org}/matters/{matter}/entries/{seq}/receipt",
    operation_id="get_receipt",
    summary="The receipt of an entry",
    openapi_extra={"responses": {200: _TEXT}},
)
def get_receipt(request: HttpRequest, org: Org, matter: MatterName, seq: Seq) -> HttpResponse:
    """Return the proof that an entry is in the log (C2SP tlog-proof). An entry is in the log a second or so later."""
    del org
    calling, stream = get_calling(request), StreamId(matter)
    organisation = calling.asking.organisation
    find_entry(enter(organisation, stream, calling.person), seq)
    try:
        receipt = find_receipt(organisation, stream, seq)
    except ShreddedEntryError as error:
        raise ProblemError(409, "key-destroyed", error.problem) from error
    if receipt is None:
        raise ProblemError(409, "not-in-the-log", headers={"Retry-After": "1"})
    name = f'attachment; filename="{matter}-{seq}.tlog-proof"'
    return HttpResponse(
        receipt.encode(), content_type="text/plain; charset=utf-8", headers={"Content-Disposition": name}
    )


@router.get(
    "/{org}/matters/{matter}/assessment",
    response=shapes.Assessment,
    operation_id="assess_matter",
    summary="What the requirements come to",
)
def assess_matter(request: HttpRequest, org: Org, matter: MatterName, pack: Packs = None) -> shapes.Answer:
    """Assess a matter against every requirement of the rulebook that governs it, as far as the asker may be told.

    With `pack`, also what further standards that ship would have said.
    """
    del org
    calling, stream = get_calling(request), StreamId(matter)
    organisation, packs = calling.asking.organisation, _load_packs(pack)
    found = assess_for(organisation, stream, calling.person, packs, now=calling.asking.now)
    rulebook = organisation.governing(stream).id
    return {"rulebook": rulebook, "now": found.now, "requirements": found.requirements}


@router.get(
    "/{org}/matters/{matter}/cures", response=shapes.Cures, operation_id="list_cures", summary="What would mend it"
)
def list_cures(request: HttpRequest, org: Org, matter: MatterName, pack: Packs = None) -> shapes.Answer:
    """List the least-cost lawful series of acts that mend what failed and settle what is open, from now.

    Each was replayed through the engine before it is given, as far as the asker may be told. Nothing of it is done.
    """
    del org
    calling = get_calling(request)
    organisation, packs = calling.asking.organisation, _load_packs(pack)
    cures = plan_for(organisation, StreamId(matter), calling.person, packs, now=calling.asking.now)
    return {
        "now": cures.now,
        "plans": cures.plans,
        "together": cures.together,
        "cost": cures.cost,
        "left": cures.left,
        "is_least": cures.is_least,
    }


@router.get(
    "/{org}/matters/{matter}/comparison",
    response=shapes.Comparison,
    operation_id="compare_standards",
    summary="What several standards say of it",
)
def compare_standards(request: HttpRequest, org: Org, matter: MatterName, pack: Packs = None) -> shapes.Answer:
    """Compare what the governing rulebook and further packs say, with the arithmetic, the sources and the figures."""
    del org
    calling = get_calling(request)
    organisation, packs = calling.asking.organisation, _load_packs(pack)
    found = compare_for(organisation, StreamId(matter), calling.person, packs, now=calling.asking.now)
    return {
        "now": found.now,
        "shared": found.shared,
        "alone": found.alone,
        "figures": found.figures,
        "results": found.results,
    }


def _load_packs(pack: list[str] | None) -> tuple[Pack, ...]:
    names = shipped_names("packs")
    if any(one not in names for one in pack or ()):
        raise misfit("query.pack", f"one of {', '.join(names)}")
    return tuple(load_pack(one) for one in dict.fromkeys(pack or ()))
