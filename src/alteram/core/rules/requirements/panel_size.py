"""A panel has its number, its quorum, and where the rules say so only outsiders (House of Commons SO 150A and 150B).

Who sits in a body is what the organisation recorded; a panel of the matter is what was formed in it. Whoever sat
without belonging to it is counted out.
"""

from typing import Literal

from alteram.core.acts import AppealDecided, AppealPanelFormed, DecisionMade, VoteTaken
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_people, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.people import SITTING, find_deciders, find_members_at
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class PanelSize(Parameters, frozen=True, kw_only=True):
    """`size`: how many belong to it. `quorum`: how many must sit (none: all). `outsiders`: no member belongs to it.

    `of`: the panel that decides, or the one that hears the appeal.
    """

    size: int
    quorum: int | None = None
    outsiders: bool = False
    of: Literal["decision", "appeal"] = "appeal"


@requirement(
    "panel-size",
    covers=("U1", "U2", "P3"),
    parameters=PanelSize,
    anchors=(DecisionMade, AppealPanelFormed, AppealDecided),
    reads=(VoteTaken, *SITTING),
    applies=lambda parameters, anchor: (parameters.of == "decision") == isinstance(anchor.act, DecisionMade),
)
def check_panel_size(view: View, parameters: PanelSize, anchor: AnyEvent) -> Finding:
    """A panel has the number the rules set, and at least its quorum sat."""
    panel = _find_panel(view, anchor)
    if panel is None:
        act = "body.constituted" if parameters.of == "decision" else "appeal-panel.formed"
        cure = Cure(act, ("secretary",), phrase("Name the {size} who belong to the panel.", size=parameters.size))
        return view.missing(anchor, phrase("Nothing shows who belongs to the panel."), acts=(act,), cures=(cure,))
    sat = None if isinstance(anchor.act, AppealPanelFormed) else find_deciders(view, anchor)
    if sat is not None and not sat:
        return view.missing(anchor, phrase("Nothing shows who sat."), acts=("vote.taken",))
    wrong = _find_wrong(view, parameters, panel, sat)
    working = (
        phrase("{panel} belong to the panel", panel=len(panel)),
        *(() if sat is None else (phrase("{sat} of them sat", sat=len(sat & panel)),)),
    )
    if wrong:
        cure = Cure(
            "appeal-panel.formed", ("secretary", "custodian"), phrase("Form a panel of {size}.", size=parameters.size)
        )
        finding = failed(wrong, entries=(anchor.seq,), working=working, cures=(cure,))
    else:
        finding = passed(phrase("The panel has its number and quorum."), entries=(anchor.seq,), working=working)
    return view.weigh(anchor, finding)


def _find_panel(view: View, anchor: AnyEvent) -> frozenset[PersonId] | None:
    """Return who belongs to the panel at `anchor`; None when nothing shows it."""
    match anchor.act:
        case AppealPanelFormed(members=members):
            return frozenset(members)
        case DecisionMade(body=name):
            body = view.rulebook.find_body(name or "")
            return None if body is None else find_members_at(view, body, anchor) or None
        case _:
            formed = [one.act.members for one in view.supporting(AppealPanelFormed) if one.before(anchor)]
            return frozenset(formed[-1]) if formed else None


def _find_wrong(view: View, parameters: PanelSize, panel: frozenset[PersonId], sat: frozenset[PersonId] | None) -> str:
    quorum = parameters.size if parameters.quorum is None else parameters.quorum
    members = panel & view.facts.roll.members
    if len(panel) != parameters.size:
        return phrase("The panel has {panel} people, not {size}.", panel=len(panel), size=parameters.size)
    if parameters.outsiders and members:
        return phrase("Members belong to a panel of outsiders: {members}.", members=as_people(sorted(members)))
    if sat is not None and not sat <= panel:
        return phrase("People sat who do not belong to the panel: {sat}.", sat=as_people(sorted(sat - panel)))
    if sat is not None and len(sat) < quorum:
        return phrase("Only {sat} sat; the quorum is {quorum}.", sat=len(sat), quorum=quorum)
    return ""
