"""What kind of requirement mends which way of being unfair, where no demand is there that could be enforced."""

from typing import Any, Final, TypeAlias

from alteram.core.rules.proving.own_cause import is_side_judging
from alteram.core.rules.proving.searching import Violation
from alteram.core.rules.rulebook import Guarantee

#: A kind of requirement, its parameters, the guarantee it serves, and the acts it has to stop.
Remedy: TypeAlias = tuple[str, dict[str, Any], Guarantee, tuple[str, ...]]

_SEPARATE: Final[Remedy] = (
    "separate-hands",
    {"excluded": ["complainant", "respondent", "witness"]},
    "impartiality",
    ("vote.taken", "decision.made", "appeal.decided"),
)
_APART: Final[Remedy] = (
    "role-collision",
    {"parts": ["secretary", "spokesperson", "chair", "decider"]},
    "impartiality",
    ("vote.taken", "decision.made", "minute.made"),
)
_REMEDIES: Final[dict[tuple[str, str], tuple[Remedy, ...]]] = {
    ("own-cause", "vote.taken"): (_SEPARATE,),
    ("own-cause", "decision.made"): (_SEPARATE,),
    ("own-cause", "appeal.decided"): (_SEPARATE,),
    ("own-cause", "minute.made"): (_APART,),
    ("stopping", "matter.declined"): (("independent-declining", {}, "impartiality", ("matter.declined",)),),
    ("stopping", "matter.closed"): (
        ("closure-complete", {"items": ["ended", "approval"]}, "record", ("matter.closed",)),
    ),
    ("stopping", "proceedings.paused"): (
        ("pause-limited", {"longest": {"working_days": 20}}, "timeliness", ("proceedings.paused",)),
    ),
    ("deliberation", "decision.made"): (
        ("response-period", {"at_least": {"clear_days": 7}}, "response", ("vote.taken", "decision.made")),
    ),
    ("deliberation", "vote.taken"): (("party-heard", {}, "hearing", ("vote.taken", "decision.made")),),
    ("ladder", "instrument"): (("sanction-instrument", {}, "record", ()),),
    ("ladder", "rung"): (("warning-ladder", {}, "proportionality", ("sanction.imposed",)),),
    ("appeals", "appeal-panel"): (("fresh-appeal-panel", {}, "appeal", ("appeal-panel.formed", "appeal.decided")),),
    ("identities", "identity.released"): (("identity-protected", {}, "confidentiality", ("identity.released",)),),
}


def find_remedies(property_id: str, violation: Violation) -> tuple[Remedy, ...]:
    """Return what would mend a violation of a property; nothing where only the organisation can say."""
    found = _REMEDIES.get((property_id, violation.about), ())
    if found == (_SEPARATE,) and not is_side_judging(violation):
        return (_APART,)  # Whoever is accused in a linked matter is no side of this one.
    return found
