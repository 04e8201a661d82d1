"""The ways from each page of this room to the others that are open to whoever asks."""

from alteram.core.matters.protection import find_protected
from alteram.operations.disclosure.copies import may_trace
from alteram.operations.disclosure.telling import handles
from alteram.operations.entries import Entered


def find_ways(entered: Entered) -> dict[str, object]:
    """Return whether they build bundles here, look for protected names, and trace leaks."""
    builds = handles(entered)
    hides = builds and bool(find_protected(entered.facts.matter))
    return {"handles": builds, "hides": hides, "traces": may_trace(entered)}
