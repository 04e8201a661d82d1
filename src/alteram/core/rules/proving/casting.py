"""Who is there in the matters that the prover plays: as few people as the rules can tell apart.

Every office has one holder, every body its members, and each part of a matter one person of its own; people who are the
same to every rule are not told apart. Collisions (the accused holds an office, the accuser commands the chair) are made
from this cast by naming who also is whom, see `collisions`. People are called by what they are.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final

from alteram.core.acts import (
    Act,
    BodyConstituted,
    CommandRecorded,
    MemberJoined,
    OfficeFilled,
    OrganisationFounded,
    RulebookAdopted,
)
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.matters import Facts, Holding, LinkedMatter, StreamFacts, build_live_event, fold_events
from alteram.core.rules.rulebook import Body, Rulebook

MATTER: Final = StreamId("matter")
_LINKED: Final = StreamId("linked-matter")
#: Parts of a matter that one person of their own has, unless a collision gives them to somebody else.
PARTS: Final = ("complainant", "respondent", "witness", "companion", "case-manager", "investigator")
_SITTING: Final = 5
"""Plain members who sit in a body that states no size."""
_PANEL: Final = 3


@dataclass(frozen=True, slots=True)
class Collision:
    """People who are one and the same, or stand one under the other, beside the usual cast.

    `same` maps a part to the office whose holder also has it; `commands` are (superior, inferior) by part or office;
    `linked` maps a part of a linked matter to the part or office of this one whose person has it there.
    """

    title: str = ""
    same: tuple[tuple[str, str], ...] = ()
    commands: tuple[tuple[str, str], ...] = ()
    linked: tuple[tuple[Role, str], ...] = ()


NO_COLLISION: Final = Collision()


@dataclass(frozen=True, slots=True)
class Cast:
    """Who has which part, and who holds which office."""

    people: dict[str, PersonId]
    panel: tuple[PersonId, ...]
    independent: PersonId
    members: tuple[PersonId, ...]
    collision: Collision = field(default=NO_COLLISION)

    def find(self, name: str) -> PersonId:
        """Return who has a part or holds an office."""
        return self.people[name]


def build_cast(rulebook: Rulebook, collision: Collision = NO_COLLISION) -> Cast:
    """Return the cast for a rulebook, with a collision."""
    people = {office.id: PersonId(office.id) for office in rulebook.offices}
    same = dict(collision.same)
    for part in PARTS:
        people[part] = people[same[part]] if part in same else PersonId(part)
    plain = tuple(PersonId(f"member-{number}") for number in range(1, _SITTING + 1))
    outside = {PersonId("investigator")}
    members = tuple(dict.fromkeys((*people.values(), *plain)))
    panel = tuple(PersonId(f"outsider-{number}") for number in range(1, _PANEL + 1))
    belonging = tuple(one for one in members if one not in outside)
    return Cast(people, panel, PersonId("independent-person"), belonging, collision)


def choose_beginning(rulebook: Rulebook) -> datetime:
    """Return a Monday at nine in the morning, in the organisation's time, far from both ends of its calendar."""
    calendar = rulebook.calendar
    middle = calendar.valid_from + (calendar.valid_until - calendar.valid_from) / 3
    monday = middle.replace(month=2, day=1)
    while monday.weekday() != 0 or calendar.why_not_working(monday):
        monday += timedelta(days=1)
    return calendar.instant_of(datetime.combine(monday, time(9)))


def build_world(rulebook: Rulebook, cast: Cast, at: datetime) -> Facts:
    """Return an organisation under `rulebook`, adopted a year before `at`, and an empty matter in it."""
    adopted = at - timedelta(days=365)
    acts = _build_organisation(rulebook, cast, adopted)
    events = [
        build_live_event(act, seq=seq, actor=_find_secretary(rulebook, cast), at=adopted)
        for seq, act in enumerate(acts)
    ]
    organisation = fold_events(StreamFacts.empty(ORGANISATION_STREAM), events)
    return Facts(organisation, StreamFacts.empty(MATTER), _build_linked(cast))


def _build_organisation(rulebook: Rulebook, cast: Cast, adopted: datetime) -> list[Act]:
    secretary = _find_secretary(rulebook, cast)
    calendar = rulebook.calendar
    return [
        OrganisationFounded(
            name="organisation",
            kind="organisation",
            jurisdiction=rulebook.jurisdiction or "none",
            time_zone=calendar.time_zone,
            secretary=secretary,
        ),
        RulebookAdopted(
            rulebook=rulebook.id,
            version=rulebook.version,
            digest="0" * 64,
            published_on=calendar.local_day(adopted),
        ),
        MemberJoined(people=cast.members),
        *(OfficeFilled(office=office.id, person=cast.find(office.id)) for office in rulebook.offices),
        *_build_bodies(rulebook, cast),
        *_build_commands(cast),
    ]


def _find_secretary(rulebook: Rulebook, cast: Cast) -> PersonId:
    keeping = [office.id for office in rulebook.offices if "secretary" in office.plays]
    return cast.find(keeping[0]) if keeping else cast.members[-1]


def _build_bodies(rulebook: Rulebook, cast: Cast) -> list[Act]:
    hearing_appeals = {procedure.appeal_to for procedure in rulebook.procedures}
    deciding = {procedure.decided_by for procedure in rulebook.procedures}
    return [
        BodyConstituted(body=body.id, members=_choose_members(body, cast, body.id in hearing_appeals - deciding))
        for body in rulebook.bodies
        if not body.all_members
    ]


def _choose_members(body: Body, cast: Cast, outsiders: bool) -> tuple[PersonId, ...]:
    if outsiders:
        more = (PersonId(f"outsider-{number}") for number in range(len(cast.panel) + 1, (body.size or 0) + 1))
        return (*cast.panel, *more)[: body.size or _PANEL]
    plain = [one for one in cast.members if one.startswith("member-")]
    chair = [cast.find(body.chair)] if body.chair else []
    return tuple(dict.fromkeys((*chair, *plain)))[: body.size or _SITTING + 1]


def _build_commands(cast: Cast) -> list[Act]:
    # One line of command that concerns nobody: that nothing is recorded of the others then says that there is none.
    superiors: dict[PersonId, list[PersonId]] = {PersonId("member-1"): [PersonId("member-5")]}
    for superior, inferior in cast.collision.commands:
        superiors.setdefault(cast.find(superior), []).append(cast.find(inferior))
    return [CommandRecorded(superior=one, people=tuple(people)) for one, people in superiors.items()]


def _build_linked(cast: Cast) -> tuple[LinkedMatter, ...]:
    if not cast.collision.linked:
        return ()
    holdings = tuple(Holding(cast.find(name), part, 0) for part, name in cast.collision.linked)
    return (LinkedMatter(_LINKED, holdings),)
