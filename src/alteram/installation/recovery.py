"""Let somebody in again who lost every way of signing in. It takes two people who hold an office: never one alone.

Who may ask and who may agree is asked in `operations` before anything here is called. What was asked, by whom and when,
stays in the installation's database. It is not in the record: it says nothing of a matter.
"""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from alteram.core.kernel.identifiers import PersonId
from alteram.installation.devices import sign_out_devices
from alteram.installation.models import Account, DirectoryEntry, Membership, SignInLink
from alteram.installation.outgoing import OutgoingLetter, queue_link, queue_told
from alteram.installation.programs import ApiToken
from alteram.installation.sign_in_models import Recovery


class RecoveryRefused(Exception):  # noqa: N818 - a refusal, told to whoever asked
    """It may not be. `why` is one of: own, same, settled, elsewhere, taken, unknown, open."""

    def __init__(self, why: str) -> None:
        """Keep why."""
        super().__init__(why)
        self.why = why


def ask_recovery(organisation: str, person: PersonId, *, email: str, reason: str, by: PersonId) -> Recovery:
    """Ask that somebody be let in again. Asked for twice, it is open once. Raises: RecoveryRefused.

    One that is open with another address is to be refused first: whoever asks is not to stand behind that address.
    """
    if person == by:
        raise RecoveryRefused("own")
    account = _get_account(organisation, person)
    _refuse_taken(account, email)
    found, _made = Recovery.objects.get_or_create(
        organisation=organisation,
        person=person,
        settled_at=None,
        defaults={"email": email, "reason": reason, "asked_by": by},
    )
    if found.email != email:
        raise RecoveryRefused("open")
    return found


def agree_to_recovery(organisation: str, title: str, recovery: int, *, by: PersonId, at: datetime) -> Recovery:
    """Take away somebody's old ways of signing in, and send them a link. Raises: RecoveryRefused."""
    with transaction.atomic():
        found = _settle(organisation, recovery, by=by, at=at, agreed=True)
        account = _get_account(organisation, PersonId(found.person))
        _refuse_taken(account, found.email)
        before = account.email
        _take_away(account, found.email)
        DirectoryEntry.objects.update_or_create(
            organisation=organisation, person=found.person, defaults={"email": found.email}
        )
    for address in dict.fromkeys((before, found.email)):
        queue_told(OutgoingLetter.RECOVERED, address, organisation=organisation, title=title)
    queue_link(account, organisation=organisation, title=title)
    return found


def refuse_recovery(organisation: str, recovery: int, *, by: PersonId, at: datetime) -> Recovery:
    """Let nothing change. Raises: RecoveryRefused."""
    with transaction.atomic():
        return _settle(organisation, recovery, by=by, at=at, agreed=False)


def find_recoveries(organisation: str) -> tuple[Recovery, ...]:
    """Return what was asked, the newest first."""
    return tuple(Recovery.objects.filter(organisation=organisation).order_by("-asked_at", "-pk")[:200])


def _settle(organisation: str, recovery: int, *, by: PersonId, at: datetime, agreed: bool) -> Recovery:
    found = Recovery.objects.filter(organisation=organisation, pk=recovery).first()
    if found is None:
        raise RecoveryRefused("unknown")
    if found.person == by:
        raise RecoveryRefused("own")
    if found.asked_by == by and agreed:
        raise RecoveryRefused("same")
    # Two who settle it at once: the row in the database says who was first.
    first = Recovery.objects.filter(pk=recovery, settled_at=None)
    if not first.update(settled_by=by, settled_at=at, agreed=agreed):
        raise RecoveryRefused("settled")
    found.refresh_from_db()
    return found


def _get_account(organisation: str, person: PersonId) -> Account:
    """Return whose account it is. One that opens another organisation as well is not for these two to hand out."""
    known = Membership.objects.filter(organisation=organisation, person=person).select_related("account").first()
    if known is None:
        raise RecoveryRefused("unknown")
    if known.account.memberships.exclude(organisation=organisation).exists():
        raise RecoveryRefused("elsewhere")
    return known.account


def _refuse_taken(account: Account, email: str) -> None:
    if Account.objects.filter(email__iexact=email).exclude(pk=account.pk).exists():
        raise RecoveryRefused("taken")


def _take_away(account: Account, email: str) -> None:
    Authenticator.objects.filter(user=account).delete()
    EmailAddress.objects.filter(user=account).delete()
    SignInLink.objects.filter(account=account).delete()
    ApiToken.objects.filter(membership__account=account).delete()
    SocialAccount.objects.filter(user=account).delete()
    account.set_unusable_password()
    account.email = email
    account.save()
    sign_out_devices(account)
