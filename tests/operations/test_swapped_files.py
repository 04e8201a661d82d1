"""Another file in the place of an exhibit's, under its own key: whoever reads to the end, or a piece, finds out."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest

from alteram.core.acts import BundleBuilt, ExhibitDisclosed, ExhibitLodged
from alteram.core.vault import OtherFileError, VaultError
from alteram.core.vault.pieces import PIECE_SIZE
from alteram.operations.attachments import open_attachment
from alteram.operations.entries import enter
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, lodge_with, prepare
from alteram.operations.exhibits.opening import OpenedExhibit, open_exhibit
from alteram.operations.exhibits.stored import Part, StoredExhibit, StoredFile, get_stored, open_files
from alteram.operations.exhibits.texts import read_text
from alteram.operations.exhibits.viewing import view
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform
from tests.evidence import build_plain_tools, swap
from tests.worlds import COMPLAINANT, M1, MANAGER, RESPONDENT

LARGE = bytes(range(256)) * (3 * PIECE_SIZE // 256 + 7)
OTHER = LARGE[:-1] + b"x"


def lodge(body: Organisation, content: bytes, kind: str = "document") -> StoredExhibit:
    received = receive(body, M1, [content])
    prepared = prepare(body, M1, received, build_plain_tools(), kind=kind)
    act = ExhibitLodged(exhibit="e1", kind=kind, obtained="given")  # type: ignore[arg-type]  # one of them
    assert lodge_exhibit(body, M1, act, COMPLAINANT, prepared)
    return stored(body)


def stored(body: Organisation) -> StoredExhibit:
    return get_stored(body, M1, body.facts(M1), "e1")


def opened(body: Organisation) -> OpenedExhibit:
    found = open_exhibit(enter(body, M1, COMPLAINANT), "e1", now=body.ports.clock().replace(microsecond=0))
    assert isinstance(found, OpenedExhibit)
    return found


def test_whole_file_that_was_swapped_lacks_its_end(body: Organisation) -> None:
    swap(body, lodge(body, LARGE, "picture").get("original"), OTHER)
    given: list[bytes] = []
    with pytest.raises(OtherFileError) as caught:
        given.extend(opened(body).read())
    assert len(b"".join(given)) < len(LARGE)
    assert "backup" in caught.value.remedy


def test_sealed_file_that_was_swapped_lacks_its_end_too(body: Organisation) -> None:
    original = lodge(body, LARGE, "picture").get("original")
    assert sha256(b"".join(original.read_sealed())).hexdigest() == original.sha256
    swap(body, original, OTHER)
    with pytest.raises(OtherFileError):
        b"".join(original.read_sealed())


@pytest.mark.parametrize("content", [LARGE, LARGE + b"more", LARGE[:-1], b""])
def test_content_that_is_not_what_the_act_says_lacks_its_end(body: Organisation, content: bytes) -> None:
    """The ciphertext is the one that the entry names: the act says something else of what it holds."""
    received = receive(body, M1, [content])
    act = ExhibitLodged(
        exhibit="e1", kind="picture", obtained="given", digest=sha256(OTHER).hexdigest(), size=len(OTHER)
    )
    tools = build_plain_tools()
    attachments = prepare(body, M1, received, tools, kind="picture").attachments
    assert lodge_with(body, M1, act, COMPLAINANT, attachments, now=None)
    with pytest.raises(OtherFileError):
        b"".join(stored(body).get("original").read())
    right = replace(stored(body).get("original"), digest=sha256(content).hexdigest(), size=len(content))
    assert b"".join(right.read()) == content
    with pytest.raises(OtherFileError):
        b"".join(replace(right, size=len(content) + 1).read())


END = len(LARGE)


@pytest.mark.parametrize(
    ("first", "until"), [(0, 2 * PIECE_SIZE), (1, 2), (2 * PIECE_SIZE - 1, 3 * PIECE_SIZE), (5, 5), (END, END)]
)
def test_part_of_the_form_whose_pieces_are_those_that_were_lodged_is_given(
    body: Organisation, first: int, until: int
) -> None:
    swap(body, lodge(body, LARGE, "picture").get("original"), OTHER)
    assert opened(body).read_range(first, until) == LARGE[first:until]


@pytest.mark.parametrize(
    ("first", "until"),
    [(3 * PIECE_SIZE, 3 * PIECE_SIZE + 1), (END - 1, END), (0, END), (3 * PIECE_SIZE - 1, 3 * PIECE_SIZE + 1)],
)
def test_part_of_the_form_with_a_piece_that_was_swapped_is_not(body: Organisation, first: int, until: int) -> None:
    swap(body, lodge(body, LARGE, "picture").get("original"), OTHER)
    with pytest.raises(OtherFileError):
        opened(body).read_range(first, until)


def test_there_is_no_part_behind_the_end(body: Organisation) -> None:
    lodge(body, LARGE, "picture")
    for first, until in ((0, END + 1), (END, END + 1), (END + 1, END + 2)):
        with pytest.raises(VaultError) as caught:
            opened(body).read_range(first, until)
        assert caught.value.code == "pieces.range"


@pytest.mark.parametrize(
    ("part", "content", "act"),
    [
        ("form", b"a picture of page oneA picture of page two", lambda opened: list(opened.read_some(1, 2))),
        ("form", b"a picture of page oneA picture of page two", lambda opened: list(opened.stored.read_each_piece())),
        ("form", b"a picture of page oneA picture of page two", lambda opened: opened.read_range(20, 22, "form")),
        ("pieces", b"alteram-pieces/1\n", lambda opened: opened.stored.read_pieces()),
        ("facts", b'{"texts":["another"]}', view),
        ("facts", b'{"texts":["another"]}', lambda opened: read_text(opened.stored)),
    ],
)
def test_whatever_was_made_of_it_is_held_to_what_the_entry_names(
    body: Organisation, part: Part, content: bytes, act: Callable[[OpenedExhibit], object]
) -> None:
    file = lodge(body, b"page one\fpage two").get(part)
    act(opened(body))
    swap(body, file, content)
    with pytest.raises(OtherFileError):
        act(opened(body))


def test_part_of_an_original_that_is_not_the_form_is_not_compared(body: Organisation) -> None:
    """It is genuine under its key, no more: the documentation says so."""
    swap(body, lodge(body, b"page one\fpage two").get("original"), b"page one\fpage TWO")
    assert opened(body).read_range(14, 17) == b"TWO"


def test_bundle_and_the_copy_that_was_served_are_held_to_their_digests(body: Organisation) -> None:
    lodge(body, b"page one\fpage two")
    told = sha256(b"the bundle").hexdigest()

    def keep(act: BundleBuilt | ExhibitDisclosed, content: bytes) -> int:
        sealed = receive(body, M1, [content]).sealed
        done = perform(body, M1, act, MANAGER, attachments=(sealed,))
        assert done.seq is not None, done.ruling
        return done.seq

    def read_copy(seq: int) -> bytes:
        return b"".join(open_attachment(body, M1, seq, 0, MANAGER).content)

    built = keep(BundleBuilt(bundle="b1", for_people=(RESPONDENT,), exhibits=("e1",), pages=2, digest=told), b"another")
    with pytest.raises(OtherFileError):
        b"".join(_first_file(body, built).read())
    served = keep(ExhibitDisclosed(exhibits=("e1",), to=RESPONDENT, bundle="b1", digest=told), b"the bundle")
    assert read_copy(served) == b"".join(_first_file(body, served).read()) == b"the bundle"
    swap(body, _first_file(body, served), b"a bundle..")
    with pytest.raises(OtherFileError):
        read_copy(served)


def _first_file(body: Organisation, seq: int) -> StoredFile:
    return open_files(body, M1, seq)[2][0]
