"""What who decides may have of the evidence: nothing that was ruled out, and nothing that a respondent has not yet.

On pages it is closed to them until then (`core/access/exhibits.py`). What is handed over, as a file or on paper, nobody
can close again: it is not served before. A respondent has what was served on them; what was printed or posted, once its
arrival was confirmed; the gist of what is withheld. In a matter that only tells a history nobody is given anything.
"""

from collections.abc import Collection, Iterable
from typing import Final

from alteram.core.acts import BundleBuilt, ExhibitDisclosed, ExhibitRuled, NoticeServed
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused, Ruling
from alteram.core.kernel.phrases import as_own, as_person, phrase
from alteram.core.matters import AnyEvent, Facts, StreamFacts, find_holders
from alteram.core.rules.capacities import find_roles
from alteram.core.rules.exhibits import find_lodging, find_origin, live_acts, refuse
from alteram.core.rules.giving import find_given, find_made_of, find_opening
from alteram.core.rules.rulebook import Rulebook

HANDLERS: Final[frozenset[Role]] = frozenset({"case-manager", "investigator", "chair", "custodian", "secretary"})
DECIDERS: Final[frozenset[Role]] = frozenset({"decider", "appeal-decider", "scrutineer"})
SIDES: Final[frozenset[Role]] = frozenset({"complainant", "respondent", "representative", "companion"})
#: Whoever is one of these reads as that, whatever body they sit in.
_OTHERWISE: Final[frozenset[Role]] = HANDLERS | SIDES | {"reporter"}
#: The code of what is closed to somebody only until others have it.
EARLY: Final = "exhibit.undisclosed"


def find_handing_refusal(facts: Facts, rulebook: Rulebook, event: AnyEvent) -> Refused | None:
    """Return why `event` may not hand evidence to who decides; None for any other act, or where it may."""
    match event.act:
        case ExhibitDisclosed(to=to, by="file" | "print") as disclosed:
            return find_early(facts, rulebook, find_contents(facts, disclosed), to)
        case NoticeServed(to=to, exhibits=exhibits, method=method) if method != "page":
            return find_early(facts, rulebook, exhibits, to)
        case _:
            return None


def find_contents(facts: Facts, disclosed: ExhibitDisclosed) -> tuple[str, ...]:
    """Return what somebody is given by this: what it names, and all that stands in its bundle."""
    built = (one.act for one in live_acts(facts, BundleBuilt) if one.act.bundle == disclosed.bundle)
    return tuple(dict.fromkeys((*disclosed.exhibits, *(one for bundle in built for one in bundle.exhibits))))


def find_early(facts: Facts, rulebook: Rulebook, exhibits: Iterable[str], to: PersonId) -> Refused | None:
    """Return why exhibits may not be handed to `to` yet, and whose copy comes first; None for who does not decide."""
    if facts.matter.is_history or not reads_as_decider(find_roles(facts, rulebook, to)):
        return None
    refusals = (_find_early(facts, one) for one in exhibits if not _is_own(facts, one, to))
    return next((one for one in refusals if one is not None), None)


def is_early(ruling: Ruling) -> bool:
    """Return whether an act is refused only until a respondent has what it hands to who decides."""
    return isinstance(ruling, Refused) and ruling.code == EARLY


def reads_as_decider(roles: Collection[Role]) -> bool:
    """Return whether somebody reads evidence as who decides: of what they handle, or of their own side, they do not."""
    return not DECIDERS.isdisjoint(roles) and _OTHERWISE.isdisjoint(roles)


def find_lacking(facts: Facts, exhibit: str) -> tuple[PersonId, ...]:
    """Return the respondents who have neither an exhibit nor its gist. Whoever lodged it has it."""
    lodger = getattr(find_origin(facts, exhibit), "actor", None)
    return tuple(
        one
        for one in sorted(find_holders(facts.matter, "respondent"))
        if (find_opening(facts, exhibit, one) is None if one == lodger else not _has(facts, exhibit, one))
    )


def is_admissible(facts: Facts, exhibit: str) -> bool | None:
    """Return what was last ruled of an exhibit, or of what it was made of; None where nothing was."""
    names = {exhibit, *find_made_of(facts, exhibit)}
    ruled = facts.matter.work_out((ExhibitRuled,), _index_rulings)
    rulings = [ruled[name] for name in names if name in ruled]
    return max(rulings)[1] if rulings else None


def _find_early(facts: Facts, exhibit: str) -> Refused | None:
    if is_admissible(facts, exhibit) is False:
        because = phrase(
            "Exhibit {exhibit} was ruled out: leave it out of what is handed to who decides.", exhibit=as_own(exhibit)
        )
        return refuse("exhibit.ruled-out", because)
    lacking = find_lacking(facts, exhibit)
    if not lacking:
        return None
    named = {"exhibit": as_own(exhibit), "person": as_person(lacking[0])}
    if find_given(facts, exhibit, lacking[0]) is None:
        because = phrase(
            "Give exhibit {exhibit}, or its gist, to {person} first; who decides is handed it after.", **named
        )
        return refuse(EARLY, because, missing=("exhibit.disclosed",))
    because = phrase(
        "Have it confirmed first that {person} received exhibit {exhibit}; who decides is handed it after.", **named
    )
    return refuse(EARLY, because, missing=("service.confirmed",))


def _has(facts: Facts, exhibit: str, person: PersonId) -> bool:
    given = find_given(facts, exhibit, person)
    return given is not None and given.has_since is not None


def _is_own(facts: Facts, exhibit: str, person: PersonId) -> bool:
    """Return whether a person lodged an exhibit, or made it."""
    return person in {
        getattr(one, "actor", None) for one in (find_origin(facts, exhibit), find_lodging(facts, exhibit))
    }


def _index_rulings(matter: StreamFacts, _kinds: object) -> dict[str, tuple[int, bool]]:
    ruled = (one for one in matter.all(ExhibitRuled) if one.live and not one.corrected)
    return {one.act.exhibit: (one.seq, one.act.admissible) for one in ruled}
