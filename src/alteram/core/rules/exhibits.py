"""What no rulebook can let go about exhibits: their pieces add up, and a redaction has two people.

It compares identifiers, counts and roles. What an exhibit shows, and whether a redaction covers enough, people judge.
"""

from typing import Final, TypeVar, cast

from alteram.core.acts import ExhibitDerived, ExhibitLodged, ExhibitQuarantined, ExhibitSeen, RedactionChecked
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import Phrase, as_own, phrase
from alteram.core.matters import AnyEvent, Event, Facts, StreamFacts
from alteram.core.rules.proceedings import find_given

CLAUSE: Final = "record"
A = TypeVar("A", bound=Act)


def find_exhibit_refusal(facts: Facts, event: AnyEvent) -> Refused | None:
    """Return why `event`, about an exhibit, may not be; None for any other act, or where it may."""
    match event.act:
        case ExhibitLodged() as lodged:
            return _find_wrong_lodging(lodged)
        case ExhibitDerived() as derived:
            return _find_wrong_derivation(facts, derived)
        case RedactionChecked() as checked:
            return _find_wrong_check(facts, checked, event.actor)
        case ExhibitSeen(person=person) if event.actor != person:
            return refuse("exhibit.seen-by-another", phrase("Only whoever saw an exhibit records that they did."))
        case _:
            return None


def find_lodging(facts: Facts, exhibit: str) -> Event[ExhibitLodged] | Event[ExhibitDerived] | None:
    """Return the act that brought `exhibit` into the matter."""
    return facts.matter.work_out((ExhibitLodged, ExhibitDerived), _index_lodgings).get(exhibit)


def find_derivation(facts: Facts, exhibit: str) -> ExhibitDerived | None:
    """Return how `exhibit` was made of another; None where it was lodged, or is not there."""
    act = getattr(find_lodging(facts, exhibit), "act", None)
    return act if isinstance(act, ExhibitDerived) else None


def find_chain(facts: Facts, exhibit: str) -> tuple[str, ...]:
    """Return `exhibit`, what it was made of, what that was made of, and so on to what was lodged."""
    chain = [exhibit]
    # Names are given once and of what is there already: no circle can arise.
    while (made := find_derivation(facts, chain[-1])) is not None and made.of not in chain:
        chain.append(made.of)
    return tuple(chain)


def find_origin(facts: Facts, exhibit: str) -> Event[ExhibitLodged] | None:
    """Return how the exhibit was lodged from which `exhibit` was made, or it itself; None where it is not lodged."""
    lodged = find_lodging(facts, find_chain(facts, exhibit)[-1])
    return cast("Event[ExhibitLodged]", lodged) if isinstance(getattr(lodged, "act", None), ExhibitLodged) else None


def is_quarantined(facts: Facts, exhibit: str) -> bool:
    """Return whether an exhibit, or anything it was made of, is kept from being opened: each is let go by itself."""
    origin = find_origin(facts, exhibit)
    found = origin is not None and origin.act.malware is not None
    said = facts.matter.work_out((ExhibitQuarantined,), _index_quarantines)
    *made, first = find_chain(facts, exhibit)
    return said.get(first, found) or any(said.get(name, False) for name in made)


def find_unchecked(facts: Facts) -> frozenset[str]:
    """Return the redactions that nobody but their makers agreed to yet."""
    return facts.matter.work_out((ExhibitDerived, RedactionChecked), _find_unchecked)


# Each is worked out once for as long as no act of its kinds is added: a page asks of every exhibit there is.


def _index_lodgings(matter: StreamFacts, _kinds: object) -> dict[str, Event[ExhibitLodged] | Event[ExhibitDerived]]:
    made: list[Event[ExhibitLodged] | Event[ExhibitDerived]] = [
        *_keep_live(matter.all(ExhibitLodged)),
        *_keep_live(matter.all(ExhibitDerived)),
    ]
    return {one.act.exhibit: one for one in reversed(made)}


def _index_quarantines(matter: StreamFacts, _kinds: object) -> dict[str, bool]:
    return {one.act.exhibit: not one.act.lifted for one in _keep_live(matter.all(ExhibitQuarantined))}


def _find_unchecked(matter: StreamFacts, _kinds: object) -> frozenset[str]:
    agreed = {one.act.exhibit: one.act.agreed for one in _keep_live(matter.all(RedactionChecked))}
    made = [one.act for one in _keep_live(matter.all(ExhibitDerived)) if one.act.how == "redaction"]
    return frozenset(one.exhibit for one in made if not agreed.get(one.exhibit, False))


def _find_wrong_lodging(lodged: ExhibitLodged) -> Refused | None:
    given = [lodged.form is not None, lodged.pieces is not None, lodged.tree is not None]
    if any(given) and (not all(given) or lodged.digest is None or not lodged.pieces):
        return refuse(
            "exhibit.pieces",
            phrase("The pieces of an exhibit are given whole: form, how many, their root, and the digest of the file."),
        )
    return None


def _find_wrong_derivation(facts: Facts, derived: ExhibitDerived) -> Refused | None:
    lodged = [one.act.exhibit for one in facts.matter.all(ExhibitLodged)]
    taken = find_given(derived.exhibit, [*lodged, *(one.act.exhibit for one in facts.matter.all(ExhibitDerived))])
    if taken is not None:
        return taken
    bounds = (derived.first, derived.until)
    if derived.how != "excerpt":
        return None if bounds == (None, None) else _refuse_range()
    origin = find_origin(facts, derived.of)
    if derived.first is None or derived.until is None or derived.first >= derived.until:
        return _refuse_range()
    whole = None if origin is None or origin.act.exhibit != derived.of else origin.act.pieces
    if whole is None:
        return refuse(
            "excerpt.no-whole",
            phrase("Exhibit {of} was not lodged in pieces, so no excerpt can be proved.", of=as_own(derived.of)),
        )
    return _refuse_range() if derived.until > whole else None


def _refuse_range() -> Refused:
    because = phrase("An excerpt, and only that, says from which piece to which it runs, within the whole.")
    return refuse("excerpt.range", because)


def _find_wrong_check(facts: Facts, checked: RedactionChecked, actor: PersonId | None) -> Refused | None:
    made = next((one for one in live_acts(facts, ExhibitDerived) if one.act.exhibit == checked.exhibit), None)
    if made is None or made.act.how != "redaction":
        because = phrase("Exhibit {exhibit} is not a redaction.", exhibit=as_own(checked.exhibit))
        return refuse("redaction.unknown", because)
    if actor is None or made.actor == actor:
        return refuse(
            "redaction.own", phrase("A redaction is checked by somebody else than who made it; ask a second person.")
        )
    return None


def live_acts(facts: Facts, kind: type[A]) -> tuple[Event[A], ...]:
    """Return what was done here, not only told of, and stands uncorrected."""
    return cast("tuple[Event[A], ...]", facts.matter.work_out((kind,), _find_live))


def _find_live(matter: StreamFacts, kinds: tuple[type[Act], ...]) -> tuple[AnyEvent, ...]:
    return _keep_live(matter.all(*kinds))


def _keep_live(events: tuple[Event[A], ...]) -> tuple[Event[A], ...]:
    return tuple(one for one in events if one.live and not one.corrected)


def refuse(code: str, because: Phrase, *, missing: tuple[str, ...] = ()) -> Refused:
    """Return a refusal that no rulebook lets go."""
    return Refused(code, CLAUSE, because, missing=missing)
