"""How long and how slowly a request may arrive, and what room all of them have together.

Nobody is told apart by network address: many share one. Where room runs out, whoever sends the most slowly gives way,
so that sending slowly to keep others out defeats itself.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alteram.installation.front.bodies import Body


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is borne with, in each process."""

    pause: float = 20.0
    """Seconds within which at least `least` bytes arrive, or the end."""
    least: int = 8192
    grace: float = 30.0
    """Seconds that a body has altogether, and as many more as `slowest` bytes a second would take."""
    slowest: int = 16_384
    room: int = 2 << 30
    """Bytes that all bodies may have put aside together."""
    most: int = 400
    """How many may be on their way at once."""


class TooSlowError(Exception):
    """A body came too slowly, or gave way to others."""


class BrokenOffError(Exception):
    """A body ended before it was whole."""


class NoRoomError(Exception):
    """There is no room on the disk."""


@dataclass(eq=False, slots=True)
class _Arrival:
    body: Body
    began: float
    task: "asyncio.Task[None]"

    def speed(self, now: float) -> float:
        return self.body.size / (now - self.began + 1)


BOUNDS: Final = Bounds()


class Arriving:
    """The bodies on their way in. For one event loop."""

    def __init__(self, folder: Path, files: Executor, bounds: Bounds = BOUNDS) -> None:
        """Put aside in `folder` what does not fit into memory; `files` does the writing."""
        self._folder, self._files, self.bounds = folder, files, bounds
        self._arrivals: set[_Arrival] = set()
        self._bodies: set[Body] = set()

    @asynccontextmanager
    async def receive(self, length: int, chunks: AsyncIterable[bytes]) -> AsyncIterator[Body]:
        """Give a body of so many bytes once it is there. Raises: TooSlowError, BrokenOffError, NoRoomError."""
        body = Body(self._folder)
        self._bodies.add(body)
        try:
            await self._receive(body, length, chunks)
            yield body
        finally:
            self._bodies.discard(body)
            body.close()

    async def _receive(self, body: Body, length: int, chunks: AsyncIterable[bytes]) -> None:
        loop = asyncio.get_running_loop()
        task = loop.create_task(self._fill(body, length, chunks))
        arrival = _Arrival(body, loop.time(), task)
        self._arrivals.add(arrival)
        self._give_way(arrival)
        try:
            await self._watch(arrival, length)
        finally:
            await _end(task)
            self._arrivals.discard(arrival)

    async def _watch(self, arrival: _Arrival, length: int) -> None:
        bounds, loop, before = self.bounds, asyncio.get_running_loop(), 0
        until = arrival.began + bounds.grace + length / bounds.slowest
        while not arrival.task.done():
            left = min(bounds.pause, until - loop.time())
            await asyncio.wait({arrival.task}, timeout=max(left, 0))
            if arrival.task.done():
                break
            if loop.time() >= until or arrival.body.size - before < bounds.least:
                raise TooSlowError
            before = arrival.body.size
        if arrival.task.cancelled():
            raise TooSlowError
        arrival.task.result()

    async def _fill(self, body: Body, length: int, chunks: AsyncIterable[bytes]) -> None:
        async for data in chunks:
            if body.take(data):
                self._make_room(body.held)
                try:
                    await asyncio.get_running_loop().run_in_executor(self._files, body.put_aside)
                except OSError as error:
                    raise NoRoomError from error
        if body.size != length:
            raise BrokenOffError

    def _make_room(self, wanted: int) -> None:
        if sum(one.aside for one in self._bodies) + wanted > self.bounds.room:
            # Whoever asks is among them: what has arrived already is kept until it is answered.
            self._end_slowest([one for one in self._arrivals if one.body.aside or one.body.held >= wanted])

    def _give_way(self, newest: _Arrival) -> None:
        if len(self._arrivals) > self.bounds.most:
            self._end_slowest([one for one in self._arrivals if one is not newest])

    @staticmethod
    def _end_slowest(among: list[_Arrival]) -> None:
        now = asyncio.get_running_loop().time()
        min(among, key=lambda one: one.speed(now)).task.cancel()


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()  # nothing, where it has ended
    await asyncio.wait({task})
    if not task.cancelled():
        task.exception()  # looked at, so that nothing is said of it later
