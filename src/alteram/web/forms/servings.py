"""What was served, as a form offers it to who confirms that it arrived: exhibits by title, in which way, for whom."""

from collections.abc import Mapping
from typing import Final

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.installation.asking import Asking
from alteram.operations.disclosure.served import DISCLOSED, ToldServing, find_servings
from alteram.operations.entries import enter
from alteram.operations.offering import Offered

#: Acts that say of something served that it arrived.
CONFIRMING: Final = frozenset({"receipt.given", "service.confirmed", "paper.served"})
#: How many exhibits are named, and how much of each title.
_NAMED, _LONGEST = 3, 60
_WAYS: Final = {
    "page": gettext_lazy("on the page"),
    "file": gettext_lazy("as a file"),
    "print": gettext_lazy("in print"),
}


def tell_servings(
    asking: Asking, stream: StreamId, offered: Offered, viewer: PersonId, names: Mapping[str, str]
) -> dict[str, str]:
    """Return how each entry that gave evidence is offered, by its number; for whom, where there is more than one."""
    seqs = [seq for seq, tag in offered.entries if tag == DISCLOSED]
    told = find_servings(enter(asking.organisation, stream, viewer), seqs)
    tells_whom = len({one.to for one in told}) > 1
    return {str(one.seq): _tell(one, (names.get(one.to) or one.to) if tells_whom else "") for one in told}


def _tell(one: ToldServing, person: str) -> str:
    named = [Truncator(each).chars(_LONGEST) for each in one.exhibits[:_NAMED]]
    more = len(one.exhibits) - len(named)
    if more:
        named.append(ngettext("%(n)s more", "%(n)s more", more) % {"n": more})
    what = "; ".join(named)
    if one.bundle:
        what = _("bundle %(bundle)s (%(exhibits)s)") % {"bundle": one.bundle, "exhibits": what}
    head = _("%(seq)s, for %(person)s") % {"seq": one.seq, "person": person} if person else str(one.seq)
    way = _WAYS.get(one.by)
    return f"{head}: {what}" + (f", {way}" if way else "")
