"""What no rulebook can let go: shredding takes two people, a closed matter where all of it goes, and no hold on it.

Design: deleting takes two keys and a reason and leaves a tombstone; a live matter is never purged by age.
"""

from datetime import datetime

from alteram.core.acts import MatterClosed, MatterReopened, RecordShredded, RetentionHeld, SecondKeyGiven
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Facts


def find_shredding_refusal(facts: Facts, event: AnyEvent, now: datetime) -> Refused | None:
    """Return why `event`, a shredding, may not be; None for any other act, or when nothing stands in its way."""
    act = event.act
    if not isinstance(act, RecordShredded):
        return None
    held = [one for one in facts.matter.all(RetentionHeld) if one.act.until is None or one.act.until > now]
    if held:
        until = held[-1].act.until
        return Refused("shredding.held", "record", phrase("The matter is held against deletion."), earliest=until)
    if act.scope == "matter" and not _closed(facts):
        because = phrase("Only a closed matter can be shredded as a whole.")
        return Refused("shredding.open", "record", because, missing=("matter.closed",))
    if act.second == event.actor or not _second_key_given(facts, act, event.seq):
        because = phrase("Shredding takes two people: the second key has not been given since the last shredding.")
        return Refused("shredding.second-key", "record", because, missing=("second-key.given",))
    return None


def _closed(facts: Facts) -> bool:
    changes = [one for one in facts.matter.all(MatterClosed, MatterReopened) if one.live]
    return bool(changes) and isinstance(changes[-1].act, MatterClosed)


def _second_key_given(facts: Facts, act: RecordShredded, seq: int) -> bool:
    """Return whether the second person agreed after the last shredding: a key turns once."""
    last = max((one.seq for one in facts.matter.all(RecordShredded) if one.seq < seq), default=-1)
    return any(
        one.live and one.actor == act.second and one.act.to_act == "record.shredded" and one.seq > last
        for one in facts.matter.all(SecondKeyGiven)
    )
