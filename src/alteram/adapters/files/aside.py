"""Files that are whole and durable before they have their name, so that nobody ever reads half of one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp


@contextmanager
def written_aside(path: Path, data: bytes, *, mode: int) -> Iterator[Path]:
    """Yield a durable file of its own beside `path` with this content, gone afterwards unless it was moved away."""
    descriptor, name = mkstemp(prefix=f".{path.name}.", dir=path.parent)
    aside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
        yield aside
    finally:
        aside.unlink(missing_ok=True)


def make_names_durable(folder: Path) -> None:
    """Return once the names in `folder` would survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
