"""An investigation has written terms of reference and keeps to them.

ISO 37002 cl. 8.4.1 b, c. It compares identifiers: each step names the terms it was taken under, each finding an
allegation inside them.
"""

from alteram.core.acts import FindingMade, InterviewHeld, InvestigationBegun, ReportFinalised, TermsSet
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_own, join, phrase
from alteram.core.matters import AnyEvent, Event, find_ever_holders
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class TermsFollowed(Parameters, frozen=True, kw_only=True):
    """`findings_inside`: whether findings of the investigator on anything else are refused."""

    findings_inside: bool = True


@requirement(
    "terms-followed",
    covers=("I8",),
    parameters=TermsFollowed,
    anchors=(InvestigationBegun, InterviewHeld, ReportFinalised),
    reads=(TermsSet, FindingMade),
)
def check_terms_followed(view: View, parameters: TermsFollowed, anchor: AnyEvent) -> Finding:
    """Every step of the investigation names terms of reference set before it, and no finding goes beyond them."""
    terms = [one for one in view.all(TermsSet) if one.seq == _terms_of(anchor)]
    in_force = [one for one in terms if one.supports(view.protected) and one.before(anchor) is True]
    if not in_force:
        return view.missing(
            anchor,
            phrase("This step names no terms of reference that were set before it."),
            alleged=[one for one in terms if not one.supports(view.protected)],
            acts=("terms.set",),
            cures=(Cure("terms.set", ("case-manager", "chair"), phrase("Set terms, and take the step under them.")),),
        )
    outside = _outside(view, in_force[0], anchor) if parameters.findings_inside else []
    entries = (in_force[0].seq, *(one.seq for one in outside), anchor.seq)
    if outside:
        named = join(", ", map(as_own, sorted({one.act.allegation for one in outside})))
        cure = Cure("terms.set", ("case-manager", "chair"), phrase("Set wider terms, and investigate that under them."))
        because = phrase("The investigator found on what the terms do not name: {named}.", named=named)
        return view.weigh(anchor, failed(because, entries=entries, missing=("terms.set",), cures=(cure,)))
    return view.weigh(anchor, passed(phrase("The step was taken under terms set before it."), entries=entries))


def _terms_of(anchor: AnyEvent) -> int | None:
    match anchor.act:
        case InvestigationBegun(terms=terms) | InterviewHeld(terms=terms) | ReportFinalised(terms=terms):
            return terms
        case _:
            return None


def _outside(view: View, terms: Event[TermsSet], anchor: AnyEvent) -> list[Event[FindingMade]]:
    """Return the investigator's findings before a report that lie outside terms which name allegations."""
    if not (terms.act.allegations and isinstance(anchor.act, ReportFinalised)):
        return []
    investigators: frozenset[PersonId] = find_ever_holders(view.facts.matter, "investigator")
    return [
        one
        for one in view.all(FindingMade)
        if one.established
        and one.actor in investigators
        and one.before(anchor) is not False
        and one.act.allegation not in terms.act.allegations
    ]
