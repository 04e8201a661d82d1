"""How often a token may ask: counted for each token and never for an address, which many people may share.

Counts are kept in memory by each process that serves: nothing is written of when somebody worked.
"""

import threading
from dataclasses import dataclass
from typing import Final

#: Requests that a token has at once, and how many a second it gets back, in each process.
BURST: Final = 120
A_SECOND: Final = 4.0
_MOST: Final = 10_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Limiter:
    """Counts requests. Safe to share between threads."""

    def __init__(self, burst: float = BURST, a_second: float = A_SECOND) -> None:
        """Begin with nothing counted."""
        self._burst, self._a_second = burst, a_second
        self._buckets: dict[int, _Bucket] = {}
        self._lock = threading.Lock()

    def take(self, token: int, *, at: float) -> float:
        """Count a request at a second of a steady clock; return 0, or for how many seconds to wait, uncounted."""
        with self._lock:
            bucket = self._buckets.get(token)
            if bucket is None:
                self._drop_full(at)
                bucket = self._buckets[token] = _Bucket(self._burst, at)
            bucket.left = min(self._burst, bucket.left + (at - bucket.at) * self._a_second)
            bucket.at = at
            if bucket.left < 1:
                return (1 - bucket.left) / self._a_second
            bucket.left -= 1
            return 0.0

    def _drop_full(self, at: float) -> None:
        """Forget tokens that have all of their requests again, once there are many."""
        if len(self._buckets) >= _MOST:
            full = self._burst / self._a_second
            self._buckets = {key: one for key, one in self._buckets.items() if at - one.at < full}
