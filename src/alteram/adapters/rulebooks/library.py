"""What ships with the product: rulebooks, packs and histories, by name; and the reading of files people give."""

from functools import cache

from alteram.adapters.rulebooks.calendars import build_calendar
from alteram.core.kernel.periods import Period
from alteram.core.rules.rulebook import Body, Breach, Office, Procedure, Rulebook, Sanction, Share, Stage


@cache
def load_rulebook(name: str) -> Rulebook:
    """Return the rulebook of a shipped name."""
    two_thirds = Share(numerator=2, denominator=3, of="members")
    year = Period(months=12)
    return Rulebook(
        id="caucus",
        title="A caucus",
        version="1",
        jurisdiction="NZ",
        calendar=build_calendar("NZ", "Pacific/Auckland", first_year=2020, last_year=2035),
        offices=(
            Office(id="leader", title="Leader"),
            Office(id="senior-whip", title="Senior whip", plays=("secretary", "spokesperson")),
            Office(id="junior-whip", title="Junior whip"),
            Office(id="minister", title="Minister"),
            Office(id="chair", title="Chair", plays=("chair",)),
            Office(id="custodian", title="Custodian", plays=("custodian",)),
            Office(id="scrutineer", title="Scrutineer", plays=("scrutineer",)),
        ),
        bodies=(
            Body(id="caucus", title="Caucus", all_members=True, chair="chair"),
            Body(id="appeal-panel", title="Appeal panel", size=3, plays=("appeal-decider",)),
        ),
        breaches=(
            Breach(id="conduct-towards-colleagues", title="Conduct", clause="2.1"),
            Breach(id="caucus-confidence", title="Confidence", clause="2.2"),
        ),
        sanctions=(
            Sanction(id="reprimand", title="Reprimand", rung=1, by="caucus"),
            Sanction(id="warning", title="Warning", rung=2, by="caucus", needs_term=True, longest=year),
            Sanction(id="final-warning", title="Final warning", rung=3, by="caucus", needs_term=True, longest=year),
            Sanction(
                id="suspension", title="Suspension", rung=4, by="caucus", needs_term=True, longest=Period(months=6)
            ),
            Sanction(
                id="expulsion", title="Expulsion", rung=5, by="caucus", after="final-warning", majority=two_thirds
            ),
        ),
        procedures=(
            Procedure(
                id="conduct-complaint",
                title="Conduct complaint",
                decided_by="caucus",
                appeal_to="appeal-panel",
                stages=(Stage(id="intake", title="Intake", entered_by=("report.lodged",), owner="case-manager"),),
            ),
        ),
    )
