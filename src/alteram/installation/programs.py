"""What an installation keeps for programs that use the API: tokens, and answers already given.

Neither can be used by who only reads this database: of a token its digest is kept, and a kept answer is sealed under a
key that comes from the token itself.
"""

from typing import ClassVar

from django.db import models


class ApiToken(models.Model):
    """A token somebody made for a program of theirs. It never does more than they may."""

    name = models.CharField(max_length=100)
    #: The open part of a token, by which it is found; the secret part is compared by its digest.
    handle = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    membership = models.ForeignKey("installation.Membership", models.CASCADE, related_name="tokens")
    scopes = models.CharField(max_length=100)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    #: The day only: when somebody worked is their own affair.
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)


class KeptAnswer(models.Model):
    """What was answered to a request with an idempotency key; `status` is 0 while it is being worked on.

    The key, the request and the answer are kept as digests and sealed bytes that only the caller could open. The digest
    of a key is made with the caller's secret: no two callers have the same. `token` is empty for who comes without one.
    """

    token = models.ForeignKey(ApiToken, models.CASCADE, null=True)
    key_digest = models.CharField(max_length=64)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    sealed = models.BinaryField(default=b"")
    made_at = models.DateTimeField()

    class Meta:
        """One answer to a key."""

        constraints: ClassVar = [models.UniqueConstraint(fields=["key_digest"], name="one_answer_to_a_key")]
        indexes: ClassVar = [models.Index(fields=["made_at"], name="kept_answer_made_at")]
