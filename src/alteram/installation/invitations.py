"""Links that go by mail. They say nothing confidential: that there is a link, how long it works, whom to ask.

Nobody is shown the link of somebody else: whoever has it can act as that person.
"""

import logging
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.mail import send_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse

from alteram.installation.counting import take_one
from alteram.installation.models import Account
from alteram.installation.signing_in import make_link

#: How many links one account is sent within an hour: by then, its owner has them or never will.
_AT_MOST: Final = 5
_HOUR: Final = timedelta(hours=1)

_log = logging.getLogger(__name__)


def build_address(secret: str) -> str:
    """Return the whole address of a link."""
    return f"{settings.PLACES.address}{reverse('sign-in-link', args=[secret])}"


def mail_link(account: Account, *, organisation: str = "", connection: BaseEmailBackend | None = None) -> bool:
    """Send somebody a link that signs them in; `organisation` is who invites them, where somebody does.

    Return False where it was not sent: too many were within the hour, or mail does not leave. Neither is told to
    whoever asks without having signed in.
    """
    if not _may_send(account):
        return False
    context = {"address": build_address(make_link(account)), "organisation": organisation}
    return _send("link", context, account.email, connection)


def mail_recovered(email: str, *, organisation: str) -> bool:
    """Tell somebody at an address they had that their old ways of signing in were taken away."""
    return _send("recovered", {"organisation": organisation}, email)


def mail_test(email: str) -> str:
    """Send a test message; return what went wrong, in the words of the mail server; empty where nothing did."""
    try:
        send_mail(_render("test", {}, "subject"), _render("test", {}, "message"), None, [email])
    except OSError as error:
        return str(error) or type(error).__name__
    return ""


def _send(letter: str, context: dict[str, str], to: str, connection: BaseEmailBackend | None = None) -> bool:
    subject, message = _render(letter, context, "subject"), _render(letter, context, "message")
    try:
        return send_mail(subject, message, None, [to], connection=connection) == 1
    except OSError as error:  # smtplib's errors are among these
        _log.warning("a letter could not be sent: %s", type(error).__name__)
        return False


def _render(letter: str, context: dict[str, str], part: str) -> str:
    text = render_to_string(f"installation/{letter}_{part}.txt", context).strip()
    return " ".join(text.split()) if part == "subject" else text + "\n"


def _may_send(account: Account) -> bool:
    """Count a link; by account and never by address, so that nobody is flooded and nobody keeps others from theirs."""
    return take_one("links", str(account.pk), most=_AT_MOST, within=_HOUR)
