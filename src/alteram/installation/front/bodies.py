"""What a request brings, on its way in: a little in memory, more in a file that nobody can read, until all is there.

The file is encrypted under a key that only this process has, has no name, and is gone with the request.
"""

import io
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Final

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

#: Bytes of a body that are kept in memory before they are put aside.
IN_MEMORY: Final = 1 << 16


class Body:
    """Bytes as they arrive. Filled by one task, then read by one thread; `close` lets go of all of it."""

    def __init__(self, folder: Path) -> None:
        """Begin with nothing; `folder` is where much of it would be put aside."""
        self.size = self.aside = 0
        self._folder = folder
        self._held = bytearray()
        self._file: IO[bytes] | None = None
        self._cipher = Cipher(AES(secrets.token_bytes(32)), CTR(bytes(16)))  # the key serves for this alone
        self._encryptor = self._cipher.encryptor()

    def take(self, data: bytes) -> bool:
        """Take more of it; return whether there is enough to be put aside."""
        self._held += data
        self.size += len(data)
        return len(self._held) > IN_MEMORY

    @property
    def held(self) -> int:
        """Return how many bytes are in memory."""
        return len(self._held)

    def put_aside(self) -> None:
        """Write what is in memory to the file. Raises: OSError."""
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed by `close`
        self._file.write(self._encryptor.update(bytes(self._held)))
        self.aside += len(self._held)
        self._held.clear()

    def open(self) -> IO[bytes]:
        """Return all of it, to be read once from its beginning."""
        if self._file is None:
            return io.BytesIO(bytes(self._held))
        self._file.seek(0)
        return io.BufferedReader(_Aside(self._file, self._cipher.decryptor().update, bytes(self._held)), IN_MEMORY)

    def close(self) -> None:
        """Let go of it."""
        self._held.clear()
        if self._file is not None:
            self._file.close()
            self._file = None


class _Aside(io.RawIOBase):
    """What was put aside, as it was, and then what was still in memory."""

    def __init__(self, file: IO[bytes], decrypt: Callable[[bytes], bytes], held: bytes) -> None:
        super().__init__()
        self._file, self._decrypt, self._held = file, decrypt, io.BytesIO(held)

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        data = self._file.read(len(into))
        data = self._decrypt(data) if data else self._held.read(len(into))
        into[: len(data)] = data
        return len(data)
