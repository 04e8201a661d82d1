"""Meetings: any gathering of deciders on a matter, formal or not; who was invited, who came, what was put and voted."""

from typing import Final, Literal

from alteram.core.acts.catalogue import act
from alteram.core.acts.fields import Act, Count, DigestHex, Id, Instant, Labels, People, Person, Ref, Text

_AREA: Final = "meetings"


@act("meeting.called/1", area=_AREA, by=("chair", "secretary"), open_to="parties")
class MeetingCalled(Act, frozen=True, kw_only=True):
    """Call a meeting on this matter: body, time, agenda, and the roll of everyone invited."""

    meeting: Id
    body: Id
    at: Instant
    agenda: Labels
    invited: People
    purpose: Literal["hearing", "decision", "interim", "appeal", "other"] = "hearing"
    open: bool = False
    digest: DigestHex | None = None
    """SHA-256 of the letter as it was served."""


@act("party.excluded/1", area=_AREA, by=("chair",), open_to="parties")
class PartyExcluded(Act, frozen=True, kw_only=True):
    """Exclude a party from a meeting or part of it, by order and with reasons."""

    meeting: Id
    person: Person
    reasons: Text


@act("meeting.opened/1", area=_AREA, by=("chair", "secretary"), open_to="parties")
class MeetingOpened(Act, frozen=True, kw_only=True):
    """Open the meeting and record who came."""

    meeting: Id
    present: People
    chair: Person


@act("attendance.changed/1", area=_AREA, by=("chair", "secretary"), open_to="parties")
class AttendanceChanged(Act, frozen=True, kw_only=True):
    """Record who came later or left, for example the respondent before deliberation."""

    meeting: Id
    came: People = ()
    left: People = ()
    at_item: Literal["before-deliberation", "during-deliberation", "other"] = "other"


@act("party.heard/1", area=_AREA, by=("chair", "secretary"), open_to="parties")
class PartyHeard(Act, frozen=True, kw_only=True):
    """Record that a party was heard at a meeting, and what the party could do there."""

    meeting: Id
    person: Person
    items: Labels = ()
    """Of: case-put, response-heard, questions, witnesses, summing-up."""
    manner: Literal["oral", "written"] = "oral"


@act("minute.made/1", area=_AREA, by=("chair", "secretary"), open_to="deciders")
class MinuteMade(Act, frozen=True, kw_only=True):
    """Make the minute of a meeting."""

    meeting: Id
    digest: DigestHex | None = None
    text: Text


@act("minute.disclosed/1", area=_AREA, by=("chair", "secretary", "case-manager"), open_to="parties")
class MinuteDisclosed(Act, frozen=True, kw_only=True):
    """Give a party the minute of a meeting."""

    meeting: Id
    to: Person


@act("minute.confirmed/1", area=_AREA, by=("respondent", "complainant"), open_to="parties")
class MinuteConfirmed(Act, frozen=True, kw_only=True):
    """Confirm the minute, or object to it."""

    meeting: Id
    objects: bool = False
    text: Text | None = None


@act("motion.put/1", area=_AREA, by=("chair", "decider", "member"), open_to="parties")
class MotionPut(Act, frozen=True, kw_only=True):
    """Put a question to the body."""

    meeting: Id
    motion: Id
    kind: Literal["finding", "sanction", "interim", "procedure", "ratification"]
    allegation: Id | None = None
    sanction: Id | None = None
    text: Text | None = None
    base: Literal["members", "eligible", "present", "cast"] | None = None
    """Of what number the vote will be counted, where the rulebook does not say; stated before it opens."""
    about: Ref | None = None
    """The sanction that would be lifted or stayed."""


@act("motion.seconded/1", area=_AREA, by=("decider", "member"), open_to="parties")
class MotionSeconded(Act, frozen=True, kw_only=True):
    """Second a motion."""

    motion: Id


@act("motion.amended/1", area=_AREA, by=("chair", "decider", "member"), open_to="parties")
class MotionAmended(Act, frozen=True, kw_only=True):
    """Amend a motion before it is voted on."""

    motion: Id
    sanction: Id | None = None
    text: Text | None = None


@act("ballot.demanded/1", area=_AREA, by=("decider", "member", "respondent"), open_to="parties")
class BallotDemanded(Act, frozen=True, kw_only=True):
    """Demand that a vote be secret."""

    motion: Id


@act("vote.taken/1", area=_AREA, by=("scrutineer", "chair", "secretary"), open_to="parties")
class VoteTaken(Act, frozen=True, kw_only=True):
    """Record a vote as the scrutineers counted it: for, against, abstained, recused, and the base."""

    motion: Id
    votes_for: Count
    votes_against: Count
    abstained: Count = 0
    recused: Count = 0
    base: Literal["members", "eligible", "present", "cast"]
    base_count: Count
    secret: bool = False
    voters: People = ()
    """Who voted, as far as the roll says; how is never recorded here."""


@act("debate.held/1", area=_AREA, by=("chair", "secretary"), open_to="parties")
class DebateHeld(Act, frozen=True, kw_only=True):
    """Record that a motion was debated."""

    motion: Id


@act("meeting.adjourned/1", area=_AREA, by=("chair", "secretary"), open_to="parties")
class MeetingAdjourned(Act, frozen=True, kw_only=True):
    """Adjourn the meeting to another time."""

    meeting: Id
    until: Instant | None = None


@act("meeting.closed/1", area=_AREA, by=("chair", "secretary"), open_to="parties")
class MeetingClosed(Act, frozen=True, kw_only=True):
    """Close the meeting."""

    meeting: Id


@act("meeting.registered/1", area=_AREA, by=("anyone",), open_to="parties")
class MeetingRegistered(Act, frozen=True, kw_only=True):
    """Register a meeting that took place, formal or not, as somebody who was there."""

    meeting: Id
    held_at: Instant
    body: Id | None = None
    invited: People = ()
    attended: People = ()
    formal: bool = False
    purpose: Literal["hearing", "decision", "interim", "appeal", "other"] = "other"
    text: Text | None = None


@act("meeting.alleged/1", area=_AREA, by=("anyone",), open_to="parties")
class MeetingAlleged(Act, frozen=True, kw_only=True):
    """Say that a meeting took place that nobody registered; the decision must answer it."""

    meeting: Id
    held_at: Instant | None = None
    attended: People = ()
    text: Text


@act("contact.reported/1", area=_AREA, by=("anyone",), open_to="parties")
class ContactReported(Act, frozen=True, kw_only=True):
    """Report that somebody spoke to a decider about the matter outside a hearing."""

    decider: Person
    by: Person | None = None
    text: Text


@act("view.sought/1", area=_AREA, by=("case-manager", "chair"), open_to="parties")
class ViewSought(Act, frozen=True, kw_only=True):
    """Record the view of the independent person who must be asked before a decision."""

    person: Person
    independent: bool = True
    text: Text
    answers: Ref | None = None
