"""A caucus on disk, small, with a matter in the middle of its course: what pages and the API are tested against.

Times are told back from the present, so that deadlines lie ahead: the report came three weeks ago, notice was served
two days ago, the respondent has not answered yet.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from alteram.adapters.rulebooks import load_packs, load_rulebook
from alteram.bootstrap import Opened, create, open_folder
from alteram.core.acts import (
    Allegation,
    AllegationsStated,
    CaseManagerAssigned,
    InterestDeclared,
    MatterAccepted,
    NoticeServed,
    OrganisationFounded,
    ReportAcknowledged,
    ReportLodged,
    RiskAssessed,
    SupportOffered,
    TriageDecided,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.operations.founding import found
from alteram.operations.perform import Performed, perform
from alteram.operations.rulebooks import adopt_rulebook

CAUCUS = "caucus"
ROW = StreamId("row")
LEADER, WHIP, CHAIR, CUSTODIAN = PersonId("leader"), PersonId("whip"), PersonId("chair"), PersonId("custodian")
SCRUTINEER, MANAGER, COMPLAINANT = PersonId("scrutineer"), PersonId("manager"), PersonId("complainant")
RESPONDENT, MEMBER, INVESTIGATOR = PersonId("respondent"), PersonId("member"), PersonId("investigator")
#: Nobody in the caucus knows them.
STRANGER = PersonId("stranger")
PANEL = (PersonId("panel-1"), PersonId("panel-2"), PersonId("panel-3"))
MEMBERS = (LEADER, WHIP, CHAIR, CUSTODIAN, SCRUTINEER, MANAGER, COMPLAINANT, RESPONDENT, MEMBER)
OFFICES = {
    "leader": LEADER,
    "senior-whip": WHIP,
    "chair": CHAIR,
    "custodian": CUSTODIAN,
    "scrutineer": SCRUTINEER,
}
TEXT = "Since March I was shouted at in meetings."
PARTICULARS = "On 3 March, in the meeting room, before eleven people."


def found_caucus(home: Path, organisation: str = CAUCUS) -> Opened:
    """Return a caucus founded a year ago, with its rulebook, its offices and its people. Close it when done."""
    began = _ago(days=365)
    create(home, organisation=organisation, origin=f"{organisation}.example/log")
    opened = open_folder(home)
    rules = load_rulebook("caucus")
    act = OrganisationFounded(
        name="The caucus", kind="parliamentary caucus", jurisdiction="NZ", time_zone="Pacific/Auckland", secretary=WHIP
    )
    found(opened.organisation, act, members=MEMBERS, offices=OFFICES, bodies={"appeal-panel": PANEL}, now=began)
    adopt_rulebook(
        opened.organisation,
        rules,
        WHIP,
        packs=load_packs(rules),
        published_on=rules.calendar.local_day(began),
        now=began,
    )
    return opened


def play_row(opened: Opened) -> None:
    """Play a complaint up to the notice, and put it into the log."""
    steps: list[tuple[datetime, PersonId, Act]] = [
        (_ago(days=21), COMPLAINANT, ReportLodged(identity="named", about="person", text=TEXT, people=(RESPONDENT,))),
        (_ago(days=20), CUSTODIAN, CaseManagerAssigned(person=MANAGER)),
        (_ago(days=20), MANAGER, InterestDeclared(nature="none")),
        (_ago(days=19), MANAGER, ReportAcknowledged(report=0, text="We have it.", external_routes=True)),
        (_ago(days=19), MANAGER, SupportOffered(to=COMPLAINANT)),
        (_ago(days=19), MANAGER, SupportOffered(to=RESPONDENT)),
        (_ago(days=18), MANAGER, RiskAssessed(point="report", person=COMPLAINANT, level="low", text="No danger.")),
        (_ago(days=17), MANAGER, TriageDecided(score="medium", reasons="Serious if true.")),
        (
            _ago(days=16),
            MANAGER,
            MatterAccepted(
                procedure="conduct-complaint", complainant=COMPLAINANT, respondent=RESPONDENT, reasons="To be heard."
            ),
        ),
        (
            _ago(days=4),
            MANAGER,
            AllegationsStated(
                allegations=(
                    Allegation(
                        id="a1",
                        breach="conduct-towards-colleagues",
                        first_on=_ago(days=40).date(),
                        last_on=_ago(days=30).date(),
                    ),
                ),
                particulars=(PARTICULARS,),
            ),
        ),
        (_ago(days=2), MANAGER, _build_notice()),
    ]
    for at, who, act in steps:
        must(perform(opened.organisation, ROW, act, who, now=at))
    opened.integrator.run()


def must(performed: Performed) -> int:
    """Return the entry of an act that must have been recorded."""
    assert performed.seq is not None, performed.ruling
    return performed.seq


def _build_notice() -> NoticeServed:
    return NoticeServed(
        to=RESPONDENT,
        allegations=("a1",),
        particulars=(PARTICULARS,),
        worst_sanction="expulsion",
        jeopardy="A seat.",
        respond_by=_ago(days=-26),
        hearing_at=_ago(days=-60),
        states_companion=True,
        states_presumption=True,
    )


def _ago(*, days: int) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(days=days)
