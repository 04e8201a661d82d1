"""The task `listing`: the names in a zip or tar archive, as labels. Nothing is unpacked."""

import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from alteram.adapters.converting.plain_text import has_unseen, tame
from alteram.adapters.converting.unreadable import NotShownError

MAX_NAMES: Final = 2_000
MAX_NAME: Final = 300
MAX_DIRECTORY: Final = 32 << 20
#: An archive that says it holds more than so many times its own bytes is told as a bomb.
BOMB: Final = 200


def list_archive(arguments: Mapping[str, str], source: Path, _out: Path) -> dict[str, object]:
    """Return what an archive says it holds, as a text with a line for each name."""
    size = source.stat().st_size
    try:
        rows = list(_list_zip(source) if arguments["media"] == "application/zip" else _list_tar(source))
    except (zipfile.BadZipFile, tarfile.TarError, OSError, ValueError, EOFError, NotImplementedError) as error:
        raise NotShownError("damaged", "It is not an archive that can be read.") from error
    if not rows:
        raise NotShownError("empty", "The archive holds nothing.")
    shown = rows[:MAX_NAMES]
    notices = ["Nothing in it is unpacked: files that matter are lodged one by one."]
    if len(rows) > MAX_NAMES:
        notices.append("Only its beginning is listed.")
    if any(_leads_out(name) for name, _ in rows):
        notices.append("Names in it lead out of the folder into which it would be unpacked.")
    if any(has_unseen(name) for name, _ in rows):
        notices.append("Names in it hold characters that hide or turn a part of them.")
    if sum(length for _, length in rows) > BOMB * max(size, 1):
        notices.append("It says it holds far more than its own size: unpacking it could fill a disk.")
    text = "\n".join(f"{length:>12}  {tame(name, MAX_NAME)}" for name, length in shown)
    return {"text": text, "page_count": 0, "notices": notices, "tool": "alteram listing"}


def _list_zip(source: Path) -> Iterator[tuple[str, int]]:
    with zipfile.ZipFile(source) as archive:
        yield from ((one.filename, one.file_size) for one in archive.infolist()[: MAX_NAMES + 1])


def _list_tar(source: Path) -> Iterator[tuple[str, int]]:
    # Uncompressed only: reading the names of a compressed one would mean unpacking all of it.
    with tarfile.open(source, "r:") as archive:
        for count, one in enumerate(archive):
            if count > MAX_NAMES:
                return
            yield one.name, one.size


def _leads_out(name: str) -> bool:
    plain = name.replace("\\", "/")
    return plain.startswith("/") or ".." in plain.split("/") or plain[1:2] == ":"
