"""Reading the rules: the version in force and those before, which matters each governs, what an amendment changes.

Open to whoever belongs to the organisation or has a part in a matter of it. What of a matter is told here is that it is
governed by a version: by name to who has a part in it, to everybody else only how many there are.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from alteram.core.access import build_reader
from alteram.core.acts import OrganisationActAgreed, RulebookAdopted, RulebookAmended
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.matters import Facts, find_adoption
from alteram.core.rules import Pack, Rulebook, build_digest, encode_rulebook
from alteram.core.rules.amendments import Meaning, find_meanings
from alteram.core.rules.capacities import find_roles
from alteram.core.rules.differences import Difference, find_differences, has_moved
from alteram.core.rules.rulebook import parse_canonical_pack
from alteram.operations.organisation import Organisation, find_governing
from alteram.operations.past_matters import may_look_back
from alteram.operations.perform import Performed, perform
from alteram.operations.ports import StoreError
from alteram.operations.questions import UnknownMatterError

#: How many matters are looked through, at most, to say which version governs how many.
LOOKED_THROUGH: Final = 500


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the rulebook as it was adopted; `in_force` is the last one."""

    digest: str
    version: str
    adopted_at: datetime
    seq: int
    in_force: bool


@dataclass(frozen=True, slots=True)
class Governed:
    """What a version governs: how many matters, and by name those in which whoever asks has a part."""

    version: Version
    count: int
    mine: tuple[StreamId, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions side by side. `has_moved`: title, jurisdiction or calendar changed."""

    old: Rulebook
    new: Rulebook
    differences: tuple[Difference, ...]
    has_moved: bool

    @property
    def meanings(self) -> tuple[Meaning, ...]:
        """Return which rights shrink, grow and change, and for whom."""
        return find_meanings(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Amendment:
    """A version that could be adopted: its digest, what it would change, and who must agree to it before."""

    rulebook: Rulebook
    digest: str
    compared: Compared
    needs: tuple[str, ...]
    may_adopt: bool
    may_agree: bool
    agreed_by: tuple[PersonId, ...]
    may_look_back: bool = False
    """Whether past matters are looked at under it for whoever asks."""

    @property
    def is_in_force(self) -> bool:
        """Return whether it is the version in force already."""
        return encode_rulebook(self.compared.old) == encode_rulebook(self.rulebook)


def find_versions(organisation: Organisation, viewer: PersonId) -> tuple[Version, ...]:
    """Return the versions, the one in force first. Raises: UnknownMatterError where they are not open to `viewer`."""
    facts = _look(organisation, viewer)
    found = [one for one in facts.organisation.all(RulebookAdopted, RulebookAmended) if one.live]
    versions = [
        Version(one.act.digest, one.act.version, one.recorded_at, one.seq, one is found[-1])
        for one in found
        if isinstance(one.act, RulebookAdopted | RulebookAmended)
    ]
    return tuple(reversed(versions))


def get_version(organisation: Organisation, viewer: PersonId, digest: str = "") -> tuple[Version, Rulebook]:
    """Return a version that was adopted, else the one in force. Raises: UnknownMatterError where there is none."""
    for one in find_versions(organisation, viewer):
        if one.digest == digest or (not digest and one.in_force):
            return one, organisation.rulebook(one.digest)
    raise UnknownMatterError("There is no such version of the rules.", remedy="Look at the list of versions.")


def compare_versions(organisation: Organisation, viewer: PersonId, old: str, new: str) -> Compared:
    """Return two versions side by side. Raises: UnknownMatterError where one was never adopted."""
    return _compare(get_version(organisation, viewer, old)[1], get_version(organisation, viewer, new)[1])


def find_packs_of(organisation: Organisation, rulebook: Rulebook) -> tuple[Pack, ...]:
    """Return the packs a rulebook builds on, as they were kept with it; one that was not is left out."""
    packs = []
    for one in rulebook.builds_on:
        try:
            data = organisation.ports.store.get_document(organisation.ports.organisation, one.digest)
        except StoreError:
            continue
        packs.append(parse_canonical_pack(data))
    return tuple(packs)


def count_governed(organisation: Organisation, viewer: PersonId) -> tuple[tuple[Governed, ...], bool]:
    """Return what each version governs, and whether all matters were looked through. Raises: UnknownMatterError."""
    versions = find_versions(organisation, viewer)
    counts: dict[str, int] = {}
    mine: dict[str, list[StreamId]] = {}
    streams = list(islice(organisation.matter_streams(), LOOKED_THROUGH + 1))
    for stream in streams[:LOOKED_THROUGH]:
        digest = find_governing(organisation.state(stream), organisation.state(ORGANISATION_STREAM).facts)
        counts[digest] = counts.get(digest, 0) + 1
        if build_reader(organisation.facts(stream), organisation.rulebook(digest), viewer).has_part:
            mine.setdefault(digest, []).append(stream)
    governed = tuple(Governed(one, counts.get(one.digest, 0), tuple(mine.get(one.digest, ()))) for one in versions)
    return governed, len(streams) <= LOOKED_THROUGH


def prepare_amendment(organisation: Organisation, rulebook: Rulebook, viewer: PersonId) -> Amendment:
    """Return what adopting `rulebook` would change, and what it needs. Raises: UnknownMatterError."""
    facts = _look(organisation, viewer)
    old = organisation.governing(ORGANISATION_STREAM)
    roles = find_roles(facts, old, viewer)
    digest = build_digest(encode_rulebook(rulebook))
    rule = old.find_second_key("rulebook.amended")
    needs = () if rule is None else rule.by
    agreed = [
        one.actor
        for one in facts.organisation.all(OrganisationActAgreed)
        if one.live and not one.corrected and (one.act.to_act, one.act.digest) == ("rulebook.amended", digest)
    ]
    return Amendment(
        rulebook=rulebook,
        digest=digest,
        compared=_compare(old, rulebook),
        needs=needs,
        may_adopt="secretary" in roles,
        may_agree=not frozenset(needs).isdisjoint(roles) and viewer not in agreed,
        agreed_by=tuple(one for one in agreed if one is not None),
        may_look_back=may_look_back(organisation, viewer),
    )


def agree_to_amendment(
    organisation: Organisation, digest: str, actor: PersonId, *, now: datetime | None = None
) -> Performed:
    """Agree, as the second of two, that the version with this digest is adopted. The rules say whether one may."""
    act = OrganisationActAgreed(to_act="rulebook.amended", digest=digest)
    return perform(organisation, ORGANISATION_STREAM, act, actor, now=now)


def _compare(old: Rulebook, new: Rulebook) -> Compared:
    return Compared(old, new, find_differences(old, new), has_moved(old, new))


def _look(organisation: Organisation, viewer: PersonId) -> Facts:
    facts = organisation.facts(ORGANISATION_STREAM, fresh=True)
    ports = organisation.ports
    belongs = find_roles(facts, organisation.governing(ORGANISATION_STREAM), viewer) != ("anyone",)
    if find_adoption(facts.organisation) is None or not (
        belongs or ports.store.parts_of(ports.organisation, viewer, 1)
    ):
        raise UnknownMatterError("There are no rules here, or they are not open to you.", remedy="Ask the secretary.")
    return facts
