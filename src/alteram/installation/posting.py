"""Sends the letters that are due: outside requests, again after a pause, and never twice at once."""

import logging
import smtplib
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

from allauth.account import app_settings as allauth_settings
from allauth.account.adapter import get_adapter
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils import translation

from alteram.installation.invitations import build_address, render
from alteram.installation.models import Account
from alteram.installation.notices import GIVEN_UP_AFTER, find_pause
from alteram.installation.outgoing import OutgoingLetter
from alteram.installation.signing_in import make_link

_A_ROUND: Final = 50
_LEASE: Final = timedelta(minutes=5)
_KEPT: Final = timedelta(days=7)
#: From this code on, a mail server says that it never will take a letter to that address.
_NEVER: Final = 500

_log = logging.getLogger(__name__)


def send_letters(*, now: datetime) -> int:
    """Send what is due; return how many letters left. Several processes may: each letter is taken by one."""
    OutgoingLetter.objects.filter(sent_at__lt=now - _KEPT).delete()
    due = OutgoingLetter.objects.filter(sent_at=None, given_up_at=None, due_at__lte=now).order_by("due_at")
    rows = list(due.select_related("account")[:_A_ROUND])
    if not rows:
        return 0
    connection: BaseEmailBackend = get_connection()
    try:
        connection.open()
        return sum(_send(one, connection, now) for one in rows)
    except OSError as error:
        # Nothing leaves: each letter would wait for it in vain. They are put off as if each had been tried.
        for one in rows:
            if _claim(one, now):
                _put_off(one, error, now)
        return 0
    finally:
        connection.close()


def _send(row: OutgoingLetter, connection: BaseEmailBackend, now: datetime) -> bool:
    if not _claim(row, now):
        return False
    if row.account is not None and not row.account.is_active:
        OutgoingLetter.objects.filter(pk=row.pk).update(given_up_at=now, problem="AccountClosed")
        return False
    with translation.override(row.language):
        letter = _build(row, connection)
    try:
        letter.send()
    except (smtplib.SMTPException, OSError) as error:
        _put_off(row, error, now)
        return False
    OutgoingLetter.objects.filter(pk=row.pk).update(sent_at=now, problem="")
    return True


def _claim(row: OutgoingLetter, now: datetime) -> bool:
    """Take a letter: whoever moves it on has it for a while."""
    mine = OutgoingLetter.objects.filter(pk=row.pk, sent_at=None, given_up_at=None, due_at=row.due_at)
    return bool(mine.update(due_at=now + _LEASE, tries=F("tries") + 1))


def _put_off(row: OutgoingLetter, error: Exception, now: datetime) -> None:
    _log.warning("a letter could not be sent: %s", type(error).__name__)
    tries = row.tries + 1
    due_at = now + find_pause(tries)
    ends = _is_final(error) or due_at > row.made_at + GIVEN_UP_AFTER
    told = {"due_at": due_at, "problem": type(error).__name__, "given_up_at": now if ends else None}
    OutgoingLetter.objects.filter(pk=row.pk).update(**told)


def _is_final(error: Exception) -> bool:
    """Return whether trying again would be in vain: the address is refused for good."""
    return isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= _NEVER for code, _said in error.recipients.values()
    )


def _build(row: OutgoingLetter, connection: BaseEmailBackend) -> EmailMessage:
    """Return the letter. It has one name however often it is sent, so that what arrives twice is seen to be one."""
    headers = {
        "Message-ID": f"<letter.{row.pk}.{row.made_at:%Y%m%d%H%M%S}@{settings.PLACES.host or 'localhost'}>",
        "Auto-Submitted": "auto-generated",
    }
    to = row.to or (row.account.email if row.account is not None else "")
    if row.kind == OutgoingLetter.RESET and row.account is not None:
        letter: EmailMessage = get_adapter().render_mail(
            "account/email/password_reset_key", to, _build_reset(row.account)
        )
        letter.connection, letter.extra_headers = connection, headers
        return letter
    context = {"organisation": row.title, "address": settings.PLACES.address}
    if row.kind == OutgoingLetter.LINK and row.account is not None:
        context["address"] = build_address(make_link(row.account))
    subject, message = render(row.kind, context)
    return EmailMessage(subject, message, None, [to], headers=headers, connection=connection)


def _build_reset(account: Account) -> dict[str, object]:
    token = allauth_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(account)
    key = f"{user_pk_to_url_str(account)}-{token}"
    return {"user": account, "password_reset_url": get_adapter().get_reset_password_from_key_url(quote(key, safe="-"))}
