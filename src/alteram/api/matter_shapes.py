"""The shapes of what a matter holds: charges, exhibits, parts, readings, statements, its course."""

from datetime import date, datetime
from typing import Any

from ninja import Schema

from alteram.api import shapes
from alteram.api.shapes import called


def _number(event: Any) -> int | None:
    """Return the number of an event's entry."""
    return None if event is None else int(event.seq)


class Charge(Schema):
    """One allegation, with the breach it is said to be, the clause, and its particulars where they are open."""

    id: str
    breach: str = called("breach_id")
    clause: str | None
    first_on: date | None
    last_on: date | None
    particulars: str
    entry: int

    @staticmethod
    def resolve_clause(one: Any) -> str | None:
        """Return the clause by its identifier."""
        return getattr(one.clause, "id", None)


class Disclosed(Schema):
    """An exhibit that was given to somebody, since when."""

    exhibit: str
    title: str
    kind: str
    since: datetime
    entry: int


class Imposed(Schema):
    """A sanction that was imposed, by its title."""

    title: str
    effective_at: datetime | None
    until: datetime | None
    entry: int


class Appeal(Schema):
    """An appeal, and what became of it; `entry` is the newest that says so."""

    lodged_at: datetime
    state: str
    entry: int


class Outcome(Schema):
    """What was decided about one person: the entry of the decision, and of its service on them (null: none yet)."""

    decision: int = called("decision.seq")
    served: int | None
    proved: list[str]
    not_proved: list[str]
    sanctions: list[Imposed]
    appeal_to: str
    appeal_within: str | None
    appeal_by: datetime | None
    appeals: list[Appeal]
    waits_on_appeal: bool

    @staticmethod
    def resolve_served(one: Any) -> int | None:
        """Return the entry."""
        return _number(one.served)

    @staticmethod
    def resolve_appeal_within(one: Any) -> str | None:
        """Return the period in words."""
        return None if one.appeal_within is None else str(one.appeal_within)


class Accusation(Schema):
    """What one person is accused of. `notice` is the entry that served it, null while none did."""

    person: str
    charges: list[Charge]
    notice: int | None
    respond_by: datetime | None
    extended: bool
    shortest_time: str | None
    jeopardy: str
    worst: str | None
    hearing_at: datetime | None
    hearing_entry: int | None
    responses: list[int]
    has_closed: bool
    evidence: list[Disclosed]
    given: int
    companions: list[int]
    states_companion: bool
    decided_by: str
    outcome: Outcome | None

    @staticmethod
    def resolve_notice(one: Any) -> int | None:
        """Return the entry."""
        return _number(one.notice)

    @staticmethod
    def resolve_shortest_time(one: Any) -> str | None:
        """Return the period as rulebooks spell it."""
        return None if one.shortest_time is None else str(one.shortest_time)

    @staticmethod
    def resolve_worst(one: Any) -> str | None:
        """Return the sanction by its identifier."""
        return getattr(one.worst, "id", None)

    @staticmethod
    def resolve_responses(one: Any) -> list[int]:
        """Return the entries."""
        return [each.seq for each in one.responses]

    @staticmethod
    def resolve_companions(one: Any) -> list[int]:
        """Return the entries."""
        return [each.seq for each in one.companions]


class Told(Schema):
    """Something the reporter was told or asked."""

    entry: int
    at: datetime
    text: str


class Offer(Schema):
    """An offer of support; `answer` is empty while it is open."""

    entry: int
    at: datetime
    kind: str
    answer: str


class ReportFate(Schema):
    """How the asker's report stands."""

    part: str
    entry: int | None
    reported_at: datetime | None
    identity: str
    known_by: list[str]
    is_protected: bool
    acknowledged: Told | None
    informed: list[Told]
    questions: list[Told]
    feedback_due: datetime | None
    offers: list[Offer]
    unsigned: list[int]


class Due(Schema):
    """Something that is missing: an act, what demands it, from when it may be, and whether it is late."""

    act: str
    title: str
    earliest: datetime | None
    is_late: bool


class ToDecide(Schema):
    """What a decider has before them; entries to read, and exhibits not recorded as seen by them."""

    declared: bool
    stood_down: bool
    hearing_at: datetime | None
    hearing_entry: int | None
    to_read: list[int]
    unseen: list[int]

    @staticmethod
    def resolve_to_read(one: Any) -> list[int]:
        """Return the entries."""
        return [each.seq for each in one.to_read]

    @staticmethod
    def resolve_unseen(one: Any) -> list[int]:
        """Return the entries."""
        return [each.seq for each in one.unseen]


class AtAGlance(Schema):
    """What the page of a matter tells the asker at once; what does not concern their parts is null or empty.

    `accusation` is what they are accused of, `accusations` what others are; `report` what became of their report;
    `acts` are the names of those that fit best now.
    """

    overview: shapes.Overview
    accusation: Accusation | None
    accusations: list[Accusation]
    report: ReportFate | None
    to_decide: ToDecide | None = called("desk")
    due: list[Due]
    last: list[shapes.Entry]
    acts: list[str]
    offers: list[Offer]

    @staticmethod
    def resolve_acts(page: Any) -> list[str]:
        """Return the acts by name."""
        return [one.spec.name for one in page.acts]


class PartyLine(Schema):
    """A person with every part they play or played here."""

    person: str
    parts: list[str]
    former: list[str]
    since: int | None


class Collision(Schema):
    """Somebody who is a side in one matter and has power in it or in a linked one."""

    person: str
    side: list[str]
    side_in: str
    power: list[str]
    power_in: str


class Parties(Schema):
    """Who plays which part. `closed_to` counts the people whose part is not open to the asker."""

    parties: list[PartyLine]
    closed_to: int
    decided_by: str
    deciders: int
    collisions: list[Collision]
    linked: list[str]


class Answered(Schema):
    """An answer to an allegation, or what was found on it."""

    entry: int = called("entry.seq")
    word: str
    text: str


class ChargeInFull(Schema):
    """One allegation against one person, with answers and findings, and the exhibits that these rest on."""

    person: str
    charge: Charge
    answers: list[Answered]
    findings: list[Answered]
    exhibits: list[str]


class Sight(Schema):
    """That somebody was given an exhibit, saw it, or had it withheld from them; since when."""

    person: str
    how: str
    at: datetime
    entry: int


class Exhibit(Schema):
    """An exhibit: what it is, who has seen it, whether it was challenged or ruled on."""

    exhibit: str
    title: str
    kind: str
    entry: int
    lodged_by: str | None
    lodged_at: datetime
    sights: list[Sight]
    challenged: list[int]
    admissible: bool | None


class Allegations(Schema):
    """What is alleged and what it rests on, as far as it is open to the asker."""

    charges: list[ChargeInFull]
    exhibits: list[Exhibit]


class Reading(Schema):
    """That somebody read entries; `reader` is null where who it was is not open to the asker."""

    reader: str | None
    at: datetime
    entries: list[int]

    @staticmethod
    def resolve_entries(one: Any) -> list[int]:
        """Return their numbers."""
        return [each.seq for each in one.entries]


class ReadingPage(Schema):
    """A page of readings, the newest first; `next` is the cursor of the page after it (null: that was all)."""

    readings: list[Reading]
    next: str | None


class Mark(Schema):
    """An act, when it was done or is said to have been done."""

    at: datetime
    act: str
    entry: int
    is_reported: bool


class Bar(Schema):
    """A period: what ran, from when to when. `is_unlawful`: something was barred then."""

    what: str
    detail: str
    begins_at: datetime
    ends_at: datetime
    entry: int | None
    is_unlawful: bool


class Lane(Schema):
    """A party with what they did; `person` is null for those whose names are closed to the asker."""

    person: str | None
    parts: list[str]
    marks: list[Mark]


class Course(Schema):
    """The course of a matter over time; `left_out` counts the older entries that are not in it."""

    begins_at: datetime
    ends_at: datetime
    now: datetime
    lanes: list[Lane]
    stages: list[Bar]
    periods: list[Bar]
    left_out: int


class Statement(Schema):
    """Something said in public, or said about that."""

    entry: int = called("seq")
    act: str
    person: str | None
    office: str
    recorded_by: str | None
    said_from: datetime | None
    said_until: datetime | None
    recorded_at: datetime
    is_reported: bool
    is_corrected: bool
    flags: list[str]
    text: str


class Comment(Schema):
    """A comment that was sought: of whom, until when, and what came of it."""

    entry: int = called("seq")
    person: str | None
    office: str
    asked_at: datetime
    by_at: datetime | None
    text: str
    is_declined: bool
    answered_at: datetime | None
    answer: str
    is_overdue: bool


class Statements(Schema):
    """The register of what was said publicly about a matter, the newest first."""

    statements: list[Statement]
    comments: list[Comment]


class Bound(Schema):
    """A time, and the keys that say so: witnesses, or where `witnessed` is false the log alone."""

    at: int
    by: list[str]
    witnessed: bool


class Proof(Schema):
    """An entry's place in the log, who vouches for it, and between which times it was recorded (POSIX seconds).

    All but `origin` is null or empty while the log does not cover it.
    """

    index: int | None
    origin: str
    size: int | None
    witnesses: list[str]
    not_before: Bound | None = called("bounds.not_before")
    not_after: Bound | None = called("bounds.not_after")

    @staticmethod
    def resolve_witnesses(proof: Any) -> list[str]:
        """Return them by name."""
        return [one.name for one in proof.witnesses]


class Key(Schema):
    """Somebody who may give the second key: whether they were asked, and what they last said (empty: nothing)."""

    person: str
    said: str
    was_asked: bool
    entry: int | None
    text: str


class IdentityAnswer(Schema):
    """What the custodian answered."""

    entry: int = called("seq")
    at: datetime
    released: bool
    text: str


class IdentityRequest(Schema):
    """A request for a protected name; what is not the asker's to see is empty. `may_…` is what they may do now."""

    request: int = called("seq")
    at: datetime
    entry: int
    is_own: bool
    answer: IdentityAnswer | None
    asker: str | None
    ground: str
    reasons: str
    needed_by: list[str]
    borne: list[str]
    told: list[int]
    keys: list[Key]
    needs_key: bool
    may_answer: bool
    may_release: bool
    may_key: bool


class Identities(Schema):
    """The requests of a matter that the asker may see, open ones first; whether they may ask, and keep the names."""

    requests: list[IdentityRequest]
    may_ask: bool
    keeps: bool
