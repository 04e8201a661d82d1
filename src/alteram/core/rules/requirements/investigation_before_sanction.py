"""Facts are established before anybody is sanctioned: a final report, or the member's own admission.

Acas Code para 5. How thorough the investigation was is not measured here.
"""

from alteram.core.acts import DecisionMade, ReportFinalised, ResponseGiven, SanctionImposed
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, passed
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class InvestigationBeforeSanction(Parameters, frozen=True, kw_only=True):
    """`admission_suffices`: whether an admission of all that is proved takes the place of an investigation."""

    admission_suffices: bool = True


def _is_adverse(_parameters: InvestigationBeforeSanction, anchor: AnyEvent) -> bool:
    match anchor.act:
        case DecisionMade(kind=kind, proved=proved):
            return kind in {"suspension", "warning"} or bool(proved) or (kind == "outcome" and not anchor.live)
        case _:
            return True


@requirement(
    "investigation-before-sanction",
    covers=("A3", "I14"),
    parameters=InvestigationBeforeSanction,
    anchors=(SanctionImposed, DecisionMade),
    reads=(ReportFinalised, ResponseGiven),
    applies=_is_adverse,
)
def check_investigation_before_sanction(
    view: View, parameters: InvestigationBeforeSanction, anchor: AnyEvent
) -> Finding:
    """Nothing is proved and nobody sanctioned before an investigation has ended or the member has admitted it."""
    reports = [one for one in view.supporting(ReportFinalised) if one.before(anchor) is True]
    if reports:
        because = phrase("An investigation had ended with a final report.")
        return view.weigh(anchor, passed(because, entries=(reports[-1].seq, anchor.seq)))
    admissions = _admissions(view, anchor) if parameters.admission_suffices else []
    if _covers(admissions, _proved(view, anchor)):
        because = phrase("The member had admitted what was proved.")
        return view.weigh(anchor, passed(because, entries=(*(one.seq for one in admissions), anchor.seq)))
    return view.missing(
        anchor,
        phrase("No investigation had ended before this, and what was proved was not admitted."),
        alleged=[one for one in view.alleged(ReportFinalised) if one.before(anchor) is not False],
        acts=("report.finalised",),
        cures=(
            Cure(
                "investigator.appointed",
                ("case-manager", "chair", "custodian"),
                phrase("Investigate, and decide afresh."),
            ),
            Cure("report.finalised", ("investigator",), phrase("Make a final report, then decide again.")),
        ),
    )


def _admissions(view: View, anchor: AnyEvent) -> list[Event[ResponseGiven]]:
    return [
        one
        for one in view.supporting(ResponseGiven)
        if one.act.stance == "admit" and one.actor in view.protected and one.before(anchor) is True
    ]


def _proved(view: View, anchor: AnyEvent) -> frozenset[str]:
    decision = view.find(anchor.act.decision) if isinstance(anchor.act, SanctionImposed) else anchor
    return (
        frozenset(decision.act.proved)
        if decision is not None and isinstance(decision.act, DecisionMade)
        else frozenset()
    )


def _covers(admissions: list[Event[ResponseGiven]], proved: frozenset[str]) -> bool:
    """Return whether everything proved was admitted; an admission that names no allegation admits them all."""
    if any(not one.act.allegations for one in admissions):
        return True
    admitted = frozenset(allegation for one in admissions for allegation in one.act.allegations)
    return bool(admissions) and proved <= admitted
