"""The numbers of a bundle's pages: given once, kept for ever, and no leaf without one."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.core.disclosure.bundles import (
    MAX_PAGES,
    MAX_TEXT,
    Beside,
    Gap,
    Leaf,
    Plan,
    PlanError,
    Shown,
    Withheld,
    build_plan,
    encode_plan,
    find_changes,
    lay_out,
    parse_plan,
)
from alteram.core.kernel.errors import MalformedError


@st.composite
def gaps_of(draw: st.DrawFn, pages: int) -> tuple[Gap, ...]:
    cuts = sorted(draw(st.sets(st.integers(0, pages), max_size=6)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return tuple(Gap(first=first, until=until, reason="privileged", gist="advice") for first, until in pairs)


@st.composite
def editions(draw: st.DrawFn) -> list[tuple[list[Shown], list[Withheld]]]:
    made = []
    for _ in range(draw(st.integers(1, 5))):
        names = draw(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8))
        withheld = draw(st.sets(st.sampled_from("abcdefgh"), max_size=2)) - set(names)
        shown = []
        for name in names:
            pages = draw(st.integers(1, 40))
            digest = draw(st.sampled_from(["00", "11"])) + f"{pages:02}"
            shown.append(Shown(name, name.upper(), f"Exhibit {name}", pages, digest, gaps=draw(gaps_of(pages))))
        made.append((shown, [Withheld(one, one.upper(), "Kept back", "4.2") for one in sorted(withheld)]))
    return made


def plan_all(made: list[tuple[list[Shown], list[Withheld]]]) -> list[Plan]:
    plans: list[Plan] = []
    for shown, withheld in made:
        plans.append(build_plan(shown, withheld=withheld, earlier=plans[-1] if plans else None))
    return plans


def numbers_on(leaf: Leaf) -> set[int]:
    """The numbers without letters that a leaf stands for."""
    first, final = (int(re.sub(r"\D", "", one)) for one in (leaf.label, leaf.final))
    if not leaf.label.isdigit():
        first += 1
    return set(range(first, final + 1))


@given(editions())
def test_every_number_ever_given_stands_on_exactly_one_leaf(made: list[tuple[list[Shown], list[Withheld]]]) -> None:
    for plan in plan_all(made):
        told = [number for leaf in lay_out(plan) for number in numbers_on(leaf)]
        assert sorted(told) == list(range(1, plan.last + 1))
        labels = [leaf.label for leaf in lay_out(plan)]
        assert len(set(labels)) == len(labels)


@given(editions())
def test_a_page_that_did_not_change_keeps_its_number_and_a_number_never_goes_to_another_exhibit(
    made: list[tuple[list[Shown], list[Withheld]]],
) -> None:
    plans = plan_all(made)
    for before, after in pairwise(plans):
        owners = {number: leaf.exhibit for leaf in lay_out(before) for number in numbers_on(leaf)}
        assert owners.items() <= {n: leaf.exhibit for leaf in lay_out(after) for n in numbers_on(leaf)}.items()
        digests = {one.exhibit: one.digest for one in before.placed if one.state == "shown"}
        same = {one.exhibit for one in after.placed if one.state == "shown" and digests.get(one.exhibit) == one.digest}
        where = {(leaf.exhibit, leaf.page): leaf.label for leaf in lay_out(before) if leaf.kind == "page"}
        for leaf in lay_out(after):
            if leaf.kind == "page" and leaf.exhibit in same and (leaf.exhibit, leaf.page) in where:
                assert where[leaf.exhibit, leaf.page] == leaf.label


@given(editions())
def test_exactly_the_pages_that_are_not_withheld_are_shown(made: list[tuple[list[Shown], list[Withheld]]]) -> None:
    for (shown, _), plan in zip(made, plan_all(made), strict=True):
        wanted = {
            (one.exhibit, page)
            for one in shown
            for page in range(one.pages)
            if not any(gap.first <= page < gap.until for gap in one.gaps)
        }
        assert {(leaf.exhibit, leaf.page) for leaf in lay_out(plan) if leaf.kind == "page"} == wanted


@given(editions())
def test_a_plan_is_read_back_as_it_was_written(made: list[tuple[list[Shown], list[Withheld]]]) -> None:
    for plan in plan_all(made):
        assert parse_plan(encode_plan(plan)) == plan


def one(name: str, pages: int = 2, digest: str = "aa", because: str = "") -> Shown:
    return Shown(name, name.upper(), f"Exhibit {name}", pages, digest, because=because)


def told(plan: Plan) -> list[tuple[str, str]]:
    return [(leaf.shown, leaf.kind) for leaf in lay_out(plan)]


def test_a_longer_replacement_gets_letters_after_its_last_number() -> None:
    first = build_plan([one("a"), one("b")])
    later = build_plan([one("a", 4, "cc", because="The whole of it was found."), one("b")], earlier=first)
    assert [shown for shown, _ in told(later)] == ["1", "2", "3", "3A", "3B", "4", "5", "6"]
    assert later.placed[0].span == "1–3B"
    assert next(leaf.reason for leaf in lay_out(later)) == "The whole of it was found."


def test_letters_go_on_after_z() -> None:
    later = build_plan([one("a", 2 + 27, "cc")], earlier=build_plan([one("a")]))
    assert [leaf.label for leaf in lay_out(later)][-3:] == ["3Y", "3Z", "3AA"]


def test_a_shorter_replacement_leaves_its_last_numbers_to_a_slip() -> None:
    later = build_plan([one("a", 1, "cc")], earlier=build_plan([one("a", 4)]))
    assert told(later) == [("1", "exhibit"), ("2", "page"), ("3–5", "unused")]


def test_what_is_withheld_later_leaves_its_numbers_to_a_slip_with_reason_and_gist() -> None:
    withheld = Withheld("a", "A", "Exhibit a", "rule 7", "A medical note.")
    later = build_plan([one("b")], withheld=[withheld], earlier=build_plan([one("a"), one("b")]))
    slip = lay_out(later)[0]
    assert (slip.shown, slip.kind, slip.reason, slip.gist) == ("1–3", "withheld", "rule 7", "A medical note.")


def test_what_was_withdrawn_comes_back_under_its_own_numbers() -> None:
    first = build_plan([one("a"), one("b")])
    later = build_plan([one("c"), one("a"), one("b")], earlier=build_plan([one("b")], earlier=first))
    assert [(each.exhibit, each.first) for each in later.placed] == [("a", 1), ("b", 4), ("c", 7)]
    assert lay_out(later)[0].kind == "exhibit"


def test_changes_tell_what_is_new_or_different_and_nothing_else() -> None:
    first = build_plan([one("a"), one("b"), one("c")])
    later = build_plan([one("b", digest="zz"), one("c"), one("d")], earlier=first)
    assert find_changes(first) == ()
    assert [(each.exhibit, each.state) for each in find_changes(later)] == [
        ("a", "withdrawn"),
        ("b", "shown"),
        ("d", "shown"),
    ]


def test_an_exhibit_that_stands_twice_is_refused() -> None:
    with pytest.raises(PlanError, match="twice"):
        build_plan([one("a"), one("a")])
    with pytest.raises(PlanError, match="twice"):
        build_plan([one("a")], withheld=[Withheld("a", "A", "a", "rule 7")])


@pytest.mark.parametrize("pages", [0, -1, MAX_PAGES + 1])
def test_an_exhibit_with_no_page_or_too_many_is_refused(pages: int) -> None:
    with pytest.raises(PlanError, match="no page, or too many"):
        build_plan([one("a", pages)])


def test_a_bundle_as_long_as_may_be_is_planned_and_one_page_more_is_not() -> None:
    assert build_plan([one("a", MAX_PAGES - 1)]).last == MAX_PAGES
    with pytest.raises(PlanError, match="too long"):
        build_plan([one("a", MAX_PAGES - 3), one("b", 2)])


@pytest.mark.parametrize(
    "gaps",
    [(Gap(first=1, until=1, reason="x"),), (Gap(first=1, until=3, reason="x"),), (Gap(first=-1, until=1, reason="x"),)],
)
def test_gaps_that_are_not_pages_of_the_exhibit_are_refused(gaps: tuple[Gap, ...]) -> None:
    with pytest.raises(PlanError, match="in order"):
        build_plan([replace(one("a"), gaps=gaps)])


def test_withholding_without_a_reason_is_refused() -> None:
    with pytest.raises(PlanError, match="without a reason"):
        build_plan([], withheld=[Withheld("a", "A", "a", " ")])
    with pytest.raises(PlanError, match="without a reason"):
        build_plan([replace(one("a"), gaps=(Gap(first=0, until=1, reason=""),))])


def test_a_text_at_the_limit_is_taken_and_one_over_it_is_not() -> None:
    beside = Beside("a", "A", "t", "x" * MAX_TEXT, 1, "aa")
    assert build_plan([], beside=[beside]).beside == (beside,)
    with pytest.raises(PlanError, match="longer than"):
        build_plan([], beside=[replace(beside, file_name="x" * (MAX_TEXT + 1))])


@pytest.mark.parametrize(
    "change",
    [
        (b'"first":1', b'"first":2'),
        (b'"edition":1', b'"edition":0'),
        (b'"numbers":3', b'"numbers":1'),
        (b'"state":"shown"', b'"state":"hidden"'),
        (b'"withheld":[]', b'"withheld":[],"zzz":1'),
        (b"{", b" {"),
    ],
)
def test_a_plan_that_was_tampered_with_is_not_read(change: tuple[bytes, bytes]) -> None:
    good = encode_plan(build_plan([one("a")]))
    assert change[0] in good
    with pytest.raises(MalformedError):
        parse_plan(good.replace(*change, 1))
