"""Files that commands read, or write whole and never over another; and the copies of bundles that were served."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from errno import EEXIST
from os import strerror
from pathlib import Path
from typing import Final

from alteram.cli.showing import Value
from alteram.core.kernel.identifiers import PersonId
from alteram.core.vault import encode_identity
from alteram.operations.entries import Entered
from alteram.operations.exhibits.stored import open_files
from alteram.operations.perform import Performed

_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class WrittenCopy:
    """A copy that was written to be handed over; `identity` opens it where it is an age file."""

    file: Path
    identity: str | None = None

    def describe(self) -> dict[str, Value]:
        """Return where it is, for machines."""
        return {"file": str(self.file), "identity": self.identity}

    def tell(self) -> Iterator[str]:
        """Yield where it is, and how it is opened."""
        yield f"  {self.file}"
        if self.identity is not None:
            yield "  It opens with age -d -i IDENTITY; send the file, and this line by another way:"
            yield f"  {self.identity}"


def write_copies(
    entered: Entered, bundle: str, served: Mapping[PersonId, Performed], folder: Path, *, sealed: bool
) -> dict[PersonId, WrittenCopy]:
    """Write the copies that were served into a folder: as PDF, or sealed as the age files they are kept in.

    Raises: OSError, StoreError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    for person, done in served.items():
        if done.seq is None:
            continue
        # The bundle is the first; marked recordings, which lie beside it, come with its zip.
        copy = open_files(entered.organisation, entered.stream, done.seq)[2][0]
        file = folder / f"{bundle}-{person}.pdf{'.age' if sealed else ''}"
        attachments = entered.organisation.ports.attachments
        write_new(file, attachments.get(copy.stream, copy.sha256) if sealed else copy.read())
        written[person] = WrittenCopy(file, encode_identity(copy.key) if sealed else None)
    return written


def read_blocks(file: Path) -> Iterator[bytes]:
    """Yield a file in blocks. Raises: OSError."""
    with file.open("rb") as source:
        while block := source.read(_BLOCK):
            yield block


def check_new(file: Path | None) -> None:
    """Refuse a file that is there, before anything is recorded for it. Raises: FileExistsError."""
    if file is not None and file.exists():
        raise FileExistsError(EEXIST, strerror(EEXIST), str(file))


def write_new(file: Path, content: Iterable[bytes]) -> None:
    """Write a file whole or not at all, and never over another. Raises: OSError."""
    with file.open("xb") as target:
        try:
            target.writelines(content)
        except BaseException:
            file.unlink()
            raise
