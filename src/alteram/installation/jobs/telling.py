"""Telling: of what was recorded, and of what is due. Each is told once, also after a crash or a long stop."""

import logging
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from alteram.bootstrap import Opened
from alteram.core.kernel.errors import AlteramError
from alteram.installation.asking import build_asking
from alteram.installation.notices import queue_notices, send_notices
from alteram.installation.organisations import read_now
from alteram.installation.posting import send_letters
from alteram.installation.telling import DeadlineTold, Delivery, Notice
from alteram.installation.webhooks import deliver, queue_deliveries
from alteram.operations.ports import MatterRow, OutboxItem, StoreUnavailableError
from alteram.operations.telling import Deadline, find_deadline, find_due_matters, find_people_to_tell

SOON, OVERDUE = "due-soon", "overdue"
#: How long before a step is due whoever has it is reminded.
NOTICE: Final = timedelta(days=2)
#: How long it is kept that somebody was told.
KEPT: Final = timedelta(days=60)
_A_ROUND: Final = 200

_log = logging.getLogger(__name__)


def tell_recorded(name: str, opened: Opened) -> None:
    """Queue notices and webhook events of what was recorded; only then is it done with, so that a crash loses none."""
    ports = opened.organisation.ports
    taken = ports.store.take_outbox(ports.organisation, _A_ROUND)
    done = [number for number, item in taken if item.kind == "recorded" and _tell(name, opened, item)]
    if done:
        ports.store.complete_outbox(ports.organisation, done)


def send_mail(name: str, opened: Opened) -> None:
    """Send the notices that are due."""
    del opened
    send_notices(name, now=read_now())


def send_account_letters(name: str, opened: Opened) -> None:
    """Send the letters about accounts that are due, of whatever organisation."""
    del name, opened
    send_letters(now=read_now())


def send_webhooks(name: str, opened: Opened) -> None:
    """Deliver the webhook events that are due."""
    deliver(name, opened.organisation, now=read_now())


def tell_deadlines(name: str, opened: Opened, *, now: datetime | None = None) -> None:
    """Tell whoever has a step that it is due in two days or overdue; of what is overdue, also who takes over."""
    at = now or read_now()
    rows = find_due_matters(opened.organisation, at + NOTICE)
    while batch := list(islice(rows, _A_ROUND)):
        told = _find_told(name, batch)
        for row in batch:
            kind = SOON if row.next_due_at is not None and row.next_due_at >= at else OVERDUE
            if (row.stream, kind, row.next_due_at) not in told:
                _tell_deadline(name, opened, row, at)


def forget_told(name: str, opened: Opened) -> None:
    """Forget what was told long ago: it is no history, and nobody is to read in it who was told of what."""
    del opened
    before = read_now() - KEPT
    Notice.objects.filter(organisation=name, sent_at__lt=before).delete()
    Notice.objects.filter(organisation=name, given_up_at__lt=before).delete()
    Delivery.objects.filter(webhook__organisation=name, done_at__lt=before).delete()


def _tell(name: str, opened: Opened, item: OutboxItem) -> bool:
    try:
        telling = find_people_to_tell(opened.organisation, item.stream, item.seq)
    except StoreUnavailableError:
        raise
    except AlteramError as error:
        # It will not become readable by waiting; those behind it are not kept waiting.
        _log.error("organisation %s: an entry of which nobody could be told: %s", name, type(error).__name__)
        return True
    if telling is not None:
        asking = build_asking(name, None)
        queue_notices(name, item.stream, str(item.seq), telling.people, now=read_now(), zone=asking.zone)
        queue_deliveries(name, opened.organisation, item.stream, item.seq, telling.area, now=read_now())
    return True


def _find_told(name: str, rows: list[MatterRow]) -> set[tuple[str, str, datetime | None]]:
    told = DeadlineTold.objects.filter(organisation=name, matter__in=[row.stream for row in rows])
    return set(told.values_list("matter", "kind", "due_at"))


def _tell_deadline(name: str, opened: Opened, row: MatterRow, at: datetime) -> None:
    deadline = find_deadline(opened.organisation, row.stream)
    if deadline is None or deadline.due_at > at + NOTICE:
        return
    kind = OVERDUE if at > deadline.due_at else SOON
    place: dict[str, Any] = {"organisation": name, "matter": row.stream, "stage": deadline.stage}
    place["began_at"] = deadline.began_at
    if not DeadlineTold.objects.filter(**place, kind=kind).exists():
        _queue(name, row, deadline, kind, at)
    # Told, whether just now or before it was put off: from now on it is passed over by its due time.
    kinds = (SOON, OVERDUE) if kind == OVERDUE else (SOON,)
    due_at = row.next_due_at or deadline.due_at
    for one in kinds:
        DeadlineTold.objects.update_or_create(**place, kind=one, defaults={"due_at": due_at})


def _queue(name: str, row: MatterRow, deadline: Deadline, kind: str, at: datetime) -> None:
    people = deadline.owners if kind == SOON else (*deadline.owners, *deadline.overdue_to)
    mark = f"{kind} {deadline.stage} {deadline.began_at:%Y%m%dT%H%M%SZ}"
    queue_notices(name, row.stream, mark, people, now=at, zone=build_asking(name, None).zone)
