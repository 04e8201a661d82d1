"""A published log, one thing wrong with it at a time, at every size where the shape of the tree changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from alteram.adapters.files import FileTileStore
from alteram.core.tlog import (
    Checkpoint,
    Note,
    NoteError,
    ProofError,
    SignerKey,
    Tile,
    TileError,
    compute_root,
    encode_checkpoint,
    hash_leaf,
    parse_checkpoint,
    sign_note,
)
from alteram.core.tlog.tiles import encode_bundle, parse_bundle
from alteram.operations.audit import MAX_DIFFERENCES, AuditReport, audit_log, verify_growth
from tests.published import LOG, leaf, publish, sign, write

SIZES = (1, 2, 255, 256, 257, 65535, 65536, 65537)


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[Path, Note]]:
    folders = {size: tmp_path_factory.mktemp(f"log-{size}") for size in SIZES}
    return {size: (folder, publish(folder, [leaf(at) for at in range(size)])) for size, folder in folders.items()}


def audit(folder: Path, note: Note, *, processes: int = 1) -> AuditReport:
    return audit_log(FileTileStore(folder).get_tile, note, [LOG.verifier], processes=processes)


def tile_of(size: int, level: int, index: int) -> Tile:
    return Tile(level, index, min(256, (size >> (8 * max(level, 0))) - index * 256))


@contextmanager
def changed(folder: Path, tile: Tile, data: bytes | None) -> Iterator[None]:
    path = folder / tile.path
    before = path.read_bytes()
    if data is None:
        path.unlink()
    else:
        path.write_bytes(data)
    try:
        yield
    finally:
        path.write_bytes(before)


def flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]


@pytest.mark.parametrize("size", SIZES)
def test_untouched_log_agrees_with_its_checkpoint(logs: dict[int, tuple[Path, Note]], size: int) -> None:
    folder, note = logs[size]
    told: list[int] = []
    report = audit_log(FileTileStore(folder).get_tile, note, [LOG.verifier], progress=told.append)
    assert report.ok
    assert report.checkpoint.size == size
    assert [one.key for one in report.signatures] == [LOG.verifier]
    assert told[-1] == size


def test_empty_log_agrees_with_its_checkpoint(tmp_path: Path) -> None:
    assert audit(tmp_path, sign([], 0)).ok


@pytest.mark.parametrize("size", SIZES)
def test_changed_entry_is_named_at_both_ends_and_in_the_middle(logs: dict[int, tuple[Path, Note]], size: int) -> None:
    folder, note = logs[size]
    for index in {0, size // 2, size - 1}:
        tile = tile_of(size, -1, index // 256)
        entries = list(parse_bundle((folder / tile.path).read_bytes(), tile.width))
        entries[index % 256] = flip(entries[index % 256] or b"\x00", 0)
        with changed(folder, tile, encode_bundle(entries)):
            (found,) = audit(folder, note).differences
        assert (found.code, found.tile, found.position) == ("audit.entry", tile, index % 256)
        assert (found.first, found.last) == (index, index)
        assert f"entry {index}" in found.problem
        assert tile.path in found.problem


@pytest.mark.parametrize("size", SIZES)
def test_changed_hash_of_any_level_is_named(logs: dict[int, tuple[Path, Note]], size: int) -> None:
    folder, note = logs[size]
    for level in range(3):
        count = size >> (8 * level)
        for position in {0, count // 2, count - 1} if count else set():
            tile = tile_of(size, level, position // 256)
            data = (folder / tile.path).read_bytes()
            with changed(folder, tile, flip(data, 32 * (position % 256) + 31)):
                (found,) = audit(folder, note).differences
            assert (found.code, found.tile, found.position) == ("audit.tile-hash", tile, position % 256)
            span = 256**level
            assert (found.first, found.last) == (position * span, (position + 1) * span - 1)


@pytest.mark.parametrize("size", SIZES)
def test_changed_length_of_an_entry_is_named_by_its_bundle_or_entry(
    logs: dict[int, tuple[Path, Note]], size: int
) -> None:
    folder, note = logs[size]
    tile = tile_of(size, -1, 0)
    for at in (0, 1):
        with changed(folder, tile, flip((folder / tile.path).read_bytes(), at)):
            found = audit(folder, note).differences
        assert found
        assert {one.tile for one in found} == {tile}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("cut", ["missing", "short", "long"])
def test_tile_that_is_missing_or_of_another_length_is_named(
    logs: dict[int, tuple[Path, Note]], size: int, cut: str
) -> None:
    folder, note = logs[size]
    for level in range(-1, 3):
        if size >> (8 * max(level, 0)) == 0:
            continue
        tile = tile_of(size, level, 0)
        data = (folder / tile.path).read_bytes()
        with changed(folder, tile, {"missing": None, "short": data[:-1], "long": data + b"\x00"}[cut]):
            found = audit(folder, note).differences
        assert tile in {one.tile for one in found}
        assert {one.code for one in found} <= {"audit.bundle", "audit.tile"}


def test_entries_and_tile_replaced_together_are_named_as_a_tile(logs: dict[int, tuple[Path, Note]]) -> None:
    folder, note = logs[65536]
    entries = [b"forged" + bytes([at]) for at in range(256)]
    with (
        changed(folder, Tile(-1, 3), encode_bundle(entries)),
        changed(folder, Tile(0, 3), b"".join(hash_leaf(entry) for entry in entries)),
    ):
        (found,) = audit(folder, note).differences
    assert (found.code, found.tile, found.first, found.last) == ("audit.replaced", Tile(0, 3), 768, 1023)


def test_whole_log_replaced_is_blamed_on_the_checkpoint(tmp_path: Path) -> None:
    publish(tmp_path, [b"forged", b"log"])
    report = audit(tmp_path, sign([hash_leaf(leaf(at)) for at in range(2)], 2))
    assert [one.code for one in report.differences] == ["audit.checkpoint"]


def test_two_faults_in_different_tiles_are_both_named(logs: dict[int, tuple[Path, Note]]) -> None:
    folder, note = logs[65537]
    last = Tile(-1, 256, 1)
    data = (folder / Tile(0, 100).path).read_bytes()
    with changed(folder, Tile(0, 100), flip(data, 40)), changed(folder, last, encode_bundle([b"other"])):
        found = audit(folder, note).differences
    assert {(one.code, one.tile, one.position) for one in found} == {
        ("audit.tile-hash", Tile(0, 100), 1),
        ("audit.entry", last, 0),
    }


def test_log_wrong_everywhere_is_reported_up_to_a_limit(tmp_path: Path) -> None:
    note = publish(tmp_path, [leaf(at) for at in range(600)])
    for index in range(3):
        width = min(256, 600 - index * 256)
        write(tmp_path, Tile(-1, index, width), encode_bundle([b"x"] * width))
    assert len(audit(tmp_path, note).differences) == MAX_DIFFERENCES


@pytest.mark.parametrize("processes", [2, 3])
def test_several_processes_find_what_one_finds(logs: dict[int, tuple[Path, Note]], processes: int) -> None:
    folder, note = logs[65537]
    assert audit(folder, note, processes=processes).ok
    data = (folder / Tile(0, 7).path).read_bytes()
    with changed(folder, Tile(0, 7), flip(data, 0)), changed(folder, Tile(-1, 256, 1), None):
        assert audit(folder, note, processes=processes) == audit(folder, note)


def test_checkpoint_by_another_key_is_refused(logs: dict[int, tuple[Path, Note]]) -> None:
    folder, note = logs[2]
    other = SignerKey.from_seed(LOG.name, LOG.type, bytes(31) + b"\x02")
    with pytest.raises(NoteError, match="No key"):
        audit(folder, sign_note(note.text, [other]))


def test_flipped_bit_in_the_checkpoint_is_refused(logs: dict[int, tuple[Path, Note]]) -> None:
    folder, note = logs[2]
    with pytest.raises(NoteError, match="does not verify"):
        audit(folder, Note(note.text.replace("\n2\n", "\n3\n"), note.lines))


@pytest.mark.parametrize("size", SIZES)
def test_log_continues_every_older_checkpoint_of_its_own(logs: dict[int, tuple[Path, Note]], size: int) -> None:
    folder, note = logs[size]
    hashes = [hash_leaf(leaf(at)) for at in range(size)]
    read = FileTileStore(folder).get_tile
    for old in {0, 1, size // 2, size - 1, size}:
        older = parse_checkpoint(sign(hashes, old).text)
        verify_growth(read, older, parse_checkpoint(note.text))


@pytest.mark.parametrize("size", SIZES[1:])
def test_older_checkpoint_of_another_history_is_refused(logs: dict[int, tuple[Path, Note]], size: int) -> None:
    folder, note = logs[size]
    read = FileTileStore(folder).get_tile
    for old in {1, size // 2, size}:
        forged = Checkpoint(LOG.name, old, bytes(32))
        with pytest.raises(ProofError):
            verify_growth(read, forged, parse_checkpoint(note.text))
        report = audit_log(read, note, [LOG.verifier], older=sign_note(encode_checkpoint(forged), [LOG]))
        assert [one.code for one in report.differences] == ["audit.growth"]


def test_log_that_shrank_or_has_another_origin_is_refused(logs: dict[int, tuple[Path, Note]]) -> None:
    folder, note = logs[2]
    read = FileTileStore(folder).get_tile
    newer = parse_checkpoint(note.text)
    with pytest.raises(ProofError, match="shrank from 3"):
        verify_growth(read, Checkpoint(LOG.name, 3, bytes(32)), newer)
    with pytest.raises(NoteError, match="different logs"):
        verify_growth(read, Checkpoint("elsewhere", 1, newer.root), newer)


def test_tile_gone_while_growth_is_verified_is_an_error_of_its_own(tmp_path: Path) -> None:
    hashes = [hash_leaf(leaf(at)) for at in range(3)]
    newer = Checkpoint(LOG.name, 3, compute_root(hashes))
    with pytest.raises(TileError, match="missing"):
        verify_growth(FileTileStore(tmp_path).get_tile, Checkpoint(LOG.name, 2, compute_root(hashes[:2])), newer)
