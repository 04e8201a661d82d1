"""What a matter waits for: acts that somebody should do next, worked out from what was done and what was not.

It is a help for whoever keeps a desk, and no rule: whether an act may be done is asked of the rules when it is
proposed, and what is not listed here may be due all the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from alteram.core.acts import (
    AppealAdmitted,
    AppealDecided,
    AppealLodged,
    AppealPanelFormed,
    AppealRefused,
    BiasChallenged,
    ChallengeRuled,
    CommentDeclined,
    CommentGiven,
    CommentSought,
    ContactMade,
    ContactPersonNamed,
    DecisionMade,
    DecisionServed,
    DefaultNoted,
    DraftReportServed,
    ExhibitChallenged,
    ExhibitRuled,
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
    InstrumentIssued,
    InterestDeclared,
    InterimMeasureImposed,
    InterimMeasureLifted,
    InterimMeasureReviewed,
    InterviewHeld,
    InvestigationBegun,
    InvestigatorAppointed,
    MeetingAdjourned,
    MeetingCalled,
    MeetingClosed,
    MeetingOpened,
    MinuteMade,
    MotionPut,
    NoticeServed,
    PaperServed,
    RecordShredded,
    ReportAcknowledged,
    ReporterAnswered,
    ReporterAsked,
    ReportFinalised,
    ReportLodged,
    ResponseGiven,
    ReviewAsked,
    ReviewDecided,
    SanctionImposed,
    SecondKeyGiven,
    ServiceConfirmed,
    StatementSigned,
    StatementTaken,
    SupportOffered,
    TermsSet,
    VoteTaken,
)
from alteram.core.acts.catalogue import Role, find_spec
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import AnyEvent, Facts, find_holders
from alteram.core.matters.protection import find_protected
from alteram.core.rules.rulebook import Rulebook
from alteram.core.rules.standing import find_undone

#: Why an act is next; what that is in words is for whoever shows it.
Why: TypeAlias = Literal[
    "report-unanswered",
    "nobody-handles-it",
    "reporter-silent",
    "more-time-asked",
    "support-not-offered",
    "contact-promised",
    "measure-to-review",
    "no-response",
    "service-to-prove",
    "investigation-to-begin",
    "to-interview",
    "statement-unsigned",
    "draft-to-serve",
    "report-to-finish",
    "interest-undeclared",
    "bias-to-rule-on",
    "exhibit-to-rule-on",
    "meeting-to-open",
    "meeting-to-close",
    "minute-to-make",
    "vote-to-count",
    "reasons-due",
    "decision-to-serve",
    "instrument-to-issue",
    "appeal-to-admit",
    "appeal-panel-to-form",
    "appeal-to-decide",
    "review-to-decide",
    "identity-kept",
    "second-key-turned",
    "comment-unanswered",
]
_DECLARE: Final[tuple[Role, ...]] = ("case-manager", "investigator", "chair", "decider", "appeal-decider")


@dataclass(frozen=True, slots=True)
class NextAct:
    """An act that is next, for whom, by when, about which entry or person; `fills` are fields of its form."""

    act: str
    why: Why
    roles: tuple[Role, ...]
    due_at: datetime | None = None
    entry: int | None = None
    person: PersonId | None = None
    fills: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Look:
    facts: Facts
    rulebook: Rulebook
    now: datetime

    def by(self, act: str) -> tuple[Role, ...]:
        """Return the roles that may do an act: as the rulebook has it, else the catalogue."""
        rule, spec = self.rulebook.find_act_rule(act), find_spec(act)
        return rule.by if rule is not None else () if spec is None else spec.by

    def live(self, *kinds: type[Act]) -> list[AnyEvent]:
        """Return what was done here and stands."""
        return [one for one in self.facts.matter.all(*kinds) if one.live and not one.corrected]

    def open(self, kind: type[Act], answers: tuple[type[Act], ...], field: str) -> Iterator[AnyEvent]:
        """Yield the acts of a kind that none of the answers names in its `field`."""
        answered = {getattr(one.act, field, None) for one in self.live(*answers)}
        yield from (one for one in self.live(kind) if one.seq not in answered)

    def sides(self) -> list[PersonId]:
        """Return the parties, in order."""
        return sorted(find_holders(self.facts.matter, "complainant") | find_holders(self.facts.matter, "respondent"))

    def next(
        self,
        act: str,
        why: Why,
        *,
        fill: tuple[str, object] | None = None,
        roles: tuple[Role, ...] | None = None,
        due_at: datetime | None = None,
        entry: int | None = None,
        person: PersonId | None = None,
    ) -> NextAct:
        """Return an act that is next, on the desk of whoever may do it unless `roles` says otherwise."""
        fills = () if fill is None else ((fill[0], str(fill[1])),)
        return NextAct(act, why, self.by(act) if roles is None else roles, due_at, entry, person, fills)


def find_next_acts(facts: Facts, rulebook: Rulebook, now: datetime) -> Iterator[NextAct]:
    """Yield what a matter that is decided here waits for; nothing in one that only tells a history."""
    look = _Look(facts, rulebook, now)
    if not facts.matter.is_history:
        for finder in _FINDERS:
            yield from finder(look)


#: An act that waits for another which names it: the act, what answers it, in which field, and what is next then.
_ANSWERS: Final[tuple[tuple[type[Act], tuple[type[Act], ...], str, str, Why], ...]] = (
    (ReportLodged, (ReportAcknowledged,), "report", "report.acknowledged", "report-unanswered"),
    (ExtensionAsked, (ExtensionGranted, ExtensionRefused), "request", "extension.granted", "more-time-asked"),
    (BiasChallenged, (ChallengeRuled,), "challenge", "challenge.ruled", "bias-to-rule-on"),
    (SanctionImposed, (InstrumentIssued,), "sanction", "instrument.issued", "instrument-to-issue"),
    (AppealLodged, (AppealAdmitted, AppealRefused), "appeal", "appeal.admitted", "appeal-to-admit"),
    (AppealLodged, (AppealPanelFormed, AppealRefused), "appeal", "appeal-panel.formed", "appeal-panel-to-form"),
    (StatementTaken, (StatementSigned,), "statement", "statement.signed", "statement-unsigned"),
)


def _answers(look: _Look) -> Iterator[NextAct]:
    undone = find_undone(look.facts)
    for kind, answers, field, act, why in _ANSWERS:
        # Some of these anybody may do, such as to sign a statement: then it waits on whoever took it.
        asked = ("investigator", "case-manager") if look.by(act) == ("anyone",) else look.by(act)
        for one in look.open(kind, answers, field):
            if one.seq not in undone:
                yield look.next(act, why, fill=(field, one.seq), entry=one.seq, roles=asked)
    for one in look.open(ReviewAsked, (ReviewDecided,), "review"):
        yield look.next("review.decided", "review-to-decide", fill=("review", one.seq), entry=one.seq)
    admitted = {getattr(one.act, "appeal", None) for one in look.live(AppealAdmitted)}
    for one in look.open(AppealLodged, (AppealDecided, AppealRefused), "appeal"):
        if one.seq in admitted:
            yield look.next("appeal.decided", "appeal-to-decide", fill=("appeal", one.seq), entry=one.seq)


def _handling(look: _Look) -> Iterator[NextAct]:
    if not find_holders(look.facts.matter, "case-manager") and look.live(ReportLodged):
        yield look.next("case-manager.assigned", "nobody-handles-it")
    for one in look.open(ReporterAsked, (ReporterAnswered,), "question"):
        yield look.next("reporter.asked", "reporter-silent", entry=one.seq)
    offered = {getattr(one.act, "to", None) for one in look.live(SupportOffered)}
    for person in look.sides():
        if person not in offered:
            yield look.next("support.offered", "support-not-offered", person=person)
    for one in look.open(CommentSought, (CommentGiven, CommentDeclined), "request"):
        by_at = getattr(one.act, "by_at", None)
        yield look.next(
            "statement.published", "comment-unanswered", roles=("case-manager",), due_at=by_at, entry=one.seq
        )


def _clocks(look: _Look) -> Iterator[NextAct]:
    made = {one.act.person: one.recorded_at for one in look.facts.matter.all(ContactMade) if one.live}
    promised = {one.act.for_person: one for one in look.facts.matter.all(ContactPersonNamed) if one.live}
    for person, named in promised.items():
        if named.act.every_days is not None:
            due = max(named.recorded_at, made.get(person, named.recorded_at)) + timedelta(days=named.act.every_days)
            yield look.next("contact.made", "contact-promised", due_at=due, entry=named.seq, person=person)
    reviewed = {one.act.measure: one.act.review_by for one in look.facts.matter.all(InterimMeasureReviewed) if one.live}
    lifted = {one.act.measure for one in look.facts.matter.all(InterimMeasureLifted) if one.live}
    for one in look.facts.matter.all(InterimMeasureImposed):
        due_at = reviewed.get(one.seq, one.act.review_by)
        if one.live and one.seq not in lifted and due_at is not None:
            yield look.next(
                "interim-measure.reviewed", "measure-to-review", fill=("measure", one.seq), due_at=due_at, entry=one.seq
            )


def _service(look: _Look) -> Iterator[NextAct]:
    proved = {getattr(one.act, "document", None) for one in look.live(ServiceConfirmed, PaperServed)}
    answered = {one.actor for one in look.live(ResponseGiven)} | {
        one.act.person for one in look.facts.matter.all(DefaultNoted)
    }
    for one in look.facts.matter.all(NoticeServed):
        if not one.live or one.corrected:
            continue
        if one.seq not in proved:
            yield look.next(
                "service.confirmed", "service-to-prove", fill=("document", one.seq), entry=one.seq, person=one.act.to
            )
        late = one.act.respond_by is not None and one.act.respond_by < look.now
        if late and one.act.to not in answered:
            yield look.next("default.noted", "no-response", due_at=one.act.respond_by, entry=one.seq, person=one.act.to)
    served = {(one.act.decision, one.act.to) for one in look.facts.matter.all(DecisionServed) if one.live}
    for decision in look.live(DecisionMade):
        for person in look.sides():
            if (decision.seq, person) not in served:
                fill = ("decision", decision.seq)
                yield look.next("decision.served", "decision-to-serve", fill=fill, entry=decision.seq, person=person)


def _investigating(look: _Look) -> Iterator[NextAct]:
    if not look.live(InvestigatorAppointed) or look.live(ReportFinalised):
        return
    begun = {getattr(one.act, "terms", None) for one in look.live(InvestigationBegun)}
    for terms in look.live(TermsSet)[-1:]:
        if terms.seq not in begun:
            yield look.next("investigation.begun", "investigation-to-begin", fill=("terms", terms.seq), entry=terms.seq)
    if not begun:
        return
    heard = {getattr(one.act, "person", None) for one in look.live(InterviewHeld)}
    served = {getattr(one.act, "to", None) for one in look.live(DraftReportServed)}
    for person in sorted({*look.sides(), *find_holders(look.facts.matter, "witness")} - heard):
        yield look.next("interview.held", "to-interview", person=person)
    for person in look.sides():
        if person not in served:
            yield look.next("draft-report.served", "draft-to-serve", person=person)
    yield look.next("report.finalised", "report-to-finish")


def _meeting(look: _Look) -> Iterator[NextAct]:
    opened = {one.act.meeting for one in look.facts.matter.all(MeetingOpened) if one.live}
    over = {getattr(one.act, "meeting", None) for one in look.live(MeetingClosed, MeetingAdjourned)}
    minuted = {one.act.meeting for one in look.facts.matter.all(MinuteMade) if one.live}
    for one in look.facts.matter.all(MeetingCalled):
        meeting = one.act.meeting
        if not one.live or one.corrected:
            continue
        if meeting not in opened | over:
            yield look.next(
                "meeting.opened", "meeting-to-open", due_at=one.act.at, fill=("meeting", meeting), entry=one.seq
            )
        elif meeting not in over:
            yield look.next("meeting.closed", "meeting-to-close", fill=("meeting", meeting), entry=one.seq)
        elif meeting not in minuted and meeting in opened:
            yield look.next("minute.made", "minute-to-make", fill=("meeting", meeting), entry=one.seq)


def _deciding(look: _Look) -> Iterator[NextAct]:
    votes = {one.act.motion: one for one in look.facts.matter.all(VoteTaken) if one.live}
    decided = {motion for one in look.facts.matter.all(DecisionMade) if one.live for motion in one.act.motions}
    for one in look.facts.matter.all(MotionPut):
        if not one.live or one.corrected:
            continue
        fill = ("motion", one.act.motion)
        if one.act.motion not in votes:
            yield look.next("vote.taken", "vote-to-count", fill=fill, entry=one.seq)
        elif one.act.kind in {"finding", "sanction"} and one.act.motion not in decided:
            yield look.next("decision.made", "reasons-due", entry=one.seq)
    ruled = {getattr(one.act, "exhibit", None) for one in look.live(ExhibitRuled)}
    for challenged in look.facts.matter.all(ExhibitChallenged):
        if challenged.live and challenged.act.exhibit not in ruled:
            fill = ("exhibit", challenged.act.exhibit)
            yield look.next("exhibit.ruled", "exhibit-to-rule-on", fill=fill, entry=challenged.seq)


def _keys(look: _Look) -> Iterator[NextAct]:
    for person in sorted(find_protected(look.facts.matter)):
        yield look.next("identity.released", "identity-kept", person=person)
    last = max((one.seq for one in look.live(RecordShredded)), default=-1)
    for one in look.facts.matter.all(SecondKeyGiven):
        if one.live and one.act.to_act == "record.shredded" and one.seq > last:
            yield look.next("record.shredded", "second-key-turned", entry=one.seq)


def find_undeclared(facts: Facts, person: PersonId, roles: tuple[Role, ...]) -> Iterator[NextAct]:
    """Yield that `person`, who has these roles, has not said what ties them to the matter."""
    mine = tuple(role for role in _DECLARE if role in roles)
    declared = any(one.live and not one.corrected and one.actor == person for one in facts.matter.all(InterestDeclared))
    if mine and not declared and not facts.matter.is_history:
        yield NextAct("interest.declared", "interest-undeclared", mine)


_FINDERS: Final[tuple[Callable[[_Look], Iterator[NextAct]], ...]] = (
    _answers,
    _handling,
    _clocks,
    _service,
    _investigating,
    _meeting,
    _deciding,
    _keys,
)
