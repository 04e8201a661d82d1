"""A bundle is read for protected names wherever a name can stand in it."""

import io
from collections.abc import Callable
from tempfile import TemporaryFile
from typing import BinaryIO, cast

import pytest

from alteram.adapters.bundles.naming import find_names_in, read_texts
from alteram.core.disclosure.names import Found, Protected
from tests.leaky import SECRET, WAYS
from tests.pdf_sources import make_pdf, save

PERSON = Protected("m05", names=(f"Anna {SECRET}",), emails=("anna@example.org",), labels=("SPEAKER 2",))


def find(data: bytes) -> tuple[Found, ...]:
    with TemporaryFile() as file:
        file.write(data)
        file.flush()
        return find_names_in(cast("BinaryIO", file), "application/pdf", [PERSON])


def test_a_name_is_told_with_its_page_and_place() -> None:
    pdf = make_pdf(["nobody", f"Anna {SECRET} was there", "SPEAKER 2: I was"])
    pdf.docinfo["/Title"] = f"Statement of A. {SECRET}"
    found = find(save(pdf))
    assert ("text that can be selected", 2, True) in {(one.place, one.page, one.certain) for one in found}
    assert ("text that can be selected", 3, True) in {(one.place, one.page, one.certain) for one in found}
    assert ("document information", 0, True) in {(one.place, one.page, one.certain) for one in found}


def test_a_file_without_the_name_names_nobody() -> None:
    assert find(save(make_pdf(["nobody", "nothing"]))) == ()


@pytest.mark.parametrize(
    ("name", "place", "make"), [one for one in WAYS if "base64" not in one[0] and "digits" not in one[0]][::6]
)
def test_a_name_that_hides_is_found_too(name: str, place: str, make: Callable[[], bytes]) -> None:
    assert [one for one in find(make()) if place in one.place]


def test_a_text_is_read_as_it_is() -> None:
    source = cast("BinaryIO", io.BytesIO(f"Anna {SECRET} said".encode()))
    found = find_names_in(source, "text/plain", [PERSON])
    assert [(one.place, one.words, one.certain) for one in found] == [("text", f"Anna {SECRET}", True)]


def test_texts_come_with_pages() -> None:
    with TemporaryFile() as file:
        file.write(save(make_pdf(["first", "second"])))
        file.flush()
        texts = list(read_texts(cast("BinaryIO", file)))
    assert {(one.page, one.text.strip()) for one in texts if one.place == "text that can be selected"} == {
        (1, "first"),
        (2, "second"),
    }
