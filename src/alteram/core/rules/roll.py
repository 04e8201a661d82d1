"""What no rulebook can let go about the roll: nobody puts themselves into an office that handles matters.

It begins with the first rulebook, and it sees only the organisation's own stream: who fills an office, and with whom,
is otherwise for the organisation.
"""

from alteram.core.acts import OfficeFilled, RulebookAdopted
from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import AnyEvent, Facts
from alteram.core.rules.rulebook import Rulebook


def find_roll_refusal(facts: Facts, rulebook: Rulebook, event: AnyEvent) -> Refused | None:
    """Return why `event`, an act about an office, may not be; None when nothing here stands in its way."""
    act = event.act
    if not isinstance(act, OfficeFilled) or act.person != event.actor or not facts.organisation.all(RulebookAdopted):
        return None
    handles = any(one.id == act.office and one.plays for one in rulebook.offices)
    if not handles or facts.roll.holder(act.office) == act.person:
        return None
    return Refused("office.own", "record", "Nobody puts themselves into an office that handles matters.")
