"""The secret address under which somebody's calendar asks when something is due for them.

A calendar program cannot sign in, so the address itself is the key: one for a person, shown once, kept as a digest, and
gone as soon as its owner revokes it or makes another. Whoever has it learns when something is due, and nothing else.
"""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone

from alteram.core.kernel.identifiers import PersonId


class CalendarFeed(models.Model):
    """A person's feed: the digest of its secret, and since when."""

    organisation = models.CharField(max_length=64)
    person = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        """One to a person."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "person"], name="one_calendar_feed_to_a_person")
        ]


def make_feed(organisation: str, person: PersonId) -> str:
    """Return the secret of a new feed, which takes the place of any other; only its digest is kept."""
    secret = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        organisation=organisation, person=person, defaults={"digest": _digest(secret), "made_at": timezone.now()}
    )
    return secret


def revoke_feed(organisation: str, person: PersonId) -> None:
    """Let the feed of a person, if there is one, answer no more."""
    CalendarFeed.objects.filter(organisation=organisation, person=person).delete()


def find_feed_made_at(organisation: str, person: PersonId) -> datetime | None:
    """Return since when a person has a feed; None where they have none."""
    found = CalendarFeed.objects.filter(organisation=organisation, person=person).first()
    return None if found is None else found.made_at


def find_feed_owner(organisation: str, secret: str) -> PersonId | None:
    """Return whose feed a secret opens; None where it is of no use here, or its owner may not sign in any more.

    What is looked for and compared is a digest of 256 random bits: how long either takes tells nothing of the secret.
    """
    from alteram.installation.models import Membership  # noqa: PLC0415 - models imports this module

    digest = _digest(secret)
    found = CalendarFeed.objects.filter(organisation=organisation, digest=digest).first()
    if found is None or not hmac.compare_digest(found.digest, digest):
        return None
    belongs = Membership.objects.filter(organisation=organisation, person=found.person, account__is_active=True)
    return PersonId(found.person) if belongs.exists() else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
