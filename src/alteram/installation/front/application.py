"""The application that granian runs (RSGI): requests taken in whole, answered by a thread, answers sent without one.

It decides how much may be sent, and where. What a request means is Django's, which never learns from which network
address one comes.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

from alteram.installation.front.arriving import BOUNDS, Arriving, Bounds, BrokenOffError, NoRoomError, TooSlowError
from alteram.installation.front.calling import Answer, Application, build_environ, call, find_length, take_part
from alteram.installation.front.cutting import cut

#: Bytes of a body that any address takes; what is longer is refused there before any of it is read.
SMALL: Final = 3 << 20
#: Bytes of a body that an address takes to which files are sent: ten of 100 MB, and what stands round them.
LARGE: Final = 1_010_000_000
#: How many threads work in each process, and for how many seconds somebody may not read any of a part of an answer.
THREADS: Final = 4
READING: Final = 60.0

_log = logging.getLogger(__name__)


class Scope(Protocol):
    """What granian tells of a request."""

    method: str
    path: str
    query_string: str
    scheme: str
    http_version: str
    server: str
    client: str
    headers: Any


class Exchange(Protocol):
    """By what granian gives the body, and takes the answer."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...  # noqa: D105, RUF100 - Python's own
    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Answer at once."""
        ...

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Any:
        """Begin an answer that comes in parts."""
        ...


class Front:
    """An RSGI application round a WSGI one. `takes_files` says which addresses take large bodies."""

    def __init__(
        self, application: Application, folder: Path, takes_files: Callable[[str], bool], bounds: Bounds = BOUNDS
    ) -> None:
        """Go before `application`; `folder` is for bodies that are put aside."""
        self._application, self._takes_files = application, takes_files
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self._files = ThreadPoolExecutor(2, thread_name_prefix="arriving")
        self._arriving = Arriving(folder, self._files, bounds)

    async def __rsgi__(self, scope: Scope, exchange: Exchange) -> None:
        """Answer a request."""
        length = find_length(scope.headers)
        if length is None:
            _refuse(exchange, 411)
            return
        if length > SMALL and not self._takes_files(scope.path):
            # Nothing of it is read: the page that answers says how much is taken.
            await self._answer(scope, exchange, None)
            return
        if length > LARGE:
            _refuse(exchange, 413)
            return
        if not length:
            await self._answer(scope, exchange, None)
            return
        try:
            async with self._arriving.receive(length, exchange) as body:
                await self._answer(scope, exchange, body)
        except TooSlowError:
            _refuse(exchange, 408)
        except NoRoomError:
            _refuse(exchange, 507)
        except BrokenOffError:
            _refuse(exchange, 400)

    async def _answer(self, scope: Scope, exchange: Exchange, body: Any) -> None:
        environ = build_environ(scope, body)
        try:
            answer = await self._work(partial(call, self._application, environ))
        except Exception as error:  # noqa: BLE001 - the last place where anything can still be answered
            _log.error("a request could not be answered: %s", type(error).__name__)
            _refuse(exchange, 500)
            return
        try:
            await self._send(scope, exchange, answer)
        finally:
            await self._work(answer.close)

    async def _send(self, scope: Scope, exchange: Exchange, answer: Answer) -> None:
        if answer.whole is not None:
            exchange.response_bytes(answer.status, answer.headers, answer.whole)
            return
        transport = exchange.response_stream(answer.status, answer.headers)
        try:
            while part := await self._work(partial(take_part, answer)):
                try:
                    await asyncio.wait_for(transport.send_bytes(part), READING)
                except RuntimeError:  # they have gone
                    return
        except TimeoutError:  # they do not read
            await self._work(partial(cut, scope.client))
        except Exception as error:  # noqa: BLE001 - the last place where they can still be told
            _log.error("an answer broke off: %s", type(error).__name__)
            await self._work(partial(cut, scope.client))

    async def _work(self, work: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _refuse(exchange: Exchange, status: int) -> None:
    """Answer without a page, and end the connection: what is still on its way is not waited for."""
    headers = [("connection", "close"), ("content-length", "0"), ("cache-control", "no-store")]
    exchange.response_bytes(status, headers, b"")
