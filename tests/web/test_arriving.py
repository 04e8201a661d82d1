"""Bodies on their way in: how slowly they may come, who gives way where room runs out, and that nothing is readable."""

import asyncio
import os
import selectors
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from alteram.installation.front.arriving import Arriving, Bounds, BrokenOffError, NoRoomError, TooSlowError
from alteram.installation.front.bodies import IN_MEMORY, Body
from alteram.installation.front.calling import build_environ, find_length

_BOUNDS = Bounds(pause=0.3, least=10, grace=5.0, slowest=1000, room=1_000_000, most=3)
_LARGE = IN_MEMORY + 1


class _Idle(selectors.DefaultSelector):
    """Waits for no time to pass: where nothing else is to be done, it has passed."""

    passed, busy = 0.0, 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or (timeout and self.busy):
            return super().select(None)  # for a thread that writes, and tells when it has
        found = super().select(0)
        if not found:
            self.passed += max(0.0, timeout)
        return found


class _CountedLoop(asyncio.SelectorEventLoop):
    """A loop whose clock is counted, so that no machine is too slow for it."""

    def __init__(self) -> None:
        self._idle = _Idle()
        super().__init__(self._idle)

    def time(self) -> float:
        return self._idle.passed

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:  # type: ignore[override]  # whatever it is
        self._idle.busy += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._rest)
        return future

    def _rest(self, _: object) -> None:
        self._idle.busy -= 1


async def come(*parts: bytes, wait: float = 0.0) -> AsyncIterator[bytes]:
    for one in parts:
        await asyncio.sleep(wait)
        yield one


async def never_end(*parts: bytes) -> AsyncIterator[bytes]:
    for one in parts:
        yield one
    await asyncio.sleep(60)


async def receive(arriving: Arriving, length: int, chunks: AsyncIterator[bytes]) -> bytes:
    async with arriving.receive(length, chunks) as body:
        return body.open().read()


def run(folder: Path, act: Callable[[Arriving], object], bounds: Bounds = _BOUNDS) -> object:
    async def enter() -> object:
        with ThreadPoolExecutor(1) as files:
            return await act(Arriving(folder, files, bounds))  # type: ignore[misc]  # each act here is a coroutine

    with asyncio.Runner(loop_factory=_CountedLoop) as runner:
        return runner.run(enter())


@pytest.mark.parametrize("size", [1, IN_MEMORY, _LARGE, 5 * IN_MEMORY + 7])
def test_body_is_given_back_as_it_came(tmp_path: Path, size: int) -> None:
    data = os.urandom(size)
    parts = [data[at : at + 5000] for at in range(0, size, 5000)]
    assert run(tmp_path, lambda all_: receive(all_, size, come(*parts))) == data


def test_what_is_put_aside_can_be_read_by_nobody_and_has_no_name(tmp_path: Path) -> None:
    body = Body(tmp_path)
    body.take(b"what nobody else is to read " * 5000)
    body.put_aside()
    assert body._file is not None
    body._file.flush()
    assert b"nobody else" not in Path(f"/proc/self/fd/{body._file.fileno()}").read_bytes()
    assert list(tmp_path.iterdir()) == []
    assert body.open().read(28) == b"what nobody else is to read "
    body.close()


def test_body_that_brings_enough_in_each_pause_is_taken_and_one_byte_less_is_not(tmp_path: Path) -> None:
    fits = [bytes(10)] * 4
    assert run(tmp_path, lambda all_: receive(all_, 40, come(*fits, wait=0.2))) == bytes(40)
    with pytest.raises(TooSlowError):
        run(tmp_path, lambda all_: receive(all_, 100, never_end(bytes(9))))


def test_body_that_always_brings_enough_but_never_ends_is_cut_off(tmp_path: Path) -> None:
    bounds = Bounds(pause=0.1, least=1, grace=0.4, slowest=1000)
    with pytest.raises(TooSlowError):
        run(tmp_path, lambda all_: receive(all_, 500, come(*[b"x" * 5] * 100, wait=0.02)), bounds)


def test_body_that_is_cut_short_is_not_taken_for_whole(tmp_path: Path) -> None:
    with pytest.raises(BrokenOffError):
        run(tmp_path, lambda all_: receive(all_, 11, come(bytes(10))))


def test_disk_without_room_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    with pytest.raises(NoRoomError):
        run(tmp_path / "taken", lambda all_: receive(all_, _LARGE, come(bytes(_LARGE))))


def test_where_room_runs_out_the_slowest_gives_way_to_the_fast(tmp_path: Path) -> None:
    async def act(arriving: Arriving) -> list[object]:
        slow = asyncio.create_task(receive(arriving, 10_000_000, never_end(bytes(2 * _LARGE))))
        await asyncio.sleep(0.05)
        fast = asyncio.create_task(receive(arriving, 900_000, come(*[bytes(100_000)] * 9)))
        return list(await asyncio.gather(slow, fast, return_exceptions=True))

    found = run(tmp_path, act)
    assert isinstance(found, list)
    assert isinstance(found[0], TooSlowError)
    assert found[1] == bytes(900_000)


def test_body_that_alone_takes_more_than_the_room_is_cut_off(tmp_path: Path) -> None:
    with pytest.raises(TooSlowError):
        run(tmp_path, lambda all_: receive(all_, 2_000_000, come(*[bytes(100_000)] * 20)))


def test_where_too_many_arrive_the_slowest_gives_way_to_whoever_comes(tmp_path: Path) -> None:
    async def act(arriving: Arriving) -> list[object]:
        waiting = [asyncio.create_task(receive(arriving, 100, never_end(bytes(n)))) for n in (30, 1, 20)]
        await asyncio.sleep(0.05)
        found = await receive(arriving, 5, come(b"hello"))
        await asyncio.sleep(0)
        ended = [one.done() for one in waiting]
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return [found, ended]

    assert run(tmp_path, act) == [b"hello", [False, True, False]]


@pytest.mark.parametrize(
    ("headers", "length"),
    [
        ({}, 0),
        ({"content-length": "12"}, 12),
        ({"content-length": "-1"}, None),
        ({"content-length": "9" * 16}, None),
        ({"content-length": "٣"}, None),
        ({"content-length": "12", "transfer-encoding": "chunked"}, None),
    ],
)
def test_length_is_known_only_where_it_is_said(headers: dict[str, str], length: int | None) -> None:
    assert find_length(headers) == length


class _Scope:
    method, path, query_string, scheme, http_version = "GET", "/a b/é", "q=%20", "http", "1.1"
    server, client = "127.0.0.1:8000", "203.0.113.9:4444"
    headers = {  # noqa: RUF012 - it is read only
        "cookie": "a=1",
        "x_forwarded_proto": "https",
        "content-type": "text/plain",
        "host": "here.example",
    }


def test_application_learns_no_network_address_and_no_header_that_only_looks_like_another() -> None:
    environ = build_environ(_Scope, None)
    assert "203.0.113.9" not in str(environ)
    assert "HTTP_X_FORWARDED_PROTO" not in environ
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/a b/é"
    assert (environ["HTTP_COOKIE"], environ["CONTENT_TYPE"], environ["HTTP_HOST"]) == (
        "a=1",
        "text/plain",
        "here.example",
    )
