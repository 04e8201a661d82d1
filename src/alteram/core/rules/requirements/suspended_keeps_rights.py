"""Whoever is suspended meanwhile keeps the rights that the proceedings need (RONR 12th ed. ch. XX).

To be told, to attend, to see the evidence, to speak, to be represented, to appeal. It reads which rights the measure
leaves, and whether the person was kept out of a meeting all the same.
"""

from alteram.core.acts import InterimMeasureImposed, PartyExcluded
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.phrases import as_word, join, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class SuspendedKeepsRights(Parameters, frozen=True, kw_only=True):
    """`rights`: those that stay."""

    rights: tuple[str, ...] = ("be-notified", "attend", "see-evidence", "speak", "be-represented", "appeal")


_BY: tuple[Role, ...] = ("chair", "case-manager", "decider")
_AGAIN = Cure(
    "interim-measure.lifted", _BY, phrase("Lift it; impose it again, if it must be, naming the rights that stay.")
)


@requirement(
    "suspended-keeps-rights",
    covers=("R5",),
    parameters=SuspendedKeepsRights,
    anchors=(InterimMeasureImposed,),
    reads=(PartyExcluded,),
    applies=lambda _parameters, anchor: (
        isinstance(anchor.act, InterimMeasureImposed) and anchor.act.measure in {"suspension", "restriction"}
    ),
)
def check_suspended_keeps_rights(view: View, parameters: SuspendedKeepsRights, anchor: AnyEvent) -> Finding:
    """A person suspended meanwhile keeps every right that the proceedings need, on paper and in fact."""
    measure = anchor.act
    kept = measure.keeps if isinstance(measure, InterimMeasureImposed) else ()
    lost = [right for right in parameters.rights if right not in kept]
    if lost:
        because = phrase(
            "The measure does not say that these rights stay: {lost}.", lost=join(", ", map(as_word, lost))
        )
        return view.missing(anchor, because, acts=("interim-measure.imposed",), cures=(_AGAIN,))
    person = measure.person if isinstance(measure, InterimMeasureImposed) else None
    shut_out = [
        one
        for one in view.all(PartyExcluded)
        if "attend" in parameters.rights and one.act.person == person and one.before(anchor) is not True
    ]
    if not shut_out:
        return view.weigh(anchor, passed(phrase("The rights that the proceedings need stay."), entries=(anchor.seq,)))
    entries = (anchor.seq, *(one.seq for one in shut_out))
    if not any(one.established and anchor.before(one) for one in shut_out):
        return unknown(phrase("It is said, but not shown, that the person was kept out of a meeting."), entries=entries)
    cure = Cure("meeting.called", ("chair", "secretary"), phrase("Meet again, and let the person attend."))
    because = phrase("The right to attend stays on paper, but the person was kept out of a meeting.")
    return view.weigh(anchor, failed(because, entries=entries, cures=(cure,)))
