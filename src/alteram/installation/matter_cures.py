"""What would still mend a matter: asked for by whoever may read it, made as long work, kept while the matter stands so.

Each answer is for the one who asked, and is read again only by them. Once the matter has moved on, or the day is over,
it is asked for anew, and what was kept of the matter is deleted.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from alteram.adapters.rulebooks.library import load_pack
from alteram.core.access.cured import ToldCures
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.rules import Pack
from alteram.installation.asking import Asking
from alteram.installation.background import LongWork, Tell, Work, ask_for, find_work
from alteram.installation.organisations import get_organisation, read_now
from alteram.operations.curing import CuresWanted, plan_for, read_cures, want_cures
from alteram.operations.kept_cures import encode_cures

_KIND: Final = "cures"
#: Seconds between two times that it is kept how far it is.
_APART: Final = 0.25


@dataclass(frozen=True, slots=True)
class KeptCures:
    """Cures that were asked for, and how far they are; `told` is there once it ended well."""

    done: int
    parts: int
    asked_at: datetime
    ended_at: datetime | None
    has_failed: bool
    told: ToldCures | None

    @property
    def is_under_way(self) -> bool:
        """Return whether it is waited for still."""
        return self.ended_at is None


def ask_for_cures(asking: Asking, person: PersonId, stream: StreamId, packs: tuple[Pack, ...]) -> KeptCures:
    """Have it worked out what would mend a matter, unless it was. Raises: UnknownMatterError, BusyError.

    `packs` are standards that ship.
    """
    wanted = want_cures(asking.organisation, stream, person, packs, now=asking.now)
    outdated = LongWork.objects.filter(organisation=asking.name, kind=_KIND, given__stream=stream)
    outdated.exclude(given__state=wanted.state).delete()
    given = {"stream": stream, "person": person, "packs": [one.id for one in packs], "state": wanted.state}
    return _tell(wanted, ask_for(asking.name, _KIND, wanted.key, given))


def find_cures(asking: Asking, person: PersonId, stream: StreamId, packs: tuple[Pack, ...]) -> KeptCures | None:
    """Return what was asked for of a matter as it stands, where it was. Raises: UnknownMatterError."""
    wanted = want_cures(asking.organisation, stream, person, packs, now=asking.now)
    work = find_work(asking.name, _KIND, wanted.key)
    return None if work is None else _tell(wanted, work)


def run_cures(organisation: str, given: Any, tell: Tell) -> Any:
    """Work it out, and tell how far it is. See `background`."""
    opened = get_organisation(organisation).organisation
    packs = tuple(map(load_pack, given["packs"]))
    stream, person = StreamId(given["stream"]), PersonId(given["person"])
    told_at = 0.0

    def tell_now_and_then(done: int, parts: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at > _APART:
            told_at = time.monotonic()
            tell(done, parts, None)

    return encode_cures(plan_for(opened, stream, person, packs, now=read_now(), tell=tell_now_and_then))


def _tell(wanted: CuresWanted, work: Work) -> KeptCures:
    is_whole = work.ended_at is not None and not work.has_failed
    told = read_cures(wanted, work.outcome) if is_whole else None
    return KeptCures(work.done, work.parts, work.asked_at, work.ended_at, work.has_failed, told)
