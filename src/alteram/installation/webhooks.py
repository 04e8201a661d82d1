"""Webhooks by the Standard Webhooks rules: told that something was recorded, and of that not more than an outline.

Registered by an officer, who stays one: they are told only of matters that they see as an officer, and nothing after
they left office. The event names the matter, the entry's number and the area of the act. Never an act, never a person.
"""

import base64
import json
import logging
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import F
from django.utils.crypto import salted_hmac
from standardwebhooks import Webhook as Signer

from alteram.core.acts.catalogue import Area
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.instants import encode_instant
from alteram.installation import reaching
from alteram.installation.notices import find_pause
from alteram.installation.telling import Delivery, Webhook
from alteram.operations.organisation import Organisation
from alteram.operations.telling import handles, is_officer

#: A webhook that has failed for so long is disabled; the page of webhooks says so.
DISABLED_AFTER: Final = timedelta(days=5)
#: Webhooks that an organisation can have.
MOST: Final = 10
_A_ROUND: Final = 20
_LEASE: Final = timedelta(minutes=5)

_log = logging.getLogger(__name__)


def register(organisation: str, person: PersonId, url: str, *, now: datetime) -> tuple[Webhook, str]:
    """Return a new webhook and the secret that its events are signed with. Raises: UnreachableError."""
    reaching.resolve(url)
    salt = secrets.token_hex(16)
    webhook = Webhook.objects.create(organisation=organisation, person=person, url=url, salt=salt, made_at=now)
    return webhook, build_secret(webhook)


def build_secret(webhook: Webhook) -> str:
    """Return the secret of a webhook, as the rules spell it."""
    key = salted_hmac("alteram.webhook", webhook.salt, secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return f"whsec_{base64.b64encode(key).decode()}"


def find_webhooks(organisation: str) -> list[Webhook]:
    """Return an organisation's webhooks, the newest first."""
    return list(Webhook.objects.filter(organisation=organisation).order_by("-made_at", "-pk"))


def remove(organisation: str, key: int) -> bool:
    """Remove a webhook with all that waits for it; return whether there was one."""
    return bool(Webhook.objects.filter(organisation=organisation, pk=key).delete()[0])


def queue_deliveries(
    name: str, organisation: Organisation, stream: StreamId, seq: int, area: Area, *, now: datetime
) -> None:
    """Queue an event for each webhook whose officer sees the matter as one; doing it again queues nothing."""
    rows = []
    for webhook in Webhook.objects.filter(organisation=name, disabled_at=None):
        person = PersonId(webhook.person)
        if not is_officer(organisation, person):
            Webhook.objects.filter(pk=webhook.pk).update(disabled_at=now, disabled_because="left-office")
        elif handles(organisation, stream, person):
            event = salted_hmac("alteram.event", f"{name}/{stream}/{seq}", algorithm="sha256").hexdigest()[:32]
            body = json.dumps(
                {
                    "type": "entry.recorded",
                    "timestamp": encode_instant(now.replace(microsecond=0)),
                    "data": {"organisation": name, "matter": stream, "seq": seq, "area": area},
                }
            )
            rows.append(Delivery(webhook=webhook, event=f"msg_{event}", body=body, due_at=now))
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def deliver(name: str, organisation: Organisation, *, now: datetime) -> int:
    """Deliver what is due; return how many events arrived."""
    due = Delivery.objects.filter(
        webhook__organisation=name, webhook__disabled_at=None, done_at=None, due_at__lte=now
    ).select_related("webhook")
    return sum(_deliver(one, organisation, now) for one in due.order_by("due_at", "pk")[:_A_ROUND])


def _deliver(delivery: Delivery, organisation: Organisation, now: datetime) -> bool:
    claim = Delivery.objects.filter(pk=delivery.pk, done_at=None, tries=delivery.tries, due_at__lte=now)
    if not claim.update(due_at=now + _LEASE, tries=F("tries") + 1):
        return False  # another process is at it
    webhook, row = delivery.webhook, Delivery.objects.filter(pk=delivery.pk)
    if not is_officer(organisation, PersonId(webhook.person)):
        Webhook.objects.filter(pk=webhook.pk).update(disabled_at=now, disabled_because="left-office")
        return False
    try:
        status = reaching.post(webhook.url, delivery.body.encode(), _sign(webhook, delivery, now))
    except reaching.UnreachableError:
        status = 0
    if 200 <= status < 300:
        row.update(done_at=now)
        Webhook.objects.filter(pk=webhook.pk).update(failing_since=None)
        return True
    _log.info("webhook %s: %s", webhook.pk, status or "no answer")
    row.update(due_at=now + find_pause(delivery.tries + 1))
    _note_failure(webhook, status, now)
    return False


def _note_failure(webhook: Webhook, status: int, now: datetime) -> None:
    """Remember since when it has failed; disable it where it says that it is gone, or has failed for days."""
    row = Webhook.objects.filter(pk=webhook.pk)
    row.filter(failing_since=None).update(failing_since=now)
    if status == 410:
        row.update(disabled_at=now, disabled_because="gone")
    elif webhook.failing_since is not None and now - webhook.failing_since > DISABLED_AFTER:
        row.update(disabled_at=now, disabled_because="failing")


def _sign(webhook: Webhook, delivery: Delivery, now: datetime) -> dict[str, str]:
    signature = Signer(build_secret(webhook)).sign(delivery.event, now, delivery.body)
    return {
        "Content-Type": "application/json",
        "webhook-id": delivery.event,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
