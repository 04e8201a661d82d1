"""What an act refers to must be there: an earlier entry of its kind, an allegation, an exhibit, a meeting, a motion."""

from collections.abc import Iterator

from alteram.core.acts import (
    AllegationsAmended,
    AllegationsStated,
    AssertionMarked,
    BundleBuilt,
    ExhibitDerived,
    ExhibitLodged,
    MatterAccepted,
    MeetingAlleged,
    MeetingCalled,
    MeetingRegistered,
    MotionPut,
    PropositionStated,
    find_spec,
    get_spec,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import as_act, as_own, as_word, join, phrase
from alteram.core.matters import AnyEvent, Facts, StreamFacts
from alteram.core.rules.rulebook import Rulebook

#: Fields that hold sequence numbers of earlier entries, with the acts (by name) they may name; empty: any.
_REFERENCES: dict[str, dict[str, tuple[str, ...]]] = {
    "report.acknowledged": {"report": ("report.lodged",)},
    "reporter.answered": {
        "question": ("reporter.asked", "report.lodged", "report.acknowledged", "reporter.informed"),
    },
    "identity.asked": {"entry": ()},
    "identity.refused": {"request": ("identity.asked",)},
    "identity.released": {
        "request": ("identity.asked",),
        "reporter_told": ("reporter.informed",),
        "consented": ("reporter.answered",),
    },
    "second-key.asked": {"about": ()},
    "second-key.given": {"about": ()},
    "second-key.refused": {"about": ()},
    "support.accepted": {"offer": ("support.offered",)},
    "support.declined": {"offer": ("support.offered",)},
    "report.withdrawn": {"report": ("report.lodged",)},
    "challenge.ruled": {"challenge": ("bias.challenged", "jurisdiction.challenged")},
    "extension.granted": {"request": ("extension.asked",)},
    "extension.refused": {"request": ("extension.asked",)},
    "interim-measure.reviewed": {"measure": ("interim-measure.imposed",)},
    "interim-measure.lifted": {"measure": ("interim-measure.imposed",)},
    "gag.lifted": {"gag": ("gag.imposed",)},
    "service.confirmed": {"document": ()},
    "paper.served": {"document": ()},
    "paper.entered": {"answers": ()},
    "paper.confirmed": {"paper": ("paper.entered", "paper-report.entered")},
    "paper-report.entered": {"report": ("report.lodged",)},
    "mediation.accepted": {"offer": ("mediation.offered",)},
    "mediation.declined": {"offer": ("mediation.offered",)},
    "proceedings.resumed": {"pause": ("proceedings.paused",)},
    "investigator.appointed": {"terms": ("terms.set",)},
    "investigation.begun": {"terms": ("terms.set",)},
    "interview.held": {"terms": ("terms.set",)},
    "statement.checked": {"statement": ("statement.taken",)},
    "statement.signed": {"statement": ("statement.taken",)},
    "receipt.given": {"disclosure": ("exhibit.disclosed",)},
    "copy.traced": {"leak": ("leak.reported",)},
    "draft-report.commented": {"draft": ("draft-report.served",)},
    "report.finalised": {"terms": ("terms.set",), "comments_answered": ("draft-report.commented",)},
    "motion.put": {"about": ("sanction.imposed",)},
    "sanction.imposed": {"decision": ("decision.made",)},
    "instrument.issued": {"sanction": ("sanction.imposed",)},
    "condition.breached": {"instrument": ("instrument.issued",)},
    "sanction.stayed": {"sanction": ("sanction.imposed",)},
    "sanction.lifted": {"sanction": ("sanction.imposed",)},
    "decision.served": {
        "decision": (
            "decision.made",
            "appeal.decided",
            "matter.declined",
            "review.decided",
            "sanction.imposed",
            "interim-measure.imposed",
        )
    },
    "appeal.lodged": {"against": ("decision.made", "sanction.imposed", "interim-measure.imposed", "matter.declined")},
    "appeal.admitted": {"appeal": ("appeal.lodged",)},
    "appeal.refused": {"appeal": ("appeal.lodged",)},
    "appeal.decided": {"appeal": ("appeal.lodged",)},
    "review.asked": {"of": ("matter.declined", "decision.made", "appeal.refused")},
    "review.decided": {"review": ("review.asked",)},
    "statement.published": {
        "reply_to": ("statement.published", "outcome.published", "leak.reported", "misrepresentation.claimed")
    },
    "comment.given": {"request": ("comment.sought",)},
    "comment.declined": {"request": ("comment.sought",)},
    "outcome.published": {"decision": ("decision.made", "appeal.decided")},
    "referral.answered": {"referral": ("matter.referred",)},
    "reprisal-watch.closed": {"watch": ("reprisal-watch.opened",)},
    "adverse-act.reasoned": {"adverse_act": ()},
    "default.noted": {"service": ("service.confirmed", "paper.served")},
    "fact.agreed": {"event": ()},
    "fact.denied": {"event": ()},
    "fact.found": {"event": ()},
    "correction.made": {"entry": ()},
    "record.shredded": {"entry": ()},
    "ruling.made": {"about": ()},
    "decision.made": {"answers": ()},
}

#: Fields that hold identifiers given earlier in the matter, with what they name.
_NAMES: dict[str, str] = {
    "allegation": "allegation",
    "allegations": "allegation",
    "exhibit": "exhibit",
    "exhibits": "exhibit",
    "gists": "exhibit",
    "of": "exhibit",
    "adds_to": "exhibit",
    "withheld": "exhibit",
    "bundle": "bundle",
    "follows": "bundle",
    "proposition": "proposition",
    "assertion": "assertion",
    "assertions": "assertion",
    "meeting": "meeting",
    "motion": "motion",
    "motions": "motion",
    "proved": "allegation",
    "not_proved": "allegation",
}
#: The field in which an act gives a new name rather than using one.
_GIVEN: dict[type[Act], str] = {
    AllegationsStated: "allegations",
    AllegationsAmended: "allegations",
    AssertionMarked: "assertion",
    BundleBuilt: "bundle",
    ExhibitDerived: "exhibit",
    ExhibitLodged: "exhibit",
    PropositionStated: "proposition",
    MeetingAlleged: "meeting",
    MeetingCalled: "meeting",
    MeetingRegistered: "meeting",
    MotionPut: "motion",
}
#: What may be named, with the acts that give it its name.
_GIVING: dict[str, tuple[type[Act], ...]] = {
    "allegation": (AllegationsStated, AllegationsAmended),
    "exhibit": (ExhibitLodged, ExhibitDerived),
    "bundle": (BundleBuilt,),
    "proposition": (PropositionStated,),
    "assertion": (AssertionMarked,),
    "meeting": (MeetingCalled, MeetingRegistered, MeetingAlleged),
    "motion": (MotionPut,),
}


def find_broken_reference(facts: Facts, event: AnyEvent) -> Refused | None:
    """Return a refusal when `event` refers to something that is not there."""
    name = get_spec(type(event.act)).name
    for field, allowed in _REFERENCES.get(name, {}).items():
        for seq in _as_tuple(getattr(event.act, field)):
            target = facts.matter.find(seq) if isinstance(seq, int) else None
            if target is None and name == "record.shredded" and seq in {one.seq for one in facts.matter.withheld}:
                continue  # what is gone in part can go as a whole
            if target is None or (allowed and get_spec(type(target.act)).name not in allowed):
                return _refused(field, str(seq), allowed)
    for field, value in _named(event.act):
        if value not in _known(facts, _NAMES[field]):
            return _refused(field, value, (get_spec(_GIVING[_NAMES[field]][0]).name,))
    return None


def find_unknown_procedure(rulebook: Rulebook, event: AnyEvent) -> Refused | None:
    """Return a refusal of a procedure that the rulebook does not have: nobody would decide, and no stage begin."""
    if not isinstance(event.act, MatterAccepted) or rulebook.find_procedure(event.act.procedure) is not None:
        return None
    known = join(phrase(" or "), [as_own(one.id) for one in rulebook.procedures]) or phrase("none")
    return Refused(
        "procedure.unknown",
        "record",
        phrase(
            "The rulebook has no procedure {procedure}; it has {known}.",
            procedure=as_own(event.act.procedure),
            known=known,
        ),
        facts=(("procedure", event.act.procedure),),
    )


def find_referable(facts: Facts, name: str, field: str) -> tuple[int | str, ...] | None:
    """Return what a field of the act called `name` may refer to in this matter now, the newest last.

    None for a field that refers to nothing: what stands in it is new, or lies outside the matter.
    """
    allowed = _REFERENCES.get(name, {}).get(field)
    if allowed is not None:
        types = [spec.type for one in allowed if (spec := find_spec(one)) is not None]
        return tuple(event.seq for event in (facts.matter.all(*types) if types else facts.matter.every()))
    spec = find_spec(name)
    if field not in _NAMES or spec is None or _GIVEN.get(spec.type) == field:
        return None
    given = (one for event in facts.matter.all(*_GIVING[_NAMES[field]]) for one in _names_given(event.act))
    return tuple(dict.fromkeys(given))


def _named(act: Act) -> Iterator[tuple[str, str]]:
    """Yield each field of `act` that names something given earlier, with each name."""
    given_here = _GIVEN.get(type(act), "")
    for field in act.__struct_fields__:
        if field in _NAMES and field != given_here:
            for value in _as_tuple(getattr(act, field)):
                if isinstance(value, str):
                    yield field, value


def _known(facts: Facts, what: str) -> frozenset[str]:
    return facts.matter.work_out(_GIVING[what], _given_names)


def _given_names(matter: StreamFacts, reads: tuple[type[Act], ...]) -> frozenset[str]:
    """Return the names that acts of these kinds give."""
    return frozenset(name for event in matter.all(*reads) for name in _names_given(event.act))


def _names_given(act: Act) -> tuple[str, ...]:
    given = getattr(act, _GIVEN[type(act)])
    return (given,) if isinstance(given, str) else tuple(one.id for one in given)


def _as_tuple(value: object) -> tuple[object, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _refused(field: str, value: str, allowed: tuple[str, ...]) -> Refused:
    kinds = phrase(" (an entry of {allowed})", allowed=join(phrase(" or "), map(as_act, allowed))) if allowed else ""
    return Refused(
        "reference.unknown",
        "record",
        phrase(
            "The field {field} names {value}, which is not in this matter{kinds}.",
            field=as_word(field),
            value=as_own(value),
            kinds=kinds,
        ),
        missing=allowed,
        facts=((field, value),),
    )
