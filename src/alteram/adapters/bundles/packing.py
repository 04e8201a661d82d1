"""A zip of a bundle and what lies beside it: the same files are the same bytes, and nothing is read twice.

Files are stored, not compressed: recordings and pictures do not get smaller. Names are ours, with what is safe of the
sender's. `SHA256SUMS` lists every file, to be checked with `sha256sum -c`.
"""

import hashlib
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from typing import BinaryIO, Final

from alteram.adapters.bundles.workers import BundleError
from alteram.core.disclosure.bundles import Beside, Plan

BUNDLE_NAME: Final = "bundle.pdf"
SUMS_NAME: Final = "SHA256SUMS"
#: The longest name of a file in a zip, without its folder and number.
MAX_NAME: Final = 80
_CHUNK: Final = 1 << 20
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


def pack(plan: Plan, bundle: BinaryIO, beside: Mapping[str, BinaryIO], out: BinaryIO) -> list[str]:
    """Write the zip into `out`; return the names in it. `out` need not be seekable.

    Raises: BundleError when a file is missing or is not the one that is planned; what is written by then is no zip.
    """
    sums: list[tuple[str, str]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as packed:
        sums.append((_add(packed, BUNDLE_NAME, bundle)[0], BUNDLE_NAME))
        for at, one in enumerate(plan.beside, 1):
            file = beside.get(one.digest)
            if file is None:
                raise BundleError(f"What lies beside the bundle for {one.label} is missing.", remedy="Fetch it first.")
            name = name_beside(one, at)
            file.seek(0)
            found, size = _add(packed, name, file)
            if (found, size) != (one.digest, one.size):
                raise BundleError(
                    f"A file beside the bundle, of {one.label}, is not the one that was planned.", remedy="Plan anew."
                )
            sums.append((found, name))
        listed = "".join(f"{digest}  {name}\n" for digest, name in sums).encode()
        packed.writestr(_entry(SUMS_NAME), listed)
    return [*(name for _, name in sums), SUMS_NAME]


def _add(packed: zipfile.ZipFile, name: str, file: BinaryIO) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with packed.open(_entry(name), "w", force_zip64=True) as entry:
        for data in _read(file):
            digest.update(data)
            size += len(data)
            entry.write(data)
    return digest.hexdigest(), size


def _read(file: BinaryIO) -> Iterator[bytes]:
    while data := file.read(_CHUNK):
        yield data


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _WHEN)
    entry.create_system = 3
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    return entry
