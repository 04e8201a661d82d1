"""All evidence on file goes to the person it concerns, used or not (34 CFR 106.45(b)(5)(vi)).

What was made in mediation is left out, and what is privileged must be withheld with its gist. It knows only what was
lodged: evidence that somebody keeps back cannot be seen in a record.
"""

from dataclasses import replace

from alteram.core.acts import DecisionMade, ExhibitLodged, MeetingCalled, MeetingOpened, ReportFinalised
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.decisions import burdens
from alteram.core.rules.disclosure import AT_ANY_TIME, DISCLOSING, judge_disclosed
from alteram.core.rules.findings import Cure, Finding, silent, worst
from alteram.core.rules.meetings import ASIDE, find_purpose
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import ask_of_each


class DisclosureComplete(Parameters, frozen=True, kw_only=True):
    """It has no parameters."""


@requirement(
    "disclosure-complete",
    covers=("T2",),
    parameters=DisclosureComplete,
    anchors=(MeetingOpened, ReportFinalised, DecisionMade),
    reads=(*DISCLOSING, MeetingCalled),
    applies=lambda _parameters, anchor: burdens(anchor.act),
)
def check_disclosure_complete(view: View, _parameters: DisclosureComplete, anchor: AnyEvent) -> Finding:
    """Every exhibit on file was disclosed to the respondent, or withheld with its gist, also those not relied on."""
    if isinstance(anchor.act, MeetingOpened) and find_purpose(view, anchor.act.meeting) in ASIDE:
        return silent(phrase("This meeting was not called to hear the charge."))
    exhibits = [one for one in view.all(ExhibitLodged) if _counts(one, anchor)]
    if view.agreed_absent(anchor, "disclosure"):
        because = phrase("Nothing was disclosed before this.")
        return view.missing(anchor, because, thing="disclosure", acts=("exhibit.disclosed",))
    if not exhibits:
        return _as_told(anchor, view.nothing_against(anchor, phrase("No evidence had been lodged.")))
    finding = ask_of_each(view, anchor, view.protected, lambda person: _ask(view, anchor, person, exhibits))
    return _as_told(anchor, finding)


def _as_told(anchor: AnyEvent, finding: Finding) -> Finding:
    """Return `finding`, with which a report made afterwards never passes: it does not show all that was on file."""
    if anchor.live or finding.result == "FAIL":
        return finding
    cure = Cure("exhibit.disclosed", ("case-manager", "secretary"), phrase("Disclose whatever is on file."))
    because = (
        finding.because
        if finding.result == "UNKNOWN"
        else phrase("{because} What else was on file is not told.", because=finding.because)
    )
    return replace(finding, result="UNKNOWN", because=because, cures=finding.cures or (cure,))


def _counts(lodged: Event[ExhibitLodged], anchor: AnyEvent) -> bool:
    return not lodged.act.from_mediation and not lodged.corrected and lodged.before(anchor) is not False


def _ask(view: View, anchor: AnyEvent, person: PersonId, exhibits: list[Event[ExhibitLodged]]) -> Finding:
    return worst(
        view.weigh(  # An exhibit that is only said to exist leaves it in doubt whether it had to be disclosed.
            lodged if not lodged.established else anchor,
            judge_disclosed(view, anchor, lodged.act.exhibit, person, at_least=AT_ANY_TIME, before=anchor.when),
        )
        for lodged in exhibits
    )
