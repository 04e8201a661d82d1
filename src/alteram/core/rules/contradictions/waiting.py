"""What each act of a rulebook waits for: for whoever may do it, for a stage, for what a requirement asks before it.

Only what it surely waits for is told, so that whatever can be done is never called impossible. What others report of
elsewhere opens no stage and is not waited for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from alteram.core.acts.catalogue import Role, find_spec
from alteram.core.kernel.phrases import as_act, as_own, as_word, join, phrase
from alteram.core.rules.contradictions.roles import GIVING, holds_beforehand, stands
from alteram.core.rules.requirements import parse_parameters
from alteram.core.rules.requirements.party_heard import PartyHeardFirst
from alteram.core.rules.rulebook import Demand, Rulebook

#: What an act speaks of has to be there: `instrument.issued` names the sanction it is about.
_NAMED: Final[dict[str, str]] = {
    "instrument.issued": "sanction.imposed",
    "decision.served": "decision.made",
    "appeal.admitted": "appeal.lodged",
    "appeal.refused": "appeal.lodged",
    "appeal.decided": "appeal.lodged",
    "meeting.opened": "meeting.called",
    "report.acknowledged": "report.lodged",
    "vote.taken": "motion.put",
}
_HEARD: Final = ("party.heard", "right.waived", "default.noted")
_IN_WRITING: Final = ("response.given", "submissions.closed")
#: What a kind asks for at an act about a charge, without which it is never met: any one of these acts.
ASKED: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("acknowledgement", "report.lodged"): ("report.acknowledged",),
    ("decision-by-vote", "decision.made"): ("vote.taken",),
    ("draft-report-to-parties", "report.finalised"): ("draft-report.served",),
    ("independent-view", "decision.made"): ("view.sought",),
    ("investigation-before-sanction", "decision.made"): ("report.finalised", "response.given"),
    ("investigation-before-sanction", "sanction.imposed"): ("report.finalised", "response.given"),
    ("majority", "sanction.imposed"): ("vote.taken",),
    ("meeting-notice", "meeting.opened"): ("meeting.called",),
    ("notice-period", "decision.made"): ("notice.served",),
    ("notice-period", "meeting.opened"): ("notice.served",),
    ("party-heard", "decision.made"): (*_HEARD, *_IN_WRITING),
    ("party-heard", "sanction.imposed"): (*_HEARD, *_IN_WRITING),
    ("sanction-instrument", "sanction.imposed"): ("instrument.issued",),
}


@dataclass(frozen=True, slots=True)
class Wait:
    """Why an act cannot be done before one of `acts`; none: it never can. `items` are the rules that say so."""

    act: str
    acts: tuple[str, ...]
    because: str
    items: tuple[object, ...]
    field: tuple[str, str, str]


def find_roles(rulebook: Rulebook, act: str) -> tuple[Role, ...]:
    """Return who may do an act: as a rule says, else as the catalogue does."""
    rule, spec = rulebook.find_act_rule(act), find_spec(act)
    return rule.by if rule is not None else () if spec is None else spec.by


def find_waits(rulebook: Rulebook, act: str) -> Iterator[Wait]:
    """Yield what an act waits for, but for stages."""
    yield from _wait_for_people(rulebook, act)
    if act in _NAMED:
        because = phrase("{act} speaks of this: {named}", act=as_act(act), named=as_act(_NAMED[act]))
        yield Wait(act, (_NAMED[act],), because, (), ("acts", act, "acts"))
    for demand in rulebook.find_gating(act):
        asked = ASKED.get((demand.kind, act), ())
        if asked and not demand.ruled_by and not _may_be_departed_from(rulebook, demand):
            acts = _narrow(demand, asked)
            because = phrase(
                "{act} waits, by “{demand}”, for this: {asked}",
                act=as_act(act),
                demand=as_own(demand.title),
                asked=join(phrase(" or "), map(as_act, acts)),
            )
            yield Wait(act, acts, because, (demand,), ("requirements", demand.id, "gates"))


def _narrow(demand: Demand, asked: tuple[str, ...]) -> tuple[str, ...]:
    parameters = parse_parameters(demand)
    oral = isinstance(parameters, PartyHeardFirst) and parameters.oral
    return tuple(one for one in asked if not oral or one not in _IN_WRITING)


def _may_be_departed_from(rulebook: Rulebook, demand: Demand) -> bool:
    rules = (one for one in rulebook.departures if one.requirement == demand.id)
    return any(stands(rulebook, role) for one in rules for role in one.by)


def _wait_for_people(rulebook: Rulebook, act: str) -> Iterator[Wait]:
    roles = find_roles(rulebook, act)
    if any(holds_beforehand(rulebook, role) for role in roles):
        return
    acts = tuple(dict.fromkeys(one for role in roles for one in GIVING.get(role, ())))
    rule = rulebook.find_act_rule(act)
    names = {"act": as_act(act), "roles": join(phrase(" or "), map(as_word, roles))}
    because = (
        phrase(
            "{act} is for {roles}, who come with this: {acts}", **names, acts=join(phrase(" or "), map(as_act, acts))
        )
        if acts
        else phrase("{act} is for {roles}, and nobody can be one", **names)
    )
    yield Wait(act, acts, because, () if rule is None else (rule,), ("acts", act, "by"))
