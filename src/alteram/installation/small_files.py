"""Files of forms that take small ones: kept in memory, and nothing of a request that is larger is read.

Every form reads what is sent to it, also one that takes no file, and before anything is known of who sends it. Without
a limit anybody could fill the disk, and what somebody sends by mistake would lie there readable. Forms that take large
files have a way of their own (see `installation.uploads`).
"""

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler

#: Bytes of a whole request: our forms take a file of 1 MB, and as much beside it.
LARGEST: Final = 3 << 20


class SmallFiles(MemoryFileUploadHandler):
    """Takes files into memory, whatever the settings say of a size."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Mapping[str, Any],  # noqa: N803 - the name is Django's
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Refuse a request that is too large before any of it is read. Raises: RequestDataTooBig."""
        del input_data, META, boundary, encoding
        if content_length > LARGEST:
            raise RequestDataTooBig
        self.activated = True
