"""CheckpointLock: of those who would sign the next checkpoint, one wins."""

import stat
from pathlib import Path

import pytest

from alteram.adapters.files import FileCheckpointLock
from alteram.adapters.memory import MemoryCheckpointLock
from alteram.core.tlog import ED25519, Checkpoint, SignerKey, encode_checkpoint, hash_leaf, sign_note
from alteram.operations.ports import CheckpointLock, LockedCheckpoint, StaleReadError
from tests.contract.places import in_processes, in_threads

ORIGIN = "example.org/log"
KEY = SignerKey.from_seed(ORIGIN, ED25519, bytes(31) + b"\x01")


def locked(size: int, signed_at_ns: int = 1_700_000_000_123_456_789) -> LockedCheckpoint:
    text = encode_checkpoint(Checkpoint(ORIGIN, size, hash_leaf(str(size).encode())))
    return LockedCheckpoint(sign_note(text, [KEY]), signed_at_ns)


@pytest.fixture(params=["memory", "files"])
def lock(request: pytest.FixtureRequest, tmp_path: Path) -> CheckpointLock:
    return MemoryCheckpointLock() if request.param == "memory" else FileCheckpointLock(tmp_path / "checkpoint.db")


def test_nothing_is_locked_at_first(lock: CheckpointLock) -> None:
    assert lock.load(ORIGIN) is None


def test_what_was_put_is_loaded_as_it_was(lock: CheckpointLock) -> None:
    lock.replace(ORIGIN, None, locked(1))
    assert lock.load(ORIGIN) == locked(1)
    assert lock.load("example.org/other") is None


def test_each_checkpoint_takes_the_place_of_the_one_before(lock: CheckpointLock) -> None:
    lock.replace(ORIGIN, None, locked(1))
    lock.replace(ORIGIN, locked(1), locked(2))
    assert lock.load(ORIGIN) == locked(2)


@pytest.mark.parametrize("old", [None, locked(2), locked(3)])
def test_replacing_what_does_not_stand_there_is_refused_and_changes_nothing(
    lock: CheckpointLock, old: LockedCheckpoint | None
) -> None:
    lock.replace(ORIGIN, None, locked(1))
    with pytest.raises(StaleReadError):
        lock.replace(ORIGIN, old, locked(3))
    assert lock.load(ORIGIN) == locked(1)


def test_replacing_something_where_nothing_stands_is_refused(lock: CheckpointLock) -> None:
    with pytest.raises(StaleReadError):
        lock.replace(ORIGIN, locked(1), locked(2))
    assert lock.load(ORIGIN) is None


def test_logs_are_locked_apart(lock: CheckpointLock) -> None:
    lock.replace(ORIGIN, None, locked(1))
    lock.replace("example.org/other", None, locked(2))
    assert (lock.load(ORIGIN), lock.load("example.org/other")) == (locked(1), locked(2))


def test_of_threads_that_replace_the_same_one_wins(lock: CheckpointLock) -> None:
    lock.replace(ORIGIN, None, locked(1))
    won = in_threads(lambda size: _attempt(lock, locked(1), size), [(size,) for size in range(2, 10)])
    assert won.count(True) == 1
    assert lock.load(ORIGIN) == locked(2 + won.index(True))


def test_of_processes_that_replace_the_same_one_wins(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.db"
    won = in_processes(_attempt_in_process, [(str(path), size) for size in (1, 2, 3, 4)])
    assert won.count(True) == 1
    assert FileCheckpointLock(path).load(ORIGIN) == locked(1 + won.index(True))


def _attempt_in_process(path: str, size: int) -> bool:
    lock = FileCheckpointLock(Path(path))
    try:
        return _attempt(lock, None, size)
    finally:
        lock.close()


def _attempt(lock: CheckpointLock, old: LockedCheckpoint | None, size: int) -> bool:
    try:
        lock.replace(ORIGIN, old, locked(size))
    except StaleReadError:
        return False
    return True


def test_the_lock_outlives_the_process_and_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.db"
    first = FileCheckpointLock(path)
    first.replace(ORIGIN, None, locked(7))
    first.close()
    assert FileCheckpointLock(path).load(ORIGIN) == locked(7)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
