"""Stories are told in words: every step of the course and everybody of the cast has a name of its own."""

import msgspec
import pytest

from alteram.adapters.rulebooks import load_rulebook, shipped_names
from alteram.core.kernel.phrases import Named, Phrase, as_person, join, phrase
from alteram.core.rules.proving.casting import build_cast
from alteram.core.rules.proving.course import build_course
from alteram.core.rules.proving.course.variations import VARIATIONS
from alteram.core.rules.proving.prove import PROPERTIES, prove
from alteram.core.rules.proving.searching import Scope
from alteram.core.rules.proving.telling import name_people, tell
from alteram.core.rules.proving.titles import find_title, name_person

CLUB = load_rulebook("small-club")


@pytest.mark.parametrize("name", shipped_names("rulebooks"))
def test_every_step_of_the_course_and_of_its_other_ways_has_a_title(name: str) -> None:
    rulebook = load_rulebook(name)
    course = build_course(rulebook, build_cast(rulebook))
    steps = {step.name for way in (course, *(change(course) for change in VARIATIONS.values())) for step in way}
    assert [step for step in sorted(steps) if find_title(rulebook, step) is None] == []


def test_step_that_was_added_has_no_title_of_its_own() -> None:
    assert find_title(CLUB, "stop-1-before-triaged-by-president") is None


@pytest.mark.parametrize(
    ("person", "told"),
    [
        ("president", "President"),
        ("respondent", "respondent"),
        ("member-3", "ordinary member 3"),
        ("outsider-1", "appeal member 1"),
        ("independent-person", "somebody independent"),
        ("stranger", "somebody from outside"),
    ],
)
def test_everybody_of_the_cast_is_called_by_office_part_or_number(person: str, told: str) -> None:
    assert name_person(CLUB, person) == told


def test_nobody_in_a_story_is_left_as_a_person_who_could_be_looked_up() -> None:
    text = phrase("{a} and {b}", a=as_person("president"), b=join(", ", [as_person("member-1"), as_person("x")]))
    told = name_people(CLUB, text)
    assert told == "President and ordinary member 1, x"
    assert list(find_people(told)) == []


def find_people(text: object) -> list[str]:
    match text:
        case Named():
            return [str(text)] if text.kind == "person" else []
        case Phrase():
            return [one for _, value in text.values for one in find_people(value)]
        case _:
            return [one for value in getattr(text, "items", ()) for one in find_people(value)]


def test_story_says_in_words_what_was_done_otherwise_and_which_act_is_wrong() -> None:
    bare = msgspec.structs.replace(CLUB, demands=())
    (ladder,) = (one for one in PROPERTIES if one.id == "ladder")
    (result,) = prove(bare, (), Scope(1), properties=(ladder,)).results
    story = tell(bare, result.violations[0])
    assert "Left out: the instrument of the sanction." in story.otherwise
    wrong = [one for one in story.lines if one.wrong]
    assert [(one.who, one.what, one.act) for one in wrong] == [("President", "the sanction", "sanction.imposed")]
    assert wrong[0] is story.lines[-1]
