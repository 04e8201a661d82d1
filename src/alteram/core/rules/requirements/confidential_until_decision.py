"""Nobody names the person concerned in public, or speaks of the evidence, before the outcome is decided.

UK House of Commons Library CBP-8369 (confidential until concluded); Directive (EU) 2019/1937 art. 22. What the person
concerned makes public themselves does not count; whether a statement was true is not asked.
"""

from alteram.core.acts import DecisionMade, LeakReported, StatementPublished
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Finding, failed, passed, unknown
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_before


class ConfidentialUntilDecision(Parameters, frozen=True, kw_only=True):
    """`evidence_too`: speaking of the evidence counts like naming the person."""

    evidence_too: bool = True


@requirement(
    "confidential-until-decision",
    covers=("U9", "E11"),
    parameters=ConfidentialUntilDecision,
    anchors=(StatementPublished, LeakReported),
    reads=(DecisionMade,),
)
def check_confidential_until_decision(view: View, parameters: ConfidentialUntilDecision, anchor: AnyEvent) -> Finding:
    """What was made public before the outcome names nobody concerned and speaks of no evidence."""
    reveals = _reveals(parameters, anchor)
    if not reveals:
        return view.nothing_against(anchor, phrase("It neither names the person concerned nor speaks of the evidence."))
    if _source(anchor) in view.protected:
        return view.weigh(anchor, passed(phrase("It came from the person concerned."), entries=(anchor.seq,)))
    outcomes = [one for one in view.all(DecisionMade) if one.act.kind == "outcome"]
    decided, doubtful = find_before(view, anchor, outcomes)
    if decided:
        return view.weigh(
            anchor, passed(phrase("The outcome was decided by then."), entries=(decided[0].seq, anchor.seq))
        )
    entries = (anchor.seq, *(one.seq for one in doubtful))
    if doubtful or _source(anchor) is None:
        why = phrase("whether the outcome was decided by then") if doubtful else phrase("who made it public")
        return unknown(
            phrase("It {reveals}, and the record does not show {why}.", reveals=reveals, why=why), entries=entries
        )
    because = phrase("Before the outcome was decided, it {reveals}.", reveals=reveals)
    return view.weigh(
        anchor, failed(because, entries=entries, incurable=phrase("What is public cannot be made secret again."))
    )


def _reveals(parameters: ConfidentialUntilDecision, anchor: AnyEvent) -> str:
    match anchor.act:
        case StatementPublished(names_respondent=True):
            return phrase("names the person concerned")
        case StatementPublished(speaks_of_evidence=True) | LeakReported() if parameters.evidence_too:
            return phrase("speaks of the evidence")
        case _:
            return ""


def _source(anchor: AnyEvent) -> PersonId | str | None:
    """Return who made it public: a person, or an office that spoke."""
    match anchor.act:
        case StatementPublished(person=person, office=office):
            return person or office or (anchor.actor if anchor.live else None)
        case LeakReported(by=person):
            return person
        case _:
            return None
