"""The waveform of a recording, measured while its samples go by."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from alteram.operations.evidence_ports import Waveform

#: Samples of each second that are measured, of all channels mixed.
RATE: Final = 8_000
#: Stretches of a second that are kept while the length is not known.
FINE: Final = 100
MIN_BUCKETS: Final = 1
MAX_BUCKETS: Final = 4_000
_STRETCH: Final = RATE // FINE


class Meter:
    """Takes samples (16 bits, little-endian, one channel) as they come, in constant memory for each second."""

    def __init__(self) -> None:
        """Begin."""
        self._rest = b""
        self._samples = 0
        self._lowest: list[NDArray[np.int16]] = []
        self._highest: list[NDArray[np.int16]] = []

    def __call__(self, data: bytes, /) -> None:
        """Take the next bytes."""
        data = self._rest + data
        whole = len(data) // (2 * _STRETCH) * (2 * _STRETCH)
        self._rest = data[whole:]
        self._take(np.frombuffer(data[:whole], dtype="<i2").reshape(-1, _STRETCH))

    def finish(self, buckets: int) -> Waveform:
        """Return the waveform in `buckets` stretches, or fewer where it is shorter than that."""
        rest = np.frombuffer(self._rest[: len(self._rest) // 2 * 2], dtype="<i2")
        if rest.size:
            self._take(rest.reshape(1, -1))
            self._rest = b""
        milliseconds = self._samples * 1000 // RATE
        if not self._lowest:
            return Waveform(0, (), ())
        lowest, highest = np.concatenate(self._lowest), np.concatenate(self._highest)
        count = max(MIN_BUCKETS, min(buckets, MAX_BUCKETS, lowest.size))
        begins = np.linspace(0, lowest.size, count, endpoint=False).astype(np.int64)
        return Waveform(
            milliseconds,
            tuple(int(one) for one in np.minimum.reduceat(lowest, begins)),
            tuple(int(one) for one in np.maximum.reduceat(highest, begins)),
        )

    def _take(self, stretches: NDArray[np.int16]) -> None:
        if stretches.size:
            self._samples += stretches.size
            self._lowest.append(stretches.min(axis=1))
            self._highest.append(stretches.max(axis=1))
