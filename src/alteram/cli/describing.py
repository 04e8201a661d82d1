"""Rulings and assessments in words, and as values for machines."""

from collections.abc import Iterator
from datetime import datetime
from textwrap import wrap

from alteram.cli.showing import Value
from alteram.core.kernel.instants import encode_instant
from alteram.core.kernel.outcomes import Allowed, Departure, Refused, Ruling
from alteram.core.record.bounds import Bound, TimeBounds, encode_seconds
from alteram.core.rules import NOTHING_YET, Assessed, Assessment
from alteram.operations.perform import Performed

#: Facts of a refusal that help whoever was refused; the others are said by its sentence.
_TOLD = frozenset({"your roles", "stage now"})
#: Clauses that stand in no rulebook: what the record and access demand whatever the rules say.
_BUILT_IN = frozenset({"record", "access"})


def describe_performed(performed: Performed) -> dict[str, Value]:
    """Return what became of an act, for machines."""
    described = describe_ruling(performed.ruling)
    described["entry"] = performed.seq
    described["leaf_hash"] = None if performed.leaf_hash is None else performed.leaf_hash.hex()
    return described


def describe_ruling(ruling: Ruling) -> dict[str, Value]:
    """Return a ruling, for machines."""
    match ruling:
        case Refused():
            return {
                "outcome": "refused",
                "code": ruling.code,
                "clause": ruling.clause,
                "because": ruling.because,
                "requirement": ruling.requirement,
                "missing": list(ruling.missing),
                "earliest": _instant(ruling.earliest),
                "working": list(ruling.working),
                "also": [describe_ruling(one) for one in ruling.also],
            }
        case Departure():
            return {
                "outcome": "departure",
                "clause": ruling.clause,
                "requirement": ruling.requirement,
                "authorised_by": ruling.authorised_by,
            }
        case Allowed():
            return {"outcome": "allowed", "capacity": ruling.capacity, "clause": ruling.clause}


def describe_bounds(bounds: TimeBounds | None) -> Value:
    """Return between which times something was recorded, for machines; None while it has no receipt."""
    if bounds is None:
        return None
    return {"not_before": _describe_bound(bounds.not_before), "not_after": _describe_bound(bounds.not_after)}


def _describe_bound(bound: Bound | None) -> Value:
    return (
        None if bound is None else {"at": encode_seconds(bound.at), "by": list(bound.by), "witnessed": bound.witnessed}
    )


def tell_bounds(bounds: TimeBounds | None) -> Iterator[str]:
    """Yield between which times something was recorded and who says so, in words."""
    if bounds is None:
        yield "It has no receipt yet: nothing but its own word says when it was recorded."
        return
    for word, bound in (("not before", bounds.not_before), ("not after", bounds.not_after)):
        told = "nothing shows it" if bound is None else f"{encode_seconds(bound.at)}, says {bound.who}"
        yield f"recorded {word}: {told}"


def tell_performed(act: str, performed: Performed) -> Iterator[str]:
    """Yield what became of an act, in words."""
    if performed.seq is None:
        yield from tell_ruling(act, performed.ruling)
        return
    yield f"ALLOWED {act}, entry {performed.seq}{_in_capacity(performed.ruling)}"


def tell_ruling(act: str, ruling: Ruling) -> Iterator[str]:
    """Yield a ruling in words: for a refusal the clause, what is missing, and the earliest lawful time."""
    if not isinstance(ruling, Refused):
        yield f"ALLOWED {act}{_in_capacity(ruling)}"
        return
    yield f"REFUSED {act}: {ruling.because} ({cite(ruling)})"
    for name, value in ruling.facts:
        if name in _TOLD:
            yield f"        {name}: {', '.join(value) if isinstance(value, tuple) else value}"
    if ruling.missing:
        yield f"        missing: {', '.join(ruling.missing)}"
    if ruling.earliest is not None:
        yield f"        earliest lawful time: {encode_instant(ruling.earliest)}"
    for line in ruling.working:
        yield f"        {line}"
    for other in ruling.also:
        yield f"        also: {other.because} ({cite(other)})"


def cite(ruling: Refused) -> str:
    """Return by what an act was refused: the clause of the rulebook, where it is one, and the code."""
    built_in = ruling.clause in _BUILT_IN or "/" in ruling.clause
    return ruling.code if built_in else f"clause {ruling.clause}; {ruling.code}"


def _in_capacity(ruling: Ruling) -> str:
    if isinstance(ruling, Departure):
        return f", as a departure from {ruling.requirement} authorised by {ruling.authorised_by}"
    return f", as {ruling.capacity}" if isinstance(ruling, Allowed) and ruling.capacity else ""


def describe_assessment(assessment: Assessment) -> dict[str, Value]:
    """Return an assessment, for machines."""
    return {
        "rulebook": assessment.rulebook,
        "as_of": encode_instant(assessment.now),
        "requirements": [_describe_assessed(one) for one in assessment.requirements],
    }


def _describe_assessed(one: Assessed) -> Value:
    demand, finding = one.demand, one.finding
    return {
        "requirement": demand.id,
        "title": demand.title,
        "guarantee": demand.guarantee,
        "pack": demand.pack,
        "clause": demand.clause,
        "source": demand.source,
        "result": finding.result,
        "because": finding.because,
        "entries": list(finding.entries),
        "working": list(finding.working),
        "earliest": _instant(finding.earliest),
        "curable": bool(finding.cures) if finding.result == "FAIL" else None,
        "incurable": finding.incurable,
    }


def tell_assessment(assessment: Assessment, *, every: bool = True) -> Iterator[str]:
    """Yield an assessment in words, the worst first; without `every`, only what is not PASS, and briefly."""
    order = {"FAIL": 0, "UNKNOWN": 1, "RULED": 2, "PASS": 3}
    unreached: list[str] = []
    for one in sorted(assessment.requirements, key=lambda one: order[one.finding.result]):
        if not every and one.finding.because == NOTHING_YET:
            unreached.append(one.demand.id)
        elif every or one.finding.result != "PASS":
            yield from tell_finding(one)
    if unreached:
        yield f"UNKNOWN {len(unreached)} more: nothing has happened yet that they speak of"
        yield from wrap(
            ", ".join(unreached), 110, initial_indent="        ", subsequent_indent="        ", break_on_hyphens=False
        )
    yield tell_counts(assessment)


def tell_finding(one: Assessed) -> Iterator[str]:
    """Yield what one requirement came to."""
    finding = one.finding
    entries = f" [entries {', '.join(map(str, finding.entries))}]" if finding.entries else ""
    where = f"{one.demand.pack or 'rulebook'} {one.demand.clause}".strip()
    yield f"{finding.result:<8}{one.demand.title} ({where}; {one.demand.id})"
    yield f"        {finding.because}{entries}"
    for line in finding.working:
        yield f"        {line}"
    if finding.earliest is not None:
        yield f"        earliest lawful time: {encode_instant(finding.earliest)}"


def tell_counts(assessment: Assessment) -> str:
    """Return how many requirements came to what."""
    results = [one.finding.result for one in assessment.requirements]
    return ", ".join(f"{results.count(result)} {result}" for result in ("PASS", "FAIL", "UNKNOWN", "RULED"))


def _instant(at: datetime | None) -> str | None:
    return None if at is None else encode_instant(at)
