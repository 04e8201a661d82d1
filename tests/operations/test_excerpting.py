"""Excerpts of exhibits in the record: proved to outsiders by two verifiers, adjoined, refused to whom it is closed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from alteram.core.acts import ExhibitDerived, ExhibitLodged
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.record import RecordError, verify_excerpt
from alteram.core.record.adjoining import adjoin
from alteram.core.tlog import encode_policy
from alteram.core.vault import VaultError
from alteram.core.vault.pieces import PIECE_SIZE
from alteram.operations.disclosure.bundling import BundleTools, build_bundle
from alteram.operations.entries import enter
from alteram.operations.exhibits import excerpting
from alteram.operations.exhibits.excerpting import ProvedExcerpt, open_excerpt, prove_excerpt
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.exhibits.parts import lodge_excerpt
from alteram.operations.exhibits.stored import StoredFile
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StoreError
from alteram.operations.questions import UnknownMatterError
from conformance.verify_excerpt import verify as verify_apart
from tests.evidence import build_plain_tools
from tests.operations.test_bundles_whole import PlainBundles, PlainMaking
from tests.worlds import COMPLAINANT, M1, MANAGER, MEMBER, RESPONDENT, World, do, open_world

SOUND = b"fLaC" + bytes(range(256)) * 256 * 5


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world("sqlite", tmp_path) as opened:
        yield opened


@pytest.fixture
def body(matter: Organisation) -> Organisation:
    for name, content, kind in (("call", SOUND, "recording"), ("chat", b"one\ntwo\nthree\nfour", "message")):
        prepared = prepare(matter, M1, receive(matter, M1, [content]), build_plain_tools(), kind=kind)
        act = ExhibitLodged(exhibit=name, kind=kind, obtained="given", title=name)  # type: ignore[arg-type]  # one of them
        assert lodge_exhibit(matter, M1, act, COMPLAINANT, prepared)
    return matter


def prove(body: Organisation, exhibit: str, first: int, until: int, by: PersonId = COMPLAINANT) -> bytes:
    proved = prove_excerpt(enter(body, M1, by), exhibit, first, until, now=body.ports.clock().replace(microsecond=0))
    assert isinstance(proved, bytes), proved
    return proved


def test_excerpt_is_verified_by_both_verifiers_and_holds_the_bytes_of_the_form(
    world: World, body: Organisation
) -> None:
    world.publish(body)
    data = prove(body, "call", 2, 4)
    verified = verify_excerpt(data, body.ports.policy)
    form = SOUND[::-1]
    assert (verified.exhibit, verified.form, verified.first, verified.until) == ("call", "flac", 2, 4)
    assert verified.content == form[2 * PIECE_SIZE : 4 * PIECE_SIZE]
    assert verified.header == form[:PIECE_SIZE]
    assert verified.is_witnessed
    assert verify_apart(data, encode_policy(body.ports.policy)).first == verified.first
    assert SOUND[:100] not in data


def test_excerpt_that_is_too_large_is_refused_before_it_is_read(
    world: World, body: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish(body)
    monkeypatch.setattr(excerpting, "MAX_EXCERPT", 2 * PIECE_SIZE)
    assert prove(body, "call", 2, 4)
    monkeypatch.setattr(StoredFile, "read_range", None)  # whatever reads of it fails otherwise
    with pytest.raises(RecordError) as refused:
        prove(body, "call", 2, 5)
    assert refused.value.code == "excerpt.too-large"


def test_excerpt_is_read_block_by_block_and_is_the_same(
    world: World, body: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish(body)
    whole, real, asked = prove(body, "call", 2, 5), StoredFile.read_range, []

    def read_range(self: StoredFile, first: int, until: int) -> bytes:
        asked.append(until - first)
        return real(self, first, until)

    monkeypatch.setattr(StoredFile, "read_range", read_range)
    monkeypatch.setattr(excerpting, "_BLOCK", PIECE_SIZE - 7)
    assert prove(body, "call", 2, 5) == whole
    assert max(asked) == PIECE_SIZE - 7


def test_end_of_a_piece_that_was_not_lodged_is_kept_back(
    world: World, body: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish(body)
    now = body.ports.clock().replace(microsecond=0)
    proved = open_excerpt(enter(body, M1, COMPLAINANT), "call", 2, 4, now=now)
    assert isinstance(proved, ProvedExcerpt)
    whole, real = b"".join(proved.read()), StoredFile.read_range
    assert len(whole) == proved.size
    # The last byte of the last piece is another.
    monkeypatch.setattr(
        StoredFile, "read_range", lambda self, first, until: real(self, first, until - 1) + b"?" * (until > first)
    )
    monkeypatch.setattr(excerpting, "_BLOCK", 1 << 30)
    given: list[bytes] = []
    with pytest.raises(RecordError, match="not the one"):
        given.extend(proved.read())
    assert whole.startswith(b"".join(given))
    assert len(b"".join(given)) < proved.size


def test_answer_of_the_other_side_adjoins(world: World, body: Organisation) -> None:
    world.publish(body)
    one, before, apart = (verify_excerpt(prove(body, "chat", *part)) for part in ((2, 3), (0, 2), (3, 4)))
    assert one.content == b'[2, "three"]'
    assert adjoin(one, before).joined == (0, 3)
    assert adjoin(before, apart).relation == "gap"
    with pytest.raises(RecordError):
        adjoin(one, verify_excerpt(prove(body, "call", 0, 1)))


@pytest.mark.parametrize(
    ("exhibit", "printed", "bound"),
    [
        ("chat", '[1, "two"]\n\n[2, "three"]', []),
        ("paper", "", [b"a picture of two", b"a picture of three"]),
        (
            "call",
            "of exhibit call, as its file proves.\nIt goes from 0:00 to 0:01 of that recording.\nIt has no pages.",
            [],
        ),
    ],
)
def test_bundle_shows_what_an_excerpt_holds(
    world: World, body: Organisation, exhibit: str, printed: str, bound: list[bytes]
) -> None:
    prepared = prepare(body, M1, receive(body, M1, [b"one\ftwo\fthree"]), build_plain_tools(), kind="document")
    act = ExhibitLodged(exhibit="paper", kind="document", obtained="given")
    assert lodge_exhibit(body, M1, act, COMPLAINANT, prepared)
    world.publish(body)
    now = body.ports.clock().replace(microsecond=0)
    span = (0, 6) if exhibit == "call" else (1, 3)
    part = ExhibitDerived(exhibit="part", of=exhibit, how="excerpt")
    assert lodge_excerpt(enter(body, M1, COMPLAINANT), build_plain_tools(), part, *span, now=now)
    making = PlainMaking()
    tools = BundleTools(PlainBundles(), making)
    assert build_bundle(enter(body, M1, MANAGER), tools, [RESPONDENT], name="b1", exhibits=["part"], now=now)
    told = next(iter(making.printed.values()), "")
    assert printed in told
    assert making.bound == bound


def test_excerpt_waits_until_the_lodging_is_in_the_log(world: World, body: Organisation) -> None:
    with pytest.raises(StoreError):
        prove(body, "chat", 0, 1)
    world.publish(body)
    assert prove(body, "chat", 0, 1)


@pytest.mark.parametrize(("first", "until"), [(0, 5), (4, 5), (2, 2), (3, 2), (-1, 1)])
def test_range_that_the_exhibit_has_not_is_an_error(world: World, body: Organisation, first: int, until: int) -> None:
    world.publish(body)
    with pytest.raises(VaultError):
        prove(body, "chat", first, until)


def test_no_part_of_a_recording_begins_with_the_piece_after_its_head(world: World, body: Organisation) -> None:
    world.publish(body)
    with pytest.raises(UnknownMatterError, match="second piece"):
        prove(body, "call", 1, 2)
    for first in (0, 2):
        assert verify_excerpt(prove(body, "call", first, 3)).first == first
    assert verify_excerpt(prove(body, "chat", 1, 2)).first == 1


def test_to_whom_it_is_closed_no_part_is_proved(world: World, body: Organisation) -> None:
    world.publish(body)
    now = body.ports.clock().replace(microsecond=0)
    closed = prove_excerpt(enter(body, M1, RESPONDENT), "chat", 0, 1, now=now)
    assert isinstance(closed, Refused)
    assert closed.code == "exhibit.undisclosed"
    with pytest.raises(UnknownMatterError):
        enter(body, M1, MEMBER)


def test_thing_without_pieces_has_no_excerpt(world: World, body: Organisation) -> None:
    do(body, M1, ExhibitLodged(exhibit="key", kind="physical", obtained="found"), COMPLAINANT)
    world.publish(body)
    with pytest.raises(UnknownMatterError, match="pieces"):
        prove(body, "key", 0, 1)
