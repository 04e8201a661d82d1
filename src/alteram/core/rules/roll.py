"""What no rulebook can let go about the roll: nobody puts themselves into an office that handles matters.

It begins with the first rulebook, and it sees only the organisation's own stream: who fills an office, and with whom,
is otherwise for the organisation. What it may not do by one person alone is for the rulebook, see second_keys.
"""

from alteram.core.acts import MemberLeft, MemberSuspended, OfficeFilled, RulebookAdopted
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Facts
from alteram.core.rules.rulebook import Rulebook


def find_roll_refusal(facts: Facts, rulebook: Rulebook, event: AnyEvent) -> Refused | None:
    """Return why `event`, an act about the roll, may not be; None when nothing here stands in its way."""
    match event.act:
        case OfficeFilled():
            return _filled(facts, rulebook, event, event.act)
        case MemberLeft(matter=None, instrument=seq) | MemberSuspended(matter=None, instrument=seq) if seq is not None:
            return Refused(
                "roll.no-matter", "record", phrase("An instrument is an entry of a matter, and none is named.")
            )
        case _:
            return None


def _filled(facts: Facts, rulebook: Rulebook, event: AnyEvent, act: OfficeFilled) -> Refused | None:
    if act.person != event.actor or not facts.organisation.all(RulebookAdopted):
        return None
    handles = any(one.id == act.office and one.plays for one in rulebook.offices)
    if not handles or facts.roll.holder(act.office) == act.person:
        return None
    return Refused("office.own", "record", phrase("Nobody puts themselves into an office that handles matters."))
