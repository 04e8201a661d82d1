"""Letters to people about their own account, on their way out: kept until they left, tried again, given up after days.

No letter is kept as it reads. A link is made when the letter leaves, so that nothing kept here lets anybody in; and
nothing here says anything of a matter.
"""

from datetime import timedelta
from typing import ClassVar, Final

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone, translation

from alteram.installation.counting import take_one

#: How many links one account is sent within an hour for one who asks: by then, its owner has them or never will.
_AT_MOST: Final = 5
_HOUR: Final = timedelta(hours=1)


class OutgoingLetter(models.Model):
    """A letter to an account, or (`to`) to an address that somebody had; `title` is the organisation that it names."""

    LINK, RESET, RECOVERED, OBJECT, KEY = "link", "reset", "recovered", "object", "key"

    kind = models.CharField(max_length=16)
    account = models.ForeignKey("installation.Account", models.CASCADE, null=True)
    to = models.EmailField(blank=True)
    organisation = models.CharField(max_length=64, blank=True)
    title = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=16)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    #: What the last try met: the name of an error, never its words, which may hold an address.
    problem = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        """Found by the time at which they are due."""

        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="letter_open", condition=models.Q(sent_at=None, given_up_at=None))
        ]


def queue_link(account: models.Model, *, organisation: str = "", title: str = "") -> bool:
    """Queue a letter with a link that signs somebody in; `organisation` is who invites them, where somebody does.

    Return False where it was not: too many were within the hour. Counted by account and by who asks, never by network
    address, so that nobody is flooded and neither strangers nor another organisation keep anybody from their link.
    """
    if not take_one("links", f"{account.pk} {organisation}", most=_AT_MOST, within=_HOUR):
        return False
    _queue(OutgoingLetter.LINK, account=account, organisation=organisation, title=title)
    return True


def queue_reset(account: models.Model) -> None:
    """Queue a letter with a link that lets somebody choose another passphrase."""
    _queue(OutgoingLetter.RESET, account=account)


def queue_told(kind: str, to: str, *, organisation: str, title: str) -> None:
    """Queue a letter that tells somebody at one of their addresses of what was done, or is about to be."""
    _queue(kind, to=to, organisation=organisation, title=title)


def find_stuck(organisation: str) -> QuerySet[OutgoingLetter]:
    """Return the letters to people of an organisation that have not left, the oldest first.

    What another organisation sends them, and what they asked for themselves, is not its business.
    """
    return OutgoingLetter.objects.filter(organisation=organisation, sent_at=None).order_by("pk")


def try_again(organisation: str, number: int) -> bool:
    """Let a letter that waits, or was given up, be sent at the next round; return whether there is one."""
    now = timezone.now()
    return bool(find_stuck(organisation).filter(pk=number).update(due_at=now, made_at=now, tries=0, given_up_at=None))


def drop_letter(organisation: str, number: int) -> bool:
    """Send a link no more; return whether there was one. What warns somebody is theirs to read, and is not dropped."""
    return bool(find_stuck(organisation).filter(pk=number, kind=OutgoingLetter.LINK).delete()[0])


def _queue(
    kind: str, *, account: models.Model | None = None, to: str = "", organisation: str = "", title: str = ""
) -> None:
    now = timezone.now()
    OutgoingLetter.objects.create(
        kind=kind,
        account_id=None if account is None else account.pk,
        to=to,
        organisation=organisation,
        title=title[:200],
        language=translation.get_language() or "en",
        made_at=now,
        due_at=now,
    )
