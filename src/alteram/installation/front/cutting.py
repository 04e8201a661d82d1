"""Cutting a connection, so that whoever is sent an answer knows that they have not all of it.

The server ends every answer that it began as if it were whole, also one that nobody went on with, and has no way to be
told otherwise. Of an answer without a length a client could not tell a half zip from a whole one.
"""

import os
import socket
import stat
import struct
from contextlib import suppress
from pathlib import Path
from typing import Final

_OPEN: Final = Path("/proc/self/fd")
#: On closing, what is not sent yet is forgotten and the other side told so: not even HTTP/1.0 takes that for an end.
_AT_ONCE: Final = struct.pack("ii", 1, 0)


def cut(peer: str) -> None:
    """Cut the connection of this process with `peer`, as the server names it: address and port."""
    host, _, port = peer.rpartition(":")
    for one in _OPEN.iterdir():
        with suppress(OSError):  # closed in between, or connected with nobody
            if stat.S_ISSOCK(one.stat().st_mode):
                _cut_if(int(one.name), (host.strip("[]"), port))


def _cut_if(descriptor: int, wanted: tuple[str, str]) -> None:
    with socket.socket(fileno=os.dup(descriptor)) as one:
        if one.family not in {socket.AF_INET, socket.AF_INET6}:
            return
        address, port = one.getpeername()[:2]
        if (address, str(port)) == wanted:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            one.shutdown(socket.SHUT_RDWR)
