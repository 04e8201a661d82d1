"""What files that carry their own head of the log have in common: older heads, a record key, where a step failed.

Certificates (certificate C4.2, C4.3) and excerpts (evidence E2.7, E2.8).
"""

from typing import Any

from conformance.bounds import Dated, date_head
from conformance.failure import Failure
from conformance.receipts import Head, read_head, verify_growth
from conformance.spelling import read_base64url, read_json
from conformance.trust import Trust, is_small_order, read_note


def within(where: str, step: Any, *arguments: Any) -> Any:
    """Return what a step returns; a failure in it names the member. Raises: Failure."""
    try:
        return step(*arguments)
    except Failure as failure:
        raise Failure(failure.code, failure.what, failure.where or where) from failure


def verify_older_heads(said: list[dict[str, Any]], newer: Head, trust: Trust, family: str) -> list[Dated]:
    """Return older heads of the log, which `newer` continues, dated and in order. Raises: Failure, of this family."""
    older = [within(f"checkpoints/{place}", _verify_older, one, newer, trust) for place, one in enumerate(said)]
    sizes = [one.head.size for one in older]
    if sizes != sorted(set(sizes)):
        raise Failure(f"{family}.checkpoints", "older checkpoints out of order", "checkpoints")
    return older


def _verify_older(one: dict[str, Any], newer: Head, trust: Trust) -> Dated:
    note = read_note(one["note"].encode())
    head = read_head(note.text)
    if head.origin != newer.origin:
        raise Failure("checkpoint.origin", "a checkpoint of another log")
    signed = trust.verify_log(note, head.origin)
    verify_growth(head, newer, tuple(map(read_base64url, one["consistency"])))
    return date_head(head, signed, trust)


def read_statement(text: bytes) -> dict[str, Any]:
    """Return a public statement, wherever it stands in the log (record R4.4). Raises: Failure."""
    statement = read_json(text, 65_534, "leaf.form")
    if not isinstance(statement, dict) or not isinstance(statement.get("statement"), str):
        raise Failure("leaf.form", "a public statement that does not say what it states")
    return statement


def read_record_key(statement: dict[str, Any], organisation: str) -> tuple[str, bytes]:
    """Return the name and the octets of the record key that a statement publishes. Raises: Failure."""
    kid, key = statement.get("kid"), statement.get("key")
    if statement["statement"] != "record-key" or not (isinstance(kid, str) and isinstance(key, str) and kid):
        raise Failure("statement.form", "no record key is published")
    public = read_base64url(key)
    if len(public) != 32 or is_small_order(public):
        raise Failure("statement.key", "a record key that is none, or that anybody could sign for")
    if statement.get("organisation") != organisation:
        raise Failure("statement.organisation", "a record key of another organisation")
    return kid, public
