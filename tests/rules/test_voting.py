"""Votes: what a share needs, against counting by hand; and that more votes against never make a motion pass (T8)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.core.rules.rulebook import Share
from alteram.core.rules.voting import MORE_FOR_THAN_AGAINST, count_needed

_counts = st.integers(0, 200)


@st.composite
def _shares(draw: st.DrawFn) -> Share:
    denominator = draw(st.integers(1, 12))
    return Share(
        numerator=draw(st.integers(1, denominator)),
        denominator=denominator,
        of="cast",
        more_than=draw(st.booleans()),
    )


def _reaches(share: Share, votes: int, base: int) -> bool:
    """Say the same from the definition: votes over base, compared as fractions; nobody carries nothing."""
    if votes == 0:
        return False
    wanted = Fraction(share.numerator, share.denominator) * base
    return votes > wanted if share.more_than else votes >= wanted


@given(_shares(), _counts, _counts)
def test_votes_reach_a_share_exactly_when_the_fraction_does(share: Share, votes: int, base: int) -> None:
    assert (votes >= count_needed(share, base)) == _reaches(share, votes, base)


@given(_shares(), _counts, _counts, st.integers(1, 50))
def test_more_votes_against_never_make_a_motion_pass(share: Share, votes: int, against: int, more: int) -> None:
    passes_now = votes >= count_needed(share, votes + against)
    passes_then = votes >= count_needed(share, votes + against + more)
    assert passes_now or not passes_then


@given(_shares(), _counts, st.integers(1, 50))
def test_a_larger_base_never_needs_fewer_votes(share: Share, base: int, more: int) -> None:
    assert count_needed(share, base) <= count_needed(share, base + more)


@pytest.mark.parametrize(
    ("numerator", "denominator", "more_than", "base", "needed"),
    [
        (2, 3, False, 64, 43),
        (2, 3, False, 63, 42),
        (2, 3, True, 63, 43),
        (1, 2, True, 10, 6),
        (1, 2, True, 11, 6),
        (1, 2, False, 10, 5),
        (1, 1, False, 7, 7),
        (1, 2, False, 0, 1),
    ],
)
def test_both_sides_of_a_share_are_counted_as_by_hand(
    *, numerator: int, denominator: int, more_than: bool, base: int, needed: int
) -> None:
    share = Share(numerator=numerator, denominator=denominator, of="members", more_than=more_than)
    assert count_needed(share, base) == needed


def test_a_tie_carries_nothing_where_more_for_than_against_is_needed() -> None:
    assert count_needed(MORE_FOR_THAN_AGAINST, 10) == 6
