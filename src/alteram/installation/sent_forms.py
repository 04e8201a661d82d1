"""Forms that were sent: each counts once, however often its button is pressed.

A form carries a token that was drawn when it was shown. Whoever sends it first takes the token; a second sending is
told what became of the first. Nothing of what was written is kept, and tokens are forgotten after a day.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from alteram.core.kernel.identifiers import PersonId

_KEPT = timedelta(days=1)


class SentForm(models.Model):
    """A form that was sent by a person: `seq` is the entry it led to, None while that is under way."""

    organisation = models.CharField(max_length=64)
    person = models.CharField(max_length=64)
    token = models.CharField(max_length=64)
    seq = models.PositiveIntegerField(null=True)
    sent_at = models.DateTimeField(db_index=True)

    class Meta:
        """A token is taken once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "person", "token"], name="one_sending_to_a_form")
        ]


def draw_token() -> str:
    """Return a token for a form that is shown now."""
    return secrets.token_urlsafe(18)


def take_token(organisation: str, person: PersonId, token: str) -> bool:
    """Return whether this sending is the first of its form; a form without token, made by hand, always is."""
    if not token:
        return True
    now = timezone.now()
    SentForm.objects.filter(sent_at__lt=now - _KEPT).delete()
    try:
        with transaction.atomic():
            SentForm.objects.create(organisation=organisation, person=person, token=token[:64], sent_at=now)
    except IntegrityError:
        return False
    return True


@dataclass(slots=True)
class Sending:
    """The first sending of a form; whoever records what it asks for puts the entry here, or that a job does so."""

    seq: int | None = None
    is_under_way: bool = False


@contextmanager
def sending(organisation: str, person: PersonId, token: str) -> Iterator[Sending | None]:
    """Yield where the entry goes that a form leads to; None for a form that was sent before.

    With neither an entry nor a job in the end the form can be sent again.
    """
    if not take_token(organisation, person, token):
        yield None
        return
    sent = Sending()
    try:
        yield sent
    finally:
        if not sent.is_under_way:
            keep_outcome(organisation, person, token, sent.seq)


def keep_outcome(organisation: str, person: PersonId, token: str, seq: int | None) -> None:
    """Keep what a form led to; where nothing was recorded (None) it can be sent again."""
    sent = SentForm.objects.filter(organisation=organisation, person=person, token=token[:64])
    if seq is None:
        sent.delete()
    else:
        sent.update(seq=seq)


def find_outcome(organisation: str, person: PersonId, token: str) -> int | None:
    """Return the entry that a form led to; None while that is under way."""
    sent = SentForm.objects.filter(organisation=organisation, person=person, token=token[:64]).first()
    return None if sent is None else sent.seq
