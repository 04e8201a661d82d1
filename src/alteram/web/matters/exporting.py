"""What is open to somebody of a matter, as one file that anyone can check without us."""

import tempfile
from typing import BinaryIO, cast

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.operations.entries import enter, find_timeline_page
from alteram.operations.exporting import export_matter
from alteram.operations.ports import StoreError
from alteram.operations.readings import keep_reading
from alteram.web.doors import for_people, get_person
from alteram.web.saying import say

#: An export that is larger waits on disk until it is sent.
_IN_MEMORY = 1 << 22


@require_safe
@for_people
def download_export(request: HttpRequest, asking: Asking, matter: str) -> HttpResponseBase:
    """Give the file."""
    stream, person = StreamId(matter), get_person(asking)
    entered = enter(asking.organisation, stream, person)
    target = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed when it was sent
    try:
        export_matter(asking.organisation, stream, cast("BinaryIO", target), viewer=person)
    except StoreError as error:
        target.close()
        context = {"problem": say(error.problem), "remedy": say(error.remedy)}
        return render(request, "web/error.html", context, status=409)
    keep_reading(entered, find_timeline_page(entered, size=entered.facts.matter.head_seq + 1).entries, now=asking.now)
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=f"{matter}.alteram", content_type="application/zip")
