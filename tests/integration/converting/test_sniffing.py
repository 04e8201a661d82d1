"""What kind of file it is: two detectors, one answer, and everything that does not fit told."""

import io
import wave
from pathlib import Path

import pytest
from PIL import Image

from alteram.adapters.confining.sandbox import Sandbox
from alteram.adapters.converting.sniffing import HEAD, Sniffer, _settle
from alteram.operations.evidence_ports import Detected
from tests.integration.converting.confined import need_confinement
from tests.integration.converting.hostile.archives import make_zip
from tests.integration.converting.hostile.mails import make_mail, make_record
from tests.integration.converting.hostile.pdfs import make_pdf
from tests.integration.converting.hostile.programs import make_docx

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def detect(data: bytes, *, file_name: str = "", told: str = "") -> Detected:
    need_confinement()
    return Sniffer(Sandbox()).detect(data[:HEAD], data[-HEAD:], file_name=file_name, told=told)


def _picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, form)
    return out.getvalue()


def _sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(100))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "media"),
    [
        (make_pdf(), "application/pdf"),
        (_picture("PNG"), "image/png"),
        (_picture("JPEG"), "image/jpeg"),
        (_picture("TIFF"), "image/tiff"),
        (_picture("WEBP"), "image/webp"),
        (Path(__file__).with_name("files").joinpath("telephone.heic").read_bytes(), "image/heic"),
        (_sound(), "audio/wav"),
        (make_zip(("a.txt", b"a")), "application/zip"),
        (make_docx(b"a"), DOCX),
        (b"hello there\n", "text/plain"),
        (b"<html><body><p>hello</p></body></html>", "text/html"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "image/svg+xml"),
        (b"From a@b Mon Jan  1 10:00:00 2024\n" + make_mail(b""), "application/mbox"),
        (make_record(b"response", b"https://example.org/", b"hello"), "application/warc"),
        (b'{"messages": [{"from": "a"}]}', "application/json"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_kind_is_found_from_the_bytes(data: bytes, media: str) -> None:
    found = detect(data)
    assert found.media == media
    assert found.warnings == ()


def test_senders_word_that_fits_is_silent_and_one_that_does_not_is_told_and_not_followed() -> None:
    assert detect(make_pdf(), file_name="minutes.pdf", told="application/pdf").warnings == ()
    found = detect(make_pdf(), file_name="holiday.jpg", told="image/jpeg")
    assert found.media == "application/pdf"
    assert found.warnings == ("its name says image/jpeg", "its sender says image/jpeg")


def test_program_named_as_a_picture_is_told() -> None:
    found = detect(b"#!/bin/sh\necho own\n", file_name="holiday.png")
    assert "it is a program" in found.warnings
    assert "its name says image/png" in found.warnings


@pytest.mark.parametrize(
    ("name", "warned"),
    [("minutes.txt", False), ("minutes\u202etxt.exe", True), ("../minutes.txt", True), ("..\\minutes.txt", True)],
)
def test_name_that_deceives_is_told(name: str, warned: bool) -> None:
    assert bool(detect(b"hello\n", file_name=name).warnings) is warned


def test_two_kinds_in_one_file_are_told_and_it_is_shown_as_the_first() -> None:
    found = detect(make_pdf() + make_zip(("a.txt", b"a")))
    assert found.media == "application/pdf"
    assert "it ends as a zip archive" in found.warnings


def test_both_detectors_are_named_with_what_they_said() -> None:
    found = detect(_picture("PNG"))
    assert (found.first, found.second, found.agree) == ("image/png", "image/png", True)
    assert found.detectors[1] == "puremagic"
    assert found.detectors[0].startswith("libmagic")


@pytest.mark.parametrize(
    ("first", "second", "agree", "media"),
    [
        ("image/png", "image/png", True, "image/png"),
        ("image/png", "image/gif", False, "image/png"),
        ("", "image/gif", False, "image/gif"),
        ("application/zip", DOCX, True, DOCX),
        (DOCX, "application/zip", True, DOCX),
        ("text/plain", "text/csv", True, "text/csv"),
        ("", "", True, "application/octet-stream"),
    ],
)
def test_which_of_two_opinions_is_followed(first: str, second: str, agree: bool, media: str) -> None:
    assert _settle(first, second) == (agree, media)
