"""Texts that are made to take long: what reads them takes time by their length, whatever they hold."""

from collections.abc import Callable

import pytest

from alteram.core.acts import AssertionMarked, ExhibitDisclosed, ExhibitLodged, PropositionStated
from alteram.core.acts.fields import Act
from alteram.core.disclosure.equality import build_equality
from alteram.core.disclosure.wordings import find_shared
from alteram.core.kernel.errors import MalformedError
from alteram.core.vault.pieces import PieceList
from alteram.operations.contested import MAX_WORDS, find_places, find_source
from alteram.operations.entries import enter
from alteram.operations.evidence_ports import EvidenceTools, Message
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.exhibits.opening import OpenedExhibit, open_exhibit
from alteram.operations.exhibits.stored import StoredExhibit
from alteram.operations.exhibits.transcripts import MAX_TRANSCRIPT, parse_transcript, read_lines
from alteram.operations.exhibits.viewing import MESSAGES, view
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform_many
from alteram.operations.recording import Proposal
from tests.effort import measure_effort
from tests.evidence import PlainReading, build_plain_tools
from tests.worlds import COMPLAINANT, M1, MANAGER, RESPONDENT, do

#: The effort that none of this may take: some seconds. Where it grows with the square of the length, it takes minutes.
ENOUGH = 500
HEAD = "WEBVTT\n\n00:00.000 --> 00:05.000\n"


def lodge(
    body: Organisation, content: bytes, name: str = "e1", *, kind: str = "document", tools: EvidenceTools | None = None
) -> None:
    prepared = prepare(body, M1, receive(body, M1, [content]), tools or build_plain_tools(), kind=kind)
    act = ExhibitLodged(exhibit=name, kind=kind, obtained="given")  # type: ignore[arg-type]  # one of them
    assert lodge_exhibit(body, M1, act, COMPLAINANT, prepared)


def open_it(body: Organisation, name: str = "e1") -> OpenedExhibit:
    opened = open_exhibit(enter(body, M1, COMPLAINANT), name, now=body.ports.clock().replace(microsecond=0))
    assert isinstance(opened, OpenedExhibit)
    return opened


@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda: parse_transcript(HEAD + "<a" * 400_000), id="tags that never end"),
        pytest.param(lambda: parse_transcript(HEAD + "<v." * 300_000), id="speakers that never end"),
        pytest.param(lambda: parse_transcript(HEAD + "<v x" * 200_000), id="speakers that never close"),
        pytest.param(lambda: read_lines("0:00 a\n" * (MAX_TRANSCRIPT // 7)), id="lines of one time"),
        pytest.param(lambda: find_shared({"a": "." * 400_000, "b": "." * 400_000}), id="dots"),
        pytest.param(lambda: find_shared({"a": "." * 200_000 + ")" * 200_000}), id="dots and brackets"),
        pytest.param(
            lambda: find_places("a " * 400_000, "a " * (MAX_WORDS // 2 - 1) + "b"), id="words that nearly fit"
        ),
        pytest.param(lambda: find_places("a" + " " * 400_000, "a b"), id="space"),
    ],
)
def test_text_made_to_take_long_is_read_in_time(read: Callable[[], object]) -> None:
    _, effort = measure_effort(read)
    assert effort < ENOUGH


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("He said  “It\n was so”.", "it was so", ["It\n was so"]),
        ("He said “It was so”.", 'said "it', ["said “It"]),
        ("a  b a\tb\n\na   b", "A B", ["a  b", "a\tb", "a   b"]),
        ("İ and  more", "and more", ["and  more"]),
        ("ΛΟΓΟΣ λόγος Λογος", "λογοσ", ["ΛΟΓΟΣ", "Λογος"]),
        ("a.b axb", "a.b", ["a.b"]),
        ("nothing", " ", []),
    ],
)
def test_pasted_words_are_found_whatever_their_space_case_and_quotation_marks(
    text: str, words: str, expected: list[str]
) -> None:
    found = find_places(text, words)
    assert [one.words for one in found] == expected
    assert [text[one.span.first : one.span.until] for one in found] == expected


def test_two_long_texts_that_are_the_same_are_shown_in_time(body: Organisation) -> None:
    text = " ".join(f"This is sentence {number} of them." for number in range(20_000))
    do(body, M1, PropositionStated(proposition="p1", text="So."), COMPLAINANT)
    for name in ("e1", "e2"):
        lodge(body, text.encode(), name)
        act = AssertionMarked(
            assertion=f"of-{name}", proposition="p1", stance="asserts", speaker="It", exhibit=name,
            first=0, until=27, words=text[:27],
        )  # fmt: skip
        do(body, M1, act, COMPLAINANT)
    now = body.ports.clock().replace(microsecond=0)
    page, effort = measure_effort(lambda: find_source(enter(body, M1, COMPLAINANT), "e1", now=now))
    assert effort < ENOUGH
    assert page
    assert len(page.shared) == 20_000
    assert [one.also_in for one in page.pieces[:2]] == [("e2",), ()]


def test_text_of_several_million_characters_is_shown(body: Organisation) -> None:
    content = b"some words of it\n" * 200_000
    lodge(body, content)
    shown = view(open_it(body))
    assert shown.pages[0].text == content.decode()


class _Long(PlainReading):
    """Messages of which one is longer than any piece may be."""

    def encode_message(self, message: Message) -> bytes:
        if message.index:
            raise MalformedError("A message is over the limit.")
        return super().encode_message(message)


def test_thread_with_a_message_that_is_too_long_is_lodged_as_it_came(body: Organisation) -> None:
    tools = build_plain_tools()
    tools = EvidenceTools(
        tools.sniffing, tools.scanning, tools.documents, _Long(), tools.captures, tools.recordings, tools.workplace
    )
    lodge(body, b"one\ntwo", kind="message", tools=tools)
    opened = open_it(body)
    assert opened.stored.event.act.form == "bytes"  # type: ignore[union-attr]  # it was lodged
    assert b"".join(opened.read()) == b"one\ntwo"


class _Spelt(PlainReading):
    """Messages as large as one may be."""

    def encode_message(self, message: Message) -> bytes:
        return b'"' + b"x" * ((4 << 20) - 2) + b'"'


def test_message_as_long_as_one_may_be_is_shown(body: Organisation) -> None:
    tools = build_plain_tools()
    tools = EvidenceTools(
        tools.sniffing, tools.scanning, tools.documents, _Spelt(), tools.captures, tools.recordings, tools.workplace
    )
    lodge(body, b"one", kind="message", tools=tools)
    assert view(open_it(body)).total == 1


def test_messages_are_read_with_one_look_at_their_list(body: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    lodge(body, b"\n".join(b"%d" % one for one in range(100)), kind="message")
    opened, looks = open_it(body), list[int]()
    read = type(opened.stored).read_pieces

    def look(stored: StoredExhibit) -> PieceList:
        looks.append(1)
        return read(stored)

    monkeypatch.setattr(type(opened.stored), "read_pieces", look)
    assert len(list(opened.read_some(0, MESSAGES))) == MESSAGES
    assert len(looks) == 1


def test_many_exhibits_and_disclosures_are_told_in_time(body: Organisation) -> None:
    many = 1_500
    acts: list[Act] = [ExhibitLodged(exhibit=f"e{one}", kind="document", obtained="given") for one in range(many)]
    perform_many(body, [Proposal(M1, act, COMPLAINANT) for act in acts])
    acts = [ExhibitDisclosed(exhibits=(f"e{one}",), to=RESPONDENT) for one in range(many)]
    perform_many(body, [Proposal(M1, act, MANAGER) for act in acts])
    entered = enter(body, M1, RESPONDENT)
    rows, effort = measure_effort(lambda: build_equality(entered.facts, entered.rulebook))
    assert effort < ENOUGH / 5
    assert len(rows) == many
    assert all(not one.is_unequal for one in rows)
