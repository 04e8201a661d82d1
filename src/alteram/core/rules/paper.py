"""What no rulebook can let go about paper: nobody enters a paper for themselves, and nobody alone gives up what is
another's, or acts for who alone holds their key (docs/adr: on paper).

Who hands in paper acts themselves; whoever enters it only says that they did. The act that follows is ruled on as the
party's own.
"""

from datetime import datetime
from typing import Final

from alteram.core.acts import (
    PaperConfirmed,
    PaperEntered,
    PaperReportEntered,
    ReportLodged,
    find_spec,
    get_spec,
)
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Facts, build_key_ring
from alteram.core.rules.capacities import find_roles
from alteram.core.rules.parts import find_sides
from alteram.core.rules.rulebook import Rulebook

#: Whose acts can be done for them on paper.
ON_PAPER: Final[frozenset[Role]] = frozenset(
    {"reporter", "complainant", "respondent", "witness", "companion", "representative"}
)
#: Acts by which a party gives something up: a second person must have seen the paper.
GIVES_UP: Final = frozenset(
    {
        "right.waived",
        "fact.agreed",
        "report.withdrawn",
        "submissions.closed",
        "mediation.accepted",
        "mediation.settled",
        "minute.confirmed",
        "service.confirmed",
        "party.resigned",
        "correction.made",
    }
)
#: What nobody does by paper: to enter paper, and to begin a matter (a report on paper begins one of its own).
NEVER: Final = frozenset({"paper.entered", "paper-report.entered", "paper.served", "report.lodged", "history.entered"})
#: Who may confirm what another entered from a paper, beside whose paper it is and whoever saw it.
_SECOND: Final[frozenset[Role]] = frozenset({"case-manager", "secretary", "custodian", "contact-person"})


def find_paper_refusal(facts: Facts, rulebook: Rulebook, event: AnyEvent, now: datetime) -> Refused | None:
    """Return why `event`, about a paper, may not be; None for any other act, or when nothing stands in its way."""
    match event.act:
        case PaperEntered() as entered:
            return _find_wrong_entry(facts, rulebook, entered, event.actor, now)
        case PaperReportEntered() as entered:
            return _find_wrong_report(facts, entered, event, now)
        case PaperConfirmed() as confirmed:
            return _find_wrong_confirmation(facts, rulebook, confirmed, event.actor)
        case _:
            return None


def holds_key_alone(facts: Facts, person: PersonId) -> bool:
    """Return whether somebody signs with a key that nobody else has: then only paper shows what they did elsewhere."""
    ring = build_key_ring(facts.organisation)
    return ring.people.get(person) in ring.held_elsewhere


def _find_wrong_entry(
    facts: Facts, rulebook: Rulebook, act: PaperEntered, actor: PersonId | None, now: datetime
) -> Refused | None:
    for wrong in (_find_wrong_hand(facts, rulebook, act, actor), _find_wrong_time(act.received_at, now)):
        if wrong is not None:
            return wrong
    if not _can_be_done(facts, rulebook, act):
        return Refused("paper.not-theirs", "record", phrase("This is no act that the person could do themselves."))
    if act.answers is not None and not _is_to(facts.matter.find(act.answers), act.person):
        return Refused("paper.answers-another", "record", phrase("What the paper answers was sent to somebody else."))
    return _find_missing_witness(facts, act, actor)


def _find_missing_witness(facts: Facts, act: PaperEntered, actor: PersonId | None) -> Refused | None:
    if act.witness not in {None, actor, act.person} and act.witness not in find_sides(facts):
        return None
    if act.what in GIVES_UP:
        because = phrase(
            "It gives something up: somebody else, who is no side in the matter, must have seen the paper."
        )
        return Refused("paper.witness", "record", because)
    if holds_key_alone(facts, act.person):
        because = phrase(
            "They alone hold the key that signs for them: somebody else, who is no side in the matter, must have seen"
            " the paper."
        )
        return Refused("paper.witness", "record", because)
    return None


def _find_wrong_hand(facts: Facts, rulebook: Rulebook, act: PaperEntered, actor: PersonId | None) -> Refused | None:
    if act.person == actor or actor in find_sides(facts):
        return _own()
    if ON_PAPER.isdisjoint(find_roles(facts, rulebook, act.person)):
        because = phrase("Only what a party, a witness or who stands beside them handed in.")
        return Refused("paper.no-party", "record", because)
    return None


def _own() -> Refused:
    because = phrase("Nobody enters a paper for themselves, or in a matter they are a side in.")
    return Refused("paper.own", "record", because)


def _find_wrong_time(received_at: datetime, now: datetime) -> Refused | None:
    if received_at <= now:
        return None
    because = phrase("It cannot have been handed in later than now.")
    return Refused("paper.later", "record", because, earliest=received_at)


def _can_be_done(facts: Facts, rulebook: Rulebook, act: PaperEntered) -> bool:
    spec = find_spec(act.what)
    if spec is None or spec.name != act.what or spec.stream != "matter" or spec.name in NEVER:
        return False
    rule = rulebook.find_act_rule(spec.name)
    by = spec.by if rule is None else rule.by
    own = ON_PAPER.intersection(find_roles(facts, rulebook, act.person)) | {"anyone"}
    return not own.isdisjoint(by)


def _is_to(event: AnyEvent | None, person: PersonId) -> bool:
    """Return whether an entry may be answered by somebody: one that is addressed is answered by whom it went to."""
    if event is None:
        return False
    to = next((one for one in get_spec(type(event.act)).fields if one.name == "to" and one.names_people), None)
    if to is None:
        return True
    value = getattr(event.act, "to", None)
    return person in (value if isinstance(value, tuple) else (value,))


def _find_wrong_report(facts: Facts, act: PaperReportEntered, event: AnyEvent, now: datetime) -> Refused | None:
    report = facts.matter.find(act.report)
    if report is None or not isinstance(report.act, ReportLodged):
        return None  # said before: what an act refers to must be there
    if event.actor == report.actor or event.actor in report.act.people or event.actor in find_sides(facts):
        return _own()
    if not report.live or (report.seq + 1, report.recorded_at) != (event.seq, event.recorded_at):
        because = phrase("A report is entered from paper in one step, together with the report itself.")
        return Refused("paper.not-together", "record", because)
    return _find_wrong_time(act.received_at, now)


def _find_wrong_confirmation(
    facts: Facts, rulebook: Rulebook, act: PaperConfirmed, actor: PersonId | None
) -> Refused | None:
    paper = facts.matter.find(act.paper)
    if paper is None or actor in {find_writer(facts, paper), getattr(paper.act, "witness", None)}:
        return None
    second = not _SECOND.isdisjoint(find_roles(facts, rulebook, actor)) and actor not in find_sides(facts)
    if second and actor != paper.actor:
        return None
    because = phrase("It is confirmed by whose paper it is, or by a second person who did not enter it and is no side.")
    return Refused("paper.not-yours", "record", because)


def find_writer(facts: Facts, paper: AnyEvent) -> PersonId | None:
    """Return whose paper an entry enters."""
    match paper.act:
        case PaperEntered(person=person):
            return person
        case PaperReportEntered(report=seq):
            report = facts.matter.find(seq)
            return None if report is None else report.actor
        case _:
            return None
