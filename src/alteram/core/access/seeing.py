"""Which claims of an entry a person may see.

The audience of an act names who may read all of it. Others who have a part in the matter see that it happened: the
act's name and time, so that nobody is surprised by a gap. Strangers see nothing.
Within what a reader may see, a protected identity stays closed (Directive (EU) 2019/1937 art. 16): every claim that
would tell whose part it is, wherever it stands. It does not look into prose: a text may give a name away.
Order matters: the author always sees their own entry; handlers see what they handle; then sides; then addressees.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from alteram.core.access.parts import DECIDERS, HANDLERS, KEEPERS, PARTIES, SIDES, act_as_party, is_told_openly
from alteram.core.acts import ActSpec, ExhibitDerived, ExhibitDisclosed, ExhibitLodged, get_spec
from alteram.core.acts.catalogue import Audience, Role
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId
from alteram.core.matters import AnyEvent, Event, Facts
from alteram.core.matters.protection import find_protected, find_released_to
from alteram.core.rules.capacities import find_roles
from alteram.core.rules.exhibits import live_acts
from alteram.core.rules.giving import find_made_of, find_opening
from alteram.core.rules.rulebook import Rulebook

READERS: dict[Audience, frozenset[Role]] = {
    "handlers": HANDLERS,
    "reporter-side": KEEPERS | {"reporter", "complainant"},
    "sides": HANDLERS | DECIDERS | SIDES,
    "deciders": HANDLERS | DECIDERS,
    "addressee": KEEPERS,
    "parties": PARTIES,
    "organisation": PARTIES | {"member"},
}
#: Acts that ask something of whom a field names, and are open to the sides alone: they read what is asked of them.
_ASKED: Mapping[str, str] = {"contact-person.named": "person"}
#: What everybody with a part in the matter may see of any entry.
OUTLINE: tuple[str, ...] = ("stream", "seq", "prev", "seen", "act", "at")
ENVELOPE: tuple[str, ...] = (*OUTLINE, "reads", "ruling", "actor", "reported", "attachments", "fields", "author")


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who looks at a matter, as what, and whom they may not know.

    `unknown` are the people whose protected part this reader may not learn of; `serving` those of them who also
    have a part of which nothing is secret, such as sitting in the body that decides. `given` are the entries of
    exhibits that were disclosed to them, where their part alone does not open these, as to a witness.
    """

    person: PersonId | None
    roles: tuple[Role, ...]
    unknown: frozenset[PersonId] = frozenset()
    serving: frozenset[PersonId] = frozenset()
    given: frozenset[int] = frozenset()

    @property
    def has_part(self) -> bool:
        """Return whether the reader has a part in the matter: others are not even told what they cannot see."""
        return not PARTIES.isdisjoint(self.roles)

    @property
    def sees_sides(self) -> bool:
        """Return whether their part opens what is open to the sides: a witness sees what was given to them alone."""
        return not READERS["sides"].isdisjoint(self.roles)


def build_reader(facts: Facts, rulebook: Rulebook, person: PersonId | None) -> Reader:
    """Return `person` as a reader of `facts.matter`."""
    roles = act_as_party(find_roles(facts, rulebook, person))
    if person is None or not KEEPERS.isdisjoint(roles):
        unknown: frozenset[PersonId] = frozenset()
    else:
        unknown = find_protected(facts.matter) - find_released_to(facts.matter, person) - {person}
    serving = {one for one in unknown if not (HANDLERS | DECIDERS).isdisjoint(find_roles(facts, rulebook, one))}
    return Reader(person, roles, unknown, frozenset(serving), frozenset(_find_given(facts, roles, person)))


def _find_given(facts: Facts, roles: Collection[Role], person: PersonId | None) -> Iterator[int]:
    """Yield the entries of exhibits that were disclosed to somebody with a part that does not open them."""
    if person is None or PARTIES.isdisjoint(roles) or not READERS["sides"].isdisjoint(roles):
        return
    given: dict[str, int] = {}
    for disclosed in live_acts(facts, ExhibitDisclosed):
        for one in disclosed.act.exhibits if disclosed.act.to == person else ():
            given.setdefault(one, disclosed.seq)
    if not given:
        return
    lodged: tuple[Event[ExhibitLodged] | Event[ExhibitDerived], ...] = (
        *live_acts(facts, ExhibitLodged),
        *live_acts(facts, ExhibitDerived),
    )
    for event in lodged:
        name = event.act.exhibit
        whole = [given[one] for one in find_made_of(facts, name) if one in given]
        if name in given or (whole and find_opening(facts, name, person, min(whole)) is not None):
            yield event.seq


def find_visible_fields(spec: ActSpec, roles: Collection[Role], *, own: bool = False) -> tuple[str, ...]:
    """Return the names of the claims of this act that its audience opens to `roles`; all where it is their `own`."""
    if own or READERS[spec.open_to].intersection(roles):
        return (*ENVELOPE, *(f"act.{field.name}" for field in spec.fields))
    return OUTLINE if PARTIES.intersection(roles) else ()


def find_visible_claims(reader: Reader, spec: ActSpec, claims: Mapping[str, Json]) -> tuple[str, ...]:
    """Return the names of those `claims` of an entry of this act that `reader` may see.

    The author is whoever recorded it: who is said to have done a reported act may be the last person to be told of it.
    """
    author = reader.person is not None and claims.get("actor") == reader.person
    addressed = reader.person is not None and reader.person in _addressees(spec, claims)
    closed = frozenset() if author else frozenset(_closed(reader, spec, claims))
    given = claims.get("seq") in reader.given
    opened = find_visible_fields(spec, reader.roles, own=author or addressed or given)
    return tuple(name for name in opened if name in claims and name not in closed)


def is_open_to(reader: Reader, event: AnyEvent) -> bool:
    """Return whether the content of an entry is open: to the reader's part, as its author, or as addressed to them.

    The entry of an exhibit is open to whom the exhibit was given.
    """
    spec = get_spec(type(event.act))
    named = _find_addressed(spec)
    addressed = named is not None and event.live and reader.person in _listed(getattr(event.act, named))
    author = event.live and event.actor == reader.person
    own = reader.person is not None and (author or addressed or event.seq in reader.given)
    return "fields" in find_visible_fields(spec, reader.roles, own=own)


def _addressees(spec: ActSpec, claims: Mapping[str, Json]) -> Sequence[Json]:
    """Return the people an act is addressed to; of a reported one nobody, because anybody could name them."""
    named = _find_addressed(spec)
    if named is None or claims.get("reported") is not None:
        return ()
    return _listed(claims.get(f"act.{named}"))


def _find_addressed(spec: ActSpec) -> str | None:
    """Return the field that says whom an act is addressed to."""
    if any(field.name == "to" and field.names_people for field in spec.fields):
        return "to"
    return _ASKED.get(spec.name)


def _closed(reader: Reader, spec: ActSpec, claims: Mapping[str, Json]) -> Iterator[str]:
    """Yield the claims that stay closed to `reader` although the entry is open to them."""
    if HANDLERS.isdisjoint(reader.roles) and _names_other_matter(claims):
        # That this matter is linked to another is for those who handle it.
        yield "reads"
    if spec.stream == "register" and KEEPERS.isdisjoint(reader.roles):
        # Who tried something in a matter may have a protected part in it.
        yield from ("actor", "author")
    for person in reader.unknown:
        if claims.get("actor") == person and not is_told_openly("actor", spec, claims):
            yield from ("actor", "author")
        if _mentions(claims.get("reported"), person):
            yield "reported"
        for field in spec.fields:
            name = f"act.{field.name}"
            if field.names_people and person in _listed(claims.get(name)):
                serving = field.many and person in reader.serving
                if not is_told_openly(field.name, spec, claims, serving=serving):
                    yield name
                    if field.name == "to":
                        # A letter kept with its entry bears the name of whom it was sent to.
                        yield "attachments"


def _names_other_matter(claims: Mapping[str, Json]) -> bool:
    reads = _listed(claims.get("reads"))
    return any(isinstance(one, Sequence) and one[0] != ORGANISATION_STREAM for one in reads)


def _mentions(reported: Json, person: PersonId) -> bool:
    if not isinstance(reported, Mapping):
        return False
    return any(person in _listed(value) for value in reported.values())


def _listed(value: Json) -> Sequence[Json]:
    if value is None:
        return ()
    return value if isinstance(value, list | tuple) else (value,)
