"""CheckpointHistory: every published checkpoint is kept with all its signatures, and found by what it covers."""

import pytest

from alteram.core.tlog import (
    COSIGNATURE_ED25519,
    ED25519,
    Checkpoint,
    Note,
    NoteError,
    SignerKey,
    encode_checkpoint,
    hash_leaf,
    sign_note,
)
from alteram.operations.ports import Store
from tests.contract.places import ORG, OTHER, Place, in_threads

ORIGIN, ELSEWHERE = "example.org/log", "example.org/other"
LOG = SignerKey.from_seed(ORIGIN, ED25519, bytes(31) + b"\x01")
WITNESSES = tuple(
    SignerKey.from_seed(f"example.net/{one}", COSIGNATURE_ED25519, bytes(31) + bytes([one])) for one in range(2, 6)
)


def text_of(size: int, origin: str = ORIGIN, root: bytes = b"") -> str:
    return encode_checkpoint(Checkpoint(origin, size, root or hash_leaf(str(size).encode())))


def signed(size: int, *signers: SignerKey, at: int = 1_700_000_000, origin: str = ORIGIN) -> Note:
    return sign_note(text_of(size, origin), signers or (LOG,), timestamp=at)


def put(store: Store, *sizes: int, witnessed: bool = False) -> None:
    for size in sizes:
        store.put_checkpoint_note(ORG, signed(size), witnessed=witnessed)


def covering(store: Store, index: int, *, witnessed: bool = False) -> int | None:
    found = store.first_checkpoint_covering(ORG, ORIGIN, index, witnessed=witnessed)
    return None if found is None else int(found.text.split("\n")[1])


def test_nothing_is_kept_at_first(store: Store) -> None:
    assert store.checkpoint_at(ORG, ORIGIN, 1) is None
    assert covering(store, 0) is None
    assert covering(store, 0, witnessed=True) is None


def test_checkpoint_is_returned_as_it_was_put(store: Store) -> None:
    put(store, 5)
    assert store.checkpoint_at(ORG, ORIGIN, 5) == signed(5)
    assert store.checkpoint_at(ORG, ORIGIN, 4) is None
    assert store.checkpoint_at(ORG, ORIGIN, 6) is None


@pytest.mark.parametrize(("index", "size"), [(0, 3), (2, 3), (3, 7), (6, 7), (7, 20), (19, 20), (20, None)])
def test_smallest_checkpoint_that_holds_a_leaf_is_found(store: Store, index: int, size: int | None) -> None:
    put(store, 20, 3, 7)
    assert covering(store, index) == size


@pytest.mark.parametrize(("index", "size"), [(0, 7), (6, 7), (7, 30), (29, 30), (30, None)])
def test_smallest_witnessed_checkpoint_passes_over_those_that_are_not(
    store: Store, index: int, size: int | None
) -> None:
    put(store, 3, 20, 40)
    put(store, 7, 30, witnessed=True)
    assert covering(store, index, witnessed=True) == size


def test_newest_witnessed_checkpoint_is_the_largest_that_is(store: Store) -> None:
    assert store.newest_witnessed_checkpoint(ORG, ORIGIN) is None
    put(store, 40)
    assert store.newest_witnessed_checkpoint(ORG, ORIGIN) is None
    put(store, 30, 7, witnessed=True)
    assert store.newest_witnessed_checkpoint(ORG, ORIGIN) == signed(30)
    assert store.newest_witnessed_checkpoint(ORG, ELSEWHERE) is None
    assert store.newest_witnessed_checkpoint(OTHER, ORIGIN) is None


@pytest.mark.parametrize(("count", "sizes"), [(1, [40]), (3, [40, 30, 7]), (4, [40, 30, 7, 3]), (9, [40, 30, 7, 3])])
def test_newest_checkpoints_are_the_largest_of_this_log_witnessed_or_not(
    store: Store, count: int, sizes: list[int]
) -> None:
    assert store.newest_checkpoints(ORG, ORIGIN, count) == ()
    put(store, 3, 40)
    put(store, 30, 7, witnessed=True)
    store.put_checkpoint_note(ORG, signed(50, origin=ELSEWHERE), witnessed=True)
    store.put_checkpoint_note(OTHER, signed(60), witnessed=True)
    assert store.newest_checkpoints(ORG, ORIGIN, count) == tuple(signed(size) for size in sizes)


def test_cosignature_that_comes_later_is_added_and_the_checkpoint_is_witnessed(store: Store) -> None:
    put(store, 5)
    cosigned = signed(5, LOG, WITNESSES[0])
    store.put_checkpoint_note(ORG, cosigned, witnessed=True)
    assert store.checkpoint_at(ORG, ORIGIN, 5) == cosigned
    assert covering(store, 4, witnessed=True) == 5


def test_signatures_that_are_put_apart_are_gathered(store: Store) -> None:
    for witness in WITNESSES[:2]:
        store.put_checkpoint_note(ORG, signed(5, LOG, witness), witnessed=True)
    assert store.checkpoint_at(ORG, ORIGIN, 5) == signed(5, LOG, *WITNESSES[:2])


def test_note_with_fewer_signatures_takes_nothing_away(store: Store) -> None:
    cosigned = signed(5, LOG, WITNESSES[0])
    store.put_checkpoint_note(ORG, cosigned, witnessed=True)
    put(store, 5)
    assert store.checkpoint_at(ORG, ORIGIN, 5) == cosigned
    assert covering(store, 4, witnessed=True) == 5


def test_key_that_signs_again_later_does_not_change_when_it_signed_first(store: Store) -> None:
    first = signed(5, LOG, WITNESSES[0], at=1_700_000_000)
    store.put_checkpoint_note(ORG, first, witnessed=True)
    store.put_checkpoint_note(ORG, signed(5, LOG, WITNESSES[0], at=1_700_009_999), witnessed=True)
    assert store.checkpoint_at(ORG, ORIGIN, 5) == first


def test_another_root_of_the_same_size_is_refused_and_changes_nothing(store: Store) -> None:
    put(store, 5)
    forked = sign_note(text_of(5, root=hash_leaf(b"forked")), [LOG])
    with pytest.raises(NoteError, match="Another checkpoint of the same size"):
        store.put_checkpoint_note(ORG, forked, witnessed=True)
    assert store.checkpoint_at(ORG, ORIGIN, 5) == signed(5)
    assert covering(store, 0, witnessed=True) is None


def test_organisations_and_logs_are_kept_apart(store: Store) -> None:
    put(store, 5)
    store.put_checkpoint_note(ORG, signed(6, origin=ELSEWHERE), witnessed=True)
    store.put_checkpoint_note(OTHER, signed(7), witnessed=True)
    assert covering(store, 0) == 5
    assert covering(store, 0, witnessed=True) is None
    assert store.checkpoint_at(ORG, ELSEWHERE, 5) is None
    assert store.checkpoint_at(OTHER, ORIGIN, 5) is None
    assert store.checkpoint_at(OTHER, ORIGIN, 7) == signed(7)


def test_checkpoints_outlive_the_process(database: Place) -> None:
    put(database.open(), 5, witnessed=True)
    database.close()
    assert database.open().checkpoint_at(ORG, ORIGIN, 5) == signed(5)


def test_cosignatures_that_arrive_at_once_are_all_kept(place: Place) -> None:
    stores = [place.open() for _ in WITNESSES]

    def add(store: Store, witness: SignerKey) -> None:
        store.put_checkpoint_note(ORG, signed(5, LOG, witness), witnessed=True)

    in_threads(add, list(zip(stores, WITNESSES, strict=True)))
    found = stores[0].checkpoint_at(ORG, ORIGIN, 5)
    assert found is not None
    assert {line.name for line in found.lines} == {ORIGIN, *(one.name for one in WITNESSES)}
