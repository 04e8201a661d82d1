"""The board of what is disputed and its sources: right party, wrong party, marks in text, the way to the forms."""

import re

import pytest
from msgspec.structs import replace

from alteram.bootstrap import Opened
from alteram.core.acts import (
    AssertionConfirmed,
    AssertionMarked,
    PropositionEvidenced,
    PropositionFound,
    PropositionStated,
    ReporterAsked,
)
from alteram.operations import propositions
from alteram.operations.contested import find_nearest, find_places
from tests.web.conftest import As
from tests.web.counting import count_queries
from tests.web.evidence_scene import OTHER, PAPER, disclose, do, lodge, mark
from tests.web.scenes import CHAIR, COMPLAINANT, MANAGER, RESPONDENT, ROW, STRANGER

MATTER = "/caucus/matters/row/"
BOARD = f"{MATTER}propositions/"
EXHIBIT = f"{MATTER}exhibits/e1/"
SOURCE = f"{BOARD}sources/e1/"
SAID = "The vote was taken on Monday evening"


@pytest.fixture
def disputed(caucus: Opened) -> Opened:
    """The matter with a proposition, two papers of the complainant's, and words marked in one of them."""
    lodge(caucus, "e1", PAPER, COMPLAINANT)
    lodge(caucus, "e2", OTHER, COMPLAINANT)
    do(caucus, PropositionStated(proposition="p1", text="It was decided on Monday."))
    do(caucus, mark("a1", "e1", PAPER, SAID))
    return caucus


def test_board_tells_who_says_what_on_how_many_sources_until_it_is_found(as_person: As, disputed: Opened) -> None:
    do(disputed, mark("a2", "e2", OTHER, SAID))
    do(disputed, mark("a3", "e1", PAPER, "The weather was fine", stance="denies", speaker=None, person=RESPONDENT))
    do(disputed, PropositionEvidenced(proposition="p1", exhibit="e2", side="against", reasons="A day later."))
    page = as_person(COMPLAINANT).get(BOARD).content.decode()
    assert "It was decided on Monday." in page
    assert "2 independent sources" in page  # two papers print the same sentence, and the respondent says something
    assert page.count(">contested<") == 0
    for name in ("a1", "a3"):
        do(disputed, AssertionConfirmed(assertion=name, agreed=True), COMPLAINANT)
    page = as_person(CHAIR).get(BOARD).content.decode()
    assert ">contested<" in page
    assert "A day later." in page
    disclose(disputed, "e2")
    do(disputed, PropositionFound(proposition="p1", outcome="not-so", reasons="The minute shows it."), CHAIR)
    page = as_person(COMPLAINANT).get(BOARD).content.decode()
    assert "found: not so" in page
    assert "The minute shows it." in page
    assert "It rests on e2." in page
    do(disputed, PropositionFound(proposition="p1", outcome="so", reasons="It was as they say."), CHAIR)
    assert "It rests on no exhibit." in as_person(COMPLAINANT).get(BOARD).content.decode()


def test_board_says_what_whoever_marked_words_wrote_where_others_stand_in_the_source(
    as_person: As, disputed: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Misquoted" not in as_person(COMPLAINANT).get(BOARD).content.decode()
    # On record from before words were compared with their source.
    monkeypatch.setattr(propositions, "find_misquotation", lambda *_, by: None)
    do(disputed, replace(mark("a2", "e1", PAPER, SAID), words="I took the money."))
    page = as_person(COMPLAINANT).get(BOARD).content.decode()
    assert page.count(f'<blockquote class="prose">{SAID}</blockquote>') == 2
    assert page.index("Misquoted") < page.index("I took the money.")
    page = as_person(RESPONDENT).get(BOARD).content.decode()
    assert "<blockquote" not in page
    assert page.count("The source is not open to you. Whoever marked it wrote:") == 2
    assert "Misquoted" not in page


def test_form_with_words_that_do_not_stand_there_is_refused_with_nothing_lost(as_person: As, disputed: Opened) -> None:
    sent = {
        "a-assertion": "a9", "a-stance": "denies", "a-speaker": "The office", "a-exhibit": "e1",
        "a-first": "0", "a-until": "8", "a-words": "The cake",
    }  # fmt: skip
    answer = as_person(COMPLAINANT).post("/caucus/matters/row/acts/assertion.marked/", sent)
    assert answer.status_code == 422
    assert "These words do not stand at that place" in answer.content.decode()
    assert "The cake</textarea>" in answer.content.decode()


def test_assertions_are_offered_with_what_they_do_and_their_source(as_person: As, disputed: Opened) -> None:
    form = as_person(RESPONDENT).get("/caucus/matters/row/acts/assertion.confirmed/").content.decode()
    assert re.search(r'<option value="a1"[^>]*>a1: asserts, in e1</option>', form)


def test_board_without_anything_says_so(as_person: As) -> None:
    assert "Nothing was stated as disputed yet" in as_person(RESPONDENT).get(BOARD).content.decode()


@pytest.mark.parametrize("address", [BOARD, SOURCE])
def test_stranger_finds_neither_board_nor_source(as_person: As, disputed: Opened, address: str) -> None:
    client = as_person(STRANGER)
    assert client.get(address).status_code == 404
    assert client.post(address, {"words": SAID}).status_code in {404, 405}


def test_source_that_is_not_there_is_found_by_nobody(as_person: As, disputed: Opened) -> None:
    assert as_person(MANAGER).get(f"{BOARD}sources/e9/").status_code == 404


def test_source_is_closed_to_whom_it_was_not_disclosed_and_then_open(as_person: As, disputed: Opened) -> None:
    client = as_person(RESPONDENT)
    closed = client.get(SOURCE)
    assert closed.status_code == 403
    assert "weather" not in closed.content.decode()
    assert client.post(SOURCE, {"words": SAID}).status_code == 403
    do(disputed, mark("a2", "e2", OTHER, SAID))
    disclose(disputed, "e1")
    opened = client.get(SOURCE)
    assert opened.status_code == 200
    assert "The weather was fine." in opened.content.decode()
    # The other paper is still closed to the respondent: that the sentence stands there too is not told.
    assert not re.search(r"\be2\b", opened.content.decode())  # a word: tokens of forms hold any two letters


def test_source_shows_its_marks_in_words_and_keeps_its_text(as_person: As, disputed: Opened) -> None:
    do(disputed, mark("a2", "e2", OTHER, SAID))
    page = as_person(COMPLAINANT).get(SOURCE).content.decode()
    assert f'<mark class="asserts copied">{SAID}</mark>' in page
    assert "[1: asserts, not confirmed yet]" in page
    assert "[also in e2]" in page
    shown = re.search(r'id="source-text".*?>(.*?)</div>', page, re.DOTALL)
    assert shown is not None
    without_tags = re.sub(r'<span class="mark-tag".*?</span>', "", shown[1])
    assert re.sub(r"<.*?>", "", without_tags) == PAPER


def test_pasted_words_find_their_place_and_fill_the_form_in(as_person: As, disputed: Opened) -> None:
    client = as_person(COMPLAINANT)
    page = client.post(SOURCE, {"words": "the  WEATHER\nwas fine"}).content.decode()
    at = PAPER.index("The weather was fine")
    assert 'action="/caucus/matters/row/acts/assertion.marked/"' in page
    for name, value in {"first": str(at), "until": str(at + 20), "assertion": "assertion-1"}.items():
        field = re.search(rf'<input[^>]*name="a-{name}"[^>]*>', page)
        assert field is not None
        assert f'value="{value}"' in field[0]
    assert re.search(r'<option value="e1" selected', page)
    token = re.search(r'name="once" value="([^"]+)"', page)
    assert token is not None
    sent = {
        "once": token[1],
        "a-assertion": "assertion-1",
        "a-proposition": "p1",
        "a-stance": "denies",
        "a-speaker": "The office",
        "a-exhibit": "e1",
        "a-first": str(at),
        "a-until": str(at + 20),
        "a-words": "The weather was fine",
    }
    assert client.post("/caucus/matters/row/acts/assertion.marked/", sent).status_code == 302
    facts = disputed.organisation.facts(ROW, fresh=True)
    assert facts.matter.all(AssertionMarked)[-1].act.stance == "denies"


def test_words_that_are_not_there_stay_in_the_form(as_person: As, disputed: Opened) -> None:
    answer = as_person(COMPLAINANT).post(SOURCE, {"words": "on Tuesday, <b>"})
    assert answer.status_code == 422
    assert "do not stand in this source" in answer.content.decode()
    assert "on Tuesday, &lt;b&gt;</textarea>" in answer.content.decode()


def test_words_that_stand_twice_are_chosen_from(as_person: As, disputed: Opened) -> None:
    client = as_person(COMPLAINANT)
    answer = client.post(SOURCE, {"words": "was fine"})
    assert answer.status_code == 422
    second = PAPER.rindex("was fine")
    assert f'name="near" value="{second}"' in answer.content.decode()
    chosen = client.post(SOURCE, {"words": "was fine", "near": str(second)}).content.decode()
    field = re.search(r'<input[^>]*name="a-first"[^>]*>', chosen)
    assert field is not None
    assert f'value="{second}"' in field[0]


@pytest.mark.parametrize("near", ["²", "-1", "9" * 20, "x"])
def test_number_that_is_none_is_no_place(as_person: As, disputed: Opened, near: str) -> None:
    assert as_person(COMPLAINANT).post(SOURCE, {"words": "was fine", "near": near}).status_code == 422


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("He said “no”.", 'said "no"', ["said “no”"]),
        ("It’s so. IT'S SO.", "it's so", ["It’s so", "IT'S SO"]),
        ("a.b", "a.b", ["a.b"]),
        ("aXb", "a.b", []),
        ("text", " \n", []),
        ("x" * 10_001, "x" * 10_001, []),
        ("x" * 10_001, "x" * 10_000, ["x" * 10_000]),
    ],
)
def test_words_are_found_as_they_are_pasted(text: str, words: str, found: list[str]) -> None:
    assert [one.words for one in find_places(text, words)] == found


def test_nearest_place_is_the_one_selected() -> None:
    places = find_places("ab ab ab", "ab")
    assert [find_nearest(places, near).span.first for near in (0, 4, 99)] == [0, 3, 6]


def test_board_asks_no_more_of_a_longer_record(as_person: As, disputed: Opened) -> None:
    client, found = as_person(COMPLAINANT), []
    for _ in range(2):
        found.append(count_queries(client, disputed, BOARD))
        for one in range(12):
            do(disputed, ReporterAsked(text=f"Question {one}?"))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("act", "sent", "to"),
    [
        ("proposition.stated", {"a-proposition": "p2", "a-text": "It rained."}, BOARD),
        ("assertion.confirmed", {"a-assertion": "a1", "a-agreed": "on"}, BOARD),
        ("exhibit.challenged/?a-exhibit=e1", {"a-exhibit": "e1", "a-ground": "context", "a-text": "No."}, EXHIBIT),
        ("exhibit.challenged", {"a-exhibit": "e1", "a-ground": "context", "a-text": "No."}, MATTER),
    ],
)
def test_act_leads_back_to_the_page_that_led_to_it(
    as_person: As, disputed: Opened, act: str, sent: dict[str, str], to: str
) -> None:
    address = f"{MATTER}acts/{act}" if "?" in act else f"{MATTER}acts/{act}/"
    answer = as_person(COMPLAINANT).post(address, sent)
    assert (answer.status_code, answer["Location"]) == (302, to)
