"""Who is to be told that something was recorded or is due, and what became of telling them. No content of any matter.

Rows are unique, so that a job that is begun again after a crash tells nobody twice.
"""

from typing import ClassVar

from django.db import models


class NoticePreference(models.Model):
    """How a person wants to be told: at once, once a day, or only of what waits on them."""

    AT_ONCE, DAILY, WAITING = "at-once", "daily", "waiting"

    organisation = models.CharField(max_length=64)
    person = models.CharField(max_length=64)
    how = models.CharField(max_length=16)

    class Meta:
        """One to a person."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "person"], name="one_preference_to_a_person")
        ]


class Notice(models.Model):
    """Something one person is to be told of; `mark` says which entry, or which stage since when and in what respect."""

    organisation = models.CharField(max_length=64)
    matter = models.CharField(max_length=64)
    mark = models.CharField(max_length=160)
    person = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        """Once for each entry and person; found by the time at which they are due."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "matter", "mark", "person"], name="a_notice_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organisation", "due_at"],
                name="notice_open",
                condition=models.Q(sent_at=None, given_up_at=None),
            )
        ]


class DeadlineTold(models.Model):
    """A deadline that was told: a stage, since when the matter is in it, and whether it was due soon or overdue."""

    organisation = models.CharField(max_length=64)
    matter = models.CharField(max_length=64)
    stage = models.CharField(max_length=64)
    began_at = models.DateTimeField()
    kind = models.CharField(max_length=16)
    #: As lists show it, so that a deadline that was told is passed over without reading the matter.
    due_at = models.DateTimeField()

    class Meta:
        """Once."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "matter", "stage", "began_at", "kind"], name="a_deadline_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "kind", "due_at"], name="deadline_told_due")]


class Webhook(models.Model):
    """An address that is told when something is recorded, registered by an officer."""

    organisation = models.CharField(max_length=64)
    person = models.CharField(max_length=64)
    url = models.URLField(max_length=500)
    #: The signing secret is worked out from this and the installation's own key: it is kept nowhere.
    salt = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)
    disabled_at = models.DateTimeField(null=True)
    disabled_because = models.CharField(max_length=40, blank=True)


class Delivery(models.Model):
    """One event for one webhook."""

    webhook = models.ForeignKey(Webhook, models.CASCADE)
    event = models.CharField(max_length=80)
    body = models.TextField()
    due_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        """An event once to an address."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["webhook", "event"], name="an_event_once")]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="delivery_open", condition=models.Q(done_at=None)),
        ]
