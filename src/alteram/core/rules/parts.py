"""What no rulebook can let go about parts: nobody handles their own cause, speaks for the other side, or takes a part.

Natural justice needs it under any rules (nemo iudex in causa sua): sides have no office in their own matter, a part is
given by the act that gives it, nobody is put out of a matter against their will, and an entry is corrected by whoever
made it. It compares people with parts and entries; what the rulebook adds is asked by `decide`.
"""

from collections.abc import Iterable
from typing import Final

from alteram.core.acts import (
    AppealLodged,
    AppealRefused,
    CapacityLost,
    CaseManagerAssigned,
    CompanionNamed,
    CorrectionMade,
    DecisionMade,
    ExternalOrderRecorded,
    FactAgreed,
    FactFound,
    HandoverMade,
    InterimMeasureImposed,
    InvestigatorAppointed,
    MatterAccepted,
    MeetingOpened,
    PartyJoined,
    PartyReplaced,
    PartySevered,
    PersonRecused,
    ProxyNamed,
    ReportLodged,
    ReportWithdrawn,
    SanctionImposed,
    VoteTaken,
)
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import as_person, as_word, phrase
from alteram.core.matters import SIDES, AnyEvent, Event, Facts, find_ever_holders, find_holders, find_side_holders
from alteram.core.rules.capacities import find_role_holders, find_stood_down_now
from alteram.core.rules.rulebook import Rulebook
from alteram.core.rules.stages import find_clock

#: Parts that are given by joining; every other has an act, an office or a body that gives it.
_JOINED: Final[frozenset[Role]] = SIDES | {"witness", "companion", "representative"}
#: Parts that nobody has in their own cause.
HANDLING: Final[frozenset[Role]] = frozenset(
    {
        "case-manager",
        "investigator",
        "decider",
        "chair",
        "scrutineer",
        "appeal-decider",
        "mediator",
        "custodian",
        "contact-person",
        "secretary",
        "spokesperson",
    }
)
#: Parts whose holder may put an entry right that another handler made.
_KEEPERS: Final[tuple[Role, ...]] = ("case-manager", "custodian")


def find_part_refusal(facts: Facts, rulebook: Rulebook, event: AnyEvent) -> Refused | None:  # noqa: PLR0911, PLR0912 - a table of acts
    """Return why `event` may not be, whoever proposes it; None when nothing here stands in its way."""
    match event.act:
        case PersonRecused(roles=roles) if SIDES.intersection(roles):
            return Refused(
                "part.side", "record", phrase("Nobody stands down from being a party; a report can be withdrawn.")
            )
        case PartyJoined(role=role) if role not in _JOINED:
            return Refused(
                "part.not-joined",
                "record",
                phrase("The part of {role} is given by the act or the office that gives it.", role=as_word(role)),
            )
        case PartySevered(person=person, role=role):
            return _severed(facts, person, role)
        case PartyReplaced(person=person, by=to, role=role) | HandoverMade(from_person=person, to=to, role=role):
            return _handed_over(facts, rulebook, event, (person, to, role))
        case CaseManagerAssigned(person=person) | InvestigatorAppointed(person=person):
            return _appointed(facts, rulebook, event, person)
        case MeetingOpened(chair=person) if person in find_sides(facts):
            return Refused("part.own-cause", "record", phrase("Whom the matter concerns does not preside in it."))
        case CompanionNamed(for_person=person) | ProxyNamed(for_person=person) if person != event.actor:
            return None if event.actor in find_holders(facts.matter, "case-manager") else _for_another()
        case InterimMeasureImposed(person=person) if not any(one.person == person for one in facts.holdings):
            return Refused(
                "part.none", "record", phrase("A measure meanwhile is for somebody who has a part in the matter.")
            )
        case CorrectionMade(entry=seq):
            return _corrected(facts, rulebook, event, facts.matter.find(seq))
        case FactAgreed(event=seq):
            return _agreed(facts, event, facts.matter.find(seq))
        case FactFound(event=seq):
            return _found(event, facts.matter.find(seq))
        case ReportWithdrawn(report=seq):
            return _withdrawn(event, facts.matter.find(seq))
        case AppealRefused(appeal=seq):
            return _appeal_refused(facts, event, facts.matter.find(seq))
        case _:
            return None


def find_sides(facts: Facts) -> frozenset[PersonId]:
    """Return who is a side in the matter now: who reported, who complains, who answers."""
    return find_side_holders(facts.matter)


def _severed(facts: Facts, person: PersonId, role: Role) -> Refused | None:
    """A side leaves by its own will, or goes on in a matter of its own (design: one cannot close the other)."""
    if role not in SIDES:
        return None
    left = role != "respondent" and any(_freely_by(one, person) for one in facts.matter.all(ReportWithdrawn))
    if left or any(person in one.holders(role) for one in facts.linked):
        return None
    return Refused(
        "part.side",
        "record",
        phrase(
            "A party is severed only into a linked matter where they have the same part, or once they withdrew freely."
        ),
        missing=("matters.linked",),
    )


def _freely_by(event: Event[ReportWithdrawn], person: PersonId) -> bool:
    return event.live and not event.corrected and event.act.freely and event.actor == person


def _handed_over(
    facts: Facts, rulebook: Rulebook, event: AnyEvent, handed: tuple[PersonId, PersonId, Role]
) -> Refused | None:
    person, to, role = handed
    unable = any(one.live and one.act.person == person for one in facts.matter.all(CapacityLost))
    if role in SIDES:
        if role != "respondent" and isinstance(event.act, PartyReplaced) and unable:
            return None
        return Refused("part.side", "record", phrase("Nobody takes the place of a party who can still act."))
    stood_down = person in find_stood_down_now(facts, role)
    if person not in find_role_holders(facts, rulebook, role) and not stood_down:
        return Refused(
            "part.not-held",
            "record",
            phrase("{person} is not {role} in this matter.", person=as_person(person), role=as_word(role)),
        )
    if to in find_sides(facts) | _find_named(facts):
        return Refused("part.own-cause", "record", phrase("Whom the matter concerns has no other part in it."))
    free = unable or stood_down or person in find_sides(facts) or _is_late(facts, rulebook, event, role)
    if event.actor == person or (event.actor != to and free):
        return None
    return Refused(
        "part.not-yours",
        "record",
        phrase("A part is handed over by whoever has it; by another once they stood down, cannot act or are late."),
        missing=("person.recused",),
    )


def _is_late(facts: Facts, rulebook: Rulebook, event: AnyEvent, role: Role) -> bool:
    """Return whether the part owns a stage that is overdue, and the stage then falls to whoever acts."""
    clock = find_clock(facts, rulebook)
    if clock is None or clock.stage.owner != role or not clock.overdue(event.recorded_at):
        return False
    to = clock.stage.overdue_to
    return to is not None and event.actor in find_role_holders(facts, rulebook, to)


def _appointed(facts: Facts, rulebook: Rulebook, event: AnyEvent, person: PersonId) -> Refused | None:
    concerned = find_sides(facts) | _find_named(facts)
    if person in concerned:
        return Refused("part.own-cause", "record", phrase("Whom the matter concerns handles nothing in it."))
    if isinstance(event.act, CaseManagerAssigned) and event.actor in concerned and _somebody_free(facts, rulebook):
        return Refused("part.own-cause", "record", phrase("Whom the matter concerns does not choose who handles it."))
    return None


def _somebody_free(facts: Facts, rulebook: Rulebook) -> bool:
    """Return whether anybody whom the matter does not concern may assign a case manager."""
    rule = rulebook.find_act_rule("case-manager.assigned")
    roles: tuple[Role, ...] = rule.by if rule is not None else ("secretary", "custodian", "chair")
    entitled = frozenset(person for role in roles for person in find_role_holders(facts, rulebook, role))
    return bool(entitled - find_sides(facts) - _find_named(facts))


def _find_named(facts: Facts) -> frozenset[PersonId]:
    """Return whom the report is about, until it is settled who answers to it."""
    if any(one.live and one.act.respondent is not None for one in facts.matter.all(MatterAccepted)):
        return frozenset()
    return frozenset(person for one in facts.matter.all(ReportLodged) if one.live for person in one.act.people)


def _for_another() -> Refused:
    return Refused(
        "part.not-yours", "record", phrase("Who stands beside or acts for somebody is named by that person.")
    )


def _corrected(facts: Facts, rulebook: Rulebook, event: AnyEvent, entry: AnyEvent | None) -> Refused | None:
    """An entry is put right by whoever made it; what a handler entered also by those who keep the matter."""
    if entry is None or event.actor in _authors(entry):
        return None
    keepers = frozenset(person for role in _KEEPERS for person in find_role_holders(facts, rulebook, role))
    if event.actor in keepers and entry.actor not in find_sides(facts) and entry.live:
        return None
    return Refused(
        "entry.not-yours",
        "record",
        phrase("An entry is corrected by whoever made it; anybody else may deny or object."),
    )


def _authors(entry: AnyEvent) -> tuple[PersonId | None, ...]:
    return (entry.actor,) if entry.live else entry.asserted_by


def _agreed(facts: Facts, event: AnyEvent, entry: AnyEvent | None) -> Refused | None:
    """Sides agree, and whoever is said to have done it; who keeps the matter only vouches for an order from outside."""
    if entry is None or facts.matter.is_history or isinstance(entry.act, ExternalOrderRecorded):
        return None
    if event.actor in find_sides(facts) or event.actor in {entry.actor, *_people_in(entry)}:
        return None
    return Refused("part.not-yours", "record", phrase("A report is agreed to by a party, or by whom it tells of."))


def _found(event: AnyEvent, entry: AnyEvent | None) -> Refused | None:
    """Nobody finds on what they did, told, or are said to have been part of."""
    if entry is None or event.actor not in {*_authors(entry), entry.actor, *_people_in(entry)}:
        return None
    return Refused("part.own-cause", "record", phrase("Nobody finds on what they told, did or were part of."))


def _people_in(entry: AnyEvent) -> Iterable[object]:
    """Yield every value of an event's fields: identifiers of people are among them."""
    for name in entry.act.__struct_fields__:
        value = getattr(entry.act, name)
        yield from value if isinstance(value, tuple) else (value,)


def _withdrawn(event: AnyEvent, report: AnyEvent | None) -> Refused | None:
    if report is None or report.actor == event.actor:
        return None
    return Refused("entry.not-yours", "record", phrase("A report is withdrawn by whoever made it."))


def _appeal_refused(facts: Facts, event: AnyEvent, appeal: AnyEvent | None) -> Refused | None:
    """Nobody refuses to hear an appeal against what they handled, decided, voted on or did."""
    handled = find_ever_holders(facts.matter, "case-manager") | find_ever_holders(facts.matter, "investigator")
    appealed = facts.matter.find(appeal.act.against) if appeal and isinstance(appeal.act, AppealLodged) else None
    if event.actor not in {*handled, *_deciding(facts, appealed)}:
        return None
    return Refused(
        "appeal.own-cause",
        "record",
        phrase("Nobody refuses an appeal against what they handled or decided."),
        missing=("appeal-panel.formed",),
    )


def _deciding(facts: Facts, entry: AnyEvent | None) -> Iterable[PersonId | None]:
    """Yield who did what is appealed, and whoever decided it or voted on it."""
    if entry is None:
        return
    yield entry.actor
    match entry.act:
        case SanctionImposed(decision=seq) if seq is not None:
            yield from _deciding(facts, facts.matter.find(seq))
        case DecisionMade(deciders=people, motions=motions):
            yield from people
            yield from (
                one for vote in facts.matter.all(VoteTaken) if vote.act.motion in motions for one in vote.act.voters
            )
        case _:
            return
