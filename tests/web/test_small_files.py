"""Forms that take small files, or none: what is larger is not read, and nothing readable touches the disk."""

import tempfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from alteram.installation.small_files import LARGEST
from tests.web.conftest import As
from tests.web.scenes import WHIP

ASK_LINK, ADD = "/sign-in/link/", "/caucus/members/add/"


@pytest.fixture
def no_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No file can be put aside."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "there is no such folder"))


def _file(size: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("people.csv", b"x" * size)


@pytest.mark.usefixtures("no_disk")
def test_stranger_fills_no_disk_with_a_form_that_takes_no_file(db: None) -> None:
    assert Client().post(ASK_LINK, {"email": "x", "file": _file(LARGEST - 4096)}).status_code == 422
    refused = Client().post(ASK_LINK, {"email": "x", "file": _file(LARGEST + 1)})
    assert refused.status_code == 413
    assert "This is too large." in refused.content.decode()


@pytest.mark.usefixtures("no_disk")
def test_file_of_a_form_is_read_from_memory_and_one_larger_than_1_mb_is_told_beside_its_field(as_person: As) -> None:
    client = as_person(WHIP)
    lines = "".join(f"z{number}\n" for number in range(20_000)).encode()
    assert len(lines) > 1 << 16
    read = client.post(ADD, {"file": SimpleUploadedFile("people.csv", lines + b"Not one\n")})
    assert read.status_code == 422
    assert "z19999" in read.content.decode()
    refused = client.post(ADD, {"file": _file((1 << 20) + 1)})
    assert refused.status_code == 422
    assert "larger than 1 MB" in refused.content.decode()


def test_fields_that_are_too_large_are_not_read_either(db: None) -> None:
    assert Client().post(ASK_LINK, {"email": "x" * (1 << 20)}).status_code == 413
