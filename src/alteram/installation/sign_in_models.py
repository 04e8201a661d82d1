"""What is kept of how people sign in: on which devices they are, and who let somebody in again who lost everything.

No network address is kept, and of a device only what kind it is.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models


class SignedInDevice(models.Model):
    """A session that is open: on what kind of device, since when, and how its owner proved who they are."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="devices")
    session_key = models.CharField(max_length=40, unique=True)
    device = models.CharField(max_length=80)
    signed_in_at = models.DateTimeField(auto_now_add=True)


class Recovery(models.Model):
    """A new way in for somebody who lost every other: asked for by one person, agreed to or refused by another."""

    organisation = models.CharField(max_length=64)
    person = models.CharField(max_length=64)
    email = models.EmailField()
    reason = models.CharField(max_length=500)
    asked_by = models.CharField(max_length=64)
    asked_at = models.DateTimeField(auto_now_add=True)
    settled_by = models.CharField(max_length=64, blank=True)
    settled_at = models.DateTimeField(null=True)
    agreed = models.BooleanField(default=False)
    #: When it happens by itself unless somebody objects: asked for by whoever runs the machine (`asked_by` is empty
    #: where nobody who holds an office asked as well).
    ready_at = models.DateTimeField(null=True)

    class Meta:
        """One at a time for each person."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "person"],
                condition=models.Q(settled_at=None),
                name="one_open_recovery_to_a_person",
            )
        ]
