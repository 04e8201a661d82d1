"""Links that go by mail. They say nothing confidential: that there is a link, how long it works, whom to ask.

Nobody is shown the link of somebody else: whoever has it can act as that person.
"""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string


def build_address(secret: str) -> str:
    """Return the whole address of a link: the page `sign-in-link`, written out, since asking loads every page."""
    return f"{settings.PLACES.address}/sign-in/link/{secret}/"


def mail_test(email: str) -> str:
    """Send a test message; return what went wrong, in the words of the mail server; empty where nothing did."""
    subject, message = render("test", {})
    try:
        send_mail(subject, message, None, [email])
    except OSError as error:
        return str(error) or type(error).__name__
    return ""


def render(letter: str, context: dict[str, str]) -> tuple[str, str]:
    """Return the subject and the text of a letter."""
    subject, message = (
        render_to_string(f"installation/{letter}_{part}.txt", context).strip() for part in ("subject", "message")
    )
    return " ".join(subject.split()), message + "\n"
