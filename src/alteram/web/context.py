"""What every page knows: which organisation, who asks, and in which direction the language runs."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language_bidi

from alteram.installation.models import DirectoryEntry


def build_context(request: HttpRequest) -> dict[str, Any]:
    """Return it."""
    asking = getattr(request, "asking", None)
    found: dict[str, Any] = {"asking": asking, "direction": "rtl" if get_language_bidi() else "ltr"}
    if asking is not None and asking.person is not None:
        entry = DirectoryEntry.objects.filter(organisation=asking.name, person=asking.person).first()
        found["my_name"] = (entry.name if entry else "") or asking.person
    return found
