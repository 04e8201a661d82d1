"""What was told in confidence is used only so that it can be answered: ruled on, and its gist given.

RONR 12th ed. 63:9. It sees that a gist is there, not what it says.
"""

from alteram.core.acts import (
    DecisionMade,
    ExhibitDisclosed,
    ExhibitLodged,
    ExhibitRuled,
    ExhibitWithheld,
    FindingMade,
    ReportFinalised,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.evidence import LODGING, find_exhibit_ruling, find_lodged, find_relied_on
from alteram.core.rules.findings import Cure, Finding, failed, passed, worst
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class ConfidentialEvidence(Parameters, frozen=True, kw_only=True):
    """`ruling_needed`: whether its use must be ruled on as well."""

    ruling_needed: bool = True


@requirement(
    "confidential-evidence",
    covers=("R2",),
    parameters=ConfidentialEvidence,
    anchors=(DecisionMade, ReportFinalised, FindingMade),
    reads=(*LODGING, ExhibitWithheld, ExhibitRuled, ExhibitDisclosed),
)
def check_confidential_evidence(view: View, parameters: ConfidentialEvidence, anchor: AnyEvent) -> Finding:
    """Evidence given in confidence is used only with a ruling, and the party has had it or its gist."""
    lodged = [find_lodged(view, exhibit) for exhibit in find_relied_on(anchor)]
    secret = [one for one in lodged if one is not None and one.act.in_confidence]
    if not secret:
        return view.nothing_against(anchor, phrase("Nothing given in confidence is relied on."))
    return view.weigh(anchor, worst(_answer(view, parameters, one, anchor) for one in secret))


def _answer(view: View, parameters: ConfidentialEvidence, one: Event[ExhibitLodged], anchor: AnyEvent) -> Finding:
    exhibit = one.act.exhibit
    told, told_by = _told(view, exhibit, anchor)
    ruling = find_exhibit_ruling(view, exhibit, anchor)
    if ruling is not None and not ruling.act.admissible:
        because = phrase("Exhibit {exhibit} was used although it was ruled out.", exhibit=as_own(exhibit))
        return failed(because, entries=(one.seq, ruling.seq, anchor.seq), cures=_cures())
    ruled = ruling is not None or not parameters.ruling_needed
    if ruled and view.protected and view.protected <= told:
        rulings = [] if ruling is None else [ruling.seq]
        because = phrase(
            "Exhibit {exhibit} was given in confidence, and the party has had it or its gist.", exhibit=as_own(exhibit)
        )
        return passed(because, entries=(one.seq, *told_by, *rulings, anchor.seq))
    lacking = phrase("no ruling") if not ruled else phrase("not given to the party, in full or in gist")
    return view.missing(
        anchor,
        phrase(
            "Exhibit {exhibit} was given in confidence and used: {lacking}.", exhibit=as_own(exhibit), lacking=lacking
        ),
        thing="ruling" if not ruled else "disclosure",
        acts=("exhibit.ruled",) if not ruled else ("exhibit.withheld",),
        cures=_cures(),
    )


def _told(view: View, exhibit: str, anchor: AnyEvent) -> tuple[frozenset[PersonId], list[int]]:
    """Return who had the exhibit or its gist before `anchor`, and the entries that show it."""
    given = [one for one in view.supporting(ExhibitDisclosed) if exhibit in one.act.exhibits and one.before(anchor)]
    gists = [
        one
        for one in view.supporting(ExhibitWithheld)
        if one.act.exhibit == exhibit and one.act.gist is not None and one.before(anchor)
    ]
    people = frozenset([one.act.to for one in given] + [one.act.person for one in gists])
    return people, [*(one.seq for one in given), *(one.seq for one in gists)]


def _cures() -> tuple[Cure, ...]:
    return (
        Cure("exhibit.ruled", ("chair", "investigator"), phrase("Rule, with reasons, whether it may be used.")),
        Cure("exhibit.withheld", ("case-manager", "chair"), phrase("Give the party its gist, and time to answer it.")),
        Cure("decision.made", ("chair", "decider"), phrase("Decide again without it.")),
    )
