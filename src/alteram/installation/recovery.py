"""Let somebody in again who lost every way of signing in. It takes two people who hold an office: never one alone.

Where no second is left, whoever runs the machine asks; then everybody is told, anybody on the roll can object, and it
happens after a week. Who may ask, agree or object is asked in `operations` before anything here is called. What was
asked, by whom and when, stays in the installation's database. It is not in the record: it says nothing of a matter.
"""

from datetime import datetime, timedelta
from typing import Final

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

#: How long everybody has to object to what whoever runs the machine asks for alone.
DELAY: Final = timedelta(days=7)


class RecoveryRefused(Exception):  # noqa: N818 - a refusal, told to whoever asked
    """It may not be. `why` is one of: own, same, settled, taken, unknown, open."""

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
    _refuse_taken(_get_membership(organisation, person).account, email)
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
        membership = _get_membership(organisation, PersonId(found.person))
        _refuse_taken(membership.account, found.email)
        addresses = find_addresses(organisation, found.person)
        account = _give_new_way_in(membership, found.email)
        DirectoryEntry.objects.update_or_create(
            organisation=organisation, person=found.person, defaults={"email": found.email}
        )
        for address in dict.fromkeys((*addresses, found.email)):
            queue_told(OutgoingLetter.RECOVERED, address, organisation=organisation, title=title)
        queue_link(account, organisation=organisation, title=title)
    return found


def ask_as_operator(
    organisation: str, title: str, person: PersonId, *, email: str, reason: str, at: datetime
) -> Recovery:
    """Ask it for whoever runs the machine, who has shown the setup code; everybody is told. Raises: RecoveryRefused.

    What somebody who holds an office asked before, with the same address, goes on from there.
    """
    with transaction.atomic():
        _refuse_taken(_get_membership(organisation, person).account, email)
        found, _made = Recovery.objects.get_or_create(
            organisation=organisation, person=person, settled_at=None, defaults={"email": email, "reason": reason}
        )
        if found.email != email or found.ready_at is not None:
            raise RecoveryRefused("open")
        found.ready_at = at + DELAY
        found.save(update_fields=["ready_at"])
        for address in _find_all_addresses(organisation):
            queue_told(OutgoingLetter.OBJECT, address, organisation=organisation, title=title)
    return found


def settle_due(organisation: str, title: str, *, at: datetime) -> int:
    """Let in again whom nobody objected to in time; return how many. What cannot be any more is refused."""
    due = Recovery.objects.filter(organisation=organisation, settled_at=None, ready_at__lte=at)
    done = 0
    for number in list(due.values_list("pk", flat=True)):
        try:
            agree_to_recovery(organisation, title, number, by=PersonId(""), at=at)
            done += 1
        except RecoveryRefused:
            refuse_recovery(organisation, number, by=PersonId(""), at=at)
    return done


def refuse_recovery(organisation: str, recovery: int, *, by: PersonId, at: datetime) -> Recovery:
    """Let nothing change. Raises: RecoveryRefused."""
    with transaction.atomic():
        return _settle(organisation, recovery, by=by, at=at, agreed=False)


def find_recoveries(organisation: str) -> tuple[Recovery, ...]:
    """Return what was asked, the newest first."""
    return tuple(Recovery.objects.filter(organisation=organisation).order_by("-asked_at", "-pk")[:200])


def find_addresses(organisation: str, person: str) -> tuple[str, ...]:
    """Return every address that is known of somebody in an organisation."""
    accounts = Membership.objects.filter(organisation=organisation, person=person)
    entries = DirectoryEntry.objects.filter(organisation=organisation, person=person).exclude(email="")
    found = (*accounts.values_list("account__email", flat=True), *entries.values_list("email", flat=True))
    return tuple(dict.fromkeys(found))


def _find_all_addresses(organisation: str) -> tuple[str, ...]:
    accounts = Membership.objects.filter(organisation=organisation, account__is_active=True)
    entries = DirectoryEntry.objects.filter(organisation=organisation).exclude(email="")
    found = (*accounts.values_list("account__email", flat=True), *entries.values_list("email", flat=True))
    return tuple(dict.fromkeys(found))


def _settle(organisation: str, recovery: int, *, by: PersonId, at: datetime, agreed: bool) -> Recovery:
    found = Recovery.objects.filter(organisation=organisation, pk=recovery).first()
    if found is None:
        raise RecoveryRefused("unknown")
    if found.person == by and agreed:
        raise RecoveryRefused("own")
    if by and found.asked_by == by and agreed:
        raise RecoveryRefused("same")
    # Two who settle it at once: the row in the database says who was first.
    first = Recovery.objects.filter(pk=recovery, settled_at=None)
    if not first.update(settled_by=by, settled_at=at, agreed=agreed):
        raise RecoveryRefused("settled")
    found.refresh_from_db()
    return found


def _get_membership(organisation: str, person: PersonId) -> Membership:
    known = Membership.objects.filter(organisation=organisation, person=person).select_related("account").first()
    if known is None:
        raise RecoveryRefused("unknown")
    return known


def _opens_others(account: Account, organisation: str) -> bool:
    return account.memberships.exclude(organisation=organisation).exists()


def _refuse_taken(account: Account, email: str) -> None:
    """Refuse an address of another account; and of this one, where it stays with other organisations as it is."""
    taken = Account.objects.filter(email__iexact=email)
    if account.memberships.count() == 1:
        taken = taken.exclude(pk=account.pk)
    if taken.exists():
        raise RecoveryRefused("taken")


def _give_new_way_in(membership: Membership, email: str) -> Account:
    """Return an account without any way in but a link. Where the old one opens another organisation, it is a new one.

    What these people agreed to is theirs to agree to for their own organisation: in any other nothing changes.
    """
    account = membership.account
    ApiToken.objects.filter(membership=membership).delete()
    if not _opens_others(account, membership.organisation):
        _take_away(account, email)
        return account
    membership.account = Account.objects.create_account(email)
    membership.save(update_fields=["account"])
    return membership.account


def _take_away(account: Account, email: str) -> None:
    Authenticator.objects.filter(user=account).delete()
    EmailAddress.objects.filter(user=account).delete()
    SignInLink.objects.filter(account=account).delete()
    SocialAccount.objects.filter(user=account).delete()
    account.set_unusable_password()
    account.email = email
    account.save()
    sign_out_devices(account)
