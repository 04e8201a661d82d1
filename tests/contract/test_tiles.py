"""TileStore: what was published never changes, and the checkpoint only goes forward."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from alteram.adapters.files import FileTileStore
from alteram.adapters.memory import MemoryTileStore
from alteram.core.tlog import (
    ED25519,
    Checkpoint,
    SignerKey,
    Tile,
    TileError,
    TlogError,
    encode_checkpoint,
    hash_leaf,
    sign_note,
)
from alteram.operations.ports import TileStore
from tests.contract.places import in_processes, in_threads

ORIGIN = "example.org/log"
KEYS = [SignerKey.from_seed(ORIGIN, ED25519, bytes(31) + bytes([one])) for one in (1, 2)]
FULL, PARTIAL, ENTRIES, DEEP = Tile(0, 0), Tile(0, 0, 5), Tile(-1, 3, 7), Tile(2, 1_234_067)
TILES = [FULL, PARTIAL, ENTRIES, DEEP]


def checkpoint(size: int, *, root: bytes = b"", signers: int = 1) -> bytes:
    text = encode_checkpoint(Checkpoint(ORIGIN, size, root or hash_leaf(str(size).encode())))
    return sign_note(text, KEYS[:signers]).encode().encode()


@pytest.fixture(params=["memory", "files"])
def tiles(request: pytest.FixtureRequest, tmp_path: Path) -> TileStore:
    return MemoryTileStore() if request.param == "memory" else FileTileStore(tmp_path / "log")


@pytest.mark.parametrize("tile", TILES)
def test_a_tile_is_returned_as_it_was_published(tiles: TileStore, tile: Tile) -> None:
    tiles.put_tile(tile, bytes(range(256)))
    assert tiles.get_tile(tile) == bytes(range(256))


@pytest.mark.parametrize("tile", TILES)
def test_a_tile_that_is_not_there_is_an_error_that_names_it(tiles: TileStore, tile: Tile) -> None:
    with pytest.raises(TileError, match=tile.path):
        tiles.get_tile(tile)


@pytest.mark.parametrize("tile", TILES)
@pytest.mark.parametrize("other", [b"other", b"", b"tile+"])
def test_other_content_under_a_published_name_is_refused(tiles: TileStore, tile: Tile, other: bytes) -> None:
    tiles.put_tile(tile, b"tile")
    with pytest.raises(TileError, match="other content"):
        tiles.put_tile(tile, other)
    assert tiles.get_tile(tile) == b"tile"


def test_publishing_the_same_again_is_no_error(tiles: TileStore) -> None:
    for _ in range(2):
        tiles.put_tile(FULL, b"tile")
    assert tiles.get_tile(FULL) == b"tile"


def test_tiles_of_other_widths_stand_beside_one_another(tiles: TileStore) -> None:
    for width in (1, 5, 255, 256):
        tiles.put_tile(Tile(0, 0, width), str(width).encode())
    assert [tiles.get_tile(Tile(0, 0, width)) for width in (1, 5, 255, 256)] == [b"1", b"5", b"255", b"256"]


def test_no_checkpoint_is_found_before_one_is_published(tiles: TileStore) -> None:
    assert tiles.find_checkpoint() is None


def test_the_newest_checkpoint_is_found(tiles: TileStore) -> None:
    for size in (1, 2, 9):
        tiles.put_checkpoint(checkpoint(size))
        assert tiles.find_checkpoint() == checkpoint(size)


def test_an_older_checkpoint_does_not_take_the_place_of_a_newer_one(tiles: TileStore) -> None:
    tiles.put_checkpoint(checkpoint(9))
    tiles.put_checkpoint(checkpoint(8))
    assert tiles.find_checkpoint() == checkpoint(9)


@pytest.mark.parametrize(("first", "then", "found"), [(1, 2, 2), (2, 1, 2)])
def test_of_one_size_the_checkpoint_with_more_signatures_stays(
    tiles: TileStore, first: int, then: int, found: int
) -> None:
    tiles.put_checkpoint(checkpoint(3, signers=first))
    tiles.put_checkpoint(checkpoint(3, signers=then))
    assert tiles.find_checkpoint() == checkpoint(3, signers=found)


def test_another_root_of_the_same_size_is_refused(tiles: TileStore) -> None:
    tiles.put_checkpoint(checkpoint(3))
    with pytest.raises(TlogError):
        tiles.put_checkpoint(checkpoint(3, root=bytes(32)))
    assert tiles.find_checkpoint() == checkpoint(3)


def test_a_note_that_is_no_checkpoint_is_refused(tiles: TileStore) -> None:
    tiles.put_checkpoint(checkpoint(3))
    with pytest.raises(TlogError):
        tiles.put_checkpoint(b"nonsense\n")
    assert tiles.find_checkpoint() == checkpoint(3)


def test_of_two_who_publish_a_tile_at_once_one_wins_and_the_other_is_told(tiles: TileStore) -> None:
    def attempt(number: int) -> bool:
        try:
            tiles.put_tile(FULL, bytes([number]) * 5000)
        except TileError:
            return False
        return True

    won = in_threads(attempt, [(number,) for number in range(8)])
    assert won.count(True) == 1
    assert tiles.get_tile(FULL) == bytes([won.index(True)]) * 5000


def test_of_many_processes_that_publish_a_tile_one_wins_and_the_others_are_told(tmp_path: Path) -> None:
    won = in_processes(_publish, [(str(tmp_path), number) for number in range(4)])
    assert won.count(True) == 1
    assert FileTileStore(tmp_path).get_tile(FULL) == bytes([won.index(True)]) * 5000


def _publish(folder: str, number: int) -> bool:
    try:
        FileTileStore(Path(folder)).put_tile(FULL, bytes([number]) * 5000)
    except TileError:
        return False
    return True


def test_of_many_processes_that_publish_checkpoints_the_newest_stays(tmp_path: Path) -> None:
    in_processes(_publish_checkpoints, [(str(tmp_path), first) for first in (1, 2, 3)])
    assert FileTileStore(tmp_path).find_checkpoint() == checkpoint(60)


def _publish_checkpoints(folder: str, first: int) -> None:
    tiles = FileTileStore(Path(folder))
    for size in range(first, 61):
        tiles.put_checkpoint(checkpoint(size))


def test_files_stand_where_the_layout_says_and_everybody_may_read_them(tmp_path: Path) -> None:
    tiles = FileTileStore(tmp_path)
    for tile in TILES:
        tiles.put_tile(tile, b"tile")
    tiles.put_checkpoint(checkpoint(1))
    names = ["checkpoint", "tile/0/000", "tile/0/000.p/5", "tile/2/x001/x234/067", "tile/entries/003.p/7"]
    assert sorted(str(one.relative_to(tmp_path)) for one in tmp_path.rglob("[!.]*") if one.is_file()) == names
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in names} == {0o644}


def test_nothing_is_left_aside_when_publishing_is_refused(tmp_path: Path) -> None:
    tiles = FileTileStore(tmp_path)
    tiles.put_tile(FULL, b"tile")
    with pytest.raises(TileError):
        tiles.put_tile(FULL, b"other")
    assert [path.name for path in (tmp_path / "tile" / "0").iterdir()] == ["000"]


def test_a_disk_that_fails_leaves_no_tile_and_the_next_attempt_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiles = FileTileStore(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _fail)
        with pytest.raises(OSError, match="disk"):
            tiles.put_tile(FULL, b"tile")
    with pytest.raises(TileError):
        tiles.get_tile(FULL)
    tiles.put_tile(FULL, b"tile")
    assert tiles.get_tile(FULL) == b"tile"


def _fail(descriptor: int) -> None:
    raise OSError("the disk is gone")


def test_a_tile_is_durable_before_it_has_its_name_and_its_name_before_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    path = tmp_path / FULL.path
    _watch(
        monkeypatch, done, "fsync", lambda descriptor: _name(Path(f"/proc/self/fd/{descriptor}").readlink(), tmp_path)
    )
    _watch(monkeypatch, done, "link", lambda aside, name: "named" if name == path else "?")
    FileTileStore(tmp_path).put_tile(FULL, b"tile")
    assert done == ["content", "named", "tile/0", "tile", "."]


def _name(path: Path, folder: Path) -> str:
    return "content" if path.is_file() else str(path.relative_to(folder))


def _watch(patch: pytest.MonkeyPatch, done: list[str], name: str, describe: Callable[..., str]) -> None:
    original = getattr(os, name)

    def call(*arguments: object) -> object:
        done.append(describe(*arguments))
        return original(*arguments)

    patch.setattr(os, name, call)
