"""Nobody hears an appeal against what they had a part in (House of Commons SO 150B(6); Acas Code para 27).

Whoever decided or voted before, and whoever held one of the excluded roles in this or a linked matter, is not fresh.
Where nobody knows who decided before, it is not known whether the panel is.
"""

from alteram.core.acts import AppealDecided, AppealPanelFormed, PersonRecused
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_person, as_word, join, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.appeals import APPEALING, find_decisions, find_first_deciders, find_taken_part
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.people import find_deciders, find_stood_down
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View

_CURE = Cure(
    "appeal-panel.formed", ("secretary", "custodian"), phrase("Form a panel of people who had no part before.")
)


class FreshAppealPanel(Parameters, frozen=True, kw_only=True):
    """`excluded`: roles whose holders, past or present, may not sit beside those who decided before."""

    excluded: tuple[Role, ...] = ("complainant", "respondent", "reporter", "witness", "investigator", "case-manager")
    including_linked: bool = True


@requirement(
    "fresh-appeal-panel",
    covers=("U3", "A13", "T4", "P3"),
    parameters=FreshAppealPanel,
    anchors=(AppealPanelFormed, AppealDecided),
    reads=(*APPEALING, PersonRecused),
)
def check_fresh_appeal_panel(view: View, parameters: FreshAppealPanel, anchor: AnyEvent) -> Finding:
    """Whoever hears an appeal had no part in what is appealed."""
    panel = _find_panel(view, anchor)
    if not panel:
        because = phrase("Nothing shows who heard the appeal.")
        return view.missing(anchor, because, acts=("appeal-panel.formed",), cures=(_CURE,))
    taken_part = find_taken_part(view, anchor, panel, parameters.excluded, including_linked=parameters.including_linked)
    if taken_part:
        named = join(", ", [_name(person, part) for person, part in sorted(taken_part.items())])
        because = phrase("On the appeal sit people who had a part before: {named}.", named=named)
        finding = failed(because, entries=(anchor.seq,), missing=("appeal-panel.formed",), cures=(_CURE,))
        return view.weigh(anchor, finding)
    decisions = find_decisions(view, anchor)
    unnamed = [one.seq for one in decisions if not find_first_deciders(view, one)]
    if unnamed or not decisions:
        return unknown(phrase("It is not known who decided before."), entries=(*unnamed, anchor.seq))
    entries = (*(one.seq for one in decisions), anchor.seq)
    return view.weigh(anchor, passed(phrase("Nobody on the appeal had a part before."), entries=entries))


def _find_panel(view: View, anchor: AnyEvent) -> frozenset[PersonId]:
    """Return who hears the appeal: those named in its outcome, else the panel formed for it, less who stood down."""
    if isinstance(anchor.act, AppealPanelFormed):
        return frozenset(anchor.act.members) - find_stood_down(view, "appeal-decider", anchor)
    named = find_deciders(view, anchor)
    formed = [one.act.members for one in view.supporting(AppealPanelFormed) if one.before(anchor)]
    return named or frozenset(formed[-1] if formed else ()) - find_stood_down(view, "appeal-decider", anchor)


def _name(person: PersonId, part: str) -> str:
    return phrase("{person} ({part})", person=as_person(person), part=as_word(part))
