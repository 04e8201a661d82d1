"""What somebody can do in a matter now, kept at hand for as long as nothing that bears on it moved.

Asking the rules about every act costs time in a long matter, and pages ask often. What was asked is kept by how far
the matter, the organisation and the parts in linked matters were read, by who asks, and by the minute: a time that
passes within the minute is seen when the act is done, and rulings on it are never kept.
"""

from datetime import datetime
from typing import Final
from weakref import WeakKeyDictionary

from alteram.core.acts import MatterAccepted, get_spec
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import find_holders
from alteram.core.rules.requirements.library import get_requirement
from alteram.operations.entries import Entered
from alteram.operations.organisation import Organisation
from alteram.operations.questions import OpenAct, OpenActs, find_open_acts
from alteram.operations.recent import Recent

_KEPT: Final = 256
_PARTIES: Final = frozenset({"respondent", "complainant", "reporter", "witness", "representative", "companion"})
_Asked = Recent[tuple[object, ...], OpenActs]
_asked: "WeakKeyDictionary[Organisation, _Asked]" = WeakKeyDictionary()

#: What somebody in a part most likely comes to do, in the order of a matter. Only what is open is ever offered.
_FITTING: Final[dict[Role, tuple[str, ...]]] = {
    "respondent": (
        "response.given", "companion.named", "extension.asked", "exhibit.lodged", "appeal.lodged",
        "draft-report.commented", "minute.confirmed", "support.accepted", "bias.challenged", "submissions.closed",
        "jurisdiction.challenged",
    ),
    "complainant": (
        "reporter.answered", "support.accepted", "exhibit.lodged", "companion.named", "draft-report.commented",
        "review.asked", "appeal.lodged", "bias.challenged", "reprisal.alleged", "report.withdrawn",
    ),
    "reporter": ("reporter.answered", "support.accepted", "review.asked", "reprisal.alleged", "report.withdrawn"),
    "witness": ("statement.checked", "statement.signed", "exhibit.lodged", "companion.named", "support.accepted"),
    "representative": ("response.given", "extension.asked", "draft-report.commented", "appeal.lodged"),
    "companion": ("response.given", "extension.asked", "companion.unavailable"),
    "case-manager": (
        "interest.declared", "report.acknowledged", "risk.assessed", "support.offered", "triage.decided",
        "matter.accepted", "party.joined", "terms.set", "investigator.appointed", "allegations.stated",
        "exhibit.disclosed", "notice.served", "decision.served", "reporter.informed", "service.confirmed",
        "matter.closed",
    ),
    "investigator": (
        "interest.declared", "investigation.begun", "interview.held", "statement.taken", "exhibit.lodged",
        "exhibit.disclosed", "draft-report.served", "report.finalised",
    ),
    "chair": (
        "interest.declared", "meeting.called", "meeting.opened", "party.heard", "motion.put", "vote.taken",
        "decision.made", "sanction.imposed", "instrument.issued", "meeting.closed", "minute.made",
    ),
    "decider": ("interest.declared", "person.recused", "motion.seconded", "ballot.demanded", "motion.put"),
    "scrutineer": ("vote.taken", "interest.declared"),
    "appeal-decider": ("interest.declared", "appeal.admitted", "appeal.decided", "ruling.made", "person.recused"),
    "custodian": ("case-manager.assigned", "identity.released", "challenge.ruled", "second-key.given"),
    "secretary": ("meeting.called", "case-manager.assigned", "decision.served", "minute.made", "appeal-panel.formed"),
    "mediator": ("mediation.settled", "mediation.closed"),
    "contact-person": ("contact.made", "support.offered", "risk.assessed"),
}  # fmt: skip

#: What no complaint gets to its end without, whatever the rulebook asks for.
_ON_THE_WAY: Final = frozenset(
    {
        "allegations.stated", "case-manager.assigned", "decision.made", "decision.served", "matter.accepted",
        "meeting.called", "meeting.closed", "meeting.opened", "motion.put", "notice.served", "party.heard",
        "report.acknowledged", "vote.taken",
    }
)  # fmt: skip

#: What is most often done once for each side before it counts as done.
_TIMES: Final = {"party.heard": 2, "decision.served": 2}


def find_acts(entered: Entered, *, now: datetime, among: frozenset[str] | None = None) -> OpenActs:
    """Return every act of the matter (or those `among` these names) with what the rules say of it.

    They are asked at most once in a minute.
    """
    asked = _asked.setdefault(entered.organisation, _Asked(_KEPT))
    place = (entered.stream, entered.heads, entered.person, now.replace(second=0, microsecond=0))
    found = asked.find((*place, None)) or asked.find((*place, among))
    if found is None:
        found = find_open_acts(entered.organisation, entered.stream, entered.person, among=among, now=now, fresh=False)
        asked.put((*place, among), found)
    return found


def find_fitting(entered: Entered, *, now: datetime, limit: int = 6) -> tuple[OpenAct, ...]:
    """Return the open acts that fit the reader's parts best; the rules are asked about no others.

    First come those that were not done here yet; of these, first what a party may do, and what the rules ask for or
    no matter comes to its end without.
    """
    order: dict[str, int] = {}
    for role in entered.reader.roles:
        for name in _FITTING.get(role, ()):
            order.setdefault(name, len(order))
    found = find_acts(entered, now=now, among=frozenset(order)).acts
    fitting = [one for one in found if one.is_own and not isinstance(one.ruling, Refused)]
    fitting = [one for one in fitting if one.spec.name in order]
    mine = entered.reader.person
    matter = entered.facts.matter
    done = {
        one.spec.name
        for one in fitting
        if sum(e.actor == mine for e in matter.all(one.spec.type)) >= _TIMES.get(one.spec.name, 1)
    }
    asked = _find_asked(entered)
    return tuple(
        sorted(fitting, key=lambda one: (one.spec.name in done, one.spec.name not in asked, order[one.spec.name]))
    )[:limit]


def _find_asked(entered: Entered) -> frozenset[str]:
    """Return the acts that come first: a party's, those on the way of any matter, and those the rules ask for."""
    rulebook, matter = entered.rulebook, entered.facts.matter
    parties = [acts for role, acts in _FITTING.items() if role in entered.reader.roles and role in _PARTIES]
    asked = {name for acts in parties for name in acts} | _ON_THE_WAY | {one.act for one in rulebook.acts}
    for demand in rulebook.demands:
        asked |= {get_spec(one).name for one in get_requirement(demand.kind).reads}
    if find_holders(matter, "respondent") or not matter.all(MatterAccepted):
        return frozenset(asked - {"party.joined"})
    # Nobody can be served before somebody is the respondent.
    return frozenset(asked | {"party.joined"}) - {"allegations.stated", "notice.served"}
