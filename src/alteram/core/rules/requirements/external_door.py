"""Where accuser, accused and whoever decides stand in one line of command, a way outside is open.

After newsroom.co.nz 2021-07-19 on the Francis review (members did not wish to be judged by peers); Directive (EU)
2019/1937 art. 11 (external authorities). It reads who stands under whom as the organisation recorded it.
"""

from alteram.core.acts import (
    CommandRecorded,
    DecisionMade,
    MatterAccepted,
    MatterDeclined,
    MatterReferred,
    ReportAcknowledged,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_people, phrase
from alteram.core.matters import AnyEvent, find_ever_holders
from alteram.core.rules.findings import Cure, Finding, passed, unknown
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_before


class ExternalDoor(Parameters, frozen=True, kw_only=True):
    """`telling_is_enough`: it is enough that the reporter was told which doors outside are open."""

    telling_is_enough: bool = True


@requirement(
    "external-door",
    covers=("N13", "E6"),
    parameters=ExternalDoor,
    anchors=(MatterAccepted, MatterDeclined, DecisionMade),
    reads=(MatterReferred, ReportAcknowledged, CommandRecorded),
)
def check_external_door(view: View, parameters: ExternalDoor, anchor: AnyEvent) -> Finding:
    """A way outside is offered where accuser, accused and whoever decides share a line of command."""
    lines = view.of_organisation(CommandRecorded)
    if not lines:
        return unknown(phrase("The organisation has not recorded who stands under whom."), entries=(anchor.seq,))
    shared = _shared(view, anchor)
    if not shared:
        return view.nothing_against(anchor, phrase("They share no line of command."))
    told = [one for one in view.all(ReportAcknowledged) if one.act.external_routes and parameters.telling_is_enough]
    acknowledged, doubtful = find_before(view, anchor, told)
    referred, claimed = find_before(view, anchor, view.all(MatterReferred))
    if acknowledged or referred:
        entries = (*(one.seq for one in acknowledged), *(one.seq for one in referred), anchor.seq)
        return view.weigh(
            anchor, passed(phrase("They share a line of command, and a way outside was open."), entries=entries)
        )
    return view.missing(
        anchor,
        phrase(
            "Accuser, accused and whoever decides stand under {shared}, and no way outside was offered.",
            shared=as_people(shared),
        ),
        alleged=(*doubtful, *claimed),
        acts=("matter.referred",),
        cures=(
            Cure("matter.referred", ("case-manager", "custodian", "chair"), phrase("Refer it to somebody outside.")),
        ),
    )


def _shared(view: View, anchor: AnyEvent) -> list[PersonId]:
    """Return those at the head of a line in which all three stand; heads themselves stand in it."""
    facts = view.facts
    accusers = find_ever_holders(facts.matter, "complainant")
    accused = find_ever_holders(facts.matter, "respondent")
    deciding = _deciding(anchor)
    lines = {head: facts.roll.commanded_by(head) | {head} for head, _ in facts.roll.commands}
    return sorted(head for head, line in lines.items() if accusers & line and accused & line and deciding & line)


def _deciding(anchor: AnyEvent) -> frozenset[PersonId]:
    acting = frozenset() if anchor.actor is None else frozenset({anchor.actor})
    return acting | frozenset(anchor.act.deciders) if isinstance(anchor.act, DecisionMade) else acting
