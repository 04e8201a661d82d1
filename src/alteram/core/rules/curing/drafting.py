"""Draft the act that an intent asks for, complete but for what people write, with whoever could do it.

Acts that mend name what they mend: an appeal is against the decision, a ruling about the entries, a call again of the
same meeting. What has no draft of its own is filled in as for anybody who asks what they could do, see `rules.drafts`,
with the entries and people of the intent first.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Final, TypeAlias

from alteram.core.acts import Act, ActSpec, find_spec
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import Facts
from alteram.core.rules.curing.desk import Desk
from alteram.core.rules.curing.filling import fill_in
from alteram.core.rules.curing.intents import Intent
from alteram.core.rules.curing.people import find_actors
from alteram.core.rules.curing.special import SPECIAL
from alteram.core.rules.rulebook import Rulebook

#: How many drafts of one act are tried at most, over all who could do it.
TRIED: Final = 18
Proposed: TypeAlias = tuple[PersonId, Act]


def draft(intent: Intent, facts: Facts, rulebook: Rulebook, now: datetime) -> Iterator[Proposed]:
    """Yield the act with who would do it, the likeliest first, at most `TRIED` of them; nothing where nobody could."""
    spec = find_spec(intent.act)
    if spec is None:
        return
    desk = Desk(intent, facts, rulebook, now)
    yield from islice(_draft(spec, desk), TRIED)


def _draft(spec: ActSpec, desk: Desk) -> Iterator[Proposed]:
    special = SPECIAL.get(spec.name)
    if special is not None:
        yield from special(desk)
        return
    actors = find_actors(desk.facts, desk.rulebook, spec)
    for act in fill_in(spec, desk):
        for actor in actors:
            yield actor, act
