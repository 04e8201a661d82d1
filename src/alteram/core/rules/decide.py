"""Rule on a proposed act before it counts: `Allowed`, `Refused` or `Departure`.

The act is imagined done, and every requirement that gates it is examined at it, with the same predicates that assess.
It decides from facts and rulebook alone; it does not know who is asking beyond the actor named, and writes nothing.
Order matters and was chosen: time, then whether the stream takes acts at all, then what the act refers to, then what no
rulebook can let go, then who, then protected names and taken ones, then when in the procedure, then the requirements,
then whether the respondent has what it rests on; so that the first answer is the one the actor can do something about.
Whoever has no part in the matter is told first that they may not do it, and nothing of what is there.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final, TypeAlias

from alteram.core.acts import (
    DepartureAuthorised,
    FactAgreed,
    FactDenied,
    FactFound,
    HistoryEntered,
    MatterClosed,
    MatterReopened,
    OrganisationFounded,
    get_spec,
)
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.outcomes import Allowed, Departure, Refused, Ruling
from alteram.core.kernel.phrases import as_own, as_word, join, phrase
from alteram.core.matters import AnyEvent, Facts
from alteram.core.rules.assess import examine
from alteram.core.rules.bundles import find_bundle_refusal
from alteram.core.rules.capacities import find_role_holders, find_roles
from alteram.core.rules.exhibits import find_exhibit_refusal
from alteram.core.rules.handing import find_handing_refusal
from alteram.core.rules.identities import find_identity_refusal
from alteram.core.rules.keys import find_key_refusal
from alteram.core.rules.orders import find_order_followed
from alteram.core.rules.paper import find_paper_refusal
from alteram.core.rules.parts import HANDLING, find_part_refusal, find_sides
from alteram.core.rules.proceedings import find_order_refusal, find_taken_name
from alteram.core.rules.propositions import find_proposition_refusal
from alteram.core.rules.references import find_broken_reference, find_unknown_procedure
from alteram.core.rules.reliance import find_reliance_refusal
from alteram.core.rules.requirements import get_requirement
from alteram.core.rules.roll import find_roll_refusal
from alteram.core.rules.rulebook import Demand, Rulebook
from alteram.core.rules.sanctioning import find_sanction_refusal
from alteram.core.rules.second_keys import find_second_key_refusal
from alteram.core.rules.shredding import find_shredding_refusal
from alteram.core.rules.speakers import find_speaking_refusal
from alteram.core.rules.stages import find_stage

#: Why a demand stops an act, if it does: see `examine_gate`.
Ask: TypeAlias = Callable[[Demand, Facts, Rulebook, AnyEvent, datetime], Refused | None]
#: Roles that are no part in a matter.
_NO_PART: Final[frozenset[Role]] = frozenset({"member", "anyone"})
#: What may still be done in a closed matter.
_AFTER_CLOSING = frozenset(
    {
        "matter.reopened",
        "appeal.lodged",
        "review.asked",
        "review.decided",
        "record.shredded",
        "second-key.given",
        "retention.held",
        "reprisal-watch.opened",
        "reprisal-watch.closed",
        "reprisal.alleged",
        "adverse-act.reasoned",
        "risk.assessed",
        "contact.made",
        "contact.missed",
        "outcome.published",
        "statement.published",
        "correction.made",
        "paper.entered",
        "paper.confirmed",
        "paper.served",
        "identity.asked",
        "identity.refused",
        "identity.released",
        "second-key.asked",
        "second-key.refused",
        "external-order.recorded",
        "fact.agreed",
        "fact.denied",
    }
)


def decide(
    facts: Facts,
    rulebook: Rulebook,
    event: AnyEvent,
    now: datetime,
    *,
    imagined: bool = False,
    ask: Ask | None = None,
) -> Ruling:
    """Return the ruling on `event`, a live event that would be the next of `facts.matter`.

    `imagined` asks of a matter that only tells a history what would be ruled if it were decided here; nothing is done.
    `ask` answers for `examine_gate`, where somebody remembers what it said before.
    """
    # An order from outside is followed and assessed, never blocked by the course of the matter.
    ordered = find_order_followed(facts, rulebook, event) is not None
    for refused in (
        _time(facts, now),
        _open(facts, event, imagined=imagined),
        _outside(facts, rulebook, event, imagined=imagined),
        find_broken_reference(facts, event),
        find_unknown_procedure(rulebook, event),
        find_part_refusal(facts, rulebook, event),
        find_roll_refusal(facts, rulebook, event),
        find_second_key_refusal(facts, rulebook, event),
        find_speaking_refusal(facts, event, now),
        find_paper_refusal(facts, rulebook, event, now),
        None if ordered else find_order_refusal(facts, event, now),
        find_sanction_refusal(facts, event),
        find_shredding_refusal(facts, event, now),
        find_key_refusal(facts, rulebook, event),
    ):
        if refused is not None:
            return refused
    capacity = _capacity(facts, rulebook, event, imagined=imagined)
    if isinstance(capacity, Refused):
        return capacity
    # Only now: what it says of a name, protected or taken, is for whoever may answer for it.
    for refused in (
        None if ordered else find_taken_name(facts, event),
        find_identity_refusal(facts, rulebook, event),
        find_exhibit_refusal(facts, event),
        find_bundle_refusal(facts, event),
        find_handing_refusal(facts, rulebook, event),
        find_proposition_refusal(facts, event),
        None if ordered else _stage(facts, rulebook, event),
    ):
        if refused is not None:
            return refused
    ruling = _gates(facts, rulebook, event, now, capacity, ask=ask or examine_gate)
    unseen = None if ordered or isinstance(ruling, Refused) else find_reliance_refusal(facts, event)
    return ruling if unseen is None else unseen


def _time(facts: Facts, now: datetime) -> Refused | None:
    last_at = facts.matter.last_at
    if last_at is not None and now < last_at:
        return Refused(
            "time.backwards",
            "record",
            phrase("Time in a matter never runs backwards."),
            earliest=last_at,
            facts=(("last entry", last_at),),
        )
    return None


def _open(facts: Facts, event: AnyEvent, *, imagined: bool) -> Refused | None:
    name = get_spec(type(event.act)).name
    if isinstance(event.act, OrganisationFounded) != (facts.organisation.head_seq < 0):
        return Refused(
            "organisation.founded", "record", phrase("An organisation is founded once, before anything else.")
        )
    only_told = facts.matter.is_history and not imagined
    if only_told and not isinstance(event.act, FactAgreed | FactDenied | FactFound):
        return Refused(
            "matter.history", "record", phrase("This matter only tells a history; nothing is decided in it.")
        )
    if isinstance(event.act, HistoryEntered) and facts.matter.head_seq >= 0:
        return Refused("matter.begun", "record", phrase("A history is entered before anything else."))
    changes = [one for one in facts.matter.all(MatterClosed, MatterReopened) if one.live]
    if changes and isinstance(changes[-1].act, MatterClosed) and name not in _AFTER_CLOSING:
        return Refused(
            "matter.closed",
            "record",
            phrase("The matter is closed."),
            missing=("matter.reopened",),
            facts=(("closed", changes[-1].recorded_at),),
        )
    return None


def _outside(facts: Facts, rulebook: Rulebook, event: AnyEvent, *, imagined: bool) -> Refused | None:
    """Return why somebody without a part in the matter may not do this, before anything tells them what is in it."""
    if facts.matter is facts.organisation or not _NO_PART.issuperset(find_roles(facts, rulebook, event.actor)):
        return None
    capacity = _capacity(facts, rulebook, event, imagined=imagined)
    return capacity if isinstance(capacity, Refused) else None


def _capacity(facts: Facts, rulebook: Rulebook, event: AnyEvent, *, imagined: bool) -> Allowed | Refused:
    spec = get_spec(type(event.act))
    rule = rulebook.find_act_rule(spec.name)
    by = rule.by if rule is not None else spec.by
    clause = rule.clause if rule is not None else ""
    held = _find_roles_free(facts, rulebook, event, imagined=imagined)
    capacity = next((role for role in by if role in held), None)
    if capacity is None:
        return Refused(
            "act.not-yours",
            clause or spec.tag,
            phrase("Only {roles} may do this.", roles=_either(by)),
            facts=(("who may", by), ("your roles", held)),
        )
    return Allowed(capacity, clause)


def _find_roles_free(facts: Facts, rulebook: Rulebook, event: AnyEvent, *, imagined: bool) -> tuple[Role, ...]:
    """Return the roles of the actor, without those that nobody has in their own cause."""
    held = find_roles(facts, rulebook, event.actor)
    if (facts.matter.is_history and not imagined) or event.actor not in find_sides(facts):
        return held
    return tuple(role for role in held if role not in HANDLING)


def _either(roles: tuple[Role, ...]) -> str:
    return join(phrase(" or "), [as_word(role.replace("-", " ")) for role in roles])


def _stage(facts: Facts, rulebook: Rulebook, event: AnyEvent) -> Refused | None:
    name = get_spec(type(event.act)).name
    rule = rulebook.find_act_rule(name)
    if rule is None or not rule.stages:
        return None
    stage = find_stage(facts, rulebook)
    if stage is not None and stage.id in rule.stages:
        return None
    return Refused(
        "act.wrong-stage",
        rule.clause,
        phrase("This act belongs to the stage {stages}.", stages=join(phrase(" or "), map(as_own, rule.stages))),
        facts=(("stage now", stage.id if stage is not None else "none"), ("stages", rule.stages)),
    )


def _gates(facts: Facts, rulebook: Rulebook, event: AnyEvent, now: datetime, capacity: Allowed, *, ask: Ask) -> Ruling:
    name = get_spec(type(event.act)).name
    demands = rulebook.find_gating(name)
    if not demands:
        return capacity
    after = facts.with_event(event)
    refusals: list[Refused] = []
    departed: Departure | None = None
    for demand in demands:
        refused = ask(demand, after, rulebook, event, now)
        if refused is None:
            continue
        departure = _find_departure(facts, rulebook, demand, event, capacity.capacity)
        if departure is None:
            refusals.append(refused)
        else:
            departed = departed or departure
    if refusals:
        return _all_told(refusals)
    return departed or capacity


def examine_gate(demand: Demand, after: Facts, rulebook: Rulebook, event: AnyEvent, now: datetime) -> Refused | None:
    """Return why a demand stops an act, with the facts as they are once it is done; None where it does not."""
    # Where the demand is not asked at this very act, all that it was asked at before must be in order.
    asked_here = type(event.act) in get_requirement(demand.kind).anchors
    finding = examine(demand, after, rulebook, now, at=event if asked_here else None)
    if finding.result in {"PASS", "RULED"} or not finding.entries:
        # No entries: the demand does not speak of this event (see `examine`), so there is nothing to gate.
        return None
    return Refused(
        f"requirement.{demand.kind}",
        demand.clause,
        finding.because,
        requirement=demand.id,
        missing=finding.missing,
        # What came too soon before stays too soon, however long this act waits.
        earliest=finding.earliest if asked_here else None,
        working=finding.working,
        facts=(("entries", tuple(str(entry) for entry in finding.entries)),),
    )


def _find_departure(
    facts: Facts, rulebook: Rulebook, demand: Demand, event: AnyEvent, capacity: str
) -> Departure | None:
    order = find_order_followed(facts, rulebook, event)
    if order is not None:
        return Departure(demand.clause, demand.id, f"order of a {order.act.source}", order.seq, capacity)
    act_name = get_spec(type(event.act)).name
    for rule in rulebook.departures:
        if rule.requirement == demand.id:
            for authorised, by in _authorisations(facts, rulebook, demand.id, act_name, rule.by):
                return Departure(rule.clause, demand.id, by, authorised.seq, capacity)
    return None


def _authorisations(
    facts: Facts, rulebook: Rulebook, demand_id: str, act_name: str, by: tuple[Role, ...]
) -> Iterator[tuple[AnyEvent, str]]:
    entitled = {person: role for role in by for person in find_role_holders(facts, rulebook, role)}
    for event in facts.matter.all(DepartureAuthorised):
        matches = event.act.requirement == demand_id and event.act.for_act == act_name
        if matches and event.live and not event.corrected and event.actor in entitled:
            yield event, entitled[event.actor]


def _all_told(refusals: list[Refused]) -> Refused:
    first, *others = refusals
    if not others:
        return first
    times = [one.earliest for one in refusals]
    return Refused(
        first.code,
        first.clause,
        first.because,
        first.requirement,
        missing=tuple(dict.fromkeys(act for one in refusals for act in one.missing)),
        earliest=None if None in times else max(at for at in times if at is not None),
        working=first.working,
        facts=first.facts,
        also=tuple(others),
    )
