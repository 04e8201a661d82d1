"""How often a token may ask: counted for each token and never for an address, which many people may share.

The count is one for all processes. Nothing is kept of when somebody worked but the second at which they may ask as
often as ever again, until then.
"""

from dataclasses import dataclass
from typing import Final

from alteram.installation.counting import take_turn

#: Requests that a token has at once, and how many a second it gets back.
BURST: Final = 120
A_SECOND: Final = 4.0


@dataclass(frozen=True, slots=True)
class Limiter:
    """Counts requests. Any number of threads and processes may."""

    burst: float = BURST
    a_second: float = A_SECOND

    def take(self, token: int, *, at: float) -> float:
        """Count a request at a second of the clock; return 0, or for how many seconds to wait, uncounted."""
        return take_turn("token", str(token), burst=self.burst, a_second=self.a_second, at=at)
