"""Telling people that somebody else changed the key that signs for them, however that was recorded; once each."""

from datetime import timedelta
from typing import Final

from alteram.bootstrap import Opened
from alteram.core.acts import KeyEnrolled, KeyRotated
from alteram.core.kernel.identifiers import ORGANISATION_STREAM
from alteram.installation.asking import build_asking
from alteram.installation.organisations import read_now
from alteram.installation.outgoing import OutgoingLetter, queue_told
from alteram.installation.recovery import find_addresses
from alteram.installation.telling import DeadlineTold

#: What was recorded longer ago is told no more: it was before anybody here told of it.
_LATELY: Final = timedelta(days=7)


def tell_changed_keys(name: str, opened: Opened) -> None:
    """Tell each at every address of theirs that is known."""
    facts, now = opened.organisation.facts(ORGANISATION_STREAM, fresh=True).organisation, read_now()
    changes = [(one.seq, one.actor, one.recorded_at, one.act.person) for one in facts.all(KeyRotated)]
    changes += [(one.seq, one.actor, one.recorded_at, one.act.person) for one in facts.all(KeyEnrolled)]
    for seq, actor, at, person in changes:
        if actor == person or at < now - _LATELY:
            continue
        place = {"organisation": name, "matter": ORGANISATION_STREAM, "stage": f"key-{seq}", "kind": "key"}
        _told, is_new = DeadlineTold.objects.get_or_create(**place, began_at=at, defaults={"due_at": at})
        for address in find_addresses(name, person) if is_new else ():
            queue_told(OutgoingLetter.KEY, address, organisation=name, title=build_asking(name, None).title)
