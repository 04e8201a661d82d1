"""A matter as one file that anyone can verify offline, with what is open to whoever asks and nothing more."""

import tempfile
from collections.abc import Iterator
from typing import IO, Final

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router

from alteram.api.calling import BearerToken, MatterName, Org, get_calling
from alteram.api.files import describe_file
from alteram.api.problems import ProblemError
from alteram.operations.exporting import export_read
from alteram.operations.perform import BusyError
from alteram.operations.ports import StoreError, StoreUnavailableError

_PART: Final = 1 << 16
router = Router(tags=["reading"], auth=BearerToken("export"))
_FILE = describe_file("application/zip")


@router.get(
    "/{org}/matters/{matter}/export",
    operation_id="export_matter",
    summary="Export a matter",
    openapi_extra={"responses": {200: _FILE}},
)
def export(request: HttpRequest, org: Org, matter: MatterName) -> StreamingHttpResponse:
    """Return what the asker may see of a matter, with the receipts and rules that it is verified by.

    Needs the scope `export`. The newest entries are in the log a second or so after they were recorded.
    """
    del org
    calling = get_calling(request)
    entered = calling.enter(matter)
    # Without a name from the start, and gone when the answer is: nothing of it is left on the disk.
    target = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it once it is sent
    try:
        export_read(entered, target, now=calling.asking.now)
    except (BusyError, StoreUnavailableError):
        target.close()
        raise
    except StoreError as error:
        target.close()
        raise ProblemError(409, "not-in-the-log", error.problem, headers={"Retry-After": "1"}) from error
    size = target.tell()
    target.seek(0)
    return StreamingHttpResponse(
        _read(target),
        content_type="application/zip",
        # What a matter is called says too much for the name of a file on a shared computer.
        headers={"Content-Length": str(size), "Content-Disposition": 'attachment; filename="matter.alteram"'},
    )


def _read(target: IO[bytes]) -> Iterator[bytes]:
    with target:
        while part := target.read(_PART):
            yield part
