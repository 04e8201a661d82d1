"""What is open to somebody of a matter, as one file that anyone can check without us."""

import tempfile
from typing import BinaryIO, cast

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.operations.entries import enter
from alteram.operations.exporting import export_read
from alteram.operations.ports import StoreError
from alteram.web.busy import BUSY
from alteram.web.doors import for_people, get_person
from alteram.web.saying import say

#: An export that is larger waits on disk until it is sent.
_IN_MEMORY = 1 << 22


@require_safe
@for_people
def download_export(request: HttpRequest, asking: Asking, matter: str) -> HttpResponseBase:
    """Give the file."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    target = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed when it was sent
    try:
        export_read(entered, cast("BinaryIO", target), now=asking.now)
    except BUSY:
        target.close()
        raise
    except StoreError as error:
        target.close()
        context = {"problem": say(error.problem), "remedy": say(error.remedy)}
        return render(request, "web/error.html", context, status=409)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{matter}.alteram", content_type="application/zip")
