"""Which exhibits something rests on, and what the record says of an exhibit.

It reads identifiers only; what an exhibit says is never seen here.
"""

from alteram.core.acts import (
    AppealDecided,
    DecisionMade,
    ExhibitDerived,
    ExhibitLodged,
    ExhibitRuled,
    FactFound,
    FindingMade,
    InterimMeasureImposed,
    InterimMeasureReviewed,
    PropositionFound,
    ReportFinalised,
)
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.view import View

#: The acts that rest on evidence and say on which; one that names none says that it rests on none.
RELYING = (
    DecisionMade,
    ReportFinalised,
    FindingMade,
    PropositionFound,
    FactFound,
    AppealDecided,
    InterimMeasureImposed,
    InterimMeasureReviewed,
)
#: What a requirement must declare to ask `find_lodged`: a transcript of a recording is used as the recording is.
LODGING = (ExhibitLodged, ExhibitDerived)


def find_relied_on(anchor: AnyEvent) -> tuple[str, ...]:
    """Return the exhibits that an act names as what it rests on, such as a decision, a report or a finding."""
    return anchor.act.exhibits if isinstance(anchor.act, RELYING) else ()


def find_lodged(view: View, exhibit: str) -> Event[ExhibitLodged] | None:
    """Return how an exhibit, or what it was made of, was lodged, whoever says so. Declare `LODGING`."""
    origins = {one.act.exhibit: one.act.of for one in view.all(ExhibitDerived)}
    while exhibit in origins:
        exhibit = origins.pop(exhibit)
    return next((one for one in view.all(ExhibitLodged) if one.act.exhibit == exhibit), None)


def find_exhibit_ruling(view: View, exhibit: str, anchor: AnyEvent) -> Event[ExhibitRuled] | None:
    """Return the last ruling on an exhibit that was surely made before `anchor`. Declare `ExhibitRuled`."""
    rulings = [
        one for one in view.supporting(ExhibitRuled) if one.act.exhibit == exhibit and one.before(anchor) is True
    ]
    return rulings[-1] if rulings else None
