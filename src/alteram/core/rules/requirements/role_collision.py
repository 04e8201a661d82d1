"""Nobody accused in one matter keeps the record, speaks for the body or votes in another that is linked to it.

ISO 37002 cl. 5.3.3 (no conflict in those who decide); the reasons of the 2019 review of the New Zealand Parliament for
keeping judgment away from peers under the same command. It compares parts across linked matters, and reads nothing
else of them.
"""

from dataclasses import replace
from typing import Final

from alteram.core.acts import (
    DecisionMade,
    MattersLinked,
    MeetingOpened,
    MeetingRegistered,
    MinuteMade,
    PersonRecused,
    VoteTaken,
)
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_own, as_people, as_person, as_word, join, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.capacities import is_own_recusal
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.people import find_deciders
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View

#: What somebody did here who may not have the part it belongs to.
_VOTER: Final = phrase("voter")
_KEEPER: Final = phrase("keeper of the record")
_ACTED: Final = frozenset({_VOTER, _KEEPER})


class RoleCollision(Parameters, frozen=True, kw_only=True):
    """`accused_as`: the role that makes somebody accused; `parts`: what such a person may not be here."""

    accused_as: Role = "respondent"
    parts: tuple[Role, ...] = ("secretary", "spokesperson", "decider")


@requirement(
    "role-collision",
    covers=("N13", "I3"),
    parameters=RoleCollision,
    anchors=(MeetingOpened, MeetingRegistered, MinuteMade, VoteTaken, DecisionMade),
    reads=(PersonRecused, MattersLinked),
    may_be_ruled=True,
)
def check_role_collision(view: View, parameters: RoleCollision, anchor: AnyEvent) -> Finding:
    """Nobody accused in a linked matter keeps the record, speaks for the body or votes here without standing down."""
    parts = _collisions(view, parameters, anchor)
    if not parts:
        because = phrase(
            "Nobody who is accused here or in a linked matter holds a part that decides, records or speaks."
        )
        return view.weigh(anchor, passed(because, entries=(anchor.seq,), uncontradicted=True))
    named = join("; ", [_name(person, held) for person, held in sorted(parts.items())])
    finding = failed(
        phrase("Accused, and yet in another part here, with no recusal and no ruling: {named}.", named=named),
        entries=(*(link.seq for link in view.all(MattersLinked)), anchor.seq),
        missing=("person.recused",),
        working=[
            phrase(
                "{stream}: accused {people}",
                stream=as_own(one.stream),
                people=_listed(one.holders(parameters.accused_as)),
            )
            for one in view.facts.linked
        ],
        cures=_cures(view, frozenset().union(*parts.values())),
    )
    return view.weigh(anchor, replace(finding, concerns=tuple(sorted(parts))))


def _collisions(view: View, parameters: RoleCollision, anchor: AnyEvent) -> dict[PersonId, frozenset[str]]:
    elsewhere = frozenset(person for one in view.facts.linked for person in one.holders(parameters.accused_as))
    here = view.holders(parameters.accused_as)
    voting = isinstance(anchor.act, VoteTaken | DecisionMade)
    keeps_record = isinstance(anchor.act, MinuteMade) and anchor.live and "secretary" in parameters.parts
    acted = find_deciders(view, anchor) if voting else frozenset()
    found: dict[PersonId, frozenset[str]] = {}
    for person in elsewhere | here:
        # A member stays in the body that judges them; it is voting that the accused of this matter may not do.
        barred = [part for part in parameters.parts if person in elsewhere or part != "decider"]
        held: set[str] = {part for part in barred if person in view.holders(part)}
        held.update(part for part in barred if voting and _stood_down_late(view, person, part, anchor))
        if person in acted:
            held.add(_VOTER)
        if keeps_record and person == anchor.actor:
            held.add(_KEEPER)
        if held:
            found[person] = frozenset(held)
    return found


def _stood_down_late(view: View, person: PersonId, part: Role, anchor: AnyEvent) -> bool:
    """Return whether the person stood down, but only after the vote; a past meeting is mended by it, a vote is not."""
    return any(
        one.act.person == person and part in one.act.roles and is_own_recusal(one) and one.before(anchor) is not True
        for one in view.all(PersonRecused)
    )


def _name(person: PersonId, held: frozenset[str]) -> str:
    return phrase("{person}: {parts}", person=as_person(person), parts=join(", ", map(as_word, sorted(held))))


def _listed(people: frozenset[PersonId]) -> str:
    return as_people(sorted(people)) or phrase("nobody")


def _cures(view: View, parts: frozenset[str]) -> tuple[Cure, ...]:
    why = phrase("Stand down from every part in this matter, and let somebody free of it take each.")
    ruling = Cure("ruling.made", view.demand.ruled_by, phrase("Rule, with reasons, whether they may keep these parts."))
    recusal = Cure("person.recused", tuple(sorted(parts - _ACTED)) or ("decider",), why)
    return (recusal, ruling) if view.demand.ruled_by else (recusal,)
