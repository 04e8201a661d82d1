"""Two verifiers that share no code agree on every file, good, bad or odd."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.core.record import RecordError
from alteram.core.tlog import encode_policy, parse_note_unverified
from tests.exports import POLICY, build_export, members_of, pack
from tests.forgeries import FORGERIES
from tests.verdicts import Verdict, ask_both, ask_first, ask_second

PROGRAM = Path(__file__).resolve().parents[2] / "conformance" / "verify_export.py"
GOOD = build_export()
MEMBERS = members_of(GOOD)
#: What a changed README says is nobody's claim; every other member is bound to something signed.
HARMLESS = {"README.txt"}


@pytest.mark.parametrize("name", FORGERIES)
def test_forgery_gets_the_stated_verdict_from_both(name: str) -> None:
    forgery = FORGERIES[name]
    export = forgery.make()
    for verdict in ask_both(export):
        if forgery.code is None:
            assert verdict.accepted, verdict
        else:
            assert (verdict.accepted, verdict.code) == (False, forgery.code)
            assert not forgery.where or verdict.where == forgery.where


def test_policy_that_is_given_counts_instead_of_the_one_inside() -> None:
    weak = FORGERIES["policy-that-asks-less"].make()
    unwitnessed = FORGERIES["checkpoint-short-of-witnesses"].make()
    both = pack(members_of(unwitnessed) | {"policy": members_of(weak)["policy"]})
    assert all(one.accepted for one in ask_both(both))
    assert [one.code for one in ask_both(both, encode_policy(POLICY))] == ["policy.quorum", "policy.quorum"]


@given(st.data())
def test_flipped_bit_anywhere_in_the_file_is_refused_by_both(data: st.DataObject) -> None:
    at, bit = data.draw(st.integers(0, len(GOOD) - 1)), data.draw(st.integers(0, 7))
    bad = GOOD[:at] + bytes([GOOD[at] ^ 1 << bit]) + GOOD[at + 1 :]
    first, _ = ask_both(bad)
    # The last byte of compressed data may hold bits that say nothing.
    assert not first.accepted or members_of(bad) == MEMBERS


@pytest.mark.parametrize("name", MEMBERS)
@given(st.data())
def test_flipped_bit_in_a_member_is_refused_by_both_and_the_member_named(name: str, data: st.DataObject) -> None:
    content = MEMBERS[name]
    at, bit = data.draw(st.integers(0, len(content) - 1)), data.draw(st.integers(0, 7))
    bad = pack(MEMBERS | {name: content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :]})
    first, second = ask_both(bad)
    if name in HARMLESS:
        assert first.accepted
    elif first.accepted:
        assert_fewer_signatures(name, members_of(bad)[name])
    else:
        # A policy shows its faults where it is applied; a receipt's path, in what it is the receipt of; a manifest's
        # organisation and a checkpoint's unknown lines, in the first member that says otherwise.
        assert first.where == second.where
        stem = name.removesuffix(".tlog-proof")
        assert first.where.startswith(stem) or name in {"policy", "manifest.json", "checkpoint"}


def assert_fewer_signatures(name: str, data: bytes) -> None:
    """Check that it is an older checkpoint which says less now: of those who sign it, one is not known any more.

    Whoever hands out an export may leave a signature away, or the whole checkpoint. What is left is as true as before.
    """
    assert name.startswith("checkpoints/")
    note, old = parse_note_unverified(data), parse_note_unverified(MEMBERS[name])
    known = {(key.name, key.key_id) for key in POLICY.keys}
    assert note.text == old.text
    assert {one for one in note.lines if (one.name, one.key_id) in known} < set(old.lines)


@given(st.data())
def test_reshuffled_members_get_one_verdict(data: st.DataObject) -> None:
    members = dict(MEMBERS)
    names = st.sampled_from(sorted(MEMBERS))
    for _ in range(data.draw(st.integers(1, 3))):
        one, other = data.draw(names), data.draw(names)
        match data.draw(st.sampled_from(["drop", "copy", "swap", "cut", "grow"])):
            case "drop":
                members.pop(one, None)
            case "copy":
                members[one] = members.get(other, b"")
            case "swap":
                members[one], members[other] = members.get(other, b""), members.get(one, b"")
            case "cut":
                members[one] = members.get(one, b"")[: data.draw(st.integers(0, 200))]
            case _:
                members[one] = members.get(one, b"") + data.draw(st.binary(min_size=1, max_size=3))
    ask_both(pack(members))


@given(st.integers(0, len(GOOD) - 1))
def test_truncated_file_is_refused_by_both(length: int) -> None:
    assert not ask_both(GOOD[:length])[0].accepted


@given(st.binary(min_size=1, max_size=40), st.booleans())
def test_file_with_something_around_it_is_refused_by_both(more: bytes, before: bool) -> None:
    assert not ask_both(more + GOOD if before else GOOD + more)[0].accepted


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_refused_by_both(data: bytes) -> None:
    assert not ask_both(data)[0].accepted


def test_program_reports_each_outcome_by_its_exit_status(tmp_path: Path) -> None:
    export, policy = tmp_path / "matter.alteram", tmp_path / "policy"
    export.write_bytes(GOOD)
    policy.write_bytes(encode_policy(POLICY))
    good = _run(export, "--policy", policy)
    assert (good.returncode, good.stderr) == (0, "")
    assert "stream matter-1: 3 entries, nothing missing, closed" in good.stdout
    assert "example.net/witness-a at 2026-03-03T01:06:40Z" in good.stdout
    assert "no witness" not in good.stdout
    bad = bytearray(GOOD)
    bad[GOOD.index(b"streams/matter-1/00000001.sd-jwt") + 60] ^= 1
    export.write_bytes(bytes(bad))
    broken = _run(export, "--policy", policy)
    assert broken.returncode == 1
    assert "streams/matter-1/00000001.sd-jwt" in broken.stderr
    export.write_bytes(GOOD[:-1])
    assert _run(export).returncode == 2
    assert _run(tmp_path / "absent").returncode == 2
    policy.write_bytes(b"quorum\n")
    assert _run(export, "--policy", policy).returncode == 2


def _run(*arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(PROGRAM), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


def test_second_verifier_imports_nothing_of_the_first() -> None:
    for file in PROGRAM.parent.rglob("*.py"):
        assert "alteram." not in "".join(line for line in file.read_text().splitlines() if "import" in line), file


def test_verdicts_are_told_apart() -> None:
    assert ask_first(b"") == Verdict(False, "archive.zip")
    assert ask_second(b"") == Verdict(False, "archive.extra")
    assert issubclass(RecordError, Exception)
