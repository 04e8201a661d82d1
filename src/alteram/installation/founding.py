"""Found an organisation in this installation: its folder and keys, its record, its rulebook, its people's accounts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from alteram.adapters.rulebooks import load_packs
from alteram.bootstrap import create
from alteram.core.acts import OrganisationFounded
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.rules import Rulebook
from alteram.installation.invitations import build_address
from alteram.installation.models import Account, DirectoryEntry, Membership
from alteram.installation.organisations import get_organisation
from alteram.installation.outgoing import queue_link
from alteram.installation.people_lists import ListedPerson
from alteram.installation.places import LOOPBACK
from alteram.installation.setup_code import use_setup_code
from alteram.installation.signing_in import invite, make_link
from alteram.operations.founding import FoundingError, found
from alteram.operations.rulebooks import adopt_rulebook

#: The link that is shown to whoever founds works this long: they are there.
_FOUNDER_HAS = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Plan:
    """An organisation to be founded. `secretary` founds it and keeps its records; people may hold what they like."""

    organisation: str
    name: str
    kind: str
    jurisdiction: str
    time_zone: str
    secretary: ListedPerson
    rulebook: Rulebook
    people: Sequence[ListedPerson] = ()
    offices: Mapping[str, PersonId] = field(default_factory=dict)
    bodies: Mapping[str, Sequence[PersonId]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Invited:
    """How many letters are on their way, and who gets none: they were sent too many within the hour."""

    sent: int
    not_sent: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True)
class Founded:
    """What was founded. `link` signs its founder in, once; empty where they had an account here before."""

    organisation: str
    link: str
    invited: Invited


def is_free_name(organisation: str) -> bool:
    """Return whether this can be the first part of an address here, and no folder has it."""
    taken = {"static", *_find_first_parts(get_resolver().url_patterns)}
    return organisation not in taken and not (settings.PLACES.home / organisation).exists()


def find_strangers(plan: Plan) -> list[PersonId]:
    """Return who would hold an office or sit in a body without being listed."""
    listed = {one.person for one in (plan.secretary, *plan.people)}
    held = {person for sitting in (plan.offices.values(), *plan.bodies.values()) for person in sitting}
    return sorted(held - listed)


def found_organisation(plan: Plan, *, code: str) -> Founded:
    """Found it, give people their accounts, and send the links. Asked for again in the same words, it goes on.

    The setup code founds one organisation, however many ask at once. Raises: SetupCodeError, FolderError,
    FoundingError, StoreError.
    """
    with use_setup_code(code):
        _record_founding(plan)
    everybody = {one.person: one for one in (*plan.people, plan.secretary)}
    link = _let_founder_in(plan)
    others = [one for one in everybody.values() if one.person != plan.secretary.person]
    return Founded(plan.organisation, link, invite_people(plan.organisation, plan.name, others))


def _record_founding(plan: Plan) -> None:
    places = settings.PLACES
    create(places.home / plan.organisation, organisation=plan.organisation, origin=_build_origin(plan.organisation))
    opened = get_organisation(plan.organisation)
    act = OrganisationFounded(
        name=plan.name,
        kind=plan.kind,
        jurisdiction=plan.jurisdiction,
        time_zone=plan.time_zone,
        secretary=plan.secretary.person,
    )
    members = [one.person for one in plan.people]
    found(opened.organisation, act, members=members, offices=plan.offices, bodies=plan.bodies)
    adopted = adopt_rulebook(opened.organisation, plan.rulebook, plan.secretary.person, packs=load_packs(plan.rulebook))
    if isinstance(adopted.ruling, Refused):
        raise FoundingError(adopted.ruling.because, remedy="Choose another rulebook.")


def invite_people(organisation: str, title: str, people: Sequence[ListedPerson]) -> Invited:
    """Note what people are called and where they are reached; give whoever has an address an account, and a link.

    Who has an account already keeps its address: where its links go is not for one other person to change.
    """
    sent: int = 0
    not_sent: list[PersonId] = []
    for one in people:
        account = enter_person(organisation, one)
        if account is None:
            continue
        if queue_link(account, organisation=organisation, title=title):
            sent += 1
        else:
            not_sent.append(one.person)
    return Invited(sent, tuple(not_sent))


def enter_person(organisation: str, one: ListedPerson) -> Account | None:
    """Note a person in the directory; return their account, made where they have an address; None without any."""
    known = Membership.objects.filter(organisation=organisation, person=one.person).select_related("account").first()
    account = known.account if known is not None else None
    if account is None and one.email and is_free(organisation, one.email):
        account = invite(organisation, one.person, one.email)
    told = {key: value for key, value in (("name", one.name), ("email", one.email)) if value}
    if known is not None:
        told.pop("email", None)
    DirectoryEntry.objects.update_or_create(organisation=organisation, person=one.person, defaults=told)
    return account


def is_free(organisation: str, email: str) -> bool:
    """Return whether nobody in this organisation signs in with this address."""
    return not Membership.objects.filter(organisation=organisation, account__email__iexact=email).exists()


def _find_first_parts(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    """Yield what addresses begin with that belong to no organisation."""
    for one in patterns:
        first = str(one.pattern).partition("/")[0]
        if first:
            yield first
        elif isinstance(one, URLResolver):
            yield from _find_first_parts(one.url_patterns)


def _let_founder_in(plan: Plan) -> str:
    """Return a link for the founder. Nobody is shown a link to an account that was there before."""
    was_here = Account.objects.filter(email__iexact=plan.secretary.email).exists()
    account = enter_person(plan.organisation, plan.secretary)
    if was_here or account is None:
        return ""
    return build_address(make_link(account, lifetime=_FOUNDER_HAS))


def _build_origin(organisation: str) -> str:
    """Return the name of the log: where it could be published, or a name that is nobody's."""
    place = urlsplit(settings.PLACES.address)
    host = place.hostname or ""
    return f"{organisation}.invalid/log" if host in LOOPBACK else f"{host}/{organisation}/log"
