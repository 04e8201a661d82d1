"""What no rulebook can let go about giving evidence away: bundles hold what is checked, and go to whom they are for.

What is for somebody who may not know a protected person, a bundle, an exhibit or its gist, waits until a person looked
for that name in it.
"""

from collections.abc import Iterable

from alteram.core.acts import (
    BundleBuilt,
    CopyTraced,
    DraftReportServed,
    ExhibitDisclosed,
    ExhibitWithheld,
    NamesChecked,
    NoticeServed,
    ReceiptGiven,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.matters import AnyEvent, Event, Facts
from alteram.core.matters.protection import find_protected
from alteram.core.rules.exhibits import find_lodging, find_unchecked, is_quarantined, live_acts, refuse
from alteram.core.rules.giving import find_hidden, find_looks, find_made_from
from alteram.core.rules.proceedings import find_given


def find_bundle_refusal(facts: Facts, event: AnyEvent) -> Refused | None:
    """Return why `event`, about giving evidence to somebody, may not be; None for any other act, or where it may."""
    match event.act:
        case BundleBuilt() as built:
            return _find_wrong_bundle(facts, built)
        case NamesChecked() as checked:
            return _find_wrong_names(facts, checked)
        case ExhibitDisclosed() | NoticeServed() | DraftReportServed() | ExhibitWithheld() as giving:
            return _find_wrong_giving(facts, giving)
        case ReceiptGiven() as receipt:
            return _find_wrong_receipt(facts, receipt, event.actor)
        case CopyTraced() as traced if (traced.outcome == "found") != bool(traced.copies):
            return refuse("trace.copies", phrase("A trace that found something names copies; another names none."))
        case _:
            return None


def _find_wrong_bundle(facts: Facts, built: BundleBuilt) -> Refused | None:
    taken = find_given(built.bundle, [one.act.bundle for one in facts.matter.all(BundleBuilt)])
    if taken is not None:
        return taken
    doubtful = [one for one in built.exhibits if one in find_unchecked(facts) or is_quarantined(facts, one)]
    if doubtful:
        return refuse(
            "bundle.unchecked",
            phrase(
                "Exhibit {exhibit} cannot go into a bundle: it is quarantined, or a redaction that nobody checked.",
                exhibit=as_own(doubtful[0]),
            ),
            missing=("redaction.checked",),
        )
    latest = find_latest_bundle(facts, built.for_people)
    before = next((one.act for one in live_acts(facts, BundleBuilt) if one.act.bundle == built.follows), None)
    if before is not None and set(before.for_people) != set(built.for_people):
        return refuse("bundle.other", phrase("A bundle follows an earlier one of the same people."))
    if latest is not None and built.follows != latest:
        because = phrase(
            "Bundle {bundle} was built for the same people before: this one would number its pages anew.",
            bundle=as_own(latest),
        )
        return refuse("bundle.behind", because)
    return None


def find_latest_bundle(facts: Facts, people: Iterable[PersonId]) -> str | None:
    """Return the newest bundle of just these people, which the next one follows."""
    wanted, built = set(people), live_acts(facts, BundleBuilt)
    return next((one.act.bundle for one in reversed(built) if set(one.act.for_people) == wanted), None)


def _find_wrong_names(facts: Facts, checked: NamesChecked) -> Refused | None:
    if bool(checked.gists) != (checked.gist is not None):
        because = phrase("Say of which exhibits it is the gist, and in which words it is to be given.")
        return refuse("names.gist", because)
    if checked.bundle is None:
        if not (checked.exhibits or checked.gists):
            return refuse("names.nothing", phrase("Say in what you looked: a bundle, exhibits, or the gist of some."))
        return None if find_protected(facts.matter) else refuse("names.nobody", phrase("Nobody is protected here."))
    built = _find_bundle(facts, checked.bundle)
    if built is not None and any(find_hidden(facts, one) for one in built.for_people):
        return None
    because = phrase(
        "There is nobody in this matter whose name {bundle} would give away.", bundle=as_own(checked.bundle)
    )
    return None if built is None else refuse("names.nobody", because)


def _find_wrong_giving(
    facts: Facts, giving: ExhibitDisclosed | NoticeServed | DraftReportServed | ExhibitWithheld
) -> Refused | None:
    if isinstance(giving, ExhibitWithheld):
        is_unlooked = waits_for_look(facts, giving) and not find_gist_looks(facts, giving)
        return _refuse_unlooked(giving.exhibit) if is_unlooked else None
    unready = _find_unready(facts, giving.exhibits)
    if unready is not None:
        return unready
    if isinstance(giving, ExhibitDisclosed) and giving.bundle is not None:
        return _find_wrong_disclosure(facts, giving)
    unlooked = next((one for one in giving.exhibits if find_unlooked_exhibit(facts, one, giving.to)), None)
    return None if unlooked is None else _refuse_unlooked(unlooked)


def _refuse_unlooked(exhibit: str) -> Refused:
    because = phrase(
        "Nobody confirmed yet that what is given of exhibit {exhibit} names no protected person.",
        exhibit=as_own(exhibit),
    )
    return refuse("exhibit.names", because, missing=("names.checked",))


def _find_unready(facts: Facts, exhibits: Iterable[str]) -> Refused | None:
    """Return why exhibits cannot be given to anybody, by any act: whoever is given one must be able to open it."""
    unchecked = find_unchecked(facts)
    for one in exhibits:
        if one in unchecked:
            return refuse(
                "redaction.unchecked",
                phrase("The redaction {exhibit} was not checked by a second person.", exhibit=as_own(one)),
                missing=("redaction.checked",),
            )
        if is_quarantined(facts, one):
            return refuse(
                "exhibit.quarantined",
                phrase(
                    "Exhibit {exhibit} is in quarantine: nobody can open it before it is let go.", exhibit=as_own(one)
                ),
                missing=("exhibit.quarantined",),
            )
    return None


def _find_wrong_disclosure(facts: Facts, disclosed: ExhibitDisclosed) -> Refused | None:
    built = None if disclosed.bundle is None else _find_bundle(facts, disclosed.bundle)
    if built is None:
        return None
    if disclosed.to not in built.for_people or not set(disclosed.exhibits) <= set(built.exhibits):
        return refuse(
            "bundle.other",
            phrase(
                "The bundle {bundle} was built for somebody else, or without these exhibits.",
                bundle=as_own(built.bundle),
            ),
        )
    if find_unlooked(facts, built.bundle, disclosed.to):
        return refuse(
            "bundle.names",
            phrase(
                "Nobody confirmed yet that the bundle {bundle} names no protected person.", bundle=as_own(built.bundle)
            ),
            missing=("names.checked",),
        )
    return None


def find_unlooked(facts: Facts, bundle: str, person: PersonId) -> frozenset[PersonId]:
    """Return whom `person` may not know of and for whose name nobody looked in a bundle since they were protected."""
    looked = [one.seq for one in live_acts(facts, NamesChecked) if one.act.bundle == bundle]
    return find_hidden(facts, person, after=max(looked, default=-1))


def find_unlooked_exhibit(facts: Facts, exhibit: str, person: PersonId) -> frozenset[PersonId]:
    """Return the same of an exhibit that is given by itself, and of what was made of it, which comes along.

    A look at a bundle that holds it is one at it. Whoever lodged it knows what it says.
    """
    lodged, made = find_lodging(facts, exhibit), find_made_from(facts, exhibit)
    if lodged is None or lodged.actor == person:
        return frozenset()
    looked = [one.seq for one in find_looks(facts, exhibit) if all(each.seq < one.seq for each in made)]
    return find_hidden(facts, person, after=max(looked, default=-1))


def waits_for_look(facts: Facts, withheld: ExhibitWithheld) -> bool:
    """Return whether somebody must look in the gist that is given in place of an exhibit before it is."""
    return withheld.gist is not None and bool(find_hidden(facts, withheld.person))


def find_gist_looks(facts: Facts, withheld: ExhibitWithheld) -> tuple[Event[NamesChecked], ...]:
    """Return the looks at a gist of an exhibit that count for all who may not be known to whom it is withheld from.

    Whether it is given in the words that were looked through is not known here: the rules see no words.
    """
    return tuple(
        one
        for one in live_acts(facts, NamesChecked)
        if withheld.exhibit in one.act.gists
        and one.act.gist is not None
        and not find_hidden(facts, withheld.person, after=one.seq)
    )


def _find_bundle(facts: Facts, name: str) -> BundleBuilt | None:
    return next((one.act for one in live_acts(facts, BundleBuilt) if one.act.bundle == name), None)


def _find_wrong_receipt(facts: Facts, receipt: ReceiptGiven, actor: PersonId | None) -> Refused | None:
    given = facts.matter.find(receipt.disclosure)
    to = given.act.to if given is not None and isinstance(given.act, ExhibitDisclosed) else None
    if actor is not None and to == actor:
        return None
    return refuse("receipt.other", phrase("Only the person to whom it was disclosed can confirm the receipt."))
