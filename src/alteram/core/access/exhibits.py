"""Who may open an exhibit: read its file, or what was made of it. Its entry, with its title, is open to the sides.

In this order: nobody but its keepers while it is quarantined; whoever lodged it; who handles the matter; a party it was
given to, and whoever stands beside that party; then who decides, but only what every respondent was given in full or as
a gist, and nothing that was ruled out. A party from whom it is withheld has the gist. What ends a part ends this too.
What was made of an exhibit is closed until somebody looked in it for names that its reader may not know, but to its
maker and to who handles the matter.
"""

from alteram.core.access.parts import HANDLERS, KEEPERS
from alteram.core.access.seeing import Reader, build_reader, is_open_to
from alteram.core.acts import CompanionNamed, ExhibitLodged
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Allowed, Refused
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.matters import Event, Facts, find_holders
from alteram.core.rules.exhibits import find_derivation, find_lodging, find_origin, is_quarantined, live_acts
from alteram.core.rules.giving import find_given, find_opening
from alteram.core.rules.handing import EARLY, find_lacking, is_admissible, reads_as_decider
from alteram.core.rules.rulebook import Rulebook

_CLAUSE = "access"


def may_open_exhibit(facts: Facts, rulebook: Rulebook, exhibit: str, person: PersonId | None) -> Allowed | Refused:
    """Return whether `person` may open `exhibit` now, and why not. A stranger is told what an unknown name is told."""
    reader = build_reader(facts, rulebook, person)
    lodged, origin = find_lodging(facts, exhibit), find_origin(facts, exhibit)
    if person is None or lodged is None or origin is None or not reader.has_part:
        return _refuse_unknown()
    may = _may_open(facts, exhibit, person, reader, origin)
    # Whoever may not know that it is there is not told by why it is closed.
    return _refuse_unknown() if isinstance(may, Refused) and not is_open_to(reader, lodged) else may


def _refuse_unknown() -> Refused:
    return Refused("exhibit.unknown", _CLAUSE, phrase("There is no such exhibit, or it is not open to you."))


def _may_open(
    facts: Facts, exhibit: str, person: PersonId, reader: Reader, origin: Event[ExhibitLodged]
) -> Allowed | Refused:
    if is_quarantined(facts, exhibit) and KEEPERS.isdisjoint(reader.roles):
        because = phrase("Exhibit {exhibit} is kept closed: a scanner found something in it.", exhibit=as_own(exhibit))
        return Refused("exhibit.quarantined", _CLAUSE, because)
    if person == _find_maker(facts, exhibit) or HANDLERS.intersection(reader.roles):
        return Allowed()
    decides = reads_as_decider(reader.roles)
    if (decides or person == origin.actor) and find_opening(facts, exhibit, person) is None:
        because = phrase(
            "Exhibit {exhibit} is closed until somebody looked in it for protected names.", exhibit=as_own(exhibit)
        )
        return Refused("exhibit.names", _CLAUSE, because, missing=("names.checked",))
    if person == origin.actor:
        return Allowed()
    if decides:
        # Whatever they were given: who decides reads nothing that the respondent has not, or that was ruled out.
        return _may_decider_open(facts, exhibit)
    return _find_own(facts, exhibit, (person, *_accompanied(facts, person)))


def _find_own(facts: Facts, exhibit: str, people: tuple[PersonId, ...]) -> Allowed | Refused:
    """Return whether one of these people was given it, else what stands in the way."""
    given = [found for one in people if (found := find_given(facts, exhibit, one)) is not None]
    if any(not one.gist for one in given):
        return Allowed()
    if given:
        because = phrase("Exhibit {exhibit} is withheld from you; you were given its gist.", exhibit=as_own(exhibit))
        return Refused("exhibit.withheld", _CLAUSE, because, facts=(("withheld", given[0].at),))
    because = phrase("Exhibit {exhibit} was not disclosed to you yet.", exhibit=as_own(exhibit))
    return Refused("exhibit.undisclosed", _CLAUSE, because, missing=("exhibit.disclosed",))


def _may_decider_open(facts: Facts, exhibit: str) -> Allowed | Refused:
    if is_admissible(facts, exhibit) is False:
        because = phrase("Exhibit {exhibit} was ruled out; who decides does not read it.", exhibit=as_own(exhibit))
        return Refused("exhibit.ruled-out", _CLAUSE, because)
    if not find_lacking(facts, exhibit):
        return Allowed()
    because = phrase(
        "Exhibit {exhibit} was not disclosed to the respondent yet; who decides reads nothing before.",
        exhibit=as_own(exhibit),
    )
    return Refused(EARLY, _CLAUSE, because, missing=("exhibit.disclosed",))


def _find_maker(facts: Facts, exhibit: str) -> PersonId | None:
    return None if find_derivation(facts, exhibit) is None else getattr(find_lodging(facts, exhibit), "actor", None)


def _accompanied(facts: Facts, person: PersonId) -> tuple[PersonId, ...]:
    beside = find_holders(facts.matter, "companion") | find_holders(facts.matter, "representative")
    named = live_acts(facts, CompanionNamed) if person in beside else ()
    return tuple(one.act.for_person for one in named if one.act.person == person)
