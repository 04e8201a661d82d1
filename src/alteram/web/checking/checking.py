"""The page on which a browser checks files by itself. Its policy lets it connect to nothing and send no form."""

from csp.constants import NONE
from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.web.checking.words import build_words

_NOTHING_LEAVES = {"connect-src": [NONE], "form-action": [NONE]}


@require_safe
@csp_replace(_NOTHING_LEAVES)
def show_check(request: HttpRequest) -> HttpResponse:
    """Show it. What the script says stands in the page, in the reader's language."""
    return render(request, "web/checking/check.html", {"words": build_words()})
