"""What an installation knows of people: accounts, whom each is in an organisation, and how to reach them.

None of it is in the record, and all of it can be deleted: the record names people by identifiers only.
"""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from alteram.installation import (  # noqa: F401 - Django finds the models of these through here
    awaiting,
    background,
    calendar_feeds,
    counting,
    outgoing,
    prepared_signatures,
    programs,
    releases,
    sent_forms,
    sign_in_models,
    telling,
)


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts."""

    def create_account(self, email: str) -> "Account":
        """Return a new account without passphrase: it is entered by a link until its owner sets one or a passkey."""
        account = self.model(email=self.normalize_email(email))
        account.set_unusable_password()
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """Somebody who can sign in. Nobody is a superuser: what a person may do is said by the organisation's rules."""

    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()


class Membership(models.Model):
    """Whom an account is in an organisation: the person its acts are recorded under."""

    organisation = models.CharField(max_length=64)
    person = models.CharField(max_length=64)
    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    #: Kept for each organisation apart: none is to learn when somebody was in another.
    has_been_here = models.BooleanField(default=False)
    was_on_roll = models.BooleanField(default=False)

    class Meta:
        """One person to an account in an organisation, and the other way round."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "person"], name="one_account_to_a_person"),
            models.UniqueConstraint(fields=["account", "organisation"], name="one_person_to_an_account"),
        ]


class DirectoryEntry(models.Model):
    """What a person is called and where letters reach them. Shown beside the identifier; never recorded."""

    organisation = models.CharField(max_length=64)
    person = models.CharField(max_length=64)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    post = models.TextField(max_length=500, blank=True)

    class Meta:
        """Organisation first in every key."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "person"], name="one_directory_entry_to_a_person")
        ]


class SignInLink(models.Model):
    """A link that signs somebody in: kept as a digest, for a time and a number of uses."""

    digest = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, models.CASCADE)
    expires_at = models.DateTimeField()
    uses_left = models.PositiveSmallIntegerField(default=1)
