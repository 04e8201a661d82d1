"""Certificates through our code and through the second verifier: what is forged in any field is refused by both."""

import json
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from alteram.core.certificates import repeat_certificate, verify_certificate
from alteram.core.kernel.canonical import encode_canonical
from alteram.core.tlog import ED25519, Policy, SignerKey, encode_policy
from alteram.core.tlog.policy import Named
from alteram.core.vault import RecordKey
from conformance.verify_certificate import verify
from tests.certificates import (
    BESIDE,
    FORGERIES,
    ask_first,
    ask_second,
    build_scene,
    change,
    sign_again,
    take_apart,
)
from tests.exports import seed_of
from tests.rotated_certificates import build_rotated, build_rotated_export

ROOT = Path(__file__).resolve().parents[2]
TESTDATA = ROOT / "testdata" / "certificates"
VERDICTS: dict[str, dict[str, str | None]] = json.loads((TESTDATA / "verdicts.json").read_text())
EXPORT = (TESTDATA / "good.alteram").read_bytes()
#: Codes that rest on assessing again, which the second verifier does not.
ASSESSED = {"certificate.result", "certificate.counts"}
STRANGE = SignerKey.from_seed("elsewhere.example/log", ED25519, seed_of("strange"))
OTHER_KEY = RecordKey.from_seed("record-1", seed_of("another record key"))


def load(name: str) -> bytes:
    return (TESTDATA / f"{name}.certificate").read_bytes()


@pytest.mark.parametrize("name", VERDICTS)
def test_certificate_gets_its_verdict_alone_from_both(name: str) -> None:
    expected = VERDICTS[name]["alone"] or ""
    assert ask_first(load(name)).code == expected
    assert ask_second(load(name)).code == expected


@pytest.mark.parametrize("name", [one for one, verdict in VERDICTS.items() if verdict["alone"] is None])
def test_certificate_gets_its_verdict_beside_its_export(name: str) -> None:
    expected = VERDICTS[name]["beside"] or ""
    export = (TESTDATA / f"{VERDICTS[name].get('export', 'good')}.alteram").read_bytes()
    assert ask_first(load(name), export).code == expected
    assert ask_second(load(name), export).code == ("" if expected in ASSESSED else expected)


def test_there_is_a_vector_for_every_forgery() -> None:
    files = {path.stem for path in TESTDATA.glob("*.certificate")}
    assert files == VERDICTS.keys() == {"good", "rotated", *build_rotated()[1], *FORGERIES, *BESIDE}
    assert len(files) > 40


def test_good_vectors_are_still_what_is_written_today() -> None:
    assert build_scene().data == load("good")
    assert build_scene().export == EXPORT
    assert build_rotated()[0].data == load("rotated")
    assert build_rotated()[0].export == (TESTDATA / "rotated.alteram").read_bytes()


@pytest.mark.parametrize("name", ["rotated", *build_rotated()[1]])
def test_export_that_hides_the_acts_of_the_organisation_shows_no_key_in_force_and_says_so(name: str) -> None:
    redacted = build_rotated()[0].redacted
    assert not repeat_certificate(verify_certificate(load(name)), BytesIO(redacted)).is_key_shown
    assert not verify(load(name), redacted).key_shown


def test_export_that_shows_the_acts_of_the_organisation_shows_the_key_in_force() -> None:
    for scene in (build_scene(), build_rotated()[0]):
        assert repeat_certificate(verify_certificate(scene.data), BytesIO(scene.export)).is_key_shown
        assert verify(scene.data, scene.export).key_shown


@pytest.mark.parametrize("without", range(4))
def test_key_that_was_replaced_is_refused_while_the_rotation_is_shown_whatever_else_is_not(without: int) -> None:
    """Entry 3 of the organisation is the rotation: without it nothing tells which key came next."""
    replaced = build_rotated()[1]["rotated-signed-by-the-key-replaced"]
    export = build_rotated_export(without=frozenset({("organisation", without)}))
    expected = "" if without == 3 else "certificate.key"
    assert ask_first(replaced, export).code == expected
    assert ask_second(replaced, export).code == expected


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the way to every value in a JSON value, lists and objects themselves too."""
    yield path
    if isinstance(value, dict):
        for name in value:
            yield from places(value[name], (*path, name))
    elif isinstance(value, list):
        for at, one in enumerate(value):
            yield from places(one, (*path, at))


def forge(value: Any) -> list[Any]:
    """Return other values of the same type, and one of another."""
    match value:
        case bool():
            return [not value, 0]
        case int():
            return [value + 1, -1, True]
        case str():
            return [value + "x", "x" + value[1:] if value[:1] != "x" else "y", None]
        case list():
            return [[], [*value, *value[:1]], {}]
        case _:
            return [{}, [], {**value, "more": 1}]


def test_forging_any_field_without_the_key_is_refused_by_both() -> None:
    file = take_apart(build_scene().data)
    tried = 0
    for path in places(file):
        if not path:
            continue
        for forged in changed(file, path):
            tried += 1
            assert not ask_first(forged).accepted, path
            assert not ask_second(forged).accepted, path
    assert tried > 600


def test_forging_any_proof_with_the_key_gets_one_verdict_from_both() -> None:
    """Whoever holds the key may say what they like, but for what the log and the rules show: there both agree."""
    said = take_apart(build_scene().data)["certificate"]
    proofs = {"checkpoint", "checkpoints", "entries", "organisation_entry", "record_key", "witnesses", "format"}
    refused = 0
    for path in places(said):
        if not path:
            continue
        for forged in changed(said, path):
            data = sign_again(take_apart(forged))
            first, second = ask_first(data), ask_second(data)
            assert (first.accepted, first.code) == (second.accepted, second.code), (path, first, second)
            refused += not first.accepted
            # The organisation's word, until an export is there; and older checkpoints that bound less.
            word = path[-1] == "independent" or path[0] == "checkpoints" or path == ("organisation_entry", "seq")
            assert not first.accepted or path[0] not in proofs or word, path
    assert refused > 400


def test_number_that_is_not_the_entrys_is_refused_by_both_beside_the_export() -> None:
    forged = change(lambda said: said["organisation_entry"].update(seq=1))
    assert ask_first(forged).accepted
    assert ask_first(forged, EXPORT).code == ask_second(forged, EXPORT).code == "certificate.entries"


def changed(value: Any, path: tuple[str | int, ...]) -> Iterator[bytes]:
    *way, last = path
    old: Any = value
    for step in path:
        old = old[step]
    for forged in forge(old):
        if forged == old and type(forged) is type(old):
            continue
        copy = deepcopy(value)
        place: Any = copy
        for step in way:
            place = place[step]
        place[last] = forged
        yield encode_canonical(copy)


def test_certificate_signed_by_another_key_is_refused_by_both() -> None:
    data = sign_again(take_apart(build_scene().data)["certificate"], OTHER_KEY)
    assert ask_first(data).code == ask_second(data).code == "certificate.signature"


def test_certificate_under_a_policy_that_trusts_nobody_of_it_is_refused_by_both() -> None:
    policy = encode_policy(Policy((Named("elsewhere.example/log", STRANGE.verifier),), (), (), "none"))
    first, second = ask_first(build_scene().data, policy=policy), ask_second(build_scene().data, policy=policy)
    assert not first.accepted
    assert first.code == second.code


def test_certificate_beside_another_matter_is_refused_by_both() -> None:
    scene = build_scene()
    assert ask_first(scene.data, scene.other).code == "certificate.entries"
    assert ask_second(scene.data, scene.other).code == "certificate.entries"


@pytest.mark.parametrize("data", [b"", b"{", b"{}", b"[]", b'{"certificate":{},"signature":""}', b"\xff", b'{"a":1.5}'])
def test_what_is_no_certificate_is_refused_by_both(data: bytes) -> None:
    assert ask_first(data).code == ask_second(data).code == "certificate.form"


def test_certificate_over_the_limit_is_refused_by_both_unread() -> None:
    data = b"{" * ((4 << 20) + 1)
    assert ask_first(data).code == ask_second(data).code == "certificate.too-large"


def test_second_verifier_reports_bounds_and_rules_and_that_it_did_not_assess(tmp_path: Path) -> None:
    result = verify(build_scene().data, EXPORT)
    assert (result.matched, result.absent, result.absent_rules) == (4, [], [])
    assert all(one is not None and one.witnessed for one in result.recorded.values())
    file, export = tmp_path / "a.certificate", tmp_path / "m.alteram"
    file.write_bytes(build_scene().data)
    export.write_bytes(EXPORT)
    told = run(file, export)
    assert told.returncode == 0
    assert told.stdout.index("alleged, not registered") < told.stdout.index("appeal-open") < told.stdout.index("PASS")
    assert "not contradicted: one-part" in told.stdout
    assert "not assessed again" in told.stdout
    file.write_bytes(change(FORGERIES["pass-comes-first"][0]))
    assert run(file).returncode == 1
    file.write_bytes(b"{}")
    assert run(file).returncode == 2
    assert run(tmp_path / "absent").returncode == 2


def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
    program = ROOT / "conformance" / "verify_certificate.py"
    command = [sys.executable, str(program), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
