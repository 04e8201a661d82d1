"""Words in bytes: found as they were written, in each coding, at whatever place, and never more than are there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.core.disclosure.file_words import read_words

NAME = "Zoë Müller-Ōta"


@pytest.mark.parametrize("coding", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("before", [b"", b"\x00", b"\xff\xd8\xff\xe1", b"\x00" * 7])
def test_name_is_read_wherever_it_stands(coding: str, before: bytes) -> None:
    assert NAME in read_words(before + NAME.encode(coding) + b"\x00\xff\x01")


def test_less_than_four_signs_are_no_words() -> None:
    assert read_words(b"\x00abc\x00") == ""
    assert read_words(b"\x00abcd\x00") == "abcd"


@given(
    st.binary(max_size=200), st.text(st.characters(codec="ascii", min_codepoint=32, max_codepoint=126), min_size=4),
    st.binary(max_size=200),
)  # fmt: skip
def test_words_among_any_bytes_are_read(before: bytes, words: str, after: bytes) -> None:
    assert words in read_words(before + b"\x00" + words.encode() + b"\x00" + after)
