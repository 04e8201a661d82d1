"""Redactions through our code and through the second verifier: what hides text in any place is refused by both."""

import json
import mmap
import re
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest

from alteram.core.disclosure.redacted_pictures import NumberedBox, build_png, pack_rows, read_png, unpack_rows
from alteram.core.disclosure.redaction_proofs import verify_redaction
from alteram.core.record import iterate_entries
from conformance.verify_redaction import verify
from tests import redaction_exports
from tests.exports import MATTER
from tests.redaction_exports import EXPORTS, FILE, LODGED, change_claim
from tests.redaction_forgeries import FORGERIES, join, take_apart
from tests.redactions import GOOD, SECRET, ask_first, ask_second
from tests.verdicts import ask_both

ROOT = Path(__file__).resolve().parents[2]
TESTDATA = ROOT / "testdata" / "redactions"
VERDICTS: dict[str, dict[str, Any]] = json.loads((TESTDATA / "verdicts.json").read_text())
FILES = [name for name in VERDICTS if not name.endswith(".alteram")]
PAIRS = [name for name in VERDICTS if name.endswith(".alteram")]


@cache
def load(name: str) -> bytes:
    return (TESTDATA / name).read_bytes()


def boxes_of(name: str) -> list[NumberedBox]:
    return [NumberedBox(*one) for one in VERDICTS[name]["boxes"]]


@pytest.mark.parametrize("name", FILES)
def test_redaction_gets_its_verdict_from_both(name: str) -> None:
    words = VERDICTS[name]["words"]
    first, second = ask_first(load(name), words, boxes_of(name)), ask_second(load(name), words, boxes_of(name))
    assert first.code == second.code == (VERDICTS[name]["error"] or "")
    assert first.where == second.where


def test_there_is_a_vector_for_every_way_to_hide_and_each_still_gets_its_code_when_made_anew() -> None:
    named = {f"{name}.{one.ending}" for name, one in {**GOOD, **FORGERIES}.items()}
    files = {path.name for path in TESTDATA.iterdir()} - {"verdicts.json"}
    assert files == VERDICTS.keys() == named | {f"{name}.alteram" for name in EXPORTS}
    assert len(FORGERIES) > 100
    for name, one in {**GOOD, **FORGERIES}.items():
        assert ask_first(one.make(), one.words, one.boxes).code == one.code, name


def test_every_code_of_the_shape_is_refused_by_some_vector() -> None:
    refused = {VERDICTS[name]["error"] for name in VERDICTS} - {None}
    named = set()
    for line in (ROOT / "docs" / "spec" / "evidence.md").read_text().split("## 5. Redactions")[1].split("["):
        named |= {one.strip(" ,;:") for one in line.split("]")[0].split() if one.startswith("redaction.")}
    assert {one.rstrip(",;:") for one in named} - refused == {"redaction.too-large"}


def test_both_read_the_same_out_of_a_redaction() -> None:
    for name, one in GOOD.items():
        data = load(f"{name}.{one.ending}")
        first, second = verify_redaction(data, (), one.boxes), verify(data, [], boxes_for_second(one.boxes))
        assert (first.kind, first.pages, first.listing) == (second.kind, second.pages, second.listing)
        assert (first.places, list(first.cuts)) == (len(second.numbers), sorted(set(second.numbers)))


def boxes_for_second(boxes: Sequence[NumberedBox]) -> list[Any]:
    from conformance.redaction_form import Box  # noqa: PLC0415 - the other's own kind of box

    return [Box(one.number, one.left, one.top, one.wide, one.high) for one in boxes]


@pytest.mark.parametrize("place", [(-4, 0), (0, -4)])
def test_box_that_begins_outside_the_picture_is_refused_by_both(place: tuple[int, int]) -> None:
    box = NumberedBox(1, *place, 8, 8)
    for ask in (ask_first, ask_second):
        assert ask(load("picture-in-grey.png"), [], [box]).code == "redaction.box"


def test_picture_packed_by_another_zlib_is_read_by_both() -> None:
    name = next(one for one in FILES if one.endswith(".png") and not VERDICTS[one]["error"])
    shape, packed = read_png(load(name))
    packing = zlib.compressobj(6, zlib.DEFLATED, 15, 9, zlib.Z_HUFFMAN_ONLY)
    other = packed[:2] + (packing.compress(unpack_rows(packed, shape)) + packing.flush())[2:]
    assert other != packed
    for ask in (ask_first, ask_second):
        assert ask(build_png(shape, other), VERDICTS[name]["words"], boxes_of(name)).code == ""


@pytest.mark.parametrize(
    ("start", "size"), [(b"%PDF-1.7\n", 4 << 30), (b"\x89PNG\r\n\x1a\n", 512 << 20), (b"text", 64 << 20)]
)
def test_file_over_its_limit_is_refused_by_both_unread(start: bytes, size: int, tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as made:
        made.write(start)
        made.truncate(size + 1)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for ask in (ask_first, ask_second):
            assert ask(data).code == "redaction.too-large"  # type: ignore[arg-type]  # mapped, as the programs do it


# -- beside an export


@pytest.mark.parametrize("name", PAIRS)
def test_export_says_the_same_of_a_redaction_to_both(name: str) -> None:
    redaction, export = load(VERDICTS[name]["beside"]), load(name)
    (first, found), (second, again) = (
        redaction_exports.ask_first(redaction, export),
        redaction_exports.ask_second(redaction, export),
    )
    assert first == second
    assert first.code == (VERDICTS[name]["error"] or "")
    if found is not None:
        assert again is not None
        assert found.check == again.check == VERDICTS[name]["check"]
        assert (found.entry, found.checked_in) == (again.entry.name, again.checked_in)
        assert (list(found.withheld), found.unknown, found.complete) == (again.withheld, again.unknown, again.complete)
        assert [found.exhibit, found.of, found.how] == [
            again.entry.claims.get(f"act.{one}") for one in ("exhibit", "of", "how")
        ]


def test_another_file_is_not_shown_by_an_export_of_this_one() -> None:
    for ask in (redaction_exports.ask_first, redaction_exports.ask_second):
        verdict, _ = ask(load("several-pages.pdf"), load("all-shown.alteram"))
        assert verdict.code == "redaction.not-shown"


def test_what_is_withheld_is_named_and_nothing_else_of_it_is_shown() -> None:
    _, found = redaction_exports.ask_first(load(f"{FILE}.pdf"), load("lodging-alone.alteram"))
    assert found is not None
    assert (found.exhibit, found.of, found.how, found.cuts, found.check) == (None, None, None, None, "withheld")
    assert {one.rpartition(" ")[2] for one in found.withheld} >= {"act.exhibit", "act.of", "actor"}
    assert found.unknown == 1


@pytest.mark.parametrize("who", ["m02", "m09"])
def test_claim_of_who_checked_that_was_changed_is_refused_by_both(who: str) -> None:
    export = change_claim(load("all-shown.alteram"), 3, b'"m02"', f'"{who}"'.encode())
    for ask in (redaction_exports.ask_first, redaction_exports.ask_second):
        verdict, _ = ask(load(f"{FILE}.pdf"), export)
        assert verdict.code == ("" if who == "m02" else "presentation.digest")


# -- fields of an exhibit that are withheld


WITHHELD = {"act.title", "act.speakers", "act.source"}


def without_fields() -> bytes:
    """Return an export in which the lodging of an exhibit shows all but what it is called, its speakers and source."""
    shown = frozenset(
        {"act", "actor", "at", "seq", "prev", "stream", "reported", "fields", "seen", "author"}
        | {"act.exhibit", "act.kind", "act.obtained", "act.digest", "act.size", "act.media"}
    )
    return redaction_exports.Scene((), ((1, shown),)).write()


def test_exhibit_with_withheld_fields_verifies_in_both_and_shows_none_of_them() -> None:
    export = without_fields()
    first, second = ask_both(export)
    assert first.accepted, (first, second)
    entry = next(one for one in iterate_entries(BytesIO(export)) if one.claims.get("act") == "exhibit.lodged/1")
    assert not WITHHELD & entry.claims.keys()
    # That there are such fields is shown, and what the file is: not what they say.
    fields = entry.claims["fields"]
    assert isinstance(fields, list | tuple)
    assert set(fields) >= WITHHELD
    assert entry.claims["act.digest"] == LODGED.digest
    assert b"treasurer" not in entry.presentation.encode()


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'"document"', b'"picture"'), (b"11" * 32, b"12" * 32), (b"1234", b"1235"), (b'"made-by-lodger"', b'"found"')],
)
def test_disclosed_field_of_an_exhibit_that_was_changed_is_refused_by_both(old: bytes, new: bytes) -> None:
    first, second = ask_both(change_claim(without_fields(), 1, old, new))
    assert first.code == second.code == "presentation.digest"
    assert first.where == second.where == f"streams/{MATTER}/00000001.sd-jwt"


# -- changed at random


def change_at_random(data: bytes, random: Random) -> bytes:
    """Return a file with a few bytes changed, or an object, or pixels; all else is put right: what a forger tries."""
    parts = take_apart(data) if data.startswith(b"%PDF-") and random.random() < 0.8 else [data]
    at = random.randrange(len(parts))
    head, streams, body = parts[at].partition(b"stream\n")
    if len(parts) == 1 or not streams or random.random() < 0.2:
        parts[at] = disturb(parts[at], parts, random)
    else:
        inside, end = body[: body.rindex(b"endstream")], body[body.rindex(b"endstream") :]
        if b"/Image" in head:
            packed = pack_rows(disturb(zlib.decompress(inside[:-1]), parts, random))
            inside, length = packed + b"\n", len(packed)
        else:
            inside = disturb(inside, parts, random)
            length = len(inside)
        parts[at] = re.sub(rb"/Length \d+", b"/Length %d" % length, head) + streams + inside + end
    return join(parts) if len(parts) > 1 else parts[0]


def disturb(data: bytes, parts: Sequence[bytes], random: Random) -> bytes:
    body = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 5))):
        place = random.randrange(len(body) + 1)
        match random.randrange(6):
            case 0 if place < len(body):
                body[place] ^= 1 << random.randrange(8)
            case 1:
                body[place:place] = random.choice((b" ", b"\n", b"0", b"1", b"%x\n", SECRET.encode(), b"/F 1 0 R"))
            case 2:
                del body[place : place + random.choice((1, 1, 2, 8))]
            case 3:
                other = random.choice(parts)
                start = random.randrange(len(other) + 1)
                said = other[start : start + random.choice((1, 4, 30))]
                body[place : place + random.choice((0, len(said)))] = said
            case 4:
                digits = [spot for spot, one in enumerate(body) if 0x30 <= one <= 0x39]
                if digits:
                    body[random.choice(digits)] = random.choice(b"0123456789")
            case _:
                lines = bytes(body).split(b"\n")
                line = random.randrange(len(lines))
                lines[line : line + 1] = random.choice(([], [lines[line]] * 2, [lines[line - 1], lines[line]]))
                body[:] = b"\n".join(lines)
    return bytes(body)


def check_changed(seeds: range) -> Counter[str]:
    """Check that both say the same of as many changed files, and return how often they said what."""
    said: Counter[str] = Counter()
    names = [name for name in FILES if VERDICTS[name]["error"] is None]
    for seed in seeds:
        random = Random(seed)
        name = random.choice(names)
        changed = change_at_random(load(name), random)
        first = ask_first(changed, [SECRET], boxes_of(name))
        second = ask_second(changed, [SECRET], boxes_of(name))
        assert first == second, (name, seed)
        said[first.code] += 1
    return said


def test_redactions_changed_at_random_get_the_same_verdict_from_both() -> None:
    said = check_changed(range(2_000))
    # Most is refused, and for many things; what is not, changes a word, a pixel or nothing.
    assert said[""] < 800
    assert len(said) > 12


@pytest.mark.campaign
def test_many_redactions_changed_at_random_get_the_same_verdict_from_both() -> None:
    check_changed(range(2_000, 102_000))


# -- the program


def run(*arguments: object) -> "subprocess.CompletedProcess[str]":
    program = ROOT / "conformance" / "verify_redaction.py"
    return subprocess.run(
        [sys.executable, str(program), *map(str, arguments)], capture_output=True, text=True, check=False, cwd="/"
    )


def test_program_tells_what_is_shown_and_what_is_wrong(tmp_path: Path) -> None:
    told = run(TESTDATA / f"{FILE}.pdf", TESTDATA / "all-shown.alteram", "--word", SECRET)
    assert told.returncode == 0, told.stderr
    assert "2 places cut out" in told.stdout
    assert "as note-redacted, made of note, with 2 cuts" in told.stdout
    assert "somebody else agreed to it" in told.stdout
    less = run(TESTDATA / f"{FILE}.pdf", TESTDATA / "lodging-alone.alteram")
    assert less.returncode == 0
    assert "withheld: streams/matter-1/00000002.sd-jwt: act.of" in less.stdout
    assert run(TESTDATA / "nothing-black.pdf").returncode == 1
    assert run(TESTDATA / f"{FILE}.pdf", TESTDATA / "objected.alteram").returncode == 1
    assert run(TESTDATA / "older-shape.pdf").returncode == 2
    assert run(TESTDATA / f"{FILE}.pdf", "--word", "!").returncode == 2
    assert run(tmp_path / "absent").returncode == 2


def test_shape_is_checked_with_the_standard_library_alone() -> None:
    """Without an export, nothing is loaded that Python does not bring."""
    code = "import sys; sys.modules['cryptography'] = None; from conformance import verify_redaction as v; "
    code += f"print(v.verify(open({str(TESTDATA / f'{FILE}.pdf')!r}, 'rb').read()).pages)"
    done = subprocess.run([sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.stdout.strip() == "2", done.stderr


def test_digest_is_of_the_file_as_it_is() -> None:
    data = load(f"{FILE}.pdf")
    assert verify_redaction(data).digest_hex == sha256(data).hexdigest()
