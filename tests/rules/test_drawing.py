"""The picture of a procedure: well-formed, in order, with every word of it as text."""

from xml.etree import ElementTree as ET

from alteram.core.rules.drawing import WIDTH, DrawnStage, draw_stages

SVG = "{http://www.w3.org/2000/svg}"
STAGES = (
    DrawnStage("Intake", ("In the hands of: custodian.",), "begins with: Report lodged"),
    DrawnStage("Charge", ("In the hands of: case manager.", "To be left within 40 working days.")),
)


def draw(*stages: DrawnStage) -> ET.Element:
    return ET.fromstring(draw_stages(stages, name="p", title="The stages"))  # noqa: S314 - drawn just now, by us


def texts(root: ET.Element) -> list[str]:
    return [one.text or "" for one in root.iter(f"{SVG}text")]


def test_stages_are_told_from_top_to_bottom_with_what_leads_to_each() -> None:
    assert texts(draw(*STAGES)) == [
        "begins with: Report lodged",
        "1. Intake",
        "In the hands of: custodian.",
        "2. Charge",
        "In the hands of: case manager.",
        "To be left within 40 working days.",
    ]


def test_lines_stand_below_one_another_and_inside_the_picture() -> None:
    root = draw(*STAGES, *STAGES)
    heights = [int(one.get("y", "0")) for one in root.iter(f"{SVG}text")]
    assert heights == sorted(set(heights))
    assert heights[-1] < int(root.get("height", "0"))
    for box in root.iter(f"{SVG}rect"):
        assert int(box.get("x", "0")) + int(box.get("width", "0")) <= WIDTH
        assert int(box.get("y", "0")) + int(box.get("height", "0")) <= int(root.get("height", "0"))


def test_one_arrow_leads_from_each_stage_to_the_next() -> None:
    assert [len(list(draw(*STAGES[:count]).iter(f"{SVG}path"))) for count in (1, 2)] == [0, 2]


def test_picture_has_a_title_for_who_does_not_see_it() -> None:
    root = draw(*STAGES)
    title = root.find(f"{SVG}title")
    assert title is not None
    assert (title.text, title.get("id")) == ("The stages", root.get("aria-labelledby"))


def test_words_are_text_whatever_they_say_and_wrap_where_they_are_long() -> None:
    root = draw(DrawnStage('<script>&"', ("word " * 60,)))
    assert texts(root)[0] == '1. <script>&"'
    assert len(texts(root)) > 4


def test_procedure_without_stages_is_an_empty_picture() -> None:
    assert texts(draw()) == []
