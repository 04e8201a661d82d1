"""The first link: whoever runs the machine lets in somebody who cannot sign in yet, most often the secretary."""

from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId
from alteram.installation.founding import is_free
from alteram.installation.invitations import build_address
from alteram.installation.models import Account, Membership
from alteram.installation.organisations import UnknownOrganisationError, find_folders, get_organisation
from alteram.installation.signing_in import invite, make_link
from alteram.operations.roll import find_offices


def let_in(name: str, person: PersonId, email: str) -> str | None:
    """Return a link for a member or officer who has no account here yet. `name`: the organisation; empty, the only one.

    None where they have one, or their address is that of an account: nobody is shown a link into what is another's.
    Raises: UnknownOrganisationError, MalformedError.
    """
    name = name or _find_only()
    organisation = get_organisation(name).organisation
    roll = organisation.facts(ORGANISATION_STREAM).roll
    if person not in roll.members and not find_offices(organisation, person):
        raise MalformedError(f"{person} is no member and holds no office here.", remedy="Look at the identifier again.")
    if email.count("@") != 1 or not all(email.split("@")) or any(sign.isspace() for sign in email):
        raise MalformedError("This is no e-mail address.", remedy="Write it like secretary@club.example.")
    known = Membership.objects.filter(organisation=name, person=person).exists()
    if known or not is_free(name, email) or Account.objects.filter(email__iexact=email).exists():
        return None
    return build_address(make_link(invite(name, person, email)))


def _find_only() -> str:
    names = [name for name, _folder in find_folders()]
    if len(names) != 1:
        told = "There is no organisation here." if not names else f"There are several: {', '.join(names)}."
        raise UnknownOrganisationError(told, remedy="Name one: --organisation" if names else "Begin with alteram init.")
    return names[0]
