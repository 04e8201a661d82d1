"""Reads one file, in a confined process of its own: python -m alteram.adapters.converting.worker TASK < arguments.

The arguments and the answer are JSON. The file is at `/in/file`; what a task writes goes to `/out`, under names of
ours. What is wrong with a file is an answer; whatever else goes wrong ends the process, and that is an answer as well.
"""

import importlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from alteram.adapters.converting.unreadable import NotShownError

#: Which function answers which task: loaded when it is asked for, so that a task costs only what it needs.
TASKS: Final = {
    "capture": "reading_captures:read_capture",
    "chat": "reading_chats:read_chat",
    "detect": "detecting:detect",
    "listing": "reading_archives:list_archive",
    "mail": "reading_mail:read_mail",
    "pdf": "reading_pdf:read_pdf",
    "picture": "reading_pictures:read_picture",
    "text": "reading_texts:read_text",
}
#: Deep nesting is what hostile files try; it is refused long before the stack ends.
_DEEPEST: Final = 1_000


def main() -> None:
    """Do the task and answer."""
    sys.stdout.buffer.write(answer(sys.argv[1], json.load(sys.stdin), Path("/in/file"), Path("/out")))


def answer(task: str, arguments: Mapping[str, Any], source: Path, out: Path) -> bytes:
    """Return what a task answers of a file, as it is written."""
    sys.setrecursionlimit(_DEEPEST)
    module, _, name = TASKS[task].partition(":")
    read = getattr(importlib.import_module(f"alteram.adapters.converting.{module}"), name)
    told: dict[str, object]
    try:
        told = {"found": read(arguments, source, out)}
    except NotShownError as error:
        told = {"unshown": {"why": error.why, "detail": error.detail}}
    except MemoryError:
        told = {"unshown": {"why": "too-large", "detail": "It needs more memory than it may have."}}
    except RecursionError:
        told = {"unshown": {"why": "damaged", "detail": "It is nested deeper than is read."}}
    # Lone surrogates, which no JSON may hold, are shown as what they are: unreadable.
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")


if __name__ == "__main__":
    main()
