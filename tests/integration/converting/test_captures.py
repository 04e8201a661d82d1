"""Captured pages: the facts of capture, digests checked, text without anything active."""

import gzip
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

from alteram.adapters.confining.sandbox import Sandbox
from alteram.adapters.converting.captures import CaptureReader
from alteram.operations.evidence_ports import Capture, Unshown
from tests.integration.converting.confined import need_confinement
from tests.patience import HANGS

PAGE = b"<html><title>News</title><p>It was decided</p><script>own()</script></html>"


def read(tmp_path: Path, data: bytes, media: str) -> Capture | Unshown:
    need_confinement()
    source = tmp_path / "lodged"
    source.write_bytes(data)
    return CaptureReader(Sandbox()).read_capture(source, media)


#: In a process of its own: warcio leaves the closing of its files to the interpreter.
WRITE = """
import io, sys
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter
writer = WARCWriter(sys.stdout.buffer, gzip=sys.argv[1] == "packed")
for uri, kind, body in (("a", "text/html", sys.argv[2].encode()), ("b", "image/png", b"own")):
    heads = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
    record = writer.create_warc_record(
        "https://example.org/" + uri, "response", payload=io.BytesIO(body), http_headers=heads,
        warc_headers_dict={"WARC-Date": "2024-01-01T10:00:00Z"},
    )
    writer.write_record(record)
"""


def write_warc(*, packed: bool) -> bytes:
    command = [sys.executable, "-W", "ignore", "-c", WRITE, "packed" if packed else "plain", PAGE.decode()]
    return subprocess.run(command, check=True, capture_output=True, timeout=HANGS).stdout


def test_warc_says_where_and_when_and_its_digests_fit(tmp_path: Path) -> None:
    for packed in (False, True):
        found = read(tmp_path, write_warc(packed=packed), "application/warc")
        assert isinstance(found, Capture)
        (page,) = found.pages
        assert (page.uri, page.at, page.status) == ("https://example.org/a", "2024-01-01T10:00:00Z", "200")
        assert page.digest_fits is True
        assert page.text.split() == ["News", "It", "was", "decided"]
        assert (found.resources, found.notices) == (1, ())


def test_warc_that_was_changed_after_capture_is_told(tmp_path: Path) -> None:
    changed = write_warc(packed=False).replace(b"was decided", b"was refused")
    found = read(tmp_path, changed, "application/warc")
    assert isinstance(found, Capture)
    assert found.pages[0].digest_fits is False
    assert "does not fit" in found.notices[0]


def test_mhtml_shows_its_page_and_counts_the_rest(tmp_path: Path) -> None:
    whole = EmailMessage()
    whole["Snapshot-Content-Location"] = "https://example.org/a"
    whole["Date"] = "Mon, 1 Jan 2024 10:00:00 +0000"
    whole.set_content(PAGE.decode(), subtype="html")
    whole.add_related(b"\x89PNG", maintype="image", subtype="png")
    found = read(tmp_path, whole.as_bytes(), "multipart/related")
    assert isinstance(found, Capture)
    assert (found.kind, found.pages[0].uri) == ("mhtml", "https://example.org/a")
    assert found.pages[0].text.split() == ["News", "It", "was", "decided"]
    assert found.pages[0].digest_fits is None
    assert "of itself" in found.notices[0]


def test_page_saved_as_a_single_file_says_where_it_is_from(tmp_path: Path) -> None:
    head = b"<!--\n Page saved with SingleFile \n url: https://example.org/a \n"
    head += b" saved date: Mon Jan 01 2024 10:00:00 GMT\n-->"
    found = read(tmp_path, head + PAGE, "text/html")
    assert isinstance(found, Capture)
    assert (found.pages[0].uri, found.pages[0].at) == ("https://example.org/a", "Mon Jan 01 2024 10:00:00 GMT")
    other = read(tmp_path, b"<!-- saved from url=(0021)https://example.org/a -->" + PAGE, "text/html")
    assert isinstance(other, Capture)
    assert other.pages[0].uri == "https://example.org/a"


def test_page_that_does_not_say_where_it_is_from_is_no_capture(tmp_path: Path) -> None:
    found = read(tmp_path, PAGE, "text/html")
    assert isinstance(found, Unshown)
    assert found.why == "not-shown"


def test_what_is_no_capture_says_so(tmp_path: Path) -> None:
    for data, why in ((b"", "empty"), (b"own", "damaged"), (gzip.compress(b"own"), "damaged")):
        found = read(tmp_path, data, "application/warc")
        assert isinstance(found, Unshown)
        assert found.why == why
