"""The words in a file that is given to somebody: what stands in it plainly, and inside, where it is a zip of parts."""

from tempfile import TemporaryFile
from typing import BinaryIO, Final, cast

from alteram.core.disclosure.file_words import ZIP, read_words
from alteram.operations.bundle_ports import Naming
from alteram.operations.exhibits.stored import StoredFile

#: What a file says of itself stands in its first and last bytes.
_ENDS: Final = 1 << 20
#: A zip of more bytes than that is not unpacked: office files have pictures in them, but no films.
MAX_PACKED: Final = 512 << 20


def read_file_words(file: StoredFile, naming: Naming) -> tuple[str, bool]:
    """Return the words in a file; and False where it is a zip of which something could not be read.

    Of what is no zip, its first and last mebibyte are read. Raises: StoreError, VaultError, BundleError.
    """
    size = file.find_size()
    ends = file.read_range(0, min(size, _ENDS))
    is_zip = ends.startswith(ZIP)
    if size > _ENDS:
        ends += file.read_range(max(_ENDS, size - _ENDS), size)
    if not is_zip or size > MAX_PACKED:
        return read_words(ends), not is_zip
    with TemporaryFile() as out:
        out.writelines(file.read())
        out.flush()
        words, is_whole = naming.read_packed(cast("BinaryIO", out))
    return f"{read_words(ends)}\n{words}", is_whole
