"""Long work that somebody asked for, done outside requests with its progress shown, such as a proof of a rulebook.

Asked for once for each key: whoever asks for the same again is told how it stands, or what it came to. A process of its
own does it, see `jobs.long`. What it came to is kept, so that nothing is worked out twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Final, TypeAlias

from django.db import models, transaction
from django.utils.module_loading import import_string
from django_tasks import task

from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.phrases import phrase
from alteram.installation.organisations import read_now
from alteram.operations.kept_texts import decode_text, encode_text

#: What does each kind of work, by where it stands; it is loaded only to be done.
RUNNERS: Final[dict[str, str]] = {
    "bundle": "alteram.installation.disclosure_work.run_bundle",
    "copies": "alteram.installation.disclosure_work.run_serving",
    "cures": "alteram.installation.matter_cures.run_cures",
    "excerpt": "alteram.installation.exhibit_jobs.run_excerpt",
    "lodging": "alteram.installation.exhibit_jobs.run_lodging",
    "names": "alteram.installation.names_work.run_names",
    "past": "alteram.installation.past_matters.run_look_back",
    "proof": "alteram.installation.rulebook_proofs.run_proof",
    "redaction": "alteram.installation.redaction_work.run_redaction",
    "trace": "alteram.installation.tracing_work.run_trace",
}
#: How much of it an organisation may have waiting: each takes minutes of a processor.
MOST_WAITING: Final = 3
#: Work that takes seconds, or that somebody waits for: it is counted by itself, and taken before the other.
QUICK: Final = frozenset({"cures", "excerpt", "lodging"})
MOST_QUICK: Final = 24
#: Told how far a work is: so many parts of so many, and what is known so far.
Tell: TypeAlias = Callable[[int, int, Any], None]
#: Does the work of one kind: of which organisation, with what it was given; returns what it came to.
Runner: TypeAlias = Callable[[str, Any, Tell], Any]


class LongWork(models.Model):
    """Work that was asked for, how far it is, and what it came to. None of it is in the record."""

    organisation = models.CharField(max_length=64)
    kind = models.CharField(max_length=32)
    key = models.CharField(max_length=64)
    given = models.JSONField()
    done = models.PositiveIntegerField(default=0)
    parts = models.PositiveIntegerField(default=0)
    outcome = models.JSONField(null=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    has_failed = models.BooleanField(default=False)

    class Meta:
        """One to a key."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "kind", "key"], name="one_work_to_a_key")
        ]


@dataclass(frozen=True, slots=True)
class Work:
    """The same, as pages tell it. `outcome` is what is known so far, all of it once `ended_at` is there."""

    kind: str
    key: str
    given: Any
    done: int
    parts: int
    outcome: Any
    asked_at: datetime
    ended_at: datetime | None
    has_failed: bool

    @property
    def is_under_way(self) -> bool:
        """Return whether it is waited for still."""
        return self.ended_at is None


class BusyError(AlteramError):
    """An organisation has enough work waiting."""


def ask_for(organisation: str, kind: str, key: str, given: Any, *, parts: int = 0) -> Work:
    """Have work done, unless it was asked for before; what failed is tried again. Raises: BusyError.

    `key` says everything that the outcome depends on.
    """
    known = LongWork.objects.filter(organisation=organisation, kind=kind, key=key)
    known.filter(has_failed=True).delete()
    found = known.first()
    if found is not None:
        return _tell(found)
    waiting = LongWork.objects.filter(organisation=organisation, ended_at=None)
    alike = waiting.filter(kind__in=QUICK) if kind in QUICK else waiting.exclude(kind__in=QUICK)
    if alike.count() >= (MOST_QUICK if kind in QUICK else MOST_WAITING):
        problem = phrase("Enough work of this kind is waiting already.")
        raise BusyError(problem, remedy=phrase("Wait until some of it is done, then ask again."))
    defaults = {"given": given, "asked_at": read_now(), "parts": parts}
    with transaction.atomic():
        kept, is_new = LongWork.objects.get_or_create(organisation=organisation, kind=kind, key=key, defaults=defaults)
        if is_new:
            do_work.using(priority=1 if kind in QUICK else 0).enqueue(kept.pk)
    return _tell(kept)


def find_work(organisation: str, kind: str, key: str) -> Work | None:
    """Return work that was asked for, if it was."""
    found = LongWork.objects.filter(organisation=organisation, kind=kind, key=key).first()
    return None if found is None else _tell(found)


def find_own_work(organisation: str, stream: str, person: str, key: str) -> Work | None:
    """Return work of any kind that a person asked for in a matter; None for any other key."""
    mine = LongWork.objects.filter(organisation=organisation, key=key, given__stream=stream, given__person=person)
    found = mine.first()
    return None if found is None else _tell(found)


def find_works(organisation: str, kind: str) -> tuple[Work, ...]:
    """Return all work of a kind that was asked for, the latest first."""
    found = LongWork.objects.filter(organisation=organisation, kind=kind).order_by("-asked_at", "-pk")
    return tuple(map(_tell, found))


def count_parts(tell: Tell, parts: int) -> Callable[[], None]:
    """Return what tells of one more part that is done each time it is called; of `parts` the last is for the end."""
    done = 0
    tell(0, parts, None)

    def count() -> None:
        nonlocal done
        done = min(done + 1, parts - 1)
        tell(done, parts, None)

    return count


@task()
def do_work(number: int) -> None:
    """Do it. Whoever asked sees that it failed where it does, and can ask again."""
    found = LongWork.objects.filter(pk=number, ended_at=None).first()
    if found is None:
        return
    one = LongWork.objects.filter(pk=number)

    def tell(done: int, parts: int, outcome: Any) -> None:
        one.update(done=done, parts=parts, outcome=_convert(outcome, encode_text))

    run: Runner = import_string(RUNNERS[found.kind])
    has_failed = True
    try:
        outcome = run(found.organisation, found.given, tell)
        one.update(outcome=_convert(outcome, encode_text))
        has_failed = False
    finally:
        one.update(ended_at=read_now(), has_failed=has_failed)


#: Where an outcome says something to people, by the name of the field: that is kept with what a translation needs.
_SAID: Final = frozenset({"because", "problem", "refused", "remedy"})


def _convert(outcome: Any, convert: Callable[[Any], Any]) -> Any:
    """Return an outcome with what it says converted, also of each of the people that it tells of."""
    if not isinstance(outcome, dict):
        return outcome
    told = {name: convert(one) if name in _SAID else one for name, one in outcome.items()}
    return told | {"served": [_convert(one, convert) for one in told["served"]]} if "served" in told else told


def _tell(one: LongWork) -> Work:
    outcome = _convert(one.outcome, decode_text)
    return Work(one.kind, one.key, one.given, one.done, one.parts, outcome, one.asked_at, one.ended_at, one.has_failed)
