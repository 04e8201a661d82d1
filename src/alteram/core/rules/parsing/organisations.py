"""The organisation a history or a case speaks of: members, offices, bodies, lines of command, as acts of its stream."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from alteram.core.acts import (
    Act,
    BodyConstituted,
    CommandRecorded,
    MemberJoined,
    OfficeFilled,
    OrganisationFounded,
    RulebookAdopted,
)
from alteram.core.kernel.documents import (
    Node,
    Scalar,
    fail,
    read_any_mapping,
    read_boolean,
    read_day,
    read_identifier,
    read_integer,
    read_mapping,
    read_text,
)
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters.history import HistoryEvent
from alteram.core.rules.parsing.values import Scope, read_moment, read_people
from alteram.core.rules.rulebook import Rulebook, build_digest, encode_rulebook

_FIELDS = (
    "name", "kind", "jurisdiction", "founded_at", "secretary", "members", "offices", "bodies", "commands",
    "rulebook_adopted_at", "rulebook_published_on", "adopts_rulebook",
)  # fmt: skip
_THOUSAND = 1_000

RulebookLoader: TypeAlias = Callable[[str], Rulebook]


@dataclass(frozen=True, slots=True)
class StatedOrganisation:
    """The members, and the acts that make the organisation what it is said to be."""

    members: tuple[PersonId, ...]
    events: tuple[HistoryEvent, ...]
    begun_at: datetime


def read_rulebook(node: Node, load: RulebookLoader) -> Rulebook:
    """Return the rulebook of a name. Raises: DocumentError when there is none, or it is not in order.

    A name and never a path: what somebody else wrote opens no file of whoever reads it.
    """
    try:
        return load(read_identifier(node))
    except AlteramError as error:
        fail(node, error.problem, error.remedy)


def read_members(node: Node) -> tuple[PersonId, ...]:
    """Return the members: a list, or a number, which means m01 and so on."""
    if not isinstance(node, Scalar):
        return read_people(node, Scope())
    count = read_integer(node, least=1, most=_THOUSAND)
    width = max(2, len(str(count)))
    return tuple(PersonId(f"m{number:0{width}}") for number in range(1, count + 1))


def read_organisation(node: Node, rulebook: Rulebook) -> StatedOrganisation:
    """Return the organisation that `node` states, with `rulebook` adopted in it."""
    fields = read_mapping(node, required=("members", "founded_at"), optional=_FIELDS)
    members = read_members(fields["members"])
    scope = Scope(rulebook.calendar, members)
    secretary = read_people(fields["secretary"], scope)[0] if "secretary" in fields else members[0]
    founded_at = read_moment(fields["founded_at"], scope)
    adopted_at = read_moment(fields["rulebook_adopted_at"], scope) if "rulebook_adopted_at" in fields else founded_at
    acts: list[Act] = [_founding(fields, rulebook, secretary), MemberJoined(people=members)]
    acts += _appointments(fields, scope)
    events = [HistoryEvent(act, None, secretary, founded_at) for act in acts]
    if "adopts_rulebook" not in fields or read_boolean(fields["adopts_rulebook"]):
        events.append(HistoryEvent(_adoption(fields, rulebook), None, secretary, adopted_at))
    return StatedOrganisation(members, tuple(events), max(founded_at, adopted_at))


def _adoption(fields: dict[str, Node], rulebook: Rulebook) -> RulebookAdopted:
    published = fields.get("rulebook_published_on")
    return RulebookAdopted(
        rulebook=rulebook.id,
        version=rulebook.version,
        digest=build_digest(encode_rulebook(rulebook)),
        packs=tuple(f"{pack.id} {pack.digest}" for pack in rulebook.builds_on),
        published_on=None if published is None else read_day(published),
    )


def _founding(fields: dict[str, Node], rulebook: Rulebook, secretary: PersonId) -> OrganisationFounded:
    def label(name: str, default: str) -> str:
        return read_text(fields[name], longest=200) if name in fields else default

    return OrganisationFounded(
        name=label("name", "an organisation"),
        kind=label("kind", "association"),
        jurisdiction=label("jurisdiction", rulebook.jurisdiction),
        time_zone=rulebook.calendar.time_zone,
        secretary=secretary,
    )


def _appointments(fields: dict[str, Node], scope: Scope) -> list[Act]:
    acts: list[Act] = []
    for office, node in _named(fields, "offices"):
        acts.append(OfficeFilled(office=office, person=read_people(node, scope)[0]))
    for body, node in _named(fields, "bodies"):
        acts.append(BodyConstituted(body=body, members=read_people(node, scope)))
    for superior, node in _named(fields, "commands"):
        acts.append(CommandRecorded(superior=PersonId(superior), people=read_people(node, scope)))
    return acts


def _named(fields: dict[str, Node], name: str) -> list[tuple[str, Node]]:
    return list(read_any_mapping(fields[name]).items()) if name in fields else []
