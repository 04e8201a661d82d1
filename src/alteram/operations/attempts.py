"""Refused attempts, kept without content in a register of their own, so many an hour from one person and no more."""

from datetime import datetime, timedelta

from alteram.core.acts import ActRefused, get_spec
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import ATTEMPTS_STREAM, PersonId, StreamId
from alteram.core.kernel.outcomes import Allowed, Refused
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
        batch = Batch(organisation, now, fresh=attempt > 0)
        facts = batch.facts(ATTEMPTS_STREAM)
        recent = [
            one
            for one in facts.matter.all(ActRefused)
            if one.actor == actor and one.recorded_at > now - timedelta(hours=1)
        ]
        if len(recent) >= KEPT_IN_AN_HOUR:
            return
        proposal = Proposal(ATTEMPTS_STREAM, kept, actor)
        batch.add(proposal, batch.build_event(facts, proposal), Allowed("register"))
        try:
            batch.store()
        except StaleReadError:
            continue
        return
