"""The verifier in the browser says of every file what the second verifier says, which shares no code with it."""

import json
import random
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from alteram.core.tlog import encode_policy
from conformance.failure import Failure
from conformance.spelling import find_instant, read_json
from tests.exports import POLICY, build_export, members_of, pack
from tests.forgeries import FORGERIES
from tests.needs import need_vectors
from tests.verdicts import Verdict, ask_second
from tests.web.browser_verifier import (
    BrowserVerifier,
    ask_second_of_author,
    ask_second_of_receipt,
    find_policy_code,
    octets,
    whole,
)
from tests.web.serving import ROOT, served

TESTDATA = ROOT / "testdata"
SCRIPTS = ROOT / "src" / "alteram" / "web" / "static" / "alteram" / "verifier"
EXPORTS = sorted((TESTDATA / "exports").glob("*.alteram"))
#: Signed with Ed25519 alone, so that the browser checks all of it.
GOOD = (TESTDATA / "exports" / "good.alteram").read_bytes()
MEMBERS = members_of(GOOD)
CHANGES = 150


@pytest.fixture(scope="module")
def verifier(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserVerifier]:
    with served(tmp_path_factory.mktemp("empty")) as address:
        page = chromium.new_page()
        page.goto(f"{address}/check/")
        yield BrowserVerifier(page)
        page.close()


def load(path: Path) -> dict[str, Any]:
    vector: dict[str, Any] = json.loads(path.read_text())
    return vector


def assert_same(verifier: BrowserVerifier, export: bytes, told: object = "") -> Verdict:
    expected, found = ask_second(export), verifier.ask(export)
    if expected.code == "archive.name":  # `where` is what stands there, quoted, which each does in its own way
        expected = replace(expected, where=found.where)
    assert found == expected, told
    return found


# -- exports


def test_every_export_in_testdata_gets_the_verdict_of_the_second_verifier(verifier: BrowserVerifier) -> None:
    verdicts = [assert_same(verifier, path.read_bytes(), path.stem) for path in EXPORTS]
    assert {one.accepted for one in verdicts} == {True, False}
    assert len(EXPORTS) > 40


def test_every_forgery_gets_the_verdict_of_the_second_verifier(verifier: BrowserVerifier) -> None:
    for name, forgery in FORGERIES.items():
        assert_same(verifier, forgery.make(), name)


def test_bounds_of_every_entry_are_those_that_are_stated(verifier: BrowserVerifier) -> None:
    stated = load(TESTDATA / "exports" / "times.json")
    for name, streams in stated.items():
        shown = verifier.show((TESTDATA / "exports" / f"{name}.alteram").read_bytes())
        found = {
            stream["name"]: [
                {"entry": one["number"], **{side: bound(one[key]) for side, key in SIDES.items()}}
                for one in stream["entries"]
            ]
            for stream in shown["streams"]
        }
        assert found == streams, name


SIDES = {"not_before": "notBefore", "not_after": "notAfter"}


def bound(told: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if told is None else {"at": told["time"], "by": told["by"], "witnessed": told["witnessed"]}


def test_what_is_disclosed_and_withheld_is_counted_as_the_second_verifier_counts(verifier: BrowserVerifier) -> None:
    shown = verifier.show((TESTDATA / "exports" / "disclosures-withheld.alteram").read_bytes())
    matter = next(one for one in shown["streams"] if one["name"] == "matter-1")
    first, withheld, _ = matter["entries"]
    assert (first["disclosed"], first["withheld"], first["digests"], first["author"]) == (17, 0, 32, "verified")
    assert (withheld["disclosed"], withheld["withheld"], withheld["digests"]) == (0, 16, 16)
    assert withheld["author"] == "withheld"
    assert (matter["isComplete"], matter["isClosed"]) == (False, True)


def test_flipped_bits_get_the_verdict_of_the_second_verifier(verifier: BrowserVerifier) -> None:
    draw = random.Random(1)
    accepted = 0
    for _ in range(CHANGES):
        bad = bytearray(GOOD)
        at, bit = draw.randrange(len(bad)), 1 << draw.randrange(8)
        bad[at] ^= bit
        accepted += assert_same(verifier, bytes(bad), (at, bit)).accepted
    assert accepted < CHANGES // 10


def test_flipped_bits_within_members_get_the_verdict_of_the_second_verifier(verifier: BrowserVerifier) -> None:
    draw = random.Random(2)
    codes = set()
    for name in sorted(MEMBERS) * 5:
        content = bytearray(MEMBERS[name])
        if not content:
            continue
        at, bit = draw.randrange(len(content)), 1 << draw.randrange(8)
        content[at] ^= bit
        codes.add(assert_same(verifier, pack(MEMBERS | {name: bytes(content)}), (name, at, bit)).code)
    assert len(codes) > 8


def test_reshuffled_members_get_the_verdict_of_the_second_verifier(verifier: BrowserVerifier) -> None:
    draw = random.Random(3)
    names = sorted(MEMBERS)
    for _ in range(CHANGES):
        members = dict(MEMBERS)
        one, other = draw.sample(names, 2)
        match draw.randrange(4):
            case 0:
                del members[one]
            case 1:
                members[one] = members[other]
            case 2:
                members[one], members[other] = members[other], members[one]
            case _:
                members[one] = members[one][: draw.randrange(200)]
        assert_same(verifier, pack(members), (one, other))


@pytest.mark.parametrize("length", [0, 1, 4, 29, 30, 31, 500, len(GOOD) - 22, len(GOOD) - 1])
def test_truncated_file_gets_the_verdict_of_the_second_verifier(verifier: BrowserVerifier, length: int) -> None:
    assert not assert_same(verifier, GOOD[:length]).accepted


@pytest.mark.parametrize("around", [GOOD + b"\0", b"\0" + GOOD, GOOD + GOOD])
def test_file_with_something_around_it_gets_the_verdict_of_the_second_verifier(
    verifier: BrowserVerifier, around: bytes
) -> None:
    assert not assert_same(verifier, around).accepted


def test_policy_that_is_given_counts_instead_of_the_one_inside(verifier: BrowserVerifier) -> None:
    assert verifier.show(GOOD)["isOwnPolicy"] is True
    assert verifier.show(GOOD, MEMBERS["policy"])["isOwnPolicy"] is False
    other = b"log example.org/caucus+" + encode_policy(POLICY).split(b"+", 1)[1].split(b"\n")[0] + b"\nquorum none\n"
    strangers = (TESTDATA / "golden" / "policy-1").read_bytes()
    for policy in (other, strangers):
        expected, found = ask_second(GOOD, policy), verifier.ask(GOOD, policy)
        assert found == expected


# -- what the browser does not check


def test_quorum_that_rests_on_mldsa_is_named_as_not_checked(verifier: BrowserVerifier) -> None:
    golden = TESTDATA / "golden"
    shown = verifier.show((golden / "export-1-bounded.alteram").read_bytes(), (golden / "policy-1").read_bytes())
    assert shown["unchecked"] == ["quorum"]
    assert {(one["kind"], one["checked"]) for one in shown["signers"]} == {(1, True), (4, True), (6, False)}
    assert all(not (one["notBefore"] or one["notAfter"]) for one in shown["streams"][0]["entries"])


def test_log_that_signs_with_mldsa_alone_is_named_as_not_checked(verifier: BrowserVerifier) -> None:
    rows = encode_policy(POLICY).split(b"\n")
    policy = b"\n".join([next(one for one in rows if one.startswith(b"log ") and len(one) > 500), b"quorum none", b""])
    export = pack({name: data for name, data in members_of(build_export()).items() if "checkpoints/" not in name})
    assert ask_second(export, policy).accepted
    assert verifier.show(export, policy)["unchecked"] == ["log"]


def test_witness_of_mldsa_that_did_not_sign_is_still_missed(verifier: BrowserVerifier) -> None:
    members = members_of(build_export())
    note = members["checkpoint"].split("\n— ".encode())
    kept = "\n— ".encode().join(one for one in note if not one.startswith(b"example.com/witness-b"))
    export = pack(members | {"checkpoint": kept if kept.endswith(b"\n") else kept + b"\n"})
    assert assert_same(verifier, export).code == "policy.quorum"


# -- the parts


def test_presentations_get_their_verdicts(verifier: BrowserVerifier) -> None:
    for path in sorted((TESTDATA / "disclosures").glob("*.json")):
        vector = load(path)
        found = verifier.find_code("sdjwt", "readDisclosed", octets(vector["presentation"].encode()))
        assert found == vector["error"], path.stem


def test_passkeys_of_authors_get_the_verdicts_of_the_second_verifier(verifier: BrowserVerifier) -> None:
    vectors = sorted((TESTDATA / "passkeys").glob("*.json"))
    for path in vectors:
        presentation = load(path)["presentation"]
        assert verifier.ask_of_author(presentation) == ask_second_of_author(presentation), path.stem
    assert len(vectors) > 30


def test_statements_get_the_verdicts_of_the_second_verifier(verifier: BrowserVerifier) -> None:
    for path in sorted((TESTDATA / "leaves").glob("*.json")):
        vector = load(path)
        found = verifier.find_code("export", "readStatement", octets(bytes.fromhex(vector["leaf_hex"])))
        assert found == vector["error"], path.stem


JSON = [
    *(b'{"__proto__":1,"constructor":2}', b'{"10":1,"9":2}', b'{"9":1,"10":2}', b'{"a":1,"a":1}', b"[1,2,]"),
    *(b"-0", b"1e2", b"1.0", b"9007199254740991", b"9007199254740992", b"-9007199254740991", b"NaN"),
    *(b'"\\u007f"', b'"\x7f"', b'"\\u000b"', b'"\\u000B"', b'"\\/"', b'"\t"', b'"\xff"', b'\xef\xbb\xbf"a"'),
    *(b'"\\ud83d\\ude00"', '"😀"'.encode(), b'"\\ud83d"', b'"\xed\xa0\xbd"', '"\u2028"'.encode()),
    *(b"[" * 31 + b"]" * 31, b"[" * 32 + b"]" * 32, b"[" * 5000 + b"]" * 5000, b"null", b"true", b" 1", b""),
]


@pytest.mark.parametrize("data", JSON, ids=lambda data: repr(data)[:30])
def test_json_is_accepted_in_the_spelling_that_the_second_verifier_accepts(
    verifier: BrowserVerifier, data: bytes
) -> None:
    try:
        read_json(data, 1 << 20, "form")
        expected = None
    except Failure as failure:
        expected = failure.code
    assert verifier.find_code("spelling", "readJson", octets(data), 1 << 20, "form") == expected


@pytest.mark.parametrize(
    "text",
    [
        *("2026-02-29T00:00:00Z", "2024-02-29T00:00:00Z", "2026-01-01T24:00:00Z", "2026-12-31T23:59:60Z"),
        *("2026-13-01T00:00:00Z", "0999-01-01T00:00:00Z", "1000-01-01T00:00:00Z", "2026-01-01T00:00:00.0Z"),
        "2026-01-01T00:00:00Z\n",
    ],
)
def test_instant_is_read_as_the_second_verifier_reads_it(verifier: BrowserVerifier, text: str) -> None:
    expected = find_instant(text)
    found = verifier.call("spelling", "findInstant", text)["value"]
    assert found == (None if expected is None else expected.timestamp())


def test_policies_get_the_verdicts_of_the_second_verifier(verifier: BrowserVerifier) -> None:
    good = encode_policy(POLICY)
    rows = good.split(b"\n")
    policies = [
        good,
        b"",
        b"\n",
        b"quorum none\n",
        good + b"quorum none\n",
        good.replace(b"\n", b"\r\n"),
        good + b"\x0c",
    ]
    policies += [
        good.replace(b" 2 ", count) for count in (b" any ", b" all ", b" 0 ", b" 02 ", b" 3 ", b" x ", b" 1\t ")
    ]
    policies += [good.replace(b"both", b"none"), good.replace(b"witness b", b"witness a"), b"# \xff\n" + good]
    policies += [
        good + rows[0],
        good + b"group more 1 a\nquorum more\n",
        good.replace(b"log ", b"log\x0b"),
        good + b"what\n",
    ]
    draw = random.Random(4)
    for _ in range(CHANGES):
        changed = bytearray(good)
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
        policies.append(bytes(changed))
        policies.append(b"\n".join(draw.sample(rows, len(rows))))
    for policy in policies:
        assert verifier.find_code("policy", "readPolicy", octets(policy)) == find_policy_code(policy), policy[-300:]


def test_every_public_proof_comes_out_as_stated(verifier: BrowserVerifier) -> None:
    for file in sorted(need_vectors("merkle").rglob("*.json")):
        case = load(file)
        proof = [octets(b64decode(one)) for one in case["proof"] or ()]
        sizes = [case[name] for name in ("treeSize", "size1", "size2", "leafIdx") if name in case]
        hashes = [*(case["proof"] or ()), case.get("leafHash", case.get("root1"))]
        if any(size < 0 for size in sizes) or any(len(b64decode(one or "")) != 32 for one in hashes):
            continue  # such a proof cannot be written in a receipt
        if "leafIdx" in case:
            receipt = {"index": whole(case["leafIdx"]), "path": proof}
            head = {"size": whole(case["treeSize"]), "root": octets(b64decode(case["root"] or ""))}
            leaf = octets(b64decode(case["leafHash"] or ""))
            code = verifier.find_code("merkle", "verifyPath", receipt, head, leaf)
        else:
            old, new = (
                {"size": whole(case[f"size{one}"]), "root": octets(b64decode(case[f"root{one}"] or ""))} for one in "12"
            )
            code = verifier.find_code("merkle", "verifyGrowth", old, new, proof)
            if case["size1"] == 0:
                assert code == "proof.size"  # stricter: nothing follows from an empty log
                continue
        assert (code is not None) is case["wantErr"], file


# -- receipts on their own


def receipt_of(entry: str) -> tuple[bytes, bytes]:
    return MEMBERS[f"streams/matter-1/{entry}.tlog-proof"], MEMBERS[f"streams/matter-1/{entry}.sd-jwt"]


def check_receipt(verifier: BrowserVerifier, receipt: bytes, policy: bytes | None, of: object) -> dict[str, Any]:
    given = None if policy is None else octets(policy)
    return verifier.call("receipt", "verifyReceipt", octets(receipt), given, of)


def test_receipt_with_its_entry_and_a_policy_verifies(verifier: BrowserVerifier) -> None:
    receipt, entry = receipt_of("00000001")
    found = check_receipt(verifier, receipt, MEMBERS["policy"], {"entry": octets(entry)})["value"]
    assert (found["isPlaced"], found["unchecked"]) == (True, ["record-key"])
    assert found["latest"]["witnessed"] is True


def test_receipt_of_a_statement_verifies(verifier: BrowserVerifier) -> None:
    receipt, leaf = MEMBERS["statements/00000000.tlog-proof"], MEMBERS["statements/00000000.leaf"]
    found = check_receipt(verifier, receipt, MEMBERS["policy"], {"statement": octets(leaf)})["value"]
    assert (found["isPlaced"], found["unchecked"]) == (True, [])
    other = check_receipt(verifier, receipt, MEMBERS["policy"], {"statement": octets(leaf[:-2] + b"x}")})
    assert other["code"] in {"leaf.form", "proof.root"}


def test_receipt_says_what_was_not_checked_of_it(verifier: BrowserVerifier) -> None:
    receipt, _ = receipt_of("00000001")
    assert check_receipt(verifier, receipt, None, None)["value"]["unchecked"] == ["policy", "leaf"]
    assert check_receipt(verifier, receipt, MEMBERS["policy"], None)["value"]["unchecked"] == ["leaf"]


def test_receipt_of_another_entry_or_another_leaf_is_refused(verifier: BrowserVerifier) -> None:
    receipt, _ = receipt_of("00000001")
    _, other = receipt_of("00000002")
    for of in ({"entry": octets(other)}, {"leafHash": octets(bytes(32))}):
        assert check_receipt(verifier, receipt, MEMBERS["policy"], of)["code"] == "proof.root"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (rb"tlog-proof@v1", b"tlog-proof@v2", "proof.form"),
        (rb"index \d+", b"index 0", "proof.root"),
        (rb"index \d+", b"index 07", "proof.form"),
        (rb"index \d+", b"index 9", "proof.index"),
        (rb"extra \S+\n", b"", "receipt.extra"),
        (rb"extra A.", b"extra AA", "receipt.extra"),
        (rb"extra (..).", rb"extra \1x", "proof.root"),
        (rb"\n\n", b"\n", "note.base64"),
        (rb"(index \d+)\n\S+", rb"\1", "proof.too-short"),
        (rb"(index \d+\n)", rb"\1AAAA\n", "proof.hash-size"),
        (rb"(index \d+\n)(\S+\n)", rb"\1\2\2", "proof.too-long"),
        (rb"(\nexample.org/caucus\n)9\n", rb"\g<1>8\n", "note.signature"),
        (rb"example.org/caucus\n9", b"example.org/other\n9", "note.signature"),
        (rb"\n\xe2\x80\x94 example.net/witness-a \S+", b"", "policy.quorum"),
        (rb"\n\xe2\x80\x94 example.org/caucus \S+", b"", "policy.log"),
    ],
)
def test_receipt_that_was_changed_is_refused_as_by_the_second_verifier(
    verifier: BrowserVerifier, old: bytes, new: bytes, code: str
) -> None:
    receipt, entry = receipt_of("00000001")
    bad = re.sub(old, new, receipt, count=1)
    assert bad != receipt
    found = check_receipt(verifier, bad, MEMBERS["policy"], {"entry": octets(entry)})
    assert (found["code"], ask_second_of_receipt(bad, MEMBERS["policy"], entry)) == (code, code)


# -- the scripts themselves


def test_verifier_imports_nothing_but_its_own_files() -> None:
    files = list(SCRIPTS.glob("*.js"))
    imports = [one for file in files for one in re.findall(r"from '([^']*)'", file.read_text())]
    assert imports
    assert all(re.fullmatch(r"\./[a-z-]+\.js", one) for one in imports)
    for file in files:
        calls = re.findall(
            r"\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|innerHTML|eval)\b", file.read_text()
        )
        assert not calls, file
