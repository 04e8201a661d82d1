"""What no rulebook can let go about paper: nobody enters a paper for themselves, and nobody alone gives up what is
another's (docs/adr: on paper).

Who hands in paper acts themselves; whoever enters it only says that they did. The act that follows is ruled on as the
party's own.
"""

from datetime import datetime
from typing import Final

from alteram.core.acts import PaperEntered, find_spec
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import AnyEvent, Facts
from alteram.core.rules.capacities import find_roles
from alteram.core.rules.parts import find_sides
from alteram.core.rules.rulebook import Rulebook

#: Whose acts can be done for them on paper.
ON_PAPER: Final[frozenset[Role]] = frozenset(
    {"reporter", "complainant", "respondent", "witness", "companion", "representative"}
)
#: Acts by which a party gives something up: a second person must have seen the paper.
GIVES_UP: Final = frozenset(
    {
        "right.waived",
        "fact.agreed",
        "report.withdrawn",
        "submissions.closed",
        "mediation.accepted",
        "mediation.settled",
        "minute.confirmed",
        "service.confirmed",
        "party.resigned",
        "correction.made",
    }
)
#: What nobody does by paper: to enter paper, and to begin a matter (a report on paper begins one of its own).
_NEVER: Final = frozenset({"paper.entered", "paper.served", "report.lodged", "history.entered"})


def find_paper_refusal(facts: Facts, rulebook: Rulebook, event: AnyEvent, now: datetime) -> Refused | None:
    """Return why `event`, entering a paper, may not be; None for any other act, or when nothing stands in its way."""
    act = event.act
    if not isinstance(act, PaperEntered):
        return None
    wrong = _find_wrong_hand(facts, rulebook, act, event.actor)
    if wrong is not None:
        return wrong
    if act.received_at > now:
        because = "It cannot have been handed in later than now."
        return Refused("paper.later", "record", because, earliest=act.received_at)
    if not _can_be_done(facts, rulebook, act):
        return Refused("paper.not-theirs", "record", "This is no act that the person could do themselves.")
    seen_by = act.witness not in {None, event.actor, act.person} and act.witness not in find_sides(facts)
    if act.what in GIVES_UP and not seen_by:
        because = "It gives something up: somebody else, who is no side in the matter, must have seen the paper."
        return Refused("paper.witness", "record", because)
    return None


def _find_wrong_hand(facts: Facts, rulebook: Rulebook, act: PaperEntered, actor: PersonId | None) -> Refused | None:
    if act.person == actor or actor in find_sides(facts):
        return Refused(
            "paper.own", "record", "Nobody enters a paper for themselves, or in a matter they are a side in."
        )
    if ON_PAPER.isdisjoint(find_roles(facts, rulebook, act.person)):
        return Refused("paper.no-party", "record", "Only what a party, a witness or who stands beside them handed in.")
    return None


def _can_be_done(facts: Facts, rulebook: Rulebook, act: PaperEntered) -> bool:
    spec = find_spec(act.what)
    if spec is None or spec.name != act.what or spec.stream != "matter" or spec.name in _NEVER:
        return False
    rule = rulebook.find_act_rule(spec.name)
    by = spec.by if rule is None else rule.by
    own = ON_PAPER.intersection(find_roles(facts, rulebook, act.person)) | {"anyone"}
    return not own.isdisjoint(by)
