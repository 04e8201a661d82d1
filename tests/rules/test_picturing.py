"""A rulebook as a picture and as text: the same words in both, black on white, within the frame."""

from xml.etree import ElementTree as ET

import pytest

from alteram.adapters.rulebooks import load_rulebook, shipped_names
from alteram.core.rules.picturing import draw_rulebook, tell_rulebook

SVG = "{http://www.w3.org/2000/svg}"


def draw(name: str) -> ET.Element:
    return ET.fromstring(draw_rulebook(load_rulebook(name)))  # noqa: S314 - drawn just now, by us


def words(lines: list[str]) -> list[str]:
    return sorted(" ".join(lines).split())


@pytest.mark.parametrize("name", shipped_names("rulebooks"))
def test_picture_and_text_say_the_same_words(name: str) -> None:
    drawn = [one.text or "" for one in draw(name).iter(f"{SVG}text")]
    assert words(drawn) == words(list(tell_rulebook(load_rulebook(name))))


@pytest.mark.parametrize("name", shipped_names("rulebooks"))
def test_picture_prints_black_on_white_and_nothing_hangs_over(name: str) -> None:
    root = draw(name)
    paper = root.find(f"{SVG}rect")
    assert paper is not None
    assert (paper.get("fill"), paper.get("height"), root.get("color")) == ("#fff", root.get("height"), "#000")
    ends = [int(one.get("y", "0")) + int(one.get("height", "0")) for one in root.findall(f"{SVG}svg")]
    assert ends == sorted(ends)
    assert ends[-1] <= int(root.get("height", "0"))


def test_stage_tells_owner_period_successor_acts_and_clause() -> None:
    told = "\n".join(tell_rulebook(load_rulebook("caucus")))
    for one in ("In the hands of: custodian.", "To be left within", "Late: goes to", "Only here:", "Clause 3.2."):
        assert one in told


def test_picture_has_a_title_for_who_does_not_see_it() -> None:
    root = draw("small-club")
    title = root.find(f"{SVG}title")
    assert title is not None
    assert title.get("id") == root.get("aria-labelledby")
    assert (title.text or "").startswith("Rules of a small club")
