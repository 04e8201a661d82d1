"""A phrase is its English text to everybody, and its template and values to who translates it."""

import copy
import json
import pickle
from datetime import date, timedelta

import pytest

from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import (
    Phrase,
    as_act,
    as_moment,
    as_own,
    as_people,
    as_person,
    as_word,
    join,
    phrase,
)


def test_a_phrase_is_its_english_text() -> None:
    told = phrase("It came later than {within}.", within=Period(clear_days=10))
    assert told == "It came later than 10 clear days."
    assert hash(told) == hash("It came later than 10 clear days.")
    known: dict[str, int] = {told: 1}
    assert known["It came later than 10 clear days."] == 1
    assert json.dumps(told) == '"It came later than 10 clear days."'


def test_a_phrase_keeps_its_template_and_its_values() -> None:
    period = Period(clear_days=10)
    told = phrase("It came later than {within}.", within=period)
    assert (told.template, told.values) == ("It came later than {within}.", (("within", period),))


def test_braces_are_text_where_nothing_is_filled_in() -> None:
    assert phrase("Write {notice-period: {}}.") == "Write {notice-period: {}}."


def test_two_phrases_of_one_text_are_equal_however_they_came_by_it() -> None:
    assert phrase("{a}", a="Late.") == phrase("Late.")
    assert phrase("Late.") != phrase("Early.")


def test_a_phrase_within_a_phrase_is_still_one() -> None:
    inner = phrase("It was late.")
    outer = phrase("{because} Nothing shows it.", because=inner)
    assert outer == "It was late. Nothing shows it."
    assert dict(outer.values)["because"] is inner


def test_joined_texts_read_as_if_joined_and_are_told_apart() -> None:
    told = join(phrase(" or "), [as_word("chair"), as_word("case manager")])
    assert told == "chair or case manager"
    assert told.items == ("chair", "case manager")
    assert join(", ", []) == ""


@pytest.mark.parametrize(
    ("made", "kind"), [(as_person("m05"), "person"), (as_act("notice.served"), "act"), (as_own("e1"), "own")]
)
def test_a_name_says_of_what_it_is_one(made: object, kind: str) -> None:
    assert getattr(made, "kind", "") == kind


def test_a_moment_is_told_as_given_and_else_by_iso_8601() -> None:
    day = date(2027, 1, 7)
    assert as_moment(day) == "2027-01-07"
    assert as_moment(day, "Thu 7 Jan 2027") == "Thu 7 Jan 2027"
    assert as_moment(day, "Thu 7 Jan 2027").at == day


@pytest.mark.parametrize("name", ["template", "values", "other"])
def test_a_phrase_cannot_be_changed(name: str) -> None:
    told = phrase("It was late.")
    with pytest.raises(AttributeError, match="cannot be changed"):
        setattr(told, name, "x")
    with pytest.raises(AttributeError, match="cannot be changed"):
        delattr(told, name)
    assert (told.template, told.values) == ("It was late.", ())


def _pickled(told: Phrase) -> object:
    return pickle.loads(pickle.dumps(told))  # noqa: S301 - it was pickled here


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, _pickled])
def test_a_phrase_is_whole_after_it_was_copied_or_pickled(again: object) -> None:
    told = phrase(
        "{people} had {time} from {day} to do {act}.",
        people=as_people(["m05", "m07"]),
        time=timedelta(days=2),
        day=as_moment(date(2027, 1, 7), "7 January"),
        act=as_act("notice.served"),
    )
    made = again(told)  # type: ignore[operator]  # parametrize passes objects
    assert isinstance(made, Phrase)
    assert made == told == "m05, m07 had 2 days, 0:00:00 from 7 January to do notice.served."
    assert made.template == told.template
    people, _, day, act = (value for _, value in made.values)
    assert [one.kind for one in people.items] == ["person", "person"]  # type: ignore[attr-defined]  # as made above
    assert (day.at, act.kind) == (date(2027, 1, 7), "act")  # type: ignore[attr-defined]  # as made above
