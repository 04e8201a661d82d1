"""An excerpt counts only beside the whole it was taken from.

34 CFR 106.45(b)(5)(vi) (2020): all evidence directly related, also what will not be relied on. It compares identifiers
and digests; whether the excerpt misrepresents the whole is for those who read both.
"""

from alteram.core.acts import ExhibitLodged, LeakReported, MisrepresentationClaimed
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, passed, unknown
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class ExcerptPartOfWhole(Parameters, frozen=True, kw_only=True):
    """`digests`: whether both must be fixed by their digests, so that they can be compared later."""

    digests: bool = True


def _is_part(_parameters: ExcerptPartOfWhole, anchor: AnyEvent) -> bool:
    match anchor.act:
        case ExhibitLodged(part_of=whole):
            return whole is not None
        case LeakReported(part_only=part_only):
            return part_only
        case _:
            return False


@requirement(
    "excerpt-part-of-whole",
    covers=("T2",),
    parameters=ExcerptPartOfWhole,
    anchors=(ExhibitLodged, LeakReported),
    reads=(MisrepresentationClaimed,),
    applies=_is_part,
)
def check_excerpt_part_of_whole(view: View, parameters: ExcerptPartOfWhole, anchor: AnyEvent) -> Finding:
    """The whole from which an excerpt was taken is lodged, so that the excerpt can be compared with it."""
    name = _name_of_whole(anchor)
    wholes = [one for one in view.supporting(ExhibitLodged) if _is_whole(one, name, parameters)]
    fixed = not parameters.digests or not isinstance(anchor.act, ExhibitLodged) or anchor.act.digest is not None
    if wholes and fixed:
        because = phrase("The whole is lodged beside the excerpt.")
        return view.weigh(anchor, passed(because, entries=(wholes[0].seq, anchor.seq)))
    claims = [one for one in view.all(MisrepresentationClaimed) if one.act.exhibit in {None, name, _own_name(anchor)}]
    said = phrase(" It is said to misrepresent the whole.") if claims else ""
    cures = (
        Cure("exhibit.lodged", ("respondent", "complainant", "witness"), phrase("Lodge the whole, with its digest.")),
    )
    because = phrase("The whole from which the excerpt was taken is not lodged with its digest.{said}", said=said)
    if isinstance(anchor.act, LeakReported):
        # A leak is not evidence: nobody is at fault in this matter for what the press was given.
        entries = (*(one.seq for one in claims), anchor.seq)
        return unknown(because, entries=entries, missing=("exhibit.lodged",), cures=cures)
    alleged = [one for one in view.alleged(ExhibitLodged) if _is_whole(one, name, parameters)]
    return view.missing(anchor, because, alleged=alleged, acts=("exhibit.lodged",), cures=cures)


def _own_name(anchor: AnyEvent) -> str | None:
    return anchor.act.exhibit if isinstance(anchor.act, ExhibitLodged | LeakReported) else None


def _name_of_whole(anchor: AnyEvent) -> str | None:
    return anchor.act.part_of if isinstance(anchor.act, ExhibitLodged) else _own_name(anchor)


def _is_whole(event: Event[ExhibitLodged], name: str | None, parameters: ExcerptPartOfWhole) -> bool:
    act = event.act
    return act.exhibit == name and act.part_of is None and (act.digest is not None or not parameters.digests)
