"""All that the page of a matter tells one person, put together by their parts in it."""

from dataclasses import dataclass
from datetime import datetime

from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.operations.accusation import Accusation, find_accusations
from alteram.operations.assessing import TellableAssessment, assess_entered
from alteram.operations.entries import enter, find_timeline_page
from alteram.operations.open_acts import find_fitting
from alteram.operations.organisation import Organisation
from alteram.operations.overview import Overview, build_overview
from alteram.operations.questions import OpenAct, TimelineEntry
from alteram.operations.readings import keep_reading
from alteram.operations.reports import Offer, ReportFate, find_offers_of_support, find_report_fate
from alteram.operations.waiting import Due, ToDecide, find_due, find_to_decide

#: How many of the newest entries the page tells.
_LAST = 3


@dataclass(frozen=True, slots=True)
class MatterPage:
    """What one person is told of a matter at once. What does not concern their parts is None or empty."""

    overview: Overview
    accusation: Accusation | None
    """What the reader is accused of."""
    accusations: tuple[Accusation, ...]
    """What each respondent is accused of, for the other side and for who handles or decides."""
    report: ReportFate | None
    desk: ToDecide | None
    due: tuple[Due, ...]
    assessed: TellableAssessment
    last: tuple[TimelineEntry, ...]
    acts: tuple[OpenAct, ...]
    offers: tuple[Offer, ...]


def find_matter_page(organisation: Organisation, stream: StreamId, viewer: PersonId, *, now: datetime) -> MatterPage:
    """Return what `viewer` is told of a matter. Raises: UnknownMatterError where they have no part in it."""
    entered = enter(organisation, stream, viewer)
    accusations = find_accusations(entered)
    accused = "respondent" in entered.reader.roles
    assessed = assess_entered(entered, now=now)
    page = MatterPage(
        overview=build_overview(entered, now=now),
        accusation=accusations[0] if accused and accusations else None,
        accusations=() if accused else accusations,
        report=None if accused else find_report_fate(entered),
        desk=find_to_decide(entered),
        due=find_due(entered, assessed),
        assessed=assessed,
        last=find_timeline_page(entered, size=_LAST).entries,
        acts=find_fitting(entered, now=now),
        offers=find_offers_of_support(entered),
    )
    keep_reading(entered, entered.opened.values(), now=now)
    return page
