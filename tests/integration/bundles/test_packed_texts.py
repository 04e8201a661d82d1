"""Files of office programs are read for names wherever one can stand in them, within bounds, and nothing expands."""

import io
import zipfile
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

import pytest

from alteram.adapters.bundles import naming, packed_texts
from alteram.core.disclosure.names import Protected, Text, find_names
from tests.integration.converting.confined import need_confinement
from tests.integration.converting.hostile.programs import make_docx

NAME = "Zoë Müller-Ōta"
PERSON = Protected("m05", names=(NAME,), emails=("zoe@example.org",))
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'


def pack(*parts: tuple[str, bytes | str], comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts or [("content.xml", "<a/>")]:
            packed.writestr(name, data)
        packed.comment = comment
    return out.getvalue()


def read(data: bytes, **limits: Any) -> tuple[str, int]:
    with TemporaryFile() as source, TemporaryFile() as out:
        source.write(data)
        source.flush()
        told = packed_texts.read_packed({"source": source.fileno(), "out": out.fileno(), **limits})
        out.seek(0)
        return out.read().decode(), told["unread"]


def is_named(text: str) -> bool:
    return any(one.certain for one in find_names([PERSON], [Text("file", 0, text)]))


def word(body: str) -> str:
    return f'<w:document xmlns:w="http://schemas.example/w"><w:body>{body}</w:body></w:document>'


WAYS: dict[str, bytes] = {
    "paragraph": make_docx(f"It was {NAME} who said it.".encode()),
    "runs that cut the name": pack((
        "word/document.xml",
        word("<w:p><w:r><w:t>Zoë Mül</w:t></w:r><w:proofErr/><w:r><w:rPr><w:b/></w:rPr><w:t>ler-Ōta</w:t></w:r></w:p>"),
    )),
    "tab between the names": pack((
        "word/document.xml", word("<w:p><w:r><w:t>Zoë</w:t><w:tab/><w:t>Müller-Ōta</w:t></w:r></w:p>")
    )),
    "author of a change": pack(("word/document.xml", word(f'<w:p><w:ins w:author="{NAME}" w:id="1"/></w:p>'))),
    "creator": pack((
        "docProps/core.xml",
        f'<c:p xmlns:c="c" xmlns:dc="d"><dc:creator>{NAME}</dc:creator><c:by>Nobody</c:by></c:p>',
    )),
    "shared strings": pack((
        "xl/sharedStrings.xml", "<sst><si><r><t>Zoë </t></r><r><t>Müller-Ōta</t></r></si><si><t>12</t></si></sst>"
    )),
    "slide": pack(("ppt/slides/slide1.xml", f'<p xmlns:a="a"><a:p><a:r><a:t>{NAME}</a:t></a:r></a:p></p>')),
    "properties of an open document": pack((
        "meta.xml", f'<o:meta xmlns:o="o" xmlns:dc="d"><dc:creator>{NAME}</dc:creator></o:meta>'
    )),
    "spans of an open document": pack((
        "content.xml",
        '<t:p xmlns:t="t"><t:span>Zoë</t:span><t:s/><t:span>Müller</t:span><t:span>-Ōta</t:span></t:p>',
    )),
    "XML in two bytes a letter": pack((
        "a.xml", f'<?xml version="1.0" encoding="UTF-16"?><a>{NAME}</a>'.encode("utf-16")
    )),
    "link": pack((
        "word/_rels/document.xml.rels",
        '<Relationships><Relationship Target="mailto:zoe@example.org"/></Relationships>',
    )),
    "characters by their numbers": pack(("a.xml", "<a>Zo&#235; M&#xfc;ller-&#332;ta</a>")),
    "sheet in a document": pack(("word/embeddings/sheet.xlsx", pack(("docProps/core.xml", f"<a>{NAME}</a>")))),
    "picture": pack(("word/media/image1.jpeg", b"\xff\xd8\xff\xe1" + NAME.encode() + bytes(100))),
    "name of a part": pack((f"{NAME}.txt", b"")),
    "comment of the file": pack(comment=NAME.encode()),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_name_is_found_wherever_it_stands_in_an_office_file(way: str) -> None:
    text, unread = read(WAYS[way])
    assert (is_named(text), unread) == (True, 0)


def test_file_that_names_nobody_names_nobody() -> None:
    text, unread = read(make_docx(b"It was decided on Monday."))
    assert ("decided on Monday" in text, is_named(text), unread) == (True, False, 0)


def test_names_in_two_cells_side_by_side_are_told_apart_too() -> None:
    cells = "<row><c><is><t>Nobody</t></is></c><c><is><t>Zoë Müller-Ōta</t></is></c><c><is><t>7</t></is></c></row>"
    assert is_named(read(pack(("xl/worksheets/sheet1.xml", cells)))[0])


def test_entities_are_never_expanded_and_what_has_them_is_told_of_as_unread() -> None:
    text, unread = read(pack(("word/document.xml", f"{LAUGHS}<a>{NAME} &c;</a>")))
    assert (is_named(text), "haha" in text, unread) == (True, False, 1)


def test_xml_that_is_broken_is_read_for_its_plain_words_and_told_of() -> None:
    text, unread = read(pack(("word/document.xml", f"<a><b>{NAME}</a>")))
    assert (is_named(text), unread) == (True, 1)


@pytest.mark.parametrize(("most", "unread"), [(1000, 0), (999, 1)])
def test_so_many_bytes_are_unpacked_and_no_more(most: int, unread: int) -> None:
    text, left = read(pack(("x", b"a" * 1000)), bytes=most)
    assert (left, text.count("a")) == (unread, most)


def test_bomb_is_told_of_and_what_comes_after_it_is_not_unpacked() -> None:
    text, unread = read(pack(("bomb", bytes(50 << 20)), ("a.xml", f"<a>{NAME}</a>")), bytes=1 << 20)
    assert (unread, len(text) < 1000) == (2, True)


@pytest.mark.parametrize(("parts", "unread"), [(3, 0), (4, 1)])
def test_so_many_parts_are_read_and_no_more(monkeypatch: pytest.MonkeyPatch, parts: int, unread: int) -> None:
    monkeypatch.setattr(packed_texts, "MAX_PARTS", 3)
    assert read(pack(*((str(at), b"") for at in range(parts))))[1] == unread


@pytest.mark.parametrize(("most", "unread"), [(2009, 0), (2008, 1)])
def test_so_much_text_is_given_on_and_no_more(monkeypatch: pytest.MonkeyPatch, most: int, unread: int) -> None:
    monkeypatch.setattr(packed_texts, "MAX_TEXT", most)
    text, left = read(pack(("x", b"a" * 1000), ("y", b"b" * 1000)))
    assert (len(text), left) == (2009, unread)


def test_files_in_files_are_opened_so_deep_and_no_deeper() -> None:
    inner = pack(("a.xml", f"<a>{NAME}</a>"))
    assert is_named(read(pack(("one.docx", inner)))[0])
    text, unread = read(pack(("two.docx", pack(("one.docx", inner)))))
    assert (is_named(text), unread) == (False, 1)


def encrypt(data: bytes) -> bytes:
    """Return a zip whose part says that it is encrypted."""
    altered = bytearray(data)
    altered[6] |= 1
    altered[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(altered)


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04 and no more", WAYS["creator"][:-30], encrypt(WAYS["creator"])], ids=("none", "cut", "locked")
)
def test_what_cannot_be_read_is_told_of(data: bytes) -> None:
    assert read(data)[1] == 1


def test_office_file_is_read_in_a_confined_process() -> None:
    need_confinement()
    with TemporaryFile() as file:
        source = cast("BinaryIO", file)
        source.write(WAYS["creator"])
        source.flush()
        text, is_whole = naming.read_packed(source)
    assert (is_named(text), is_whole) == (True, True)
