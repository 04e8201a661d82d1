"""The ways from each page of this room to the others that are open to whoever asks."""

from alteram.operations.disclosure.copies import may_trace
from alteram.operations.disclosure.telling import handles
from alteram.operations.entries import Entered


def find_ways(entered: Entered) -> dict[str, object]:
    """Return whether they build bundles here, and whether they trace leaks."""
    return {"handles": handles(entered), "traces": may_trace(entered)}
