"""Notices by e-mail: queued once for each entry and person, sent by preference, tried again, given up after days.

A mail holds no content: not which matter, not what happened, not about whom.
"""

import logging
import smtplib
from collections.abc import Iterable
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from alteram.core.kernel.identifiers import PersonId
from alteram.installation.models import Membership
from alteram.installation.telling import Notice, NoticePreference
from alteram.operations.telling import ToTell

#: What is recorded shortly after one another is told by one mail.
GATHERED: Final = timedelta(seconds=30)
#: After so long without success a notice is given up, and counted on the health page.
GIVEN_UP_AFTER: Final = timedelta(days=4)
_MORNING: Final = time(7)
_A_ROUND: Final = 50
_LEASE: Final = timedelta(minutes=5)
_FIRST_PAUSE: Final = timedelta(minutes=1)
_LONGEST_PAUSE: Final = timedelta(hours=6)

_log = logging.getLogger(__name__)


def find_preference(organisation: str, person: PersonId) -> str:
    """Return how a person wants to be told: at once, unless they said something else."""
    found = NoticePreference.objects.filter(organisation=organisation, person=person).first()
    return NoticePreference.AT_ONCE if found is None else found.how


def keep_preference(organisation: str, person: PersonId, how: str) -> None:
    """Keep how a person wants to be told from now on."""
    NoticePreference.objects.update_or_create(organisation=organisation, person=person, defaults={"how": how})


def queue_notices(
    organisation: str, matter: str, mark: str, people: Iterable[ToTell], *, now: datetime, zone: tzinfo
) -> None:
    """Queue a notice to each of these people, by their preference; doing it again queues nothing.

    Whoever has no account here is not told. Whoever's part is protected is told only if they chose how: a mail that
    comes unasked would tell whoever sees their mailbox.
    """
    told = {one.person: one for one in people}
    members = Membership.objects.filter(organisation=organisation, person__in=told, account__is_active=True)
    known = set(members.values_list("person", flat=True))
    chosen = dict(
        NoticePreference.objects.filter(organisation=organisation, person__in=known).values_list("person", "how")
    )
    rows = []
    for person, one in told.items():
        how = chosen.get(person, "" if one.is_protected else NoticePreference.AT_ONCE)
        if person not in known or not how or (how == NoticePreference.WAITING and not one.waits):
            continue
        due_at = _next_morning(now, zone) if how == NoticePreference.DAILY else now + GATHERED
        row = Notice(organisation=organisation, matter=matter, mark=mark, person=person, made_at=now, due_at=due_at)
        rows.append(row)
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def send_notices(organisation: str, *, now: datetime) -> int:
    """Send what is due, one mail to a person however much there is; return how many mails went out."""
    due = _open(organisation).filter(due_at__lte=now)
    people = list(due.order_by("due_at").values_list("person", flat=True).distinct()[:_A_ROUND])
    return sum(_send(organisation, person, now) for person in dict.fromkeys(people))


def count_given_up(organisation: str, *, now: datetime) -> tuple[int, int]:
    """Return how many notices of the last thirty days were given up, and how many are being tried again now."""
    given_up = Notice.objects.filter(organisation=organisation, given_up_at__gt=now - timedelta(days=30))
    return given_up.count(), _open(organisation).filter(tries__gt=0).count()


def _send(organisation: str, person: str, now: datetime) -> bool:
    mine = _open(organisation).filter(person=person, due_at__lte=now)
    keys = list(mine.values_list("pk", flat=True))
    # Another process may be at it: whoever moves the rows on has them for a while.
    claimed = mine.filter(pk__in=keys).update(due_at=now + _LEASE, tries=F("tries") + 1)
    if claimed != len(keys) or not keys:
        return False
    rows = Notice.objects.filter(pk__in=keys)
    member = Membership.objects.filter(organisation=organisation, person=person).select_related("account").first()
    if member is None or not member.account.is_active:
        rows.update(given_up_at=now)
        return False
    try:
        _build_mail(member.account.email, min(keys)).send()
    except (smtplib.SMTPException, OSError) as error:
        _log.warning("mail: %s", type(error).__name__)
        _put_off(keys, now)
        return False
    rows.update(sent_at=now)
    return True


def _put_off(keys: list[int], now: datetime) -> None:
    for row in Notice.objects.filter(pk__in=keys):
        row.due_at = now + find_pause(row.tries)
        if row.due_at > row.made_at + GIVEN_UP_AFTER:
            row.given_up_at = now
        row.save(update_fields=["due_at", "given_up_at"])


def find_pause(tries: int) -> timedelta:
    """Return how long to wait after so many tries: a minute, then twice as long each time, at most six hours."""
    return min(_FIRST_PAUSE * (1 << min(max(tries - 1, 0), 12)), _LONGEST_PAUSE)


def _build_mail(to: str, number: int) -> EmailMessage:
    """Return a mail. It has the same name however often it is sent, so that what arrives twice is seen to be one."""
    host = settings.PLACES.host or "localhost"
    body = _("Something was recorded in a matter you have a part in. Sign in: %(address)s")
    return EmailMessage(
        subject=_("Please sign in"),
        body=body % {"address": settings.PLACES.address} + "\n",
        to=[to],
        headers={"Message-ID": f"<notice.{number}@{host}>", "Auto-Submitted": "auto-generated"},
    )


def _open(organisation: str) -> QuerySet[Notice]:
    return Notice.objects.filter(organisation=organisation, sent_at=None, given_up_at=None)


def _next_morning(now: datetime, zone: tzinfo) -> datetime:
    local = now.astimezone(zone)
    morning = datetime.combine(local.date(), _MORNING, zone)
    return morning if morning > local else datetime.combine(local.date() + timedelta(days=1), _MORNING, zone)
