"""An organisation opened once more, by a process that works beside the one that opened it first."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alteram.bootstrap.folder import open_folder
from alteram.operations.organisation import Organisation


@contextmanager
def open_again(folder: Path) -> Iterator[Organisation]:
    """Open the organisation in `folder`, to be read, and close it again. Raises: FolderError, StoreError."""
    opened = open_folder(folder)
    try:
        yield opened.organisation
    finally:
        opened.close()
