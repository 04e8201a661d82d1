"""What an amendment would have meant for past matters: asked for by whoever amends the rules, made as long work.

What comes out is kept until the same two versions are looked at anew; who may be told what of it is asked each time.
"""

import os
import time
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any, Final

from alteram.bootstrap.again import open_again
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.rules import Rulebook, encode_rulebook
from alteram.core.rules.rulebook import parse_canonical_rulebook
from alteram.installation.asking import Asking
from alteram.installation.background import LongWork, Tell, Work, ask_for, find_work
from alteram.installation.organisations import get_organisation
from alteram.operations.past_matters import (
    PastMatters,
    check_may_look_back,
    describe_replayed,
    read_replayed,
    tell_past_matters,
)
from alteram.operations.questions import UnknownMatterError
from alteram.operations.replaying import replay_matters

_KIND: Final = "past"
#: Seconds between two times that it is kept how far it is.
_APART: Final = 1.0
#: Of fewer matters than this, starting more processes takes longer than the work.
_FEW: Final = 64


@dataclass(frozen=True, slots=True)
class LookBack:
    """A look at past matters under two versions. `told` is there once it ended well; `done` of `parts` matters."""

    key: str
    old: Rulebook
    new: Rulebook
    done: int
    parts: int
    asked_at: datetime
    ended_at: datetime | None
    has_failed: bool
    told: PastMatters | None

    @property
    def is_under_way(self) -> bool:
        """Return whether it is waited for still."""
        return self.ended_at is None


def ask_to_look_back(asking: Asking, person: PersonId, old: Rulebook, new: Rulebook) -> LookBack:
    """Have past matters looked at under two versions, anew where it was done before.

    Raises: UnknownMatterError where it is not open to `person`; BusyError.
    """
    check_may_look_back(asking.organisation, person)
    given = {"old": encode_rulebook(old).decode(), "new": encode_rulebook(new).decode()}
    key = _build_key(given)
    LongWork.objects.filter(organisation=asking.name, kind=_KIND, key=key).exclude(ended_at=None).delete()
    return _tell(asking, person, ask_for(asking.name, _KIND, key, given))


def find_look_back(asking: Asking, person: PersonId, old: Rulebook, new: Rulebook) -> LookBack | None:
    """Return what came of two versions, where it was asked for. Raises: UnknownMatterError."""
    given = {"old": encode_rulebook(old).decode(), "new": encode_rulebook(new).decode()}
    return find_look_back_by_key(asking, person, _build_key(given))


def find_look_back_by_key(asking: Asking, person: PersonId, key: str) -> LookBack | None:
    """Return what was asked for under this name, where there is such. Raises: UnknownMatterError."""
    check_may_look_back(asking.organisation, person)
    work = find_work(asking.name, _KIND, key)
    return None if work is None else _tell(asking, person, work)


def get_look_back(asking: Asking, person: PersonId, key: str) -> LookBack:
    """Return the same. Raises: UnknownMatterError, also where nothing was asked for under this name."""
    found = find_look_back_by_key(asking, person, key)
    if found is None:
        raise UnknownMatterError("Nobody has asked for this.", remedy="Compare two versions, and ask.")
    return found


def run_look_back(organisation: str, given: Any, tell: Tell) -> Any:
    """Replay what is left, on all processors, and tell how far it is. See `background`."""
    opened = get_organisation(organisation)
    versions = parse_canonical_rulebook(given["old"].encode()), parse_canonical_rulebook(given["new"].encode())
    known = find_work(organisation, _KIND, _build_key(given))
    kept = (known.outcome if known is not None else None) or {"done": [], "found": []}
    done: list[str] = list(kept["done"])
    found: list[dict[str, Any]] = list(kept["found"])
    total, told_at = len(done), 0.0
    steps = replay_matters(
        opened.organisation,
        partial(open_again, opened.folder),
        versions,
        done=frozenset(map(StreamId, done)),
        processes=os.cpu_count() or 1,
        few=_FEW,
    )
    for one in steps:
        done += [replayed.stream for replayed in one.replayed]
        found += [describe_replayed(replayed) for replayed in one.replayed if replayed.is_touched]
        total = one.total
        if time.monotonic() - told_at > _APART:
            told_at = time.monotonic()
            tell(one.done, total, {"done": done, "found": found})
    tell(total, total, {"done": done, "found": found})
    return {"looked_at": total, "found": found}


def _build_key(given: dict[str, str]) -> str:
    return sha256(f"{given['old']}\n{given['new']}".encode()).hexdigest()


def _tell(asking: Asking, person: PersonId, work: Work) -> LookBack:
    told = None
    if work.ended_at is not None and not work.has_failed:
        replayed = map(read_replayed, work.outcome["found"])
        told = tell_past_matters(asking.organisation, person, replayed, work.outcome["looked_at"])
    return LookBack(
        work.key,
        parse_canonical_rulebook(work.given["old"].encode()),
        parse_canonical_rulebook(work.given["new"].encode()),
        work.done,
        work.parts,
        work.asked_at,
        work.ended_at,
        work.has_failed,
        told,
    )
