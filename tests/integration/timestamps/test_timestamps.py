"""Time stamps by a real authority: `openssl ts` behind HTTP on this machine, cross-checked by `openssl ts -verify`."""

import re
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from alteram.adapters.timestamps import FileTimestamps, TimestampError, read_roots, request_token, verify_token
from alteram.core.tlog import SignerKey, hash_leaf, sign_note
from tests.authority import REPLY, Authority, certify, running_authority
from tests.loopback import HOST, find_free_port, reply, scripted
from tests.patience import HANGS
from tests.published import sign

NOTE = sign([hash_leaf(bytes([one])) for one in range(20)], 20)
OTHER = sign([hash_leaf(bytes([one])) for one in range(20)], 19)


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    with running_authority(tmp_path / "tsa") as one:
        yield one


def test_checkpoint_is_stamped_and_verifies_offline(authority: Authority) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    token = request_token(authority.url, NOTE.text)
    stamped = verify_token(token, NOTE.text, authority.roots)
    assert before <= stamped.at <= datetime.now(UTC)
    assert stamped.at.tzinfo is UTC
    assert stamped.authority == "CN=Authority"


def test_openssl_agrees_on_the_token_and_on_a_changed_text(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "token.tsr").write_bytes(request_token(authority.url, NOTE.text))

    def openssl_accepts(text: str) -> bool:
        (tmp_path / "text").write_bytes(text.encode())
        command = ["openssl", "ts", "-verify", "-in", "token.tsr", "-data", "text", "-CAfile", "tsa/root.pem"]
        return subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 0

    assert openssl_accepts(NOTE.text)
    assert not openssl_accepts(OTHER.text)


@pytest.mark.parametrize(
    "text", [OTHER.text, NOTE.text.replace("\n20\n", "\n21\n"), NOTE.text[:-1], NOTE.text + "\n", NOTE.encode()]
)
def test_token_over_another_text_is_refused(authority: Authority, text: str) -> None:
    token = request_token(authority.url, NOTE.text)
    with pytest.raises(TimestampError, match="does not stamp"):
        verify_token(token, text, authority.roots)


def test_token_does_not_depend_on_the_signatures_collected(authority: Authority) -> None:
    token = request_token(authority.url, NOTE.text)
    more = sign_note(NOTE.text, [SignerKey.from_seed("example.org/w", 0x04, bytes(32))], timestamp=1)
    assert more.lines != NOTE.lines
    assert verify_token(token, more.text, authority.roots) == verify_token(token, NOTE.text, authority.roots)


def test_every_changed_byte_of_a_token_is_refused_or_changes_nothing(authority: Authority) -> None:
    token = request_token(authority.url, NOTE.text)
    said = verify_token(token, NOTE.text, authority.roots)
    refused = 0
    for at in range(len(token)):
        for bit in (0x01, 0x80):
            try:
                again = verify_token(
                    token[:at] + bytes([token[at] ^ bit]) + token[at + 1 :], NOTE.text, authority.roots
                )
            except TimestampError:
                refused += 1
            else:
                assert again == said
    # What is left is outside the signature and says nothing: PKCS#7 leaves a few bytes of certificate order and tags.
    assert refused > 1.9 * len(token)


@pytest.mark.parametrize("cut", [0, 1, 10, -1, -100])
def test_token_that_is_cut_short_is_refused(authority: Authority, cut: int) -> None:
    token = request_token(authority.url, NOTE.text)
    with pytest.raises(TimestampError):
        verify_token(token[:cut], NOTE.text, authority.roots)


def test_authority_under_another_root_or_none_is_refused(authority: Authority, tmp_path: Path) -> None:
    token = request_token(authority.url, NOTE.text)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    other = certify(elsewhere)
    with pytest.raises(TimestampError, match="does not stamp"):
        verify_token(token, NOTE.text, [other])
    assert verify_token(token, NOTE.text, [other, *authority.roots]).authority == "CN=Authority"
    with pytest.raises(TimestampError, match="No authority"):
        verify_token(token, NOTE.text, [])


def test_token_with_another_hash_is_refused(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "text").write_text(NOTE.text)
    command = ["openssl", "ts", "-query", "-data", "text", "-sha384", "-cert"]
    query = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True).stdout
    with pytest.raises(TimestampError, match="another kind of hash"):
        verify_token(authority.stamp(query), NOTE.text, authority.roots)


def test_token_without_the_certificate_of_its_signer_is_refused(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "text").write_text(NOTE.text)
    command = ["openssl", "ts", "-query", "-data", "text", "-sha256"]
    query = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True).stdout
    with pytest.raises(TimestampError):
        verify_token(authority.stamp(query), NOTE.text, authority.roots)


def test_answer_to_another_request_is_refused(authority: Authority) -> None:
    """A token over the same text, but not asked for now: it could be an old one, played back."""
    old = request_token(authority.url, NOTE.text)
    with (
        scripted(lambda handler, _: reply(handler, 200, old, REPLY)) as url,
        pytest.raises(TimestampError, match="another request"),
    ):
        request_token(url, NOTE.text)
    with (
        scripted(lambda handler, _: reply(handler, 200, old, REPLY)) as url,
        pytest.raises(TimestampError, match="something else"),
    ):
        request_token(url, OTHER.text)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (500, b"", REPLY),
        (302, b"", REPLY),
        (200, b"<html>", "text/html"),
        (200, b"", REPLY),
        (200, b"garbage", REPLY),
        (200, b"\x30\x03\x02\x01\x02", REPLY),
        (200, bytes.fromhex("30053003020102"), REPLY),  # PKIStatus 2: rejection
        (200, b"x" * 70_000, REPLY),
    ],
)
def test_authority_that_misbehaves_yields_an_error_that_says_so(status: int, body: bytes, kind: str) -> None:
    with scripted(lambda handler, _: reply(handler, status, body, kind)) as url, pytest.raises(TimestampError):
        request_token(url, NOTE.text)


def test_authority_that_hangs_or_is_away_is_given_up(authority: Authority) -> None:
    release = threading.Event()

    def hang(handler: BaseHTTPRequestHandler, query: bytes) -> None:
        release.wait(HANGS)

    with scripted(hang) as url:
        with pytest.raises(TimestampError, match="cannot be reached"):
            request_token(url, NOTE.text, seconds=0.2)
        release.set()
    with pytest.raises(TimestampError, match="cannot be reached"):
        request_token(f"http://{HOST}:{find_free_port()}", NOTE.text)


def test_openssl_verifies_what_is_kept_as_the_guide_says(authority: Authority, tmp_path: Path) -> None:
    guide = (Path(__file__).resolve().parents[3] / "docs/how-to/timestamps.md").read_text()
    cut, verify = re.findall(r"\$ ((?:sed|openssl) .*)", guide)
    token = FileTimestamps(tmp_path).keep(NOTE, request_token(authority.url, NOTE.text))
    checkpoint = next(tmp_path.glob("*.checkpoint"))
    named = {"token.tsr": token.name, "tsa-root.pem": "tsa/root.pem"}
    cut = re.sub(r"\S+\.checkpoint", checkpoint.name, cut)
    for name, real in named.items():
        verify = verify.replace(name, real)
    for command in (cut, verify):
        subprocess.run(["bash", "-c", command], cwd=tmp_path, check=True, capture_output=True)


def test_tokens_are_kept_beside_their_checkpoints_and_never_replaced(authority: Authority, tmp_path: Path) -> None:
    kept = FileTimestamps(tmp_path / "stamps")
    for note in (NOTE, OTHER):
        for _ in range(2):
            kept.keep(note, request_token(authority.url, note.text))
    stamped = list(FileTimestamps(tmp_path / "stamps").stamped())
    assert [one.note for one in stamped] == [OTHER, OTHER, NOTE, NOTE]
    for one in stamped:
        verify_token(one.token, one.note.text, authority.roots)
    path = kept.keep(NOTE, stamped[-1].token)
    assert len(list(kept.stamped())) == 4
    assert path.read_bytes() == stamped[-1].token


def test_file_without_a_certificate_is_refused() -> None:
    with pytest.raises(TimestampError, match="no certificate"):
        read_roots(b"garbage")


def test_certificate_that_is_not_for_time_stamps_is_refused(authority: Authority) -> None:
    """openssl refuses to stamp with one, so the right certificate is exchanged for a wrong one by the same root."""
    token = request_token(authority.url, NOTE.text)
    right = x509.load_pem_x509_certificate((authority.folder / "tsa.pem").read_bytes())
    assert right.public_bytes(serialization.Encoding.DER) in token
    root = certify(authority.folder, for_stamping=False)
    wrong = x509.load_pem_x509_certificate((authority.folder / "tsa.pem").read_bytes())
    changed = token.replace(
        right.public_bytes(serialization.Encoding.DER), wrong.public_bytes(serialization.Encoding.DER)
    )
    with pytest.raises(TimestampError):
        verify_token(changed, NOTE.text, [root, *authority.roots])
