"""Files that commands read, or write whole and never over another; and the copies of bundles that were served."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from errno import EEXIST
from os import strerror
from pathlib import Path
from typing import Final

from alteram.cli.showing import Value
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.vault import derive_recipient, encode_identity
from alteram.core.vault.age_keys import KEY_SIZE
from alteram.operations.bundle_ports import Bundles
from alteram.operations.disclosure.bundling import find_bundle
from alteram.operations.disclosure.packing import pack_served_copy, seal_served_copy
from alteram.operations.entries import Entered
from alteram.operations.exhibits.stored import open_files
from alteram.operations.perform import Performed

_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class WrittenCopy:
    """A copy that was written to be handed over: with what lies beside it in `packed`, where anything does.

    `identity` opens the file where it is an age file, of the zip.
    """

    file: Path
    packed: Path | None = None
    identity: str | None = None

    def describe(self) -> dict[str, Value]:
        """Return where it is, for machines."""
        packed = None if self.packed is None else str(self.packed)
        return {"file": str(self.file), "packed": packed, "identity": self.identity}

    def tell(self) -> Iterator[str]:
        """Yield where it is, and how it is opened."""
        yield f"  {self.file}"
        if self.packed is not None:
            yield f"  {self.packed}, with recordings and originals"
        if self.identity is not None:
            yield "  It opens with age -d -i IDENTITY; send the file, and this line by another way:"
            yield f"  {self.identity}"


def write_copies(
    entered: Entered,
    bundles: Bundles,
    bundle: str,
    served: Mapping[PersonId, Performed],
    folder: Path,
    *,
    sealed: bool,
    now: datetime,
) -> dict[PersonId, WrittenCopy | Refused]:
    """Write the copies that were served into a folder: as PDF, and a zip with what lies beside; sealed, as age files.

    Why one is not written that may not be handed over yet, such as one that lies closed on the page of who decides,
    is in its place.
    Raises: OSError, StoreError, BundleError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    has_beside = bool(find_bundle(entered, bundle).plan.beside)
    written: dict[PersonId, WrittenCopy | Refused] = {}
    for person, done in served.items():
        if done.seq is None:
            continue
        file, zipped = folder / f"{bundle}-{person}.pdf", folder / f"{bundle}-{person}.zip"
        identity = entered.organisation.ports.entropy(KEY_SIZE)
        packed = (
            seal_served_copy(entered, bundles, done.seq, derive_recipient(identity), now=now)
            if sealed
            else pack_served_copy(entered, bundles, done.seq, now=now)
        )
        if isinstance(packed, Refused):
            written[person] = packed
        elif sealed:
            file = folder / f"{zipped.name}.age"
            write_new(file, packed)
            written[person] = WrittenCopy(file, identity=encode_identity(identity))
        else:
            # The bundle is the first of an entry's files; marked recordings, which lie beside it, come with its zip.
            write_new(file, open_files(entered.organisation, entered.stream, done.seq)[2][0].read())
            if has_beside:
                write_new(zipped, packed)
            written[person] = WrittenCopy(file, zipped if has_beside else None)
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
