"""A zip of a bundle and what lies beside it: the same files are the same bytes, and nothing is read twice.

Files are stored, not compressed: recordings and pictures do not get smaller. Names are ours, with what is safe of the
sender's. `SHA256SUMS` lists every file, to be checked with `sha256sum -c`.
"""

import hashlib
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, Final, cast

from alteram.adapters.bundles.workers import BundleError
from alteram.core.disclosure.bundles import Beside, Plan
from alteram.core.kernel.phrases import phrase

BUNDLE_NAME: Final = "bundle.pdf"
SUMS_NAME: Final = "SHA256SUMS"
#: The longest name of a file in a zip, without its folder and number.
MAX_NAME: Final = 80
_WHEN: Final = (1980, 1, 1, 0, 0, 0)
_RESERVED: Final = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")


def name_beside(one: Beside, at: int) -> str:
    """Return the name in a zip of the file that stands at place `at` (from 1) of those beside a bundle."""
    label = re.sub(r"[^A-Za-z0-9]+", "-", one.label).strip("-") or "exhibit"
    return f"beside/{at:03}-{label[:20]}-{make_safe(one.file_name)}"


def make_safe(name: str) -> str:
    """Return what is safe of a sender's file name: ASCII letters, digits and `.-_`, no path, no reserved name."""
    last = re.split(r"[/\\]", name)[-1]
    plain = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", plain).lstrip(".-_").rstrip("._")
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > MAX_NAME:
        plain = f"{stem[: MAX_NAME - 12]}.{ending[:10]}" if dot else plain[:MAX_NAME]
    if not plain or _RESERVED.fullmatch(plain):
        return f"file{'.' + ending if dot and ending.isalnum() else ''}"
    return plain


class _Written:
    """Where the zip is written to: it keeps what came since it was last asked, and cannot go back."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._blocks.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is written is there."""

    def take(self) -> bytes:
        """Return what came, and forget it."""
        taken, self._blocks = b"".join(self._blocks), []
        return taken


def pack(plan: Plan, bundle: Iterable[bytes], beside: Mapping[str, Iterable[bytes]]) -> Iterator[bytes]:
    """Yield the zip as it is made of the bundle and of the files beside it, by SHA-256, each read once.

    Raises: BundleError when a file is missing, before anything else; or when one is not what is planned: what was
    yielded by then is no zip.
    """
    for one in plan.beside:
        if one.digest not in beside:
            raise BundleError(
                phrase("What lies beside the bundle for {label} is missing.", label=one.label),
                remedy=phrase("Fetch it first."),
            )
    out, sums = _Written(), list[tuple[str, str]]()
    with zipfile.ZipFile(cast("BinaryIO", out), "w", zipfile.ZIP_STORED, allowZip64=True) as packed:
        yield from _add(packed, BUNDLE_NAME, bundle, out, sums)
        for at, one in enumerate(plan.beside, 1):
            yield from _add(packed, name_beside(one, at), beside[one.digest], out, sums, planned=one)
        listed = "".join(f"{digest}  {name}\n" for digest, name in sums).encode()
        packed.writestr(_entry(SUMS_NAME), listed)
    yield out.take()


def _add(
    packed: zipfile.ZipFile,
    name: str,
    blocks: Iterable[bytes],
    out: _Written,
    sums: list[tuple[str, str]],
    *,
    planned: Beside | None = None,
) -> Iterator[bytes]:
    digest, size = hashlib.sha256(), 0
    with packed.open(_entry(name), "w", force_zip64=True) as entry:
        for data in blocks:
            digest.update(data)
            size += len(data)
            entry.write(data)
            yield out.take()
    if planned is not None and (digest.hexdigest(), size) != (planned.digest, planned.size):
        problem = phrase("A file beside the bundle, of {label}, is not the one that was planned.", label=planned.label)
        raise BundleError(problem, remedy=phrase("Plan anew."))
    sums.append((digest.hexdigest(), name))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _WHEN)
    entry.create_system = 3
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    return entry
