"""What each rulebook that ships is for, in one line, as whoever founds an organisation reads it."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: By the name under which it ships; a test asks for one for each.
SAMPLES: Final[dict[str, str | Promise]] = {
    "caucus": _("Members of a parliamentary party who judge one another, under whips and leaders."),
    "city-council": _("Elected councillors, a monitoring officer and an independent person; nobody can be suspended."),
    "free-software-community": _("People everywhere who write software together, without staff and mostly in writing."),
    "professional-body": _(
        "Members who answer to their peers for how they practise; reports of wrongdoing are protected."
    ),
    "small-club": _("A club that wants one page: a committee decides, others hear the appeal."),
    "union-branch": _("A branch of a union whose members stand for office against one another, with companions."),
    "university": _("Students and staff, with harassment among the complaints and ten days for the evidence."),
}


def tell_sample(name: str) -> str:
    """Return for whom a rulebook that ships was written; empty for one that says nothing of it."""
    return str(SAMPLES.get(name, ""))
