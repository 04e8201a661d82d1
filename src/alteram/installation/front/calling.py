"""Calling a WSGI application with a request that is there in whole, and taking its answer part by part."""

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from alteram.installation.front.bodies import Body

Application: TypeAlias = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
#: Bytes of a part of an answer: fewer turns between threads than there are pieces.
PART: Final = 1 << 18


@dataclass(slots=True)
class Answer:
    """What an application answered: `whole`, or in parts."""

    status: int
    headers: list[tuple[str, str]]
    whole: bytes | None
    parts: Iterator[bytes]
    close: Callable[[], None]


def find_length(headers: Any) -> int | None:
    """Return how long a body is; None where nobody says, as then nobody can tell whether all of it came."""
    if "transfer-encoding" in headers:
        return None
    told = str(headers.get("content-length", "") or "0")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 16 else None


def build_environ(scope: Any, body: Body | None) -> dict[str, Any]:
    """Return what WSGI tells of a request. The network address is not told: nobody is to keep it."""
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "replace").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host or "localhost",
        "SERVER_PORT": port or "0",
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": "0.0.0.0",  # noqa: S104 - it stands for no address at all
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO() if body is None else body.open(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        _add_header(environ, name, value)
    return environ


def call(application: Application, environ: dict[str, Any]) -> Answer:
    """Return what the application answers."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _failed: object = None) -> None:
        begun.append((status, headers))

    result = application(environ, start)
    status, headers = begun[-1]
    close: Callable[[], None] = getattr(result, "close", lambda: None)
    is_whole = not getattr(result, "streaming", True)
    whole = b"".join(result) if is_whole else None
    return Answer(int(status.partition(" ")[0]), headers, whole, iter(() if is_whole else result), close)


def take_part(answer: Answer) -> bytes:
    """Return more of an answer; nothing at its end."""
    part = bytearray()
    for piece in answer.parts:
        part += piece
        if len(part) >= PART:
            break
    return bytes(part)


def _add_header(environ: dict[str, Any], name: str, value: str) -> None:
    """Add a header. One with an underscore would pass for another: a proxy may have let it through."""
    if "_" in name:
        return
    key = name.upper().replace("-", "_")
    key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
    joint = "; " if key == "HTTP_COOKIE" else ","
    text = value.encode("utf-8", "replace").decode("latin-1")
    environ[key] = f"{environ[key]}{joint}{text}" if key in environ else text
