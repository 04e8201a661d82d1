"""The export file: a zip whose members, names and bounds are fixed, read without ever trusting it.

It decides that the container is one we would write: sorted unique names from a closed list, fixed times, no directories,
no encryption, no links, bounded sizes and ratios. It does not verify what the members say; see `verification`.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import BinaryIO, Final

from alteram.core.record.errors import RecordError

MAX_MEMBERS: Final = 1_000_000
MAX_MEMBER: Final = 8 << 20
MAX_RATIO: Final = 200
_TIME: Final = (1980, 1, 1, 0, 0, 0)
_NAME = re.compile(
    r"README\.txt|checkpoint|manifest\.json|policy"
    r"|(?:packs|rulebooks)/[0-9a-f]{64}\.json"
    r"|statements/[0-9]{8}\.(?:leaf|tlog-proof)"
    r"|streams/[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?/[0-9]{8}\.(?:sd-jwt|tlog-proof)"
)


def write_archive(target: BinaryIO, members: Mapping[str, bytes]) -> None:
    """Write an export with these members to `target`."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            _check_name(name)
            info = zipfile.ZipInfo(name, _TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, members[name])


class Archive:
    """An export opened for reading. `names` are its members, sorted."""

    def __init__(self, source: BinaryIO) -> None:
        """Open the container and check it. Raises: RecordError when it is not one we would write."""
        try:
            self._zip = zipfile.ZipFile(source)
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
            raise RecordError("archive.zip", "Not an export: the zip container is broken or cut short.") from error
        if len(infos) > MAX_MEMBERS:
            raise RecordError("archive.members", f"The export has more than {MAX_MEMBERS} members.")
        if self._zip.comment or (infos and infos[0].header_offset != 0):
            raise RecordError("archive.extra", "Something stands before or after the export.")
        self.names = tuple(info.filename for info in infos)
        if list(self.names) != sorted(set(self.names)):
            raise RecordError("archive.names", "The members are not sorted, or one stands twice.")
        for info in infos:
            _check_info(info)

    def read(self, name: str) -> bytes:
        """Return a member's bytes. Raises: RecordError when it is missing or damaged."""
        try:
            return self._zip.read(name)
        except KeyError as error:
            raise RecordError("archive.missing", "The export lacks this member.", where=name) from error
        except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError) as error:
            raise RecordError("archive.damaged", "The member is damaged.", where=name) from error
        except Exception as error:
            if type(error).__module__ == "zlib":
                raise RecordError("archive.damaged", "The member is damaged.", where=name) from error
            raise

    def under(self, folder: str, ending: str) -> Iterator[str]:
        """Yield the names of the members in `folder/` that end in `ending`, in order."""
        return (name for name in self.names if name.startswith(f"{folder}/") and name.endswith(ending))


def build_file_digest(data: bytes) -> str:
    """Return the lower-case hexadecimal SHA-256 of a member."""
    return sha256(data).hexdigest()


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise RecordError(
            "archive.name", "The export holds a member that does not belong in one.", where=ascii(name)[:80]
        )


def _check_info(info: zipfile.ZipInfo) -> None:
    _check_name(info.filename)
    kind = info.external_attr >> 28
    if info.flag_bits & ~0x800 or info.date_time != _TIME or info.extra or info.comment or kind not in {0, 8}:
        raise RecordError(
            "archive.attributes", "The member's attributes are not those of an export.", where=info.filename
        )
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise RecordError("archive.compression", "The member is compressed in another way.", where=info.filename)
    if info.file_size > MAX_MEMBER or info.file_size > MAX_RATIO * max(info.compress_size, 64):
        raise RecordError(
            "archive.bomb", "The member is too large, or unpacks to far more than it is.", where=info.filename
        )
