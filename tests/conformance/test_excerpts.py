"""Excerpts through our code and through the second verifier: what is forged in any place is refused by both."""

import json
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alteram.core.record import adjoin, verify_excerpt
from alteram.core.record.excerpts import MAX_EXCERPT
from alteram.core.tlog import ED25519, Policy, SignerKey, encode_policy
from alteram.core.tlog.policy import Named
from alteram.core.vault import VaultError
from conformance.verify_excerpt import compare, verify
from tests.excerpts import FLAC, FORGERIES, GOOD, MESSAGES, ask_first, ask_second, excerpt, take_apart
from tests.exports import ED25519_ONLY, seed_of

ROOT = Path(__file__).resolve().parents[2]
TESTDATA = ROOT / "testdata" / "excerpts"
VERDICTS: dict[str, str | None] = json.loads((TESTDATA / "verdicts.json").read_text())
STRANGE = SignerKey.from_seed("elsewhere.example/log", ED25519, seed_of("strange"))


def load(name: str) -> bytes:
    return (TESTDATA / f"{name}.excerpt").read_bytes()


@pytest.mark.parametrize("name", VERDICTS)
def test_excerpt_gets_its_verdict_from_both(name: str) -> None:
    first, second = ask_first(load(name)), ask_second(load(name))
    assert first.code == second.code == (VERDICTS[name] or "")
    assert first.where == second.where


def test_there_is_a_vector_for_every_forgery() -> None:
    files = {path.stem for path in TESTDATA.glob("*.excerpt")}
    assert files == VERDICTS.keys() == {*GOOD, *FORGERIES}
    assert len(files) > 50


@pytest.mark.parametrize("name", GOOD)
def test_good_vectors_are_still_what_is_written_today(name: str) -> None:
    exhibit, ranges = GOOD[name]
    assert excerpt(exhibit, *ranges) == load(name)


def test_both_read_the_same_out_of_an_excerpt() -> None:
    for name in GOOD:
        first, second = verify_excerpt(load(name)), verify(load(name))
        assert (first.exhibit, first.form, first.of, first.first, first.until) == (
            second.exhibit,
            second.form,
            second.of,
            second.first,
            second.until,
        )
        assert (first.content, first.header, first.tree.hex()) == (second.content, second.header, second.tree)
        assert first.recorded_by is not None
        assert second.recorded is not None
        assert (first.recorded_by.at, list(first.cosigned_by)) == (second.recorded.time, second.cosigned)


@pytest.mark.parametrize("one", GOOD)
@pytest.mark.parametrize("other", GOOD)
def test_both_say_the_same_of_two_excerpts(one: str, other: str) -> None:
    if GOOD[one][0] == GOOD[other][0]:
        told = adjoin(verify_excerpt(load(one)), verify_excerpt(load(other))).relation
        assert compare(verify(load(one)), verify(load(other))) == told


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the way to every value in a JSON value, lists and objects themselves too."""
    yield path
    steps = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for step in steps:
        yield from places(value[step], (*path, step))


def put(value: Any, path: tuple[str | int, ...], new: Any) -> None:
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = new


@pytest.mark.parametrize("new", [None, True, -1, 0, (1 << 53) - 1, "", "x", [], {}, "é"])
def test_any_value_of_the_head_replaced_is_refused_by_both(new: Any) -> None:
    whole = take_apart(load("messages"))
    for path in places(whole.head):
        if not path:
            continue
        parts = deepcopy(whole)
        put(parts.head, path, new)
        # One value each may stand where it is replaced by what it was; and who shows fewer older heads shows as much.
        if parts.head == whole.head or (new == [] and path in {("checkpoints",), ("successions",)}):
            continue
        first, second = ask_first(parts.join()), ask_second(parts.join())
        assert not first.accepted, path
        assert not second.accepted, path
        # A file without a line lacks more than one thing, and may be refused for either.
        assert first.code == second.code or path == ("policy",), path


@given(at=st.integers(0, len(load("messages")) * 8 - 1))
@settings(max_examples=400, deadline=None)
def test_any_flipped_bit_is_refused_by_both_or_changes_only_who_is_trusted_and_since_when(at: int) -> None:
    whole, data = load("messages"), bytearray(load("messages"))
    data[at // 8] ^= 1 << at % 8
    first, second = ask_first(bytes(data)), ask_second(bytes(data))
    assert first.accepted == second.accepted
    if first.accepted:
        named, was = take_apart(bytes(data)).head, take_apart(whole).head
        assert {name for name in was if named[name] != was[name]} <= {"policy", "checkpoints"}
        read, good = verify_excerpt(bytes(data)), verify_excerpt(whole)
        assert (read.exhibit, read.first, read.of, read.pieces) == (good.exhibit, good.first, good.of, good.pieces)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_any_flipped_bit_of_what_proves_is_refused_by_both(data: st.DataObject) -> None:
    parts = take_apart(load("messages"))
    what = data.draw(st.sampled_from(["body", "proof", "entry", "receipt", "record_key"]))
    if what == "body":
        at = data.draw(st.integers(0, len(parts.body) * 8 - 1))
        parts.body[at // 8] ^= 1 << at % 8
    else:
        holder: Any = parts.head["ranges"][0]["proof"] if what == "proof" else parts.head
        name: Any = 0 if what == "proof" else what
        if what == "record_key":
            holder, name = parts.head["record_key"], "statement"
        text = holder[name]
        # Behind the head of the receipt stand signatures, some by keys that nobody has to know.
        most = text.index("\n\n") if what == "receipt" else len(text)
        at, bit = data.draw(st.integers(0, most - 1)), data.draw(st.integers(0, 6))
        changed = chr(ord(text[at]) ^ 1 << bit)
        holder[name] = text[:at] + changed + text[at + 1 :]
    assert not ask_first(parts.join()).accepted
    assert not ask_second(parts.join()).accepted


@given(first=st.integers(0, 12), count=st.integers(1, 22), start=st.integers(0, 10), shown=st.integers(1, 11))
@settings(max_examples=60, deadline=None)
def test_range_said_to_stand_elsewhere_is_refused_by_both(first: int, count: int, start: int, shown: int) -> None:
    parts = take_apart(excerpt("thread", (start, min(11, start + shown))))
    lengths = parts.head["ranges"][0]["lengths"]
    if (first, count) == (start, len(lengths)):
        return
    parts.head["ranges"][0]["first"] = first
    parts.head["ranges"][0]["lengths"] = (lengths * 22)[:count]
    assert not ask_first(parts.join()).accepted
    assert not ask_second(parts.join()).accepted


@given(start=st.integers(0, 10), count=st.integers(1, 11))
@settings(max_examples=40, deadline=None)
def test_any_contiguous_range_of_messages_proves_and_shows_them_alone(start: int, count: int) -> None:
    until = min(11, start + count)
    made = verify_excerpt(excerpt("thread", (start, until)))
    assert made.pieces == MESSAGES[start:until]
    assert made.header is None
    assert made.offset is None


@pytest.mark.parametrize(("start", "until"), [(2, 3), (9, 10), (2, 10), (5, 7)])
def test_range_of_a_recording_proves_and_brings_the_header(start: int, until: int) -> None:
    made = verify_excerpt(excerpt("recording", (0, 1), (start, until)))
    assert made.header == FLAC[:65_536]
    assert made.offset == start * 65_536
    assert made.content == FLAC[start * 65_536 : until * 65_536]


@pytest.mark.parametrize("ranges", [(11, 12), (3, 3), (4, 3), (-1, 2)])
def test_pieces_that_are_not_there_have_no_excerpt(ranges: tuple[int, int]) -> None:
    with pytest.raises(VaultError) as caught:
        excerpt("thread", ranges)
    assert caught.value.code == "pieces.range"


def test_excerpt_is_held_to_the_readers_own_policy() -> None:
    own = encode_policy(ED25519_ONLY.policy)
    assert ask_first(load("messages"), own).accepted
    assert ask_second(load("messages"), own).accepted
    strange = encode_policy(Policy((Named("log", STRANGE.verifier),), (), (), "none"))
    assert ask_first(load("messages"), strange).code == ask_second(load("messages"), strange).code == "note.unsigned"
    assert verify_excerpt(load("messages")).is_policy_its_own
    assert not verify_excerpt(load("messages"), ED25519_ONLY.policy).is_policy_its_own


def test_excerpt_over_the_limit_is_refused_by_both_unread() -> None:
    data = bytes(MAX_EXCERPT + 1)
    assert ask_first(data).code == ask_second(data).code == "excerpt.too-large"


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"alteram-excerpt/1", b"alteram-excerpt/1\n", b"alteram-excerpt/01\n\0\0\0\2{}"]
)
def test_what_is_no_excerpt_is_refused_by_both(data: bytes) -> None:
    assert ask_first(data).code == ask_second(data).code == "excerpt.form"


def test_program_tells_what_is_shown_how_an_answer_lies_and_what_is_wrong(tmp_path: Path) -> None:
    def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
        program = ROOT / "conformance" / "verify_excerpt.py"
        return subprocess.run(
            [sys.executable, str(program), *map(str, arguments)], capture_output=True, text=True, check=False, cwd="/"
        )

    told = run(TESTDATA / "middle.excerpt", TESTDATA / "before.excerpt")
    assert told.returncode == 0
    assert "pieces 4 to 6 of 10 of exhibit recording (flac)" in told.stdout
    assert "lies to the excerpt as: before" in told.stdout
    assert "the log follows example.org/old" in told.stdout
    assert run(TESTDATA / "middle.excerpt", TESTDATA / "messages.excerpt").returncode == 1
    assert run(TESTDATA / "piece-changed.excerpt").returncode == 1
    assert run(TESTDATA / "cut-short.excerpt").returncode == 2
    assert run(tmp_path / "absent").returncode == 2
