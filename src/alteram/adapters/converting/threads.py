"""E-mail and chat exports as messages, read confined; and the one spelling of a message, which a piece holds."""

import dataclasses
from pathlib import Path
from typing import Final

from alteram.adapters.converting.asking import WORKER, ask
from alteram.core.kernel.canonical import encode_canonical
from alteram.core.kernel.errors import MalformedError
from alteram.operations.evidence_ports import ConfinedPrograms, Limits, Message, Thread, Unshown

#: Which task reads which kind; whether a text is a chat shows itself in its lines.
TASKS: Final = {
    "application/json": "chat",
    "application/mbox": "mail",
    "message/rfc822": "mail",
    "text/plain": "chat",
}
#: Bytes of a message's piece.
MAX_MESSAGE: Final = 4 << 20


class ThreadReader:
    """Implements Threads."""

    def __init__(self, programs: ConfinedPrograms, *, limits: Limits = WORKER) -> None:
        """Read by `programs`."""
        self._programs = programs
        self._limits = limits

    def read_messages(self, source: Path, media: str) -> Thread | Unshown:
        """Return the messages of a file."""
        task = TASKS.get(media)
        if task is None:
            return Unshown("not-shown", f"{media} holds no messages that are read here.")
        if not source.stat().st_size:
            return Unshown("empty", "The file is empty.")
        return ask(self._programs, task, Thread, source=source, limits=self._limits, media=media)

    def encode_message(self, message: Message) -> bytes:
        """Return the one spelling of a message: canonical JSON of its fields. Raises: MalformedError over the limit."""
        data = encode_canonical(dataclasses.asdict(message))
        if len(data) > MAX_MESSAGE:
            raise MalformedError(f"A message of {len(data)} bytes is over the limit of {MAX_MESSAGE}.")
        return data
