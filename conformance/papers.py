"""Acts that were read from paper, as two neighbouring entries tell (docs/adr: on paper)."""

from typing import Any


def tell_paper(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Return whether one of two neighbours is an act and the other enters the paper that it was read from."""
    if "at" not in before or before["at"] != after.get("at"):
        return False
    if before.get("reported") or after.get("reported"):
        return False
    match before, after:
        case {"seq": int(seq)}, {"act": "paper-report.entered/1", "act.report": report}:
            return bool(seq == report)
        case {"act": "paper.entered/1", "act.person": person, "act.what": what}, {"actor": actor, "act": str(act)}:
            return bool(person == actor) and act.split("/")[0] == what
        case _:
            return False
