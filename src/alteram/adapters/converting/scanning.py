"""Asks ClamAV's daemon about a file, streamed over its INSTREAM command; and the scanner that is not there.

The daemon is somebody else's program: what it answers is bounded and read strictly. No answer is never `clean`.
"""

import re
import socket
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from alteram.operations.evidence_ports import Scanned

#: Seconds that the daemon may be silent.
PATIENCE: Final = 60.0
#: Bytes that are sent at once: less than any daemon refuses.
CHUNK: Final = 1 << 18
MAX_ANSWER: Final = 4_096
_FOUND: Final = re.compile(r"stream: (.{1,500}) FOUND")
_REMEDY: Final = "Start clamd, or take the scanner out of the settings."


class NoScanner:
    """Implements Scanning where no scanner is set up: it says that nothing was scanned."""

    def scan(self, chunks: Iterable[bytes]) -> Scanned:
        """Return that nothing was scanned, without reading a byte."""
        del chunks
        return Scanned("not-scanned", why="No scanner is set up.")

    def describe(self) -> str:
        """Return that there is none."""
        return "no scanner"


class ClamDaemon:
    """Implements Scanning by clamd, at the path of its socket, or at (host, port)."""

    def __init__(self, place: Path | tuple[str, int], *, patience: float = PATIENCE) -> None:
        """Ask the daemon at `place`; it is not reached before the first question."""
        self._place = place
        self._patience = patience

    def scan(self, chunks: Iterable[bytes]) -> Scanned:
        """Send bytes as they come and return the daemon's answer; where there is none, why."""
        try:
            with self._connect() as daemon:
                early = _send(daemon, chunks)
                return parse_answer(early or _receive(daemon))
        except OSError as error:
            return Scanned("could-not-scan", why=f"The scanner does not answer ({type(error).__name__}). {_REMEDY}")

    def describe(self) -> str:
        """Return the daemon's own word on its version and definitions; that it is away, too."""
        try:
            with self._connect() as daemon:
                daemon.sendall(b"zVERSION\0")
                return _receive(daemon) or "a scanner that says nothing"
        except OSError:
            return "a scanner that does not answer"

    def _connect(self) -> socket.socket:
        if isinstance(self._place, tuple):
            return socket.create_connection(self._place, self._patience)
        daemon = socket.socket(socket.AF_UNIX)
        try:
            daemon.settimeout(self._patience)
            daemon.connect(str(self._place))
        except OSError:
            daemon.close()
            raise
        return daemon


def _send(daemon: socket.socket, chunks: Iterable[bytes]) -> str:
    """Send all of it; return what the daemon said where it stopped listening before the end."""
    daemon.sendall(b"zINSTREAM\0")
    for chunk in chunks:
        for at in range(0, len(chunk), CHUNK):
            part = chunk[at : at + CHUNK]
            try:
                daemon.sendall(struct.pack(">I", len(part)) + part)
            except (BrokenPipeError, ConnectionResetError):
                # It says why before it hangs up: over its size limit.
                return _receive(daemon) or "hung up"
    daemon.sendall(struct.pack(">I", 0))
    return ""


def _receive(daemon: socket.socket) -> str:
    parts = b""
    while len(parts) < MAX_ANSWER and not parts.endswith(b"\0"):
        data = daemon.recv(MAX_ANSWER)
        if not data:
            break
        parts += data
    return parts.rstrip(b"\0\n").decode("ascii", "replace")


def parse_answer(answer: str) -> Scanned:
    """Return what clamd's line says.

    >>> parse_answer("stream: OK").answer, parse_answer("stream: Eicar FOUND").name
    ('clean', 'Eicar')
    """
    if answer == "stream: OK":
        return Scanned("clean")
    if (found := _FOUND.fullmatch(answer)) is not None:
        return Scanned("found", name=found[1])
    if "size limit exceeded" in answer:
        return Scanned("could-not-scan", why="The file is larger than the scanner reads.")
    return Scanned("could-not-scan", why="The scanner answered something else.")
