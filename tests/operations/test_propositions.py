"""Contested propositions: two people for each mark, copies counted once, closed texts not quoted, found or open."""

import pytest
from msgspec.structs import replace

from alteram.core.acts import (
    AssertionConfirmed,
    AssertionMarked,
    AssertionsTied,
    ExhibitDisclosed,
    ExhibitLodged,
    PropositionEvidenced,
    PropositionFound,
    PropositionStated,
)
from alteram.core.acts.fields import Act
from alteram.core.disclosure.propositions import build_board
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.operations import propositions
from alteram.operations.entries import enter
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform, rule_on
from alteram.operations.propositions import ShownSource, show_board, show_source
from tests.evidence import build_plain_tools
from tests.worlds import CHAIR, COMPLAINANT, M1, MANAGER, RESPONDENT, do

PAPER = "The vote was taken on Monday evening, the office says. The weather was fine."
OTHER = "Yesterday. The vote was taken on Monday evening, the office says!"
DENIAL = "I was told on Tuesday. Nothing was decided before that day at all."


@pytest.fixture
def body(body: Organisation) -> Organisation:
    for name, text, by in (("e1", PAPER, COMPLAINANT), ("e2", OTHER, COMPLAINANT), ("e3", DENIAL, RESPONDENT)):
        _lodge(body, name, text, by)
    do(body, M1, PropositionStated(proposition="p1", text="It was decided on Monday."), COMPLAINANT)
    return body


def _lodge(body: Organisation, name: str, text: str, by: PersonId) -> None:
    prepared = prepare(body, M1, receive(body, M1, [text.encode()]), build_plain_tools(), kind="document")
    act = ExhibitLodged(exhibit=name, kind="document", obtained="published", title=name)
    assert lodge_exhibit(body, M1, act, by, prepared)


def mark(name: str, exhibit: str, text: str, words: str, **what: object) -> AssertionMarked:
    first = text.index(words)
    given = {"proposition": "p1", "stance": "asserts", "speaker": "The office"} | what
    return AssertionMarked(
        assertion=name,
        exhibit=exhibit,
        first=first,
        until=first + len(words),
        words=words,
        **given,  # type: ignore[arg-type]  # by name
    )


def refused(body: Organisation, act: Act, by: PersonId) -> str:
    done = perform(body, M1, act, by)
    assert isinstance(done.ruling, Refused)
    return done.ruling.code


def standing(body: Organisation) -> str:
    return build_board(body.facts(M1, fresh=True)).rows[0].standing


def test_assertion_counts_once_somebody_else_confirmed_it(body: Organisation) -> None:
    do(body, M1, mark("a1", "e1", PAPER, "The vote was taken on Monday evening"), COMPLAINANT)
    assert standing(body) == "open"
    assert refused(body, AssertionConfirmed(assertion="a1", agreed=True), COMPLAINANT) == "assertion.own"
    do(body, M1, AssertionConfirmed(assertion="a1", agreed=True), MANAGER)
    assert standing(body) == "asserted"
    do(body, M1, AssertionConfirmed(assertion="a1", agreed=False), MANAGER)
    assert standing(body) == "open"


def test_what_a_program_proposed_is_confirmed_by_whoever_put_it_in(body: Organisation) -> None:
    do(body, M1, mark("a1", "e1", PAPER, "The vote was taken on Monday evening", proposed=True), COMPLAINANT)
    do(body, M1, AssertionConfirmed(assertion="a1", agreed=True), COMPLAINANT)
    assert standing(body) == "asserted"


def test_proposition_that_one_asserts_and_another_denies_is_contested_until_it_is_found(body: Organisation) -> None:
    do(body, M1, mark("a1", "e1", PAPER, "The vote was taken on Monday evening"), COMPLAINANT)
    denial = mark(
        "a2", "e3", DENIAL, "Nothing was decided before that day", stance="denies", person=RESPONDENT, speaker=None
    )
    do(body, M1, denial, MANAGER)
    for name in ("a1", "a2"):
        do(body, M1, AssertionConfirmed(assertion=name, agreed=True), CHAIR)
    assert standing(body) == "contested"
    do(body, M1, PropositionFound(proposition="p1", outcome="open", reasons="Neither is shown."), CHAIR)
    assert standing(body) == "contested"
    do(body, M1, PropositionFound(proposition="p1", outcome="so", reasons="The minute shows it."), CHAIR)
    assert standing(body) == "found"


def test_sentence_that_stands_in_two_sources_counts_as_one(body: Organisation) -> None:
    do(body, M1, mark("a1", "e1", PAPER, "The vote was taken on Monday evening"), COMPLAINANT)
    do(body, M1, mark("a2", "e2", OTHER, "The vote was taken on Monday evening"), COMPLAINANT)
    shown = show_board(enter(body, M1, COMPLAINANT))
    assert shown.sources == {"p1": 1}
    assert [sorted(one.places) for one in shown.shared] == [["e1", "e2"]]


def test_two_wordings_that_are_tied_count_as_one_and_both_are_kept(body: Organisation) -> None:
    do(body, M1, mark("a1", "e1", PAPER, "The weather was fine"), COMPLAINANT)
    do(body, M1, mark("a2", "e3", DENIAL, "I was told on Tuesday"), MANAGER)
    assert show_board(enter(body, M1, MANAGER)).sources == {"p1": 2}
    assert refused(body, AssertionsTied(assertions=("a1",)), COMPLAINANT) == "assertion.alone"
    do(body, M1, AssertionsTied(assertions=("a1", "a2")), COMPLAINANT)
    shown = show_board(enter(body, M1, MANAGER))
    assert shown.sources == {"p1": 1}
    assert {shown.texts[one.marked.seq] for one in shown.board.assertions} == {
        "The weather was fine",
        "I was told on Tuesday",
    }


def test_source_shows_its_spans_to_whom_it_is_open_and_nothing_to_others(body: Organisation) -> None:
    do(body, M1, mark("a1", "e1", PAPER, "The vote was taken on Monday evening"), COMPLAINANT)
    now = body.ports.clock().replace(microsecond=0)
    closed = show_source(enter(body, M1, RESPONDENT), "e1", now=now)
    assert isinstance(closed, Refused)
    assert closed.code == "exhibit.undisclosed"
    do(body, M1, ExhibitDisclosed(exhibits=("e1",), to=RESPONDENT), MANAGER)
    shown = show_source(enter(body, M1, RESPONDENT), "e1", now=now)
    assert isinstance(shown, ShownSource)
    (one,) = shown.assertions
    assert shown.text[one.span.first : one.span.until] == "The vote was taken on Monday evening"
    # The other source is still closed to the respondent: that the sentence stands there too is not told.
    assert shown.shared == ()


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ({"speaker": None}, "assertion.speaker"),
        ({"person": RESPONDENT}, "assertion.speaker"),
        ({"exhibit": "e9"}, "reference.unknown"),
        ({"proposition": "p9"}, "reference.unknown"),
    ],
)
def test_mark_that_names_nobody_or_two_or_what_is_not_there_is_refused(
    body: Organisation, what: dict[str, object], code: str
) -> None:
    whole: dict[str, object] = {"exhibit": "e1"} | what
    exhibit = str(whole.pop("exhibit"))
    assert refused(body, mark("a1", exhibit, PAPER, "fine", **whole), COMPLAINANT) == code


def test_name_is_given_once(body: Organisation) -> None:
    assert refused(body, PropositionStated(proposition="p1", text="Again."), COMPLAINANT) == "name.taken"
    do(body, M1, mark("a1", "e1", PAPER, "fine"), COMPLAINANT)
    assert refused(body, mark("a1", "e1", PAPER, "fine"), COMPLAINANT) == "name.taken"


def test_evidence_stands_on_its_side_with_its_reason(body: Organisation) -> None:
    do(
        body,
        M1,
        PropositionEvidenced(proposition="p1", exhibit="e3", side="against", reasons="A day later."),
        RESPONDENT,
    )
    shown = show_board(enter(body, M1, COMPLAINANT))
    (one,) = shown.board.rows[0].evidence
    assert (one.act.side, shown.texts[one.seq]) == ("against", "A day later.")


def test_words_are_those_of_the_source_whatever_whoever_marked_them_says(
    body: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    invented = AssertionMarked(
        assertion="a1", proposition="p1", stance="asserts", speaker="The office", exhibit="e1",
        first=0, until=12, words="I took the money.",
    )  # fmt: skip
    assert refused(body, invented, COMPLAINANT) == "assertion.words"
    assert not rule_on(body, M1, invented, COMPLAINANT)
    # On record from before words were compared with their source.
    monkeypatch.setattr(propositions, "find_misquotation", lambda *_, by: None)
    done = do(body, M1, invented, COMPLAINANT)
    assert done.seq is not None
    shown = show_board(enter(body, M1, COMPLAINANT))
    assert (shown.texts[done.seq], shown.misquoted) == (PAPER[:12], {done.seq: "I took the money."})
    # Whoever may not open the source is told what the entry says, as of every entry, and not as a quotation.
    shown = show_board(enter(body, M1, RESPONDENT))
    assert (shown.texts.get(done.seq), shown.misquoted) == (None, {})
    assert shown.claimed == {done.seq: "I took the money."}


@pytest.mark.parametrize(("first", "until"), [(5, 18), (4, 17), (5, 17), (90, 99)])
def test_words_that_do_not_stand_at_just_the_place_marked_are_refused(
    body: Organisation, first: int, until: int
) -> None:
    act = replace(mark("a1", "e1", PAPER, "vote was taken"), first=first, until=until)
    assert refused(body, act, COMPLAINANT) == "assertion.words"
    do(body, M1, replace(act, first=4, until=18), COMPLAINANT)


def test_words_are_not_compared_for_whoever_may_not_open_the_source(body: Organisation) -> None:
    """Else they could ask for its text, a word at a time."""
    right = mark("a1", "e1", PAPER, "The vote")
    for act in (right, replace(right, words="The cake")):
        assert refused(body, act, RESPONDENT) == "exhibit.undisclosed"


def test_words_of_a_source_without_text_are_claimed_and_not_quoted(body: Organisation) -> None:
    _lodge(body, "e4", "", COMPLAINANT)
    act = mark("a1", "e4", "He shouted.", "He shouted.")
    done = do(body, M1, act, COMPLAINANT)
    assert done.seq is not None
    shown = show_board(enter(body, M1, COMPLAINANT))
    assert (shown.texts.get(done.seq), shown.claimed) == (None, {done.seq: "He shouted."})


def test_words_that_differ_in_space_alone_are_no_misquotation(body: Organisation) -> None:
    said = AssertionMarked(
        assertion="a1", proposition="p1", stance="asserts", speaker="The office", exhibit="e1",
        first=0, until=12, words="The  vote\nwas",
    )  # fmt: skip
    do(body, M1, said, COMPLAINANT)
    assert show_board(enter(body, M1, COMPLAINANT)).misquoted == {}
