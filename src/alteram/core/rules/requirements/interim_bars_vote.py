"""Nobody is kept from a vote by an interim measure unless somebody independent agreed to that.

Jones v McNichol [2016] EWHC 866 (QB) (suspension and candidacy). The second key counts only where its holder turned it:
being named in somebody else's act is not enough. Whether the measure was needed is not asked here.
"""

from alteram.core.acts import InterimMeasureImposed, SecondKeyGiven
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_word, join, phrase
from alteram.core.matters import AnyEvent, find_ever_holders
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.people import find_commanded
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_standing


class InterimBarsVote(Parameters, frozen=True, kw_only=True):
    """`excluded`: whose holders are not independent enough to agree."""

    excluded: tuple[Role, ...] = ("complainant", "respondent", "case-manager", "investigator")


_ACT = "interim-measure.imposed"


@requirement(
    "interim-bars-vote",
    covers=("C8",),
    parameters=InterimBarsVote,
    anchors=(InterimMeasureImposed,),
    reads=(SecondKeyGiven,),
)
def check_interim_bars_vote(view: View, parameters: InterimBarsVote, anchor: AnyEvent) -> Finding:
    """An interim measure that keeps somebody from voting has the agreement of somebody independent."""
    measure = anchor.act
    if not isinstance(measure, InterimMeasureImposed) or not measure.bars_vote:
        return view.nothing_against(anchor, phrase("The measure keeps nobody from a vote."))
    second = measure.signed_off_by
    why = _why_not_independent(view, parameters, anchor, second)
    if why:
        return view.weigh(anchor, failed(why, entries=(anchor.seq,), missing=("second-key.given",), cures=(_cure(),)))
    keys = [one for one in view.all(SecondKeyGiven) if one.act.to_act == _ACT and one.actor == second]
    given, doubtful = find_standing(view, keys if second is not None else [])
    if given:
        because = phrase("Somebody independent agreed that the measure keeps this person from voting.")
        return view.weigh(anchor, passed(because, entries=(anchor.seq, given[-1].seq)))
    return view.missing(
        anchor,
        phrase("The measure keeps somebody from voting, and nobody independent has agreed to that."),
        thing="second-key",
        alleged=doubtful,
        acts=("second-key.given",),
        cures=(_cure(),),
    )


def _cure() -> Cure:
    return Cure(
        "interim-measure.lifted",
        ("chair", "case-manager", "decider"),
        phrase("Lift it, or impose it with a second key."),
    )


def _why_not_independent(view: View, parameters: InterimBarsVote, anchor: AnyEvent, second: PersonId | None) -> str:
    if second is None:
        return ""
    if second == anchor.actor:
        return phrase("Whoever imposed the measure is also named as the second key.")
    if anchor.actor is not None and second in find_commanded(view, (anchor.actor,)):
        return phrase("The second key stands under the authority of whoever imposed the measure.")
    parts = [role for role in parameters.excluded if second in find_ever_holders(view.facts.matter, role)]
    return (
        phrase("The second key has another part in the matter: {parts}.", parts=join(", ", map(as_word, parts)))
        if parts
        else ""
    )
