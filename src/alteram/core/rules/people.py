"""Who acted at an event, who has stood down, and who sat in a body when an event took place.

It names people only; whether they were free to act is asked by the requirements.
"""

from collections.abc import Iterable

from alteram.core.acts import (
    AppealDecided,
    BodyConstituted,
    DecisionMade,
    MeetingOpened,
    MeetingRegistered,
    MemberJoined,
    MemberLeft,
    PersonRecused,
    VoteTaken,
)
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import AnyEvent
from alteram.core.rules.capacities import find_body_members, is_own_recusal
from alteram.core.rules.rulebook import Body
from alteram.core.rules.view import View

#: What a requirement must declare to ask `find_deciders`.
ACTING = (DecisionMade, VoteTaken)
#: What a requirement must declare to ask `find_members_at`.
SITTING = (MemberJoined, MemberLeft, BodyConstituted)


def find_deciders(view: View, anchor: AnyEvent) -> frozenset[PersonId]:
    """Return who decided, voted or sat at `anchor`.

    A decision that names nobody was taken by those who voted on its motions. The asking requirement declares `ACTING`.
    """
    match anchor.act:
        case DecisionMade(deciders=people, motions=motions):
            return frozenset(people) or _voters(view, motions)
        case AppealDecided(panel=people, motions=motions):
            return frozenset(people) or _voters(view, motions)
        case VoteTaken(voters=people):
            return frozenset(people)
        case MeetingOpened(present=people) | MeetingRegistered(attended=people):
            return frozenset(people)
        case _:
            return frozenset()


def _voters(view: View, motions: Iterable[str]) -> frozenset[PersonId]:
    named = frozenset(motions)
    return frozenset(person for vote in view.all(VoteTaken) if vote.act.motion in named for person in vote.act.voters)


def find_stood_down(view: View, role: Role, anchor: AnyEvent) -> frozenset[PersonId]:
    """Return who had stood down from `role` by `anchor`, see `is_own_recusal`.

    The asking requirement declares `PersonRecused`.
    """
    return frozenset(
        event.act.person
        for event in view.all(PersonRecused)
        if role in event.act.roles and is_own_recusal(event) and event.before(anchor) is True
    )


def find_members_at(view: View, body: Body, anchor: AnyEvent) -> frozenset[PersonId]:
    """Return who sat in `body` when the live event `anchor` was recorded.

    The organisation's stream says nothing of times before it began, so at a reported event this is who sits there now.
    The asking requirement declares `SITTING`.
    """
    if not anchor.live:
        return find_body_members(view.facts, body)
    sitting: frozenset[PersonId] = frozenset()
    for event in view.of_organisation(*SITTING):
        if event.recorded_at > anchor.recorded_at:
            break
        match event.act:
            case MemberJoined(people=people) if body.all_members:
                sitting |= frozenset(people)
            case MemberLeft(person=person) if body.all_members:
                sitting -= {person}
            case BodyConstituted(body=name, members=people) if name == body.id:
                sitting = frozenset(people)
            case _:
                pass
    return sitting


def find_commanded(view: View, people: Iterable[PersonId]) -> frozenset[PersonId]:
    """Return who stands under the authority of any of `people`, as the organisation's roll has it."""
    return frozenset(below for person in people for below in view.facts.roll.commanded_by(person))
