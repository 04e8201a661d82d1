"""Protected names are found however they are written, with the place, and what only looks like one says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.core.disclosure.folding import fold, pattern_for
from alteram.core.disclosure.names import Found, Protected, Text, find_names

ANNA = Protected(
    "m05",
    names=("Anna Maria Müller",),
    aliases=("Nightingale", "小鳥"),
    addresses=("Lindenstraße 12, 10969 Berlin",),
    emails=("anna.mueller@example.org",),
    telephones=("+49 170 1234567",),
    labels=("SPEAKER 2",),
)


def find(text: str, person: Protected = ANNA) -> list[Found]:
    return list(find_names([person], [Text("page", 7, text)]))


CERTAIN = [
    "Anna Maria Müller",
    "ANNA MARIA MÜLLER",
    "Anna Maria Mu\u0308ller",
    "Anna Maria Mueller",
    "Anna Maria Muller",
    "Anna  Maria\nMüller",
    "Anna Maria Mül-\nler",
    "Anna Ma-\n  ria Müller",
    "An\u00adna Ma\u200bria Müller",
    "A n n a  M a r i a  M ü l l e r",
    "Anna Müller",
    "Anna_Maria_Müller",
    "AnnaMariaMueller",
    "Müller, Anna Maria",
    "Müller Anna",
    "A. Müller",
    "A. M. Müller",
    "A.M. Müller",
    "A M Müller",
    "Müller, A.",
    "Anna Müller's",
    "Anna Müllers",
    "Anna Müller\u2019s",
    "Ａｎｎａ Ｍüller",
    "nightingale",
    "Night-\ningale",
    "小鳥",
    "小 鳥",
    "Lindenstraße 12, 10969 Berlin",
    "Lindenstr. 12",
    "LINDENSTRASSE 12",
    "Lindenstrasse\n12",
    "anna.mueller@example.org",
    "Anna.Mueller@Example.org",
    "anna.mueller (at) example.org",
    "anna.mueller [at] example dot org",
    "anna dot mueller at example dot org",
    "+49 170 1234567",
    "0170/1234567",
    "0170-12 34 567",
    "(0170) 1234567",
    "00491701234567",
]


@pytest.mark.parametrize("words", CERTAIN)
def test_a_whole_name_or_address_is_found_for_certain_where_it_stands(words: str) -> None:
    before = "It was said by "
    found = find(f"{before}{words}, and then the meeting ended.")
    assert [one.certain for one in found if one.start < len(before) + len(words) and one.end > len(before)][0:1] == [
        True
    ]
    first = found[0]
    assert (first.identity, first.place, first.page) == ("m05", "page", 7)
    assert first.start >= len(before)
    assert first.end <= len(before) + len(words)
    assert len(first.words) >= len(words) - 9


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Müller", "part of the name"),
        ("Anna", "part of the name"),
        ("Mü11er", "a word like a part of the name"),
        ("Mullcr", "a word like a part of the name"),
        ("Miiller", "a word like a part of the name"),
        ("Mulier", "a word like a part of the name"),
        ("Nightlngale", "a word like a part of the name"),
        ("Nihgtingale", "a word like a part of the name"),
        ("Nigtingaie", "a word like a part of the name"),
        ("Müllerin", "a word like a part of the name"),
        ("A.M.M.", "initials"),
        ("anna.mueller", ""),
        ("the SPEAKER 2 said", "label of a speaker, elsewhere"),
    ],
)
def test_a_part_of_a_name_or_a_likeness_is_told_as_may_be(words: str, why: str) -> None:
    found = find(f"It was {words} there")
    assert found
    if why:
        assert [(one.why, one.certain) for one in found] == [(why, False)]


@pytest.mark.parametrize(
    "line", ["SPEAKER 2: I was there", "> Speaker 2 : yes", "[Speaker 2] yes", "00:01:02 SPEAKER 2: no"]
)
def test_a_label_before_what_was_said_is_certain(line: str) -> None:
    found = find(f"transcript\n{line}\n")
    assert [(one.why, one.certain) for one in found] == [("label of a speaker", True)]
    assert found[0].words.lower() == "speaker 2"


@pytest.mark.parametrize(
    "text",
    [
        "The savanna was warm, and the banana millers annoyed nobody.",
        "A manual in an annex of the mill",
        "Lindenstraße 120",
        "0170 1234568",
        "xanna.mueller@example.organic",
        "SPEAKER 21: yes",
        "I am here",
        "",
    ],
)
def test_what_names_nobody_is_not_found_for_certain(text: str) -> None:
    assert [one for one in find(text) if one.certain] == []


def test_short_words_that_only_contain_a_name_are_not_found() -> None:
    assert find("annals bananna savanna") == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Иван Петров", "это сказал ПЕТРОВ ИВАН вчера"),
        ("Ελένη Παπαδοπούλου", "η ΕΛΕΝΗ ΠΑΠΑΔΟΠΟΥΛΟΥ είπε"),
        ("שרה לוי", "אמרה לשרה לוי אתמול"),
        ("فاطمة حسن", "قالت فَاطِمَة حسن أمس"),
        ("王小明", "昨天王 小明说"),
        ("सीता शर्मा", "कल सीता शर्मा ने कहा"),
        ("สมชาย ใจดี", "เมื่อวานสมชายใจดีพูด"),
        ("Łukasz Żółć", "wczoraj LUKASZ ZOLC"),
        ("Søren Ærø", "i går SOREN AERO"),
        ("Jan van der Berg", "gisteren Jan van der Berg zei"),
        ("Seán O'Brien", "yesterday Sean O’Brien said"),
        ("Jean-Luc Petit", "hier Jean Luc Petit"),
        ("Işıl Çağrı", "dün ISIL CAGRI"),
    ],
)
def test_names_in_every_script_are_found(name: str, text: str) -> None:
    found = find(text, Protected("p", names=(name,)))
    assert found
    assert found[0].certain


def test_what_was_found_stands_where_it_says() -> None:
    text = "Ünïcödé " * 20 + "Anna\u00adMüller ging"
    (found,) = find(text)
    assert text[found.start : found.end] == found.words == "Anna\u00adMüller"


def test_each_protected_person_is_told_apart() -> None:
    people = [ANNA, Protected("m06", names=("Bo Lind",))]
    found = list(find_names(people, [Text("title", 0, "Bo Lind and Anna Müller"), Text("page", 2, "Lind, Bo")]))
    assert {(one.identity, one.place, one.page) for one in found} == {
        ("m05", "title", 0),
        ("m06", "title", 0),
        ("m06", "page", 2),
    }


@given(st.text(max_size=80))
def test_folding_tells_for_each_stretch_where_it_stood(text: str) -> None:
    folded = fold(text)
    for start in range(len(folded.text)):
        first, last = folded.place(start, start + 1)
        assert 0 <= first < last <= len(text)
        assert folded.text[start] in fold(text[first:last]).text


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=12), st.text(max_size=20))
def test_a_word_is_found_in_whatever_stands_around_it(word: str, around: str) -> None:
    try:
        pattern = pattern_for(word)
    except ValueError:
        return
    assert pattern.search(fold(f"{around} {word} {around}").text)
    assert pattern.search(fold(f"({word.upper()})").text) or fold(word.upper()).text != fold(word).text


@given(st.text(max_size=60))
def test_any_text_may_be_a_protected_name(name: str) -> None:
    person = Protected(
        "p", names=(name,), aliases=(name,), addresses=(name,), emails=(name,), telephones=(name,), labels=(name,)
    )
    list(find_names([person], [Text("page", 1, f"before {name} after")]))


@pytest.mark.parametrize(
    ("address", "text", "is_found"),
    [
        ("Mühle, 10969 Berlin", "in Mühle, 10969 Berlin", True),
        ("Mühle, 10969 Berlin", "a Mühle by the river", False),
        ("12 Mill Road, Bath", "12 Mill Rd. in Bath", True),
        ("Am Platz 3", "am Pl. 3", True),
        ("Am Platz 3", "am Platz 4", False),
        ("Haus Seeblick", "Haus Seeblick", True),
    ],
)
def test_an_address_is_found_by_its_first_line_unless_that_is_one_word(address: str, text: str, is_found: bool) -> None:
    assert bool(find(text, Protected("p", addresses=(address,)))) is is_found


@pytest.mark.parametrize("email", ["", "anna", "anna@", "@example.org", "a@b.org"])
def test_what_is_no_address_or_has_a_short_first_half_finds_no_half(email: str) -> None:
    assert find("anna and a went to example org", Protected("p", emails=(email,))) == []


@pytest.mark.parametrize(("number", "certain"), [("12345", []), ("123456", [False]), ("123456789", [True])])
def test_a_short_telephone_number_may_be_one_and_a_shorter_is_not_looked_for(number: str, certain: list[bool]) -> None:
    assert [one.certain for one in find(f"call {number} now", Protected("p", telephones=(number,)))] == certain


def test_a_text_without_a_word_has_no_pattern() -> None:
    with pytest.raises(ValueError, match="no word"):
        pattern_for("?!")
