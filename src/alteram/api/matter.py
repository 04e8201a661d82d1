"""What a matter holds, as its pages tell it: at a glance, charges, parts, readings, statements, its course, proofs."""

from django.http import HttpRequest
from ninja import Router

from alteram.api import matter_shapes as told
from alteram.api.calling import BearerToken, From, Limit, MatterName, Org, Seq, get_calling
from alteram.api.shapes import Answer
from alteram.core.kernel.identifiers import StreamId
from alteram.operations.allegations import AllegationsPage, find_allegations
from alteram.operations.identities import Identities, find_identities
from alteram.operations.matter_page import MatterPage, find_matter_page
from alteram.operations.parties import PartiesPage, find_parties
from alteram.operations.picture import Picture, find_picture
from alteram.operations.proofs import EntryProof, find_proof
from alteram.operations.questions import TimelineEntry
from alteram.operations.readings import find_readings, read_entry
from alteram.operations.statements import StatementsPage, find_statements

router = Router(tags=["matter"], auth=BearerToken("read"))
_MATTER = "/{org}/matters/{matter}"


@router.get(
    f"{_MATTER}/glance", response=told.AtAGlance, operation_id="show_at_a_glance", summary="A matter at a glance"
)
def show_at_a_glance(request: HttpRequest, org: Org, matter: MatterName) -> MatterPage:
    """Tell what the page of a matter tells: what is alleged and until when to answer, what waits, what can be done."""
    del org
    calling = get_calling(request)
    now = calling.asking.now
    return find_matter_page(calling.asking.organisation, StreamId(matter), calling.person, now=now)


@router.get(f"{_MATTER}/parties", response=told.Parties, operation_id="list_parties", summary="Who plays which part")
def list_parties(request: HttpRequest, org: Org, matter: MatterName) -> PartiesPage:
    """List who plays which part, and whose parts do not go together."""
    del org
    return find_parties(get_calling(request).enter(matter))


@router.get(
    f"{_MATTER}/allegations", response=told.Allegations, operation_id="list_allegations", summary="What is alleged"
)
def list_allegations(request: HttpRequest, org: Org, matter: MatterName) -> AllegationsPage:
    """List allegations with answers, exhibits and findings, and who has seen what. That it was read is kept."""
    del org
    return find_allegations(get_calling(request).enter(matter), now=get_calling(request).asking.now)


@router.get(f"{_MATTER}/readings", response=told.ReadingPage, operation_id="list_readings", summary="Who read what")
def list_readings(request: HttpRequest, org: Org, matter: MatterName, cursor: From = None, limit: Limit = 25) -> Answer:
    """List who read what, of what the asker may read themselves, the newest first."""
    del org
    found, first = find_readings(get_calling(request).enter(matter)), cursor or 0
    following = str(first + limit) if first + limit < len(found) else None
    return {"readings": found[first : first + limit], "next": following}


@router.get(f"{_MATTER}/course", response=told.Course, operation_id="show_course", summary="The course of a matter")
def show_course(request: HttpRequest, org: Org, matter: MatterName) -> Picture:
    """Tell what the picture of a matter shows: lanes, acts, periods, and when what would have been unlawful."""
    del org
    return find_picture(get_calling(request).enter(matter), now=get_calling(request).asking.now)


@router.get(
    f"{_MATTER}/statements", response=told.Statements, operation_id="list_statements", summary="What was said publicly"
)
def list_statements(request: HttpRequest, org: Org, matter: MatterName) -> StatementsPage:
    """List what was said publicly about a matter, and the comments that were sought."""
    del org
    calling = get_calling(request)
    now = calling.asking.now
    return find_statements(calling.asking.organisation, StreamId(matter), calling.person, now=now)


@router.get(
    f"{_MATTER}/entries/{{seq}}/proof", response=told.Proof, operation_id="show_proof", summary="What proves an entry"
)
def show_proof(request: HttpRequest, org: Org, matter: MatterName, seq: Seq) -> EntryProof:
    """Tell where an entry stands in the log, who vouches for that, and between which times it was recorded."""
    del org
    entered = get_calling(request).enter(matter)
    entry: TimelineEntry = read_entry(entered, seq, now=get_calling(request).asking.now).entry
    return find_proof(entered, entry)


@router.get(
    f"{_MATTER}/identities",
    response=told.Identities,
    operation_id="list_identities",
    summary="Names asked for",
)
def list_identities(request: HttpRequest, org: Org, matter: MatterName) -> Identities:
    """List who asked for protected names and what was answered, as far as it is open to the asker."""
    del org
    calling = get_calling(request)
    now = calling.asking.now
    return find_identities(calling.asking.organisation, StreamId(matter), calling.person, now=now)
