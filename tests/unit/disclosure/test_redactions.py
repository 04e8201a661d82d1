"""Which places are cut out: every spelling of a word, whole words, boxes of one line as one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.core.disclosure.redactions import (
    MAX_CUTS,
    MAX_WORDS,
    WHOLE,
    Asked,
    Box,
    PageWord,
    Place,
    RedactionError,
    find_doubtful,
    find_places,
    join_boxes,
    number_cuts,
    redact_text,
)
from tests.effort import measure_effort


def lay(text: str) -> list[PageWord]:
    """Words of a text on pages parted by form feeds, in lines, each word 100 wide."""
    return [
        PageWord(word, page, line, Box(110 * at, 200 * line, 110 * at + 100, 200 * line + 100))
        for page, part in enumerate(text.split("\f"))
        for line, words in enumerate(part.split("\n"))
        for at, word in enumerate(words.split())
    ]


def found(text: str, wanted: str) -> list[str]:
    words = lay(text)
    places = set(find_places(words, wanted))
    return [word.text for word in words if Place(word.page, word.box) in places]


@pytest.mark.parametrize(
    ("text", "wanted", "cut"),
    [
        ("Ms Müller left", "mueller", ["Müller"]),
        ("Ms Müller's coat", "Müller", ["Müller's"]),
        ("the Mül-\nler house", "Müller", ["Mül-", "ler"]),
        ("the Mül-\fler house", "Müller", ["Mül-", "ler"]),
        ("Anna\nMüller left", "Anna Müller", ["Anna", "Müller"]),
        ("Anna\fMüller left", "Anna Müller", ["Anna", "Müller"]),
        ("M ü l l e r left", "Müller", ["M", "ü", "l", "l", "e", "r"]),
        ("(Müller), Müllerin", "Müller", ["(Müller),"]),
        ("ПЕТРОВ ушёл", "Петров", ["ПЕТРОВ"]),
        ("王小明说", "小明", ["王小明说"]),
        ("قالت فاطمة أمس", "فَاطِمَة", ["فاطمة"]),
        ("nobody", "Müller", []),
    ],
)
def test_every_word_of_which_it_is_a_part_is_cut_out(text: str, wanted: str, cut: list[str]) -> None:
    assert found(text, wanted) == cut


@given(st.lists(st.sampled_from(["Müller", "MUELLER", "mill", "and", "Müllers", "müller."]), max_size=30))
def test_no_spelling_is_left(words: list[str]) -> None:
    text = " ".join(words)
    left = [one for one in words if one not in {"mill", "and"}]
    assert found(text, "Müller") == left


def test_words_that_are_nearly_it_are_told_as_doubtful() -> None:
    assert [one.text for one in find_doubtful(lay("Mullcr Mü11er miller table"), ["Müller"])] == [
        "Mullcr",
        "Mü11er",
        "miller",
    ]


def cover(drawn: Place, words: list[PageWord]) -> tuple[Place, ...]:
    (cut,) = number_cuts([Asked("why", (drawn,))], words)
    return cut.places


def test_a_box_that_covers_a_good_part_of_a_word_takes_the_whole_of_it() -> None:
    words = lay("first second")
    assert cover(Place(0, Box(0, 0, 30, 100)), words) == (Place(0, Box(0, 0, 30, 100)), Place(0, words[0].box))
    assert cover(Place(0, Box(0, 0, 24, 100)), words) == (Place(0, Box(0, 0, 24, 100)),)
    assert cover(Place(1, Box(0, 0, 100, 100)), words) == (Place(1, Box(0, 0, 100, 100)),)


def test_boxes_of_one_line_become_one_and_others_stay() -> None:
    first, near, far, below = Box(0, 0, 100, 100), Box(150, 10, 300, 90), Box(900, 0, 950, 100), Box(0, 200, 100, 300)
    assert join_boxes([below, far, near, first]) == [Box(0, 0, 300, 100), far, below]


@given(
    st.lists(
        st.tuples(*[st.integers(0, WHOLE - 1)] * 2, *[st.integers(1, 900)] * 2).map(
            lambda one: Box(one[0], one[1], one[0] + one[2], one[1] + one[3])
        ),
        max_size=12,
    )
)
def test_joined_boxes_cover_all_that_was_covered(boxes: list[Box]) -> None:
    joined = join_boxes(boxes)
    for box in boxes:
        assert any(
            one.left <= box.left and one.top <= box.top and one.right >= box.right and one.bottom >= box.bottom
            for one in joined
        )


def test_as_many_cuts_and_words_as_may_be_are_taken_and_one_more_is_not() -> None:
    assert len(number_cuts([Asked("x")] * MAX_CUTS, ())) == MAX_CUTS
    with pytest.raises(RedactionError):
        number_cuts([Asked("x")] * (MAX_CUTS + 1), ())
    assert number_cuts([Asked("x", (), ("word",) * MAX_WORDS)], ())
    with pytest.raises(RedactionError):
        number_cuts([Asked("x", (), ("word",) * (MAX_WORDS + 1))], ())


def test_what_two_cuts_find_in_one_place_is_cut_out_once() -> None:
    asked = [Asked("first", (), ("Anna Müller",)), Asked("second", (), ("Müller left",))]
    assert redact_text("Ms Anna Müller left.", asked).startswith("Ms █████[1].\n")


@pytest.mark.parametrize("wanted", ["…", "——", "", "x"])
def test_what_has_no_word_or_one_letter_is_refused(wanted: str) -> None:
    with pytest.raises(RedactionError):
        find_places(lay("any text"), wanted)


def test_one_sign_of_a_script_that_writes_words_with_one_may_be_looked_for() -> None:
    assert found("昨天 王 说", "王") == ["王"]


@pytest.mark.parametrize("wanted", ["a" * 5_000, "abcdefghi"])
def test_words_without_end_are_nearly_nothing_and_found_so_in_time(wanted: str) -> None:
    text = lay("b" * 20_000)
    doubtful, effort = measure_effort(lambda: find_doubtful(text, [wanted]))
    assert doubtful == []
    assert effort < 500


@pytest.mark.parametrize(("length", "is_like"), [(39, True), (40, True), (41, False)])
def test_longest_words_of_which_letters_may_differ(length: int, is_like: bool) -> None:
    word = "abcdefghij" * 5
    assert bool(find_doubtful(lay("x" + word[1:length]), [word[:length]])) is is_like
