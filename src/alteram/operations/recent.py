"""What was used last, and no more of it than so much. Safe to share between threads."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Values by key; when there are too many, those are dropped that were not used for longest.

    >>> recent = Recent[str, int](2)
    >>> [recent.get(key, lambda: 1) for key in ("a", "b", "a", "c")]
    [1, 1, 1, 1]
    >>> recent.find("a"), recent.find("b"), len(recent)
    (1, None, 2)
    """

    def __init__(self, kept: int) -> None:
        """Keep at most `kept` values."""
        self._kept = kept
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._values)

    def find(self, key: K) -> V | None:
        """Return the value of a key, if it is kept."""
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def get(self, key: K, read: Callable[[], V]) -> V:
        """Return the value of a key, read now where none is kept.

        Nobody else uses or drops any value meanwhile: what is dropped after it changed is never kept again as it was.
        """
        with self._lock:
            value = self.find(key)
            if value is None:
                value = read()
                self.put(key, value)
            return value

    def put(self, key: K, value: V, *, unless: Callable[[V], bool] = lambda _: False) -> None:
        """Keep a value, unless that says that what is kept now is to stay."""
        with self._lock:
            known = self._values.get(key)
            if known is None or not unless(known):
                self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._kept:
                self._values.popitem(last=False)

    def drop(self, key: K) -> None:
        """Keep the value of a key no longer."""
        with self._lock:
            self._values.pop(key, None)
