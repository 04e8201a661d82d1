"""Only those whom the rules let near a report deal with it (Directive (EU) 2019/1937 art. 9(1)(a)).

Asked of what was done on the side of whoever reported. Who merely read it is kept in a record of its own, which this
does not see; nor does it ask whether the channel was secure.
"""

from alteram.core.acts import (
    IdentityReleased,
    ReportAcknowledged,
    ReporterAsked,
    ReporterInformed,
    RiskAssessed,
)
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.phrases import as_people, phrase
from alteram.core.matters import AnyEvent, find_ever_holders
from alteram.core.rules.findings import Finding, failed, passed, unknown
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class ReportInFewHands(Parameters, frozen=True, kw_only=True):
    """`roles`: whose holders may deal with a report."""

    roles: tuple[Role, ...] = ("case-manager", "investigator", "contact-person", "custodian")


@requirement(
    "report-in-few-hands",
    covers=("E1",),
    parameters=ReportInFewHands,
    anchors=(ReportAcknowledged, ReporterAsked, ReporterInformed, RiskAssessed, IdentityReleased),
)
def check_report_in_few_hands(view: View, parameters: ReportInFewHands, anchor: AnyEvent) -> Finding:
    """Only holders of the parts that the rules name deal with a report and with whoever made it."""
    if anchor.actor is None:
        return unknown(phrase("Who did this is not shown."), entries=(anchor.seq,))
    authorised = {
        person
        for role in parameters.roles
        for person in (*find_ever_holders(view.facts.matter, role), *view.holders(role))
    }
    strangers = sorted({anchor.actor} - authorised)
    if strangers:
        because = phrase("{people} had no part that lets anybody near a report.", people=as_people(strangers))
        incurable = phrase("What somebody has learned cannot be taken back.")
        return view.weigh(anchor, failed(because, entries=(anchor.seq,), incurable=incurable))
    because = phrase("Whoever did this had a part that lets them near a report.")
    return view.weigh(anchor, passed(because, entries=(anchor.seq,)))
