"""Which acts of an export were read from paper: by the entry of the paper, their neighbour of the same second.

It says only what two neighbouring entries disclose (docs/adr: on paper). Whose key signed is verified elsewhere.
"""

from collections.abc import Mapping
from typing import Final

from alteram.core.kernel.canonical import Json

_PAPER: Final = "paper.entered/1"
_REPORT: Final = "paper-report.entered/1"


def are_paper_and_act(before: Mapping[str, Json], after: Mapping[str, Json]) -> bool:
    """Return whether of two entries, one after the other, one enters the paper that the other was read from."""
    at = before.get("at")
    if at is None or after.get("at") != at or before.get("reported") or after.get("reported"):
        return False
    if after.get("act") == _REPORT:
        seq = before.get("seq")
        return isinstance(seq, int) and after.get("act.report") == seq
    if before.get("act") != _PAPER or after.get("actor") is None:
        return False
    what, act = before.get("act.what"), after.get("act")
    theirs = before.get("act.person") == after.get("actor")
    return theirs and isinstance(act, str) and act.partition("/")[0] == what
