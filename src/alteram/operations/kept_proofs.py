"""What a proof came to, as JSON to be kept, and read again with all that a translation needs."""

from typing import Any

from alteram.core.kernel.canonical import Json
from alteram.core.rules.proving.amending import Edit
from alteram.operations.kept_texts import decode_text, encode_text
from alteram.operations.proving import (
    FileLine,
    Proposal,
    ToldDemand,
    ToldLine,
    ToldProof,
    ToldResult,
    ToldViolation,
)


def encode_proof(proof: ToldProof) -> Json:
    """Return a proof as JSON."""
    return [_encode_result(one) for one in proof.results]


def _encode_result(one: ToldResult) -> Json:
    return {
        "property": one.property,
        "title": encode_text(one.title),
        "verdict": one.verdict,
        "plays": one.plays,
        "rulings": one.rulings,
        "violations": [_encode_violation(found) for found in one.violations],
        "notes": [encode_text(note) for note in one.notes],
    }


def _encode_violation(one: ToldViolation) -> Json:
    demand: Json = None
    if one.demand is not None:
        demand = [one.demand.id, one.demand.title, one.demand.source, one.demand.status]
    lines: list[Json] = [
        [line.day, encode_text(line.who), encode_text(line.what), line.act, line.clause, line.otherwise, line.wrong]
        for line in one.lines
    ]
    return {
        "because": encode_text(one.because),
        "clause": one.clause,
        "demand": demand,
        "otherwise": [encode_text(told) for told in one.otherwise],
        "lines": lines,
        "left_out": one.left_out,
        "proposal": None if one.proposal is None else _encode_proposal(one.proposal),
    }


def _encode_proposal(one: Proposal) -> Json:
    return {
        "title": encode_text(one.title),
        "edits": [[edit.section, edit.item, edit.how] for edit in one.edits],
        "lines": [[line.mark, line.text] for line in one.lines],
    }


def decode_proof(kept: Any) -> ToldProof:
    """Return a proof that was encoded; of None, one of which nothing is known yet."""
    return ToldProof(tuple(map(_decode_result, kept or ())))


def _decode_result(kept: Any) -> ToldResult:
    violations = tuple(map(_decode_violation, kept["violations"]))
    return ToldResult(
        kept["property"],
        decode_text(kept["title"]),
        kept["verdict"],
        kept["plays"],
        kept["rulings"],
        violations,
        tuple(map(decode_text, kept.get("notes", ()))),
    )


def _decode_violation(kept: Any) -> ToldViolation:
    return ToldViolation(
        decode_text(kept["because"]),
        kept["clause"],
        None if kept["demand"] is None else ToldDemand(*kept["demand"]),
        tuple(map(decode_text, kept["otherwise"])),
        tuple(ToldLine(day, decode_text(who), decode_text(what), *rest) for day, who, what, *rest in kept["lines"]),
        kept["left_out"],
        None if kept["proposal"] is None else _decode_proposal(kept["proposal"]),
    )


def _decode_proposal(kept: Any) -> Proposal:
    return Proposal(
        decode_text(kept["title"]),
        tuple(Edit(section, item, how) for section, item, how in kept["edits"]),
        tuple(FileLine(mark, text) for mark, text in kept["lines"]),
    )
