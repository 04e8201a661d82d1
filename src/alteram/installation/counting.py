"""How often something was tried, counted for all processes together: attempts to sign in, links sent, calls by a token.

Counted for accounts and tokens, never for a network address, which many people may share. A count is kept under a name
that says nothing without the installation's key, for as long as it matters, and so many of each kind at most.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

#: How many of a kind are kept; beyond, those that end first are dropped. To push out what somebody was counted by, one
#: would have to try so many others in its time.
MOST: Final = 50_000
_SWEPT_EVERY: Final = 64
_FOR_EVER: Final = timedelta(days=3650)


class Count(models.Model):
    """A count: `kind` says of what, `key` of whom, as nobody can read it."""

    key = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=32)
    value = models.JSONField()
    expires_at = models.DateTimeField()

    class Meta:
        """Found by kind, in the order in which they end."""

        indexes: ClassVar = [models.Index(fields=["kind", "expires_at"], name="count_by_kind")]


def take_one(kind: str, whose: str, *, most: int, within: timedelta) -> bool:
    """Count one more of at most so many within a time; return False, uncounted, where there were as many already."""
    now = timezone.now()
    with transaction.atomic():
        row = _lock(kind, whose, [], now)
        moments = [at for at in row.value if at > (now - within).timestamp()]
        if len(moments) >= most:
            return False
        row.value, row.expires_at = [*moments, now.timestamp()], now + within
        row.save()
    _sweep_sometimes(kind, now)
    return True


def take_turn(kind: str, whose: str, *, burst: float, a_second: float, at: float) -> float:
    """Count a call at a second of the clock; return 0, or for how many seconds to wait, uncounted.

    `burst` calls may come at once; `a_second` is how many come back each second. What is kept is when all will have
    come back, and only until then.
    """
    now = datetime.fromtimestamp(at, UTC)
    with transaction.atomic():
        row = _lock(kind, whose, 0.0, now)
        # Never further ahead than all of them take to come back: a clock that was set back keeps nobody out for long.
        full_at = min(max(float(row.value), at), at + burst / a_second) + 1 / a_second
        wait = full_at - at - burst / a_second
        if wait > 1e-6:  # less is the rounding of the numbers
            return wait
        row.value, row.expires_at = full_at, datetime.fromtimestamp(full_at, UTC)
        row.save()
    _sweep_sometimes(kind, now)
    return 0.0


class CountsCache(BaseCache):
    """Django's cache on top of it, for libraries that count by one. It keeps values that JSON has, and nothing else."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        """Take what the settings say; the location means nothing."""
        del location
        super().__init__(params)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value where there is none; return whether it was kept. Of many at once, one is first."""
        del version
        now, kind, digest = timezone.now(), *_name(str(key))
        try:
            with transaction.atomic():
                Count.objects.filter(key=digest, expires_at__lte=now).delete()
                Count.objects.create(key=digest, kind=kind, value=value, expires_at=self._end(timeout, now))
        except IntegrityError:
            return False
        _sweep_sometimes(kind, now)
        return True

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """Return what is kept."""
        del version
        _kind, digest = _name(str(key))
        found = Count.objects.filter(key=digest, expires_at__gt=timezone.now()).first()
        return default if found is None else found.value

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep a value in the place of any other."""
        del version
        now, kind, digest = timezone.now(), *_name(str(key))
        kept = {"kind": kind, "value": value, "expires_at": self._end(timeout, now)}
        Count.objects.update_or_create(key=digest, defaults=kept)
        _sweep_sometimes(kind, now)

    def delete(self, key: Any, version: int | None = None) -> bool:
        """Forget a value; return whether there was one."""
        del version
        return bool(Count.objects.filter(key=_name(str(key))[1]).delete()[0])

    def clear(self) -> None:
        """Forget all of them."""
        Count.objects.all().delete()

    def _end(self, timeout: Any, now: datetime) -> datetime:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return now + (_FOR_EVER if seconds is None else timedelta(seconds=float(seconds)))


def _lock(kind: str, whose: str, nothing: object, now: datetime) -> Count:
    """Return a count that nobody else changes until the end of the transaction, made where there is none."""
    key = _digest(f"{kind}:{whose}")
    while (found := Count.objects.select_for_update().filter(key=key).first()) is None:
        fresh = Count(key=key, kind=kind, value=nothing, expires_at=now + timedelta(minutes=1))
        Count.objects.bulk_create([fresh], ignore_conflicts=True)
    return found


def _name(key: str) -> tuple[str, str]:
    """Return the kind of a key (allauth: `allauth:rl:<app>:<action>:…`), and what stands for it where it is kept."""
    parts = key.split(":")
    kind = parts[3] if len(parts) > 3 else parts[0]
    return kind[:32], _digest(key)


def _digest(key: str) -> str:
    return salted_hmac("alteram.counts", key, algorithm="sha256").hexdigest()


def _sweep_sometimes(kind: str, now: datetime, draw: Callable[[int], int] = secrets.randbelow) -> None:
    if draw(_SWEPT_EVERY) == 0:
        sweep(kind, now)


def sweep(kind: str, now: datetime, most: int = MOST) -> None:
    """Drop what matters no more, and of a kind whatever is too many."""
    Count.objects.filter(expires_at__lte=now).delete()
    kept = Count.objects.filter(kind=kind).order_by("-expires_at")
    if (first_too_many := kept.values_list("expires_at", flat=True)[most : most + 1]).exists():
        kept.filter(expires_at__lte=first_too_many[0]).delete()
