"""The press: tagged PDF that says what it must, hostile texts as plain text, templates that do harm to nobody."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alteram.adapters.letters import TypstPress, press
from alteram.adapters.letters.wording import LONGEST_WORD, prepare
from alteram.core.kernel.canonical import Json
from alteram.installation.places import NOTO
from alteram.operations.letters.samples import SAMPLES, build_sample
from alteram.operations.printing import LetterError
from tests.needs import cannot_run, need_program

DAY = datetime(2026, 3, 2, tzinfo=UTC)
POPPLER = "install it with: apt-get install poppler-utils"
ReadText = Callable[[bytes], str]


@pytest.fixture
def read_text(tmp_path: Path) -> ReadText:
    program = need_program("pdftotext", provided_by=POPPLER)

    def read(pdf: bytes) -> str:
        path = tmp_path / "letter.pdf"
        path.write_bytes(pdf)
        # Places where a line may break are no part of what is said.
        return subprocess.check_output([program, str(path), "-"], text=True).replace("\u200b", "")

    return read


def acknowledge(text: str, **changed: Json) -> bytes:
    data = {**build_sample("acknowledgement"), "text": text, **changed}
    return TypstPress().print_pdf("acknowledgement", data, dated_at=DAY).pdf


@pytest.mark.parametrize("letter", sorted(SAMPLES))
def test_every_letter_is_a_tagged_pdf_with_a_language_and_a_title(letter: str) -> None:
    pdf = TypstPress().print_pdf(letter, build_sample(letter), dated_at=DAY).pdf
    assert pdf.startswith(b"%PDF-1.7")
    for mark in (
        b"/MarkInfo",
        b"/Marked true",
        b"/StructTreeRoot",
        b"/Lang",
        b"/DisplayDocTitle true",
        b"pdfuaid:part",
    ):
        assert mark in pdf, mark


def test_same_letter_on_the_same_day_is_the_same_bytes_and_on_another_day_is_not() -> None:
    data = build_sample("notice")
    first, again = (TypstPress().print_pdf("notice", data, dated_at=DAY).pdf for _ in range(2))
    assert first == again
    later: dict[str, Json] = {**data, "dated": [2026, 3, 3]}
    assert first != TypstPress().print_pdf("notice", later, dated_at=DAY.replace(day=3)).pdf


def test_notice_says_what_it_must(read_text: ReadText) -> None:
    text = read_text(TypstPress().print_pdf("notice", build_sample("notice"), dated_at=DAY).pdf)
    for said in (
        "Notice of what is alleged",
        "Nothing is decided.",
        "30 March 2026, 17:00",
        "Again on 17 February, before others.",
        "The worst that may follow here is Expulsion",
        "A seat, and the staff that comes with it.",
        "at least 2/3 of all members",
        "10 working days",
        "Clause 5.1: Notice",
    ):
        assert said in text, said


HOSTILE = (
    '#import "letter.typ": data',
    '#read("/etc/passwd")',
    "#{ while true {} }",
    "*bold* _thin_ = head - item `raw` $x^2$ <label> @ref // gone /* gone */ ~ \\ \\u{41}",
    '"); panic("x',
    "\\",
    "]]}}))",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_text_is_plain_text(read_text: ReadText, text: str) -> None:
    assert text in " ".join(read_text(acknowledge(text)).split())


def test_text_of_every_script_prints(read_text: ReadText) -> None:
    text = read_text(acknowledge("Tāmati Žižek Ωμέγα Жук"))
    assert "Tāmati Žižek Ωμέγα Жук" in text
    assert acknowledge("שלום מרחבה مرحبا 😀").startswith(b"%PDF-")


def test_character_that_no_font_has_is_told_by_its_number(read_text: ReadText) -> None:
    text = read_text(acknowledge("before 漢 and 🦄 after"))
    assert "before [U+6F22] and [U+1F984] after" in text


NOTO_BROUGHT = "install them with: apt-get install fonts-noto-core fonts-noto-cjk"
NAMES = ("李小龍", "田中太郎", "김철수", "हिन्दी", "ไทย", "አማርኛ")


def need_noto() -> tuple[Path, ...]:
    folders = tuple(one for one in NOTO if one.is_dir() and any(one.iterdir()))
    if len(folders) < len(NOTO):
        cannot_run("Noto fonts are missing", NOTO_BROUGHT)
    return folders


def test_names_in_any_script_print_where_the_machine_has_fonts_for_them(read_text: ReadText) -> None:
    spare = need_noto()
    data = {**build_sample("acknowledgement"), "to": NAMES[0], "text": " ".join(NAMES) + " and 🦄 after"}
    printed = TypstPress(spare=spare).print_pdf("acknowledgement", data, dated_at=DAY).pdf
    text = read_text(printed)
    assert f"To {NAMES[0]}" in text
    for name in NAMES:
        assert name in text, name
    # A character that no font there has either is still told, not dropped.
    assert "[U+1F984] after" in text
    assert printed == TypstPress(spare=spare).print_pdf("acknowledgement", data, dated_at=DAY).pdf


def test_arabic_prints_with_what_ships_and_reads_from_right_to_left(read_text: ReadText) -> None:
    text = read_text(acknowledge("For أحمد بن علي alone", to="أحمد بن علي"))
    assert "أحمد بن علي" in text
    assert "[U+" not in text


def test_letter_without_such_names_is_the_same_bytes_whatever_fonts_the_machine_has(tmp_path: Path) -> None:
    data = build_sample("notice")
    plain = TypstPress().print_pdf("notice", data, dated_at=DAY).pdf
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    for spare in ([tmp_path], [tmp_path / "none"], [one for one in NOTO if one.is_dir()]):
        assert TypstPress(spare=spare).print_pdf("notice", data, dated_at=DAY).pdf == plain


def test_pictures_show_the_names_that_the_pdf_has() -> None:
    def picture(text: str, spare: tuple[Path, ...]) -> tuple[bytes, ...]:
        data = {**build_sample("acknowledgement"), "text": text}
        return TypstPress(spare=spare).print_pages("acknowledgement", data, dated_at=DAY)

    spare = need_noto()
    assert picture("a 漢 b", spare) != picture("a [U+6F22] b", spare)


def test_font_in_the_organisations_folder_counts_without_any_template(tmp_path: Path, read_text: ReadText) -> None:
    need_noto()
    (tmp_path / "fonts").mkdir()
    shutil.copy(NOTO[0] / "NotoSansRunic-Regular.ttf", tmp_path / "fonts")
    data = {**build_sample("acknowledgement"), "text": "so ᚠ it"}
    assert "so ᚠ it" in read_text(TypstPress(tmp_path).print_pdf("acknowledgement", data, dated_at=DAY).pdf)
    assert "so [U+16A0] it" in read_text(TypstPress().print_pdf("acknowledgement", data, dated_at=DAY).pdf)


def test_more_unknown_characters_than_one_answer_names_are_told_too(read_text: ReadText) -> None:
    many = " ".join(chr(0x4E00 + number) for number in range(400))
    text = read_text(acknowledge(many))
    assert "[U+4E00]" in text
    assert "[U+4F8F]" in text


def test_pictures_show_the_same_words_as_the_pdf() -> None:
    def picture(text: str) -> tuple[bytes, ...]:
        data = {**build_sample("acknowledgement"), "text": text}
        return TypstPress().print_pages("acknowledgement", data, dated_at=DAY)

    assert picture("a 漢 b") == picture("a [U+6F22] b")


def test_mark_that_turns_the_direction_is_shown(read_text: ReadText) -> None:
    assert "pay [U+202E]001 to me" in read_text(acknowledge("pay \u202e001 to me"))


def test_control_characters_and_half_characters_are_shown() -> None:
    assert prepare("a\x00b\x1b\ud800") == "a[U+0000]b[U+001B][U+D800]"
    assert prepare("a\tb\r\nc") == "a    b\nc"


@pytest.mark.parametrize(("length", "parts"), [(LONGEST_WORD, 1), (LONGEST_WORD + 1, 2)])
def test_only_a_word_longer_than_the_limit_gets_places_to_break(length: int, parts: int) -> None:
    prepared = prepare("x" * length)
    assert isinstance(prepared, str)
    assert len(prepared.split("\u200b")) == parts


def test_very_long_word_stays_on_the_page_whole(read_text: ReadText) -> None:
    assert "".join(read_text(acknowledge("x" * 5000)).split()).count("x") >= 5000


def test_letter_that_is_too_long_is_refused() -> None:
    with pytest.raises(LetterError, match="too long"):
        acknowledge("word " * (press.MAX_DATA // 5 + 1))


def write_own(folder: Path, text: str, name: str = "acknowledgement") -> TypstPress:
    (folder / f"{name}.typ").write_text(text)
    return TypstPress(folder)


def print_own(own: TypstPress) -> str:
    """Return why a template of the organisation's own does not print; empty where it does."""
    printed = own.print_pdf("acknowledgement", build_sample("acknowledgement"), dated_at=DAY)
    assert printed.pdf.startswith(b"%PDF-")
    return printed.problem


def test_own_template_counts_in_the_place_of_the_shipped_one(tmp_path: Path, read_text: ReadText) -> None:
    own = write_own(tmp_path, '#import "letter.typ": *\n#show: body => letter("Kia ora", body)\n#prose(data.text)\n')
    printed = own.print_pdf("acknowledgement", build_sample("acknowledgement"), dated_at=DAY)
    assert not printed.problem
    assert "Kia ora" in read_text(printed.pdf)
    assert next(one for one in own.templates() if one.name == "acknowledgement").own is not None


def test_broken_template_is_told_with_its_line_and_the_shipped_one_prints(tmp_path: Path) -> None:
    problem = print_own(write_own(tmp_path, "= Head\n\n#nothing()\n"))
    assert problem == "acknowledgement.typ:3:1: unknown variable: nothing"


@pytest.mark.parametrize(
    "text",
    [
        '#read("/etc/passwd")',
        '#read("../../../../../../../../etc/passwd")',
        '#image("/etc/hostname")',
        '#import "@preview/cetz:0.3.0": *',
    ],
)
def test_template_reads_nothing_but_templates(tmp_path: Path, text: str) -> None:
    assert print_own(write_own(tmp_path, text))


def test_template_that_is_a_link_out_of_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.txt").write_text("secret")
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "secret.typ").symlink_to(tmp_path / "elsewhere.txt")
    assert all(one.name != "secret" for one in TypstPress(tmp_path / "letters").templates())


def test_template_that_never_ends_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "SECONDS", 2)
    own = write_own(tmp_path, "#for a in range(99999) { for b in range(99999) { let c = a * b } }")
    assert "more time or memory" in print_own(own)


def test_package_is_asked_for_of_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.2)
    port = listening.getsockname()[1]
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setitem(os.environ, name, f"http://127.0.0.1:{port}")
    with listening:
        problem = print_own(write_own(tmp_path, '#import "@preview/cetz:0.3.0": *'))
        assert "failed to download package" in problem
        with pytest.raises(TimeoutError):
            listening.accept()


def test_too_large_a_template_is_left_aside(tmp_path: Path) -> None:
    own = write_own(tmp_path, "/" * (press.MAX_TEMPLATE + 1))
    assert next(one for one in own.templates() if one.name == "acknowledgement").own is None
