"""Refused attempts, kept without content in a register of their own, so many an hour from one person and no more."""

from datetime import datetime, timedelta
from itertools import takewhile

from alteram.core.acts import ActRefused, get_spec
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import ATTEMPTS_STREAM, PersonId, StreamId
from alteram.core.kernel.outcomes import Allowed, Refused
from alteram.core.matters import StreamFacts
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StaleReadError
from alteram.operations.recording import Batch, Proposal

#: Refusals of one person that are kept in one hour; the rest are refused all the same, and not kept.
KEPT_IN_AN_HOUR = 30
_TRIES = 8


def keep_attempt(
    organisation: Organisation,
    stream: StreamId,
    act: Act,
    actor: PersonId | None,
    refused: Refused,
    *,
    now: datetime,
) -> None:
    """Keep that an act was refused: who, where, which act, why; nothing of what was in it.

    It never fails the caller for being late: when others keep writing to the register, the attempt is not kept.
    """
    kept = ActRefused(
        stream=stream,
        act=get_spec(type(act)).name,
        code=refused.code,
        clause=refused.clause or "record",
        requirement=refused.requirement or None,
        missing=refused.missing,
    )
    for attempt in range(_TRIES):
        register = organisation.state(ATTEMPTS_STREAM, fresh=attempt > 0).facts
        if _count_recent(register, actor, now - timedelta(hours=1)) >= KEPT_IN_AN_HOUR:
            return
        # The register's time never runs backwards, whatever clock the last attempt was kept by.
        batch = Batch(organisation, max(now, register.last_at or now), fresh=False)
        facts = batch.facts(ATTEMPTS_STREAM)
        proposal = Proposal(ATTEMPTS_STREAM, kept, actor)
        batch.add(proposal, batch.build_event(facts, proposal), Allowed("register"))
        try:
            batch.store()
        except StaleReadError:
            continue
        return


def _count_recent(register: StreamFacts, actor: PersonId | None, since: datetime) -> int:
    """Count what was kept of somebody after `since`: the newest of the register only, however long it is."""
    recent = takewhile(lambda one: one.recorded_at > since, reversed(register.all(ActRefused)))
    return sum(one.actor == actor for one in recent)
