"""Notes of long work: they open under their matter's key and their own label, and as they were written."""

from pathlib import Path

import pytest

from alteram.core.kernel.identifiers import StreamId
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StoreError
from alteram.operations.sealed_notes import open_note, seal_note
from tests.worlds import M1, begin_matter, found_small_body, open_world

LABEL = b"alteram/test/v1\x00"
SAID = {"words": ["the treasurer's wife"]}


@pytest.fixture
def organisation(tmp_path: Path) -> Organisation:
    with open_world("memory", tmp_path) as opened:
        found = opened.open()
    found_small_body(found)
    begin_matter(found)
    begin_matter(found, StreamId("m2"))
    return found


@pytest.mark.parametrize("key", [b"", b"k" * 32])
def test_note_opens_as_it_was_sealed_and_shows_nothing(organisation: Organisation, key: bytes) -> None:
    sealed = seal_note(organisation, M1, SAID, label=LABEL, key=key)
    assert b"treasurer" not in sealed
    assert open_note(organisation, M1, sealed, label=LABEL) == (SAID, key)
    assert seal_note(organisation, M1, SAID, label=LABEL, key=key) != sealed


def test_note_of_another_matter_or_for_another_purpose_does_not_open(organisation: Organisation) -> None:
    sealed = seal_note(organisation, M1, SAID, label=LABEL)
    with pytest.raises(StoreError):
        open_note(organisation, StreamId("m2"), sealed, label=LABEL)
    with pytest.raises(StoreError):
        open_note(organisation, M1, sealed, label=b"alteram/other/v1\x00")


def test_altered_note_does_not_open_wherever_it_was_altered(organisation: Organisation) -> None:
    sealed = seal_note(organisation, M1, SAID, label=LABEL, key=b"k" * 32)
    for at in range(len(sealed)):
        broken = bytearray(sealed)
        broken[at] ^= 1
        with pytest.raises(StoreError):
            open_note(organisation, M1, bytes(broken), label=LABEL)
    for end in range(len(sealed)):
        with pytest.raises(StoreError):
            open_note(organisation, M1, sealed[:end], label=LABEL)
