"""The roll with what the installation knows of its people: listed, added, corrected, invited; acts about the roll.

Access is asked in `operations.roll`, first thing. To anybody but the secretary there is no such person.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from alteram.core.acts import MemberJoined
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.awaiting import await_another, waits_for_another
from alteram.installation.founding import Invited, enter_person, invite_people, is_free
from alteram.installation.models import DirectoryEntry, Membership
from alteram.installation.outgoing import queue_link
from alteram.installation.people_lists import ListedPerson
from alteram.operations.perform import Performed, perform
from alteram.operations.questions import UnknownMatterError
from alteram.operations.roll import RollView, find_roll

#: Acts about the roll. Rulebooks and keys are done elsewhere.
ROLL_ACTS: Final = (
    "office.filled",
    "office.vacated",
    "body.constituted",
    "member.left",
    "member.suspended",
    "command.recorded",
)


NOBODY: Final = Invited(0, ())


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A person of the roll, with what the installation knows of them."""

    person: PersonId
    name: str
    email: str
    post: str
    offices: tuple[str, ...]
    has_account: bool
    has_been_here: bool


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a list: `joined` are new; `waits` until another agrees; else why the rules refused it."""

    joined: int = 0
    invited: Invited = NOBODY
    refused: Refused | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class RollDone:
    """What became of an act about the roll; `waits` where it is kept until another agrees."""

    performed: Performed
    waits: bool = False


def find_members(asking: Asking, viewer: PersonId, wanted: str = "") -> tuple[RollView, list[PersonId]]:
    """Return the roll, and who on it has `wanted` in identifier, name or address. Raises: UnknownMatterError."""
    roll = find_roll(asking.organisation, viewer)
    wanted = wanted.strip().lower()[:100]
    named = _find_named(asking.name, wanted) if wanted else frozenset()
    return roll, [one for one in roll.people if not wanted or wanted in one or one in named]


def find_member(asking: Asking, viewer: PersonId, member: str) -> MemberRow:
    """Return a person of the roll. Raises: UnknownMatterError where there is none, or `viewer` does not keep it."""
    roll = find_roll(asking.organisation, viewer)
    if member not in roll.people:
        raise UnknownMatterError("There is nobody of this name, or it is not open to you.", remedy="Ask the secretary.")
    return build_rows(asking.name, roll, [PersonId(member)])[0]


def build_rows(organisation: str, roll: RollView, people: Collection[PersonId]) -> list[MemberRow]:
    """Return what is known of these people."""
    known = {one.person: one for one in DirectoryEntry.objects.filter(organisation=organisation, person__in=people)}
    members = {
        one.person: one
        for one in Membership.objects.filter(organisation=organisation, person__in=people).select_related("account")
    }
    rows = []
    for person in people:
        entry, member = known.get(person), members.get(person)
        email = member.account.email if member is not None else entry.email if entry else ""
        been = member is not None and member.has_been_here
        name, post = (entry.name, entry.post) if entry else ("", "")
        rows.append(MemberRow(person, name, email, post, roll.offices_of(person), member is not None, been))
    return rows


def find_taken(organisation: str, people: Sequence[ListedPerson]) -> list[tuple[str, str]]:
    """Return which addresses of a list are those of somebody else already, and whose."""
    emails = {one.email.lower(): one.person for one in people if one.email}
    members = Membership.objects.filter(organisation=organisation, account__email__in=[*emails])
    return [
        (one.account.email, one.person)
        for one in members.select_related("account")
        if emails.get(one.account.email.lower()) != one.person
    ]


def add_people(asking: Asking, people: Sequence[ListedPerson], by: PersonId) -> Added:
    """Record who is new, note what all are called, and send links to those who have no account.

    Addresses that `find_taken` names are not to be among them. Raises: UnknownMatterError, BusyError, StoreError.
    """
    roll = find_roll(asking.organisation, by)
    new = tuple(one.person for one in people if one.person not in roll.members)
    act = MemberJoined(people=new)
    done = perform(asking.organisation, ORGANISATION_STREAM, act, by) if new else None
    if done is None or done:
        return Added(len(new), invite_people(asking.name, asking.title, _without_account(asking.name, people)))
    refused = done.ruling if isinstance(done.ruling, Refused) else None
    waits = waits_for_another(refused)
    if waits:
        await_another(asking.name, act, people, by)
    return Added(refused=refused, waits=waits)


def correct_member(asking: Asking, row: MemberRow, *, name: str, post: str, email: str = "") -> bool:
    """Correct the directory; return False where the address is somebody else's. Nothing of it is in the record.

    Where somebody signs in already, one other person cannot change where their links go.
    """
    if email and not row.has_account and not is_free(asking.name, email):
        return False
    told = {"name": name, "post": post} if row.has_account else {"name": name, "post": post, "email": email}
    DirectoryEntry.objects.update_or_create(organisation=asking.name, person=row.person, defaults=told)
    return True


def invite_member(asking: Asking, row: MemberRow) -> bool | None:
    """Send somebody a link to their own address; return whether it is on its way, None where there is no address."""
    account = enter_person(asking.name, ListedPerson(row.person, email=row.email))
    return None if account is None else queue_link(account, organisation=asking.name, title=asking.title)


def perform_roll_act(asking: Asking, act: Act, by: PersonId) -> RollDone:
    """Do an act about the roll, or keep it until another agrees where the rules let nobody do it alone."""
    done = perform(asking.organisation, ORGANISATION_STREAM, act, by)
    refused = done.ruling if isinstance(done.ruling, Refused) else None
    if waits_for_another(refused):
        await_another(asking.name, act, (), by)
        return RollDone(done, waits=True)
    return RollDone(done)


def _find_named(organisation: str, wanted: str) -> frozenset[str]:
    """Return who has this in what they are called, or in their address."""
    like = Q(name__icontains=wanted) | Q(email__icontains=wanted)
    found = DirectoryEntry.objects.filter(like, organisation=organisation)
    return frozenset(found.values_list("person", flat=True))


def _without_account(organisation: str, people: Sequence[ListedPerson]) -> list[ListedPerson]:
    """Note what those are called who have an account; return the rest, who are to be invited."""
    listed = [one.person for one in people]
    known = set(
        Membership.objects.filter(organisation=organisation, person__in=listed).values_list("person", flat=True)
    )
    for one in people:
        if one.person in known:
            enter_person(organisation, one)
    return [one for one in people if one.person not in known]
