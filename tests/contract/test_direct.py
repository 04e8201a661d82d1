"""A file written past the cache is what was written, whatever the disk says, and an error of any block is its own."""

import fcntl
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from errno import EINVAL, ENOSPC
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.adapters.files import direct
from alteram.adapters.files.direct import DirectWriter

BLOCK = 4096
#: Linux's own number, where the machine has another or none.
DIRECT = getattr(os, "O_DIRECT", 0o40000)
WRITE, SYNC, CONTROL = os.write, os.fdatasync, fcntl.fcntl


@dataclass
class Disk:
    """A disk that knows direct writes, wherever the test runs, and lets one come to what the test says."""

    answer: Callable[[int], int] = lambda length: length
    direct: list[int] = field(default_factory=list)
    cached: list[int] = field(default_factory=list)
    asked: int = 0
    is_direct: bool = False

    def control(self, descriptor: int, command: int, flags: int = 0) -> int:
        if command == fcntl.F_SETFL:
            self.is_direct = bool(flags & DIRECT)
            return 0
        return CONTROL(descriptor, command) | (DIRECT if self.is_direct else 0)

    def write(self, descriptor: int, data: memoryview) -> int:
        (self.direct if self.is_direct else self.cached).append(len(data))
        return WRITE(descriptor, data[: self.answer(len(data))] if self.is_direct else data)

    def ask(self, descriptor: int) -> None:
        self.asked += 1
        SYNC(descriptor)


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(direct, "_BLOCK", BLOCK)
    monkeypatch.setattr(direct, "_EVERY", 2 * BLOCK)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    made = Disk()
    monkeypatch.setattr(direct, "_DIRECT", DIRECT)
    monkeypatch.setattr(fcntl, "fcntl", made.control)
    monkeypatch.setattr(os, "write", made.write)
    monkeypatch.setattr(os, "fdatasync", made.ask)
    return made


def write(path: Path, *parts: bytes) -> bytes:
    """Write a file in these parts and return what is in it."""
    writer = begin(path)
    for part in parts:
        writer.write(part)
    writer.finish()
    return path.read_bytes()


def begin(path: Path) -> DirectWriter:
    return DirectWriter(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))


def refuse(error: int) -> Callable[[int], int]:
    def answer(_: int) -> int:
        raise OSError(error, os.strerror(error))

    return answer


@given(st.lists(st.integers(0, 3 * BLOCK), max_size=8))
def test_any_parts_are_the_file(tmp_path_factory: pytest.TempPathFactory, lengths: list[int]) -> None:
    parts = [os.urandom(length) for length in lengths]
    path = tmp_path_factory.getbasetemp() / "any-parts"
    assert write(path, *parts) == b"".join(parts)


@pytest.mark.parametrize("length", [0, BLOCK - 1])
def test_file_smaller_than_a_block_goes_through_the_cache(tmp_path: Path, disk: Disk, length: int) -> None:
    assert write(tmp_path / "file", b"x" * length) == b"x" * length
    assert disk.direct == []


def test_whole_blocks_go_past_the_cache_and_the_rest_through_it(tmp_path: Path, disk: Disk) -> None:
    content = os.urandom(2 * BLOCK + 5)
    assert write(tmp_path / "file", content) == content
    assert (disk.direct, disk.cached, disk.asked) == ([BLOCK, BLOCK], [5], 0)


def test_disk_that_takes_no_direct_writes_is_written_through_the_cache_and_asked_meanwhile(
    tmp_path: Path, disk: Disk
) -> None:
    disk.answer = refuse(EINVAL)
    content = os.urandom(5 * BLOCK)
    assert write(tmp_path / "file", content) == content
    assert (len(disk.direct), disk.cached, disk.asked) == (1, [BLOCK] * 5, 2)


def test_machine_that_knows_no_direct_writes_writes_through_the_cache(
    tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(direct, "_DIRECT", 0)
    content = os.urandom(3 * BLOCK)
    assert write(tmp_path / "file", content) == content
    assert (disk.direct, len(disk.cached)) == ([], 3)


def test_file_system_that_will_not_hear_of_direct_writes_writes_through_the_cache(
    tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:

    def control(descriptor: int, command: int, flags: int = 0) -> int:
        if command == fcntl.F_SETFL and flags & DIRECT:
            raise OSError(EINVAL, os.strerror(EINVAL))
        return disk.control(descriptor, command, flags)

    monkeypatch.setattr(fcntl, "fcntl", control)
    content = os.urandom(3 * BLOCK)
    assert write(tmp_path / "file", content) == content
    assert (disk.direct, len(disk.cached)) == ([], 3)


@pytest.mark.parametrize("taken", [1, 511, 512, BLOCK - 1])
def test_write_that_stops_in_the_middle_goes_on_through_the_cache(tmp_path: Path, disk: Disk, taken: int) -> None:
    disk.answer = lambda _: taken
    content = os.urandom(3 * BLOCK)
    assert write(tmp_path / "file", content) == content
    assert disk.direct == [BLOCK]


@pytest.mark.parametrize("blocks", [1, 2, 5])
def test_error_of_a_block_is_the_files_and_stays_so(tmp_path: Path, disk: Disk, blocks: int) -> None:
    disk.answer = refuse(ENOSPC)
    writer = begin(tmp_path / "file")
    with pytest.raises(OSError, match="No space"):
        _write_all(writer, blocks)
    disk.answer = lambda length: length
    with pytest.raises(OSError, match="No space"):
        writer.finish()
    writer.close()


def _write_all(writer: DirectWriter, blocks: int) -> None:
    for _ in range(blocks):
        writer.write(b"y" * BLOCK)
    writer.finish()


def test_error_of_asking_the_disk_early_is_the_files(
    tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk tells of an error once: the sync at the end would succeed."""

    def fail(_: int) -> None:
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    disk.answer = refuse(EINVAL)
    monkeypatch.setattr(os, "fdatasync", fail)
    with pytest.raises(OSError, match="No space"):
        _write_all(begin(tmp_path / "file"), 2)


def test_closing_twice_does_nothing(tmp_path: Path) -> None:
    writer = begin(tmp_path / "file")
    writer.write(b"y" * 3 * BLOCK)
    writer.close()
    writer.close()
    other = os.open(tmp_path / "file", os.O_RDONLY)  # has the number that was free
    writer.close()
    os.close(other)
