"""Cutting a connection, so that whoever is sent an answer knows that they have not all of it.

The server ends every answer that it began as if it were whole, also one that nobody went on with, and has no way to be
told otherwise. Of an answer without a length a client could not tell a half zip from a whole one.
"""

import ctypes
import os
import socket
import stat
import struct
from contextlib import suppress
from pathlib import Path
from typing import Final

_OPEN: Final = Path("/proc/self/fd")
#: Connecting with nobody resets a connection at once: not even HTTP/1.0, to which a mere end is one, takes it for that.
_NOBODY: Final = struct.pack("H14x", socket.AF_UNSPEC)


def cut(peer: str) -> None:
    """Cut the connection of this process with `peer`, as the server names it: address and port."""
    host, _, port = peer.rpartition(":")
    for one in _OPEN.iterdir():
        with suppress(OSError):  # closed in between, or connected with nobody
            if stat.S_ISSOCK(one.stat().st_mode):
                _cut_if(int(one.name), (_spell(host.strip("[]")), port))


def _cut_if(descriptor: int, wanted: tuple[str, str]) -> None:
    with socket.socket(fileno=os.dup(descriptor)) as one:
        if one.family not in {socket.AF_INET, socket.AF_INET6}:
            return
        address, port = one.getpeername()[:2]
        if (_spell(address), str(port)) == wanted:
            ctypes.CDLL(None).connect(one.fileno(), _NOBODY, len(_NOBODY))
            one.shutdown(socket.SHUT_RDWR)  # an error where that did it


def _spell(address: str) -> str:
    """Return an address in one spelling: a socket of both families tells one of the older as of the newer."""
    return address.removeprefix("::ffff:")
