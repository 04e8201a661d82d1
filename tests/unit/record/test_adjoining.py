"""What an answer shows beside an excerpt: directly before, directly after, over it, how far off, or nothing at all."""

from dataclasses import replace

import pytest

from alteram.core.record import RecordError, VerifiedExcerpt, adjoin, verify_excerpt
from tests.excerpts import MESSAGES, excerpt


def shown(first: int, until: int) -> VerifiedExcerpt:
    return verify_excerpt(excerpt("thread", (first, until)))


@pytest.mark.parametrize(
    ("answer", "relation", "between", "joined", "is_earlier"),
    [
        ((2, 4), "before", (4, 4), (2, 7), True),
        ((7, 8), "after", (7, 7), (4, 8), False),
        ((0, 3), "gap", (3, 4), None, True),
        ((9, 11), "gap", (7, 9), None, False),
        ((3, 5), "overlap", (4, 5), (3, 7), True),
        ((6, 11), "overlap", (6, 7), (4, 11), False),
        ((5, 6), "overlap", (5, 6), (4, 7), False),
        ((0, 11), "overlap", (4, 7), (0, 11), True),
        ((4, 7), "overlap", (4, 7), (4, 7), False),
    ],
)
def test_answer_tells_how_it_lies_to_the_excerpt(
    answer: tuple[int, int], relation: str, between: tuple[int, int], joined: tuple[int, int] | None, is_earlier: bool
) -> None:
    told = adjoin(shown(4, 7), shown(*answer))
    assert (told.relation, told.between, told.joined) == (relation, between, joined)
    assert told.is_earlier is is_earlier


def test_answer_directly_before_joins_to_what_was_said() -> None:
    assert shown(2, 4).content + shown(4, 7).content == b"".join(MESSAGES[2:7])


@pytest.mark.parametrize("change", [{"exhibit": "other"}, {"organisation": "other"}, {"of": 12}, {"tree": bytes(32)}])
def test_answer_of_another_exhibit_answers_nothing(change: dict[str, object]) -> None:
    other = replace(shown(2, 4), **change)  # type: ignore[arg-type] # one member each, of its own type
    with pytest.raises(RecordError) as caught:
        adjoin(shown(4, 7), other)
    assert caught.value.code == "excerpt.other-exhibit"
