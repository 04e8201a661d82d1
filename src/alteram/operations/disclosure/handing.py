"""Whether a copy that was served on somebody may still be handed to them, or not yet."""

from alteram.core.access import build_reader, find_given
from alteram.core.acts import ExhibitDisclosed
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import Event
from alteram.core.rules.exhibits import is_quarantined, refuse
from alteram.core.rules.handing import find_contents, find_early
from alteram.operations.entries import Entered


def find_closing(entered: Entered, event: Event[ExhibitDisclosed]) -> Refused | None:
    """Return why a copy may not be handed to whom it was served on, now; None where it may.

    Their part ended, or it holds what was taken from them since; or they decide, and a respondent does not have it all.
    """
    facts, to = entered.facts, event.act.to
    given = [(one, find_given(facts, one, to)) for one in event.act.exhibits]
    if not build_reader(facts, entered.rulebook, to).has_part or any(
        found is None or found.gist or is_quarantined(facts, one) for one, found in given
    ):
        because = phrase(
            "It cannot be handed over any more: their part in the matter ended, or something in it was withheld from "
            "them, or put in quarantine, since it was served. Build another bundle for them."
        )
        return refuse("copy.closed", because)
    return find_early(facts, entered.rulebook, find_contents(facts, event.act), to)
