"""Which form a file gets: by what it is, and as a plain document where it is not what it was called."""

from dataclasses import replace
from pathlib import Path

import pytest

from alteram.core.kernel.canonical import MAX_INTEGER
from alteram.operations.evidence_ports import (
    Capture,
    CapturedPage,
    RecordingFacts,
    ShownDocument,
    Thread,
    Unshown,
    WhyUnshown,
)
from alteram.operations.exhibits.forms import MOST_RECOGNISED, make_form
from tests.evidence import PictureReading, PlainReading, build_plain_tools


class Reading(PlainReading):
    """Cannot read threads and captures, for a reason of one's own."""

    def __init__(self, why: WhyUnshown) -> None:
        self._why = why

    def read_messages(self, source: Path, media: str) -> Thread | Unshown:
        return Unshown(self._why)

    def read_capture(self, source: Path, media: str) -> Capture | Unshown:
        return Unshown(self._why)


class Capturing(PlainReading):
    """Reads a capture."""

    def read_capture(self, source: Path, media: str) -> Capture | Unshown:
        return Capture("warc", (CapturedPage("http://paper.invalid", "", "text/html", "200", False, "Words."),), 1)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "source"
    file.write_text("page one\fpage two", encoding="ascii")
    return file


@pytest.mark.parametrize(("kind", "media"), [("message", "text/plain"), ("web-page", "text/html")])
def test_what_is_no_thread_and_no_capture_is_shown_as_a_document(
    source: Path, tmp_path: Path, kind: str, media: str
) -> None:
    reading = Reading("not-shown")
    tools = replace(build_plain_tools(), threads=reading, captures=reading, documents=_AnyText())
    made = make_form(tools, source, tmp_path, kind=kind, media=media)
    assert (made.form, made.facts["texts"]) == ("pages", ["page one", "page two"])


@pytest.mark.parametrize(("kind", "media"), [("message", "text/plain"), ("web-page", "text/html")])
def test_what_is_damaged_says_so_and_is_shown_as_nothing_else(
    source: Path, tmp_path: Path, kind: str, media: str
) -> None:
    reading = Reading("damaged")
    tools = replace(build_plain_tools(), threads=reading, captures=reading, documents=_AnyText())
    made = make_form(tools, source, tmp_path, kind=kind, media=media)
    assert (made.form, made.facts["unshown"]) == ("bytes", "damaged")


def test_capture_is_read_as_one_only_where_it_can_be_nothing_else_or_was_lodged_as_one(
    source: Path, tmp_path: Path
) -> None:
    tools = replace(build_plain_tools(), captures=Capturing())
    assert "capture" in make_form(tools, source, tmp_path, kind="web-page", media="text/html").facts
    assert "capture" in make_form(tools, source, tmp_path, kind="document", media="application/warc").facts
    assert "capture" not in make_form(tools, source, tmp_path, kind="document", media="text/html").facts


@pytest.mark.parametrize(("milliseconds", "form"), [(MAX_INTEGER, "flac"), (MAX_INTEGER + 1, "bytes")])
def test_recording_that_says_what_cannot_be_kept_is_lodged_as_it_came(
    source: Path, tmp_path: Path, milliseconds: int, form: str
) -> None:
    tools = replace(build_plain_tools(), recordings=_SaysItsLength(milliseconds))
    folder = tmp_path / "made"
    folder.mkdir()
    made = make_form(tools, source, folder, kind="recording", media="audio/flac")
    assert (made.form, made.facts.get("unshown")) == (form, None if form == "flac" else "damaged")


class _SaysItsLength(PlainReading):
    """Reads recordings that say they are so long."""

    def __init__(self, milliseconds: int) -> None:
        self._milliseconds = milliseconds

    def look(self, source: Path) -> RecordingFacts | Unshown:
        return RecordingFacts("flac", self._milliseconds, ())


class _AnyText(PlainReading):
    """Shows every file as a plain text."""

    def show(self, source: Path, media: str, folder: Path) -> ShownDocument | Unshown:
        return super().show(source, "text/plain", folder)


def test_text_is_recognised_in_pages_that_are_pictures_only_and_marked_as_a_guess(tmp_path: Path) -> None:
    source = tmp_path / "scan"
    source.write_text("typed\f \f \f ", encoding="ascii")
    tools = replace(build_plain_tools(), documents=PictureReading("in a picture", " \n"))
    facts = make_form(tools, source, tmp_path, kind="document", media="text/plain").facts
    assert facts["texts"] == ["typed", "in a picture", " ", " "]
    assert (facts["recognised"], facts["unread"], facts["tool"]) == ([1], [3], "plain, a reader")


@pytest.mark.parametrize("more", [0, 1])
def test_no_more_pages_are_recognised_than_lodging_has_time_for(tmp_path: Path, more: int) -> None:
    source = tmp_path / "scan"
    source.write_text("\f" * (MOST_RECOGNISED + more - 1), encoding="ascii")
    tools = replace(build_plain_tools(), documents=PictureReading(*["read"] * 99))
    facts = make_form(tools, source, tmp_path, kind="document", media="text/plain").facts
    assert facts["recognised"] == list(range(MOST_RECOGNISED))
    assert facts["unread"] == list(range(MOST_RECOGNISED, MOST_RECOGNISED + more))
