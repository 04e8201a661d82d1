"""Waiting for threads, processes and browsers, for as long as a slow or a busy machine takes over what they do."""

import time
from collections.abc import Callable

#: Seconds after which what is waited for hangs. Long after whatever the slowest machine does: no test passes by it.
HANGS = 300.0


def wait_until(is_so: Callable[[], object], tell: Callable[[], object] = lambda: "it never came") -> None:
    """Return once it is so; where it hangs, fail with what is told then."""
    until = time.monotonic() + HANGS
    while not is_so():
        assert time.monotonic() < until, tell()
        time.sleep(0.02)
