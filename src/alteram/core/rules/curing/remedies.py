"""What may help: acts that a finding or a refusal asks for, and acts by which what was decided wrongly falls.

It proposes; whether an act is lawful, and whether it mends, is for the engine to say.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from alteram.core.acts import DecisionMade, InterimMeasureImposed, MatterDeclined, SanctionImposed, find_spec
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import Facts, find_holders
from alteram.core.rules.capacities import find_role_holders
from alteram.core.rules.curing.intents import Intent
from alteram.core.rules.curing.people import find_concerned, find_roles_for
from alteram.core.rules.findings import Finding
from alteram.core.rules.rulebook import Demand, Rulebook

#: Acts that give somebody a part; every other part is given by an office.
_GIVING: Final[dict[str, str]] = {
    "case-manager": "case-manager.assigned",
    "investigator": "investigator.appointed",
    "appeal-decider": "appeal-panel.formed",
    "contact-person": "contact-person.named",
    "mediator": "mediator.chosen",
}
#: Acts that change what counts as true: no plan is built on what somebody will say or find.
_NO_CURE: Final = frozenset({"fact.found", "fact.agreed", "fact.denied", "correction.made", "record.shredded"})


def find_mends(demand: Demand, finding: Finding, facts: Facts) -> Iterator[Intent]:
    """Yield what may mend a finding: what it names itself, then what makes fall that which it complains of."""
    names = [one.act for one in finding.cures] + list(finding.missing)
    names += [name for name in _find_undoing(finding, facts) if name not in names]
    if demand.ruled_by and finding.result in {"FAIL", "UNKNOWN"}:
        names.append("ruling.made")
    for name in dict.fromkeys(names):
        if name not in _NO_CURE and find_spec(name) is not None:
            yield Intent(
                name, finding.entries, demand.id, finding.earliest, finding.concerns, demand.protects, demand.ruled_by
            )


def _find_undoing(finding: Finding, facts: Facts) -> Iterator[str]:
    for seq in finding.entries:
        event = facts.matter.find(seq)
        match None if event is None else event.act:
            case DecisionMade():
                yield "appeal.decided"
            case SanctionImposed():
                yield from ("sanction.lifted", "appeal.decided")
            case InterimMeasureImposed():
                yield "interim-measure.lifted"
            case MatterDeclined():
                yield "review.decided"
            case _:
                continue


def find_complaints(refused: Refused) -> tuple[Refused, ...]:
    """Return what a refusal complains of, one by one, each with the acts that it misses itself.

    The first is told with what all of them miss; what another misses too is left to that other.
    """
    elsewhere = {name for one in refused.also for name in one.missing}
    own = tuple(name for name in refused.missing if name not in elsewhere)
    return (replace(refused, missing=own, also=()), *refused.also)


def find_ways_on(refused: Refused, meant: Intent, facts: Facts, rulebook: Rulebook) -> Iterator[Intent]:
    """Yield what may be done first so that a refused act is allowed."""
    entries = _read_entries(refused, facts.matter.head_seq)
    if refused.code == "act.wrong-stage":
        yield from _find_stage_acts(refused, meant, rulebook)
    if refused.code == "second-key.missing":
        yield replace(meant, act="organisation-act.agreed", to_act=meant.act)
        return
    demand = next((one for one in rulebook.demands if one.id == refused.requirement), None)
    for name in refused.missing:
        if name not in _NO_CURE and name != "ruling.made":
            yield Intent(name, entries or meant.about, refused.requirement, protects=meant.protects)
    if demand is not None and demand.ruled_by:
        yield Intent("ruling.made", entries, demand.id, protects=meant.protects, ruled_by=demand.ruled_by)


def find_givers(intent: Intent, facts: Facts, rulebook: Rulebook) -> Iterator[Intent]:
    """Yield what gives somebody a part in which the act of `intent` may be done, where nobody free has one."""
    spec = find_spec(intent.act)
    if spec is None or intent.act == "office.filled":
        return
    if intent.act == "mediator.chosen" and not find_holders(facts.matter, "complainant"):
        yield replace(intent, act="party.joined")
        return
    roles = find_roles_for(rulebook, spec)
    if intent.act == "ruling.made":
        roles = tuple(role for role in intent.ruled_by if role in roles)
    for role in roles:
        if not (find_role_holders(facts, rulebook, role) - find_concerned(facts)):
            yield from _give(role, intent, rulebook)


def _give(role: Role, intent: Intent, rulebook: Rulebook) -> Iterator[Intent]:
    if role in _GIVING:
        yield replace(intent, act=_GIVING[role])
    elif any(role in office.plays for office in rulebook.offices):
        yield replace(intent, act="office.filled", role=role)


def _find_stage_acts(refused: Refused, meant: Intent, rulebook: Rulebook) -> Iterator[Intent]:
    """Yield the acts by which a stage is entered that the refused act belongs to."""
    stages = next((value for name, value in refused.facts if name == "stages"), ())
    wanted = stages if isinstance(stages, tuple) else ()
    entering = (
        name
        for procedure in rulebook.procedures
        for stage in procedure.stages
        if stage.id in wanted
        for name in stage.entered_by
    )
    for name in dict.fromkeys(entering):
        yield Intent(name, meant.about, meant.demand, protects=meant.protects)


def _read_entries(refused: Refused, head_seq: int) -> tuple[int, ...]:
    """Return the entries a refusal rests on, without the act that was refused."""
    told = next((value for name, value in refused.facts if name == "entries"), ())
    return tuple(int(one) for one in told if int(one) <= head_seq) if isinstance(told, tuple) else ()
