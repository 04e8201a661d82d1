"""What was said in mediation, an apology above all, is never evidence.

Parliamentary Workplace Support Service Act 2023 (Cth) s 16(2A). It goes by how an exhibit was lodged and challenged.
"""

from alteram.core.acts import (
    DecisionMade,
    ExhibitChallenged,
    ExhibitRuled,
    FindingMade,
    ReportFinalised,
)
from alteram.core.kernel.phrases import as_own, join, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.evidence import LODGING, find_exhibit_ruling, find_lodged, find_relied_on
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class MediationNotEvidence(Parameters, frozen=True, kw_only=True):
    """`challenges_count`: whether an open challenge that an exhibit stems from mediation leaves this unsettled."""

    challenges_count: bool = True


@requirement(
    "mediation-not-evidence",
    covers=("P4",),
    parameters=MediationNotEvidence,
    anchors=(DecisionMade, ReportFinalised, FindingMade),
    reads=(*LODGING, ExhibitChallenged, ExhibitRuled),
)
def check_mediation_not_evidence(view: View, parameters: MediationNotEvidence, anchor: AnyEvent) -> Finding:
    """Nothing that was said or offered in mediation is relied on as evidence."""
    relied_on = find_relied_on(anchor)
    lodged = [one for exhibit in relied_on if (one := find_lodged(view, exhibit)) is not None]
    from_mediation = [one for one in lodged if one.act.from_mediation]
    if from_mediation:
        named = join(", ", [as_own(one.act.exhibit) for one in from_mediation])
        because = phrase("What stems from mediation is relied on as evidence: {named}.", named=named)
        entries = (*(one.seq for one in from_mediation), anchor.seq)
        if not any(one.established for one in from_mediation):
            return unknown(phrase("It is said: {because}", because=because), entries=entries, cures=(_cure(),))
        return view.weigh(anchor, failed(because, entries=entries, cures=(_cure(),)))
    questioned = _open_challenges(view, relied_on, anchor) if parameters.challenges_count else ()
    if questioned:
        because = phrase("A challenge that an exhibit stems from mediation was not ruled on before it was relied on.")
        return unknown(because, entries=(*questioned, anchor.seq), missing=("exhibit.ruled",), cures=(_cure(),))
    if not relied_on or len(lodged) < len(relied_on):
        return view.nothing_against(anchor, phrase("Nothing on record says that mediation is relied on."))
    entries = (*(one.seq for one in lodged), anchor.seq)
    because = phrase("Nothing relied on stems from mediation.")
    return view.weigh(anchor, passed(because, entries=entries, uncontradicted=True))


def _open_challenges(view: View, relied_on: tuple[str, ...], anchor: AnyEvent) -> tuple[int, ...]:
    return tuple(
        one.seq
        for one in view.all(ExhibitChallenged)
        if one.act.ground == "mediation"
        and one.act.exhibit in relied_on
        and one.before(anchor) is not False
        and find_exhibit_ruling(view, one.act.exhibit, anchor) is None
    )


def _cure() -> Cure:
    return Cure(
        "decision.made", ("chair", "decider"), phrase("Decide again, without anything that stems from mediation.")
    )
