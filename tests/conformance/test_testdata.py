"""The vectors in testdata/ through our code and through the second verifier; golden bytes verify for ever."""

import json
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from alteram.core.record import Bound, RecordError, encode_claims, parse_entry, verify_export
from alteram.core.tlog import parse_policy
from alteram.core.vault import (
    VaultError,
    build_entry_leaf,
    decode_base64url,
    open_entry,
    parse_presentation,
    parse_statement_leaf,
    unwrap_keys,
    verify_author,
)
from conformance import bounds
from conformance.disclosures import check_claims, read_disclosed
from conformance.failure import Failure
from conformance.spelling import read_json
from conformance.verify_export import verify
from tests.verdicts import ask_both

TESTDATA = Path(__file__).resolve().parents[2] / "testdata"
VERDICTS: dict[str, dict[str, str | None]] = json.loads((TESTDATA / "exports" / "verdicts.json").read_text())


TIMES: dict[str, dict[str, list[dict[str, Any]]]] = json.loads((TESTDATA / "exports" / "times.json").read_text())


def vectors(folder: str) -> list[Path]:
    found = sorted((TESTDATA / folder).glob("*.json"))
    assert len(found) > 10
    return found


def load(path: Path) -> dict[str, Any]:
    vector: dict[str, Any] = json.loads(path.read_text())
    return vector


@pytest.mark.parametrize("name", VERDICTS)
def test_export_gets_its_verdict_from_both(name: str) -> None:
    expected = VERDICTS[name]
    for verdict in ask_both((TESTDATA / "exports" / f"{name}.alteram").read_bytes()):
        assert verdict.code == (expected["error"] or "")
        assert not expected["where"] or verdict.where == expected["where"]


@pytest.mark.parametrize("name", TIMES)
def test_entries_of_an_export_have_their_bounds_from_both(name: str) -> None:
    export = (TESTDATA / "exports" / f"{name}.alteram").read_bytes()
    first = {
        stream.name: [
            (one.number, *(one_side(side) for side in (one.bounds.not_before, one.bounds.not_after)))
            for one in stream.times
        ]
        for stream in verify_export(BytesIO(export)).streams
    }
    second = {
        stream.name: [
            (one.number, *(other_side(side) for side in (one.not_before, one.not_after))) for one in stream.times
        ]
        for stream in verify(export).streams
    }
    expected = {
        stream: [(one["entry"], one["not_before"], one["not_after"]) for one in entries]
        for stream, entries in TIMES[name].items()
    }
    assert first == second == expected


def one_side(bound: Bound | None) -> dict[str, object] | None:
    return None if bound is None else {"at": bound.at, "by": list(bound.by), "witnessed": bound.witnessed}


def other_side(bound: bounds.Bound | None) -> dict[str, object] | None:
    return None if bound is None else {"at": bound.time, "by": list(bound.by), "witnessed": bound.witnessed}


def test_every_export_has_a_verdict() -> None:
    assert {path.stem for path in (TESTDATA / "exports").glob("*.alteram")} == set(VERDICTS)


@pytest.mark.parametrize("path", vectors("disclosures"), ids=lambda path: path.stem)
def test_presentation_gets_its_verdict_from_both(path: Path) -> None:
    vector = load(path)
    codes: list[str | None] = []
    data = vector["presentation"].encode()
    try:
        parse_presentation(data)
        codes.append(None)
    except VaultError as error:
        codes.append(error.code)
    try:
        read_disclosed(data)
        codes.append(None)
    except Failure as failure:
        codes.append(failure.code)
    assert codes == [vector["error"]] * 2


@pytest.mark.parametrize("path", vectors("leaves"), ids=lambda path: path.stem)
def test_statement_gets_its_verdict_from_both(path: Path) -> None:
    vector = load(path)
    leaf = bytes.fromhex(vector["leaf_hex"])
    try:
        parse_statement_leaf(leaf)
        code = None
    except VaultError as error:
        code = error.code
    assert code == vector["error"]
    if vector["error"] != "leaf.kind":
        assert _second_reads_statement(leaf[1:]) is (vector["error"] is None)


def _second_reads_statement(data: bytes) -> bool:
    try:
        value = read_json(data, 65_534, "leaf.form")
    except Failure:
        return False
    return isinstance(value, dict) and isinstance(value.get("statement"), str)


@pytest.mark.parametrize("path", vectors("entries"), ids=lambda path: path.stem)
def test_entry_gets_its_verdict(path: Path) -> None:
    vector = load(path)
    try:
        entry = parse_entry(vector["claims"])
        code = None
        assert encode_claims(entry) == vector["claims"]
    except RecordError as error:
        code = error.code
    assert code == vector["error"]
    # What the second verifier refuses, which knows no acts, ours refuses for the same reason.
    assert _second_code(vector["claims"]) in {None, code}


def _second_code(claims: dict[str, Any]) -> str | None:
    try:
        check_claims(claims)
    except Failure as failure:
        return failure.code
    return None


def test_golden_export_verifies_with_every_type_of_signature() -> None:
    golden = TESTDATA / "golden"
    for name in ("export-1.alteram", "export-1-bounded.alteram"):
        for verdict in ask_both((golden / name).read_bytes(), (golden / "policy-1").read_bytes()):
            assert verdict.accepted, verdict


@pytest.mark.parametrize(("name", "bounded"), [("export-1.alteram", False), ("export-1-bounded.alteram", True)])
def test_golden_export_is_bounded_from_below_where_it_holds_older_checkpoints(name: str, *, bounded: bool) -> None:
    golden = TESTDATA / "golden"
    with (golden / name).open("rb") as source:
        report = verify_export(source, parse_policy((golden / "policy-1").read_bytes()))
    for one in [entry.bounds for stream in report.streams for entry in stream.times]:
        assert (one.not_before is not None) is bounded
        assert one.not_after is not None
        assert one.not_after.witnessed


def test_golden_entry_opens_and_verifies() -> None:
    golden = load(TESTDATA / "golden" / "entry-1.json")
    leaf = bytes.fromhex(golden["leaf_hex"])
    keys = unwrap_keys(b64decode(golden["wrapped_keys"]), leaf, bytes.fromhex(golden["stream_key_hex"]))
    opened = open_entry(b64decode(golden["ciphertext"]), keys, leaf)
    assert opened.presentation.encode().decode() == golden["presentation"]
    assert build_entry_leaf(opened.jwt.encoded, bytes.fromhex(golden["blinding_hex"])) == leaf
    opened.jwt.verify(decode_base64url(golden["record_key"]))
    claims = opened.presentation.claims
    assert verify_author(opened.presentation, frozenset({"act", "at"}), claims) == "verified"
    del claims["author"]
    assert claims == golden["claims"]
    assert encode_claims(parse_entry(claims)) == golden["claims"]
    read_disclosed(golden["presentation"].encode()).verify(decode_base64url(golden["record_key"]))
