"""Disclosure as its pages tell it: what is due, the bundles there are, and what one person was given, each to a reader.

Bundles and their plans are for who handles the matter; everybody else has their own copies, in the reading room.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from alteram.core.access import find_given, is_open_to
from alteram.core.access.parts import HANDLERS
from alteram.core.acts import BundleBuilt, ExhibitDisclosed, ExhibitSeen, NamesChecked, ReceiptGiven
from alteram.core.acts.catalogue import Role
from alteram.core.disclosure.bundles import Plan
from alteram.core.disclosure.due import Due, find_due
from alteram.core.disclosure.equality import ExhibitRow
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import Event, find_holders
from alteram.core.matters.protection import find_protected, find_released_to
from alteram.core.rules.bundles import find_unlooked
from alteram.core.rules.capacities import find_role_holders
from alteram.core.rules.exhibits import live_acts
from alteram.operations.disclosure.bundling import find_bundle, find_choice, find_redacted
from alteram.operations.disclosure.copies import find_own_copies
from alteram.operations.disclosure.handing import find_closing
from alteram.operations.entries import Entered, find_entries, find_text
from alteram.operations.exhibits.showing import list_exhibits
from alteram.operations.questions import UnknownMatterError
from alteram.operations.readings import keep_reading

#: Who bundles are made for.
_SIDES: Final[tuple[Role, ...]] = ("complainant", "respondent", "representative", "companion")
_DECIDING: Final[tuple[Role, ...]] = ("decider", "appeal-decider")


@dataclass(frozen=True, slots=True)
class DueRow:
    """One exhibit that somebody must have; `person` is None where who it is is not open to the reader."""

    due: Due
    number: int
    title: str
    person: PersonId | None


@dataclass(frozen=True, slots=True)
class Served:
    """A copy that was served, and when its receipt was confirmed."""

    event: Event[ExhibitDisclosed]
    receipt: Event[ReceiptGiven] | None
    closed: Refused | None = None
    """Why it may not be handed over now, told to who handles the matter."""


@dataclass(frozen=True, slots=True)
class BundleRow:
    """A bundle: who was served with it, and whether somebody must look for protected names in it first."""

    event: Event[BundleBuilt]
    served: tuple[Served, ...]
    checked: tuple[Event[NamesChecked], ...]
    needs_names: bool

    @property
    def unserved(self) -> tuple[PersonId, ...]:
        """Return for whom it was built that have no copy yet."""
        had = {one.event.act.to for one in self.served}
        return tuple(one for one in self.event.act.for_people if one not in had)


@dataclass(frozen=True, slots=True)
class BundlesPage:
    """The bundles of a matter, the newest first, and what the next can be made of and for whom.

    `redacted` is what is in none unless it is chosen, since a redaction was made of it.
    """

    bundles: tuple[BundleRow, ...]
    choice: tuple[tuple[ExhibitRow, str], ...]
    people: tuple[tuple[PersonId, Role], ...]
    redacted: frozenset[str]


@dataclass(frozen=True, slots=True)
class BundlePage:
    """One bundle with its plan."""

    row: BundleRow
    plan: Plan


@dataclass(frozen=True, slots=True)
class GivenRow:
    """An exhibit that somebody was given, or its gist: by which entry and when, and when they first opened it."""

    exhibit: str
    number: int
    title: str
    entry: int
    since: datetime
    is_gist: bool
    gist: str
    seen_at: datetime | None
    is_own: bool
    """Whether the reader lodged it: they have it anyway."""


@dataclass(frozen=True, slots=True)
class ReadingRoom:
    """What one person was given, the newest first: exhibits, and copies of bundles that are marked as theirs."""

    given: tuple[GivenRow, ...]
    copies: tuple[Served, ...]


def handles(entered: Entered) -> bool:
    """Return whether whoever entered handles the matter: builds bundles and serves them."""
    return not HANDLERS.isdisjoint(entered.reader.roles)


def find_due_rows(entered: Entered, *, now: datetime) -> tuple[DueRow, ...]:
    """Return what disclosure is due of the exhibits that are open to the reader, as `list_due` does, and keep that."""
    rows = {row.exhibit: row for row in list_exhibits(entered)}
    titles = find_titles(entered, rows.values())
    keep_reading(entered, entered.opened.values(), now=now)
    return tuple(
        DueRow(one, rows[one.exhibit].number, titles[one.exhibit], person)
        for one, person in list_due(entered, rows, now=now)
    )


def list_due(entered: Entered, exhibits: Collection[str], *, now: datetime) -> Iterator[tuple[Due, PersonId | None]]:
    """Yield what disclosure is due of these exhibits and to whom, as far as the reader may know; what is overdue first.

    Whoever sees neither side is told what is due to themselves.
    """
    for one in find_due(entered.facts, entered.rulebook, now):
        if one.exhibit in exhibits and (entered.reader.sees_sides or one.person == entered.person):
            yield one, None if one.person in entered.reader.unknown else one.person


def find_bundles(entered: Entered, *, now: datetime) -> BundlesPage:
    """Return the bundles. Raises: UnknownMatterError for who does not handle the matter."""
    _ask_handler(entered)
    choice = find_choice(entered)
    titles = find_titles(entered, choice)
    keep_reading(entered, entered.opened.values(), now=now)
    built = live_acts(entered.facts, BundleBuilt)
    return BundlesPage(
        tuple(_tell_bundle(entered, one) for one in reversed(built)),
        tuple((row, titles[row.exhibit]) for row in choice),
        find_recipients(entered),
        find_redacted(entered),
    )


def find_bundle_page(entered: Entered, name: str) -> BundlePage:
    """Return one bundle. Raises: UnknownMatterError where there is none, or for who does not handle the matter."""
    _ask_handler(entered)
    kept = find_bundle(entered, name)
    return BundlePage(_tell_bundle(entered, kept.event), kept.plan)


def find_recipients(entered: Entered) -> tuple[tuple[PersonId, Role], ...]:
    """Return for whom a bundle can be made: the parties, who stands beside them, and who decides."""
    known: dict[PersonId, Role] = {}
    for role in _SIDES:
        for one in sorted(find_holders(entered.facts.matter, role)):
            known.setdefault(one, role)
    for role in _DECIDING:
        for one in sorted(find_role_holders(entered.facts, entered.rulebook, role)):
            known.setdefault(one, role)
    return tuple((one, role) for one, role in known.items() if one not in entered.reader.unknown)


def find_hidden(entered: Entered, bundle: BundleBuilt) -> frozenset[PersonId]:
    """Return who is protected here and may not be known to somebody the bundle is for."""
    protected = find_protected(entered.facts.matter)
    return frozenset(
        hidden
        for one in bundle.for_people
        for hidden in protected - find_released_to(entered.facts.matter, one) - {one}
    )


def find_reading_room(entered: Entered, *, now: datetime) -> ReadingRoom:
    """Return what whoever entered was given, and keep that the list was read. Raises: BusyError, StoreError."""
    person = entered.person
    rows = {row.exhibit: row for row in list_exhibits(entered)}
    given = {name: found for name in rows if (found := find_given(entered.facts, name, person)) is not None}
    titles = find_titles(entered, [rows[name] for name in given])
    gists = find_entries(entered, {one.seq for one in given.values() if one.gist})
    keep_reading(entered, entered.opened.values(), now=now)
    told = [
        GivenRow(
            name,
            rows[name].number,
            titles[name],
            one.seq,
            one.at,
            one.gist,
            find_text(gists.get(one.seq), "gist"),
            _find_seen(entered, name, person),
            rows[name].lodged.actor == person,
        )
        for name, one in given.items()
    ]
    copies = tuple(_tell_served(entered, one) for one in find_own_copies(entered))
    return ReadingRoom(tuple(sorted(told, key=lambda one: one.since, reverse=True)), copies)


def get_own_copy(entered: Entered, seq: int) -> Event[ExhibitDisclosed]:
    """Return the act that served a copy on whoever entered. Raises: UnknownMatterError where there is none."""
    found = next((one for one in find_own_copies(entered) if one.seq == seq), None)
    if found is None:
        raise _unknown()
    return found


def _ask_handler(entered: Entered) -> None:
    if not handles(entered):
        raise _unknown()


def _unknown() -> UnknownMatterError:
    return UnknownMatterError(
        phrase("There is no such bundle, or it is not open to you."), remedy=phrase("Ask the case manager.")
    )


def find_titles(entered: Entered, rows: Iterable[ExhibitRow]) -> dict[str, str]:
    """Return what exhibits are called; one whose entry says nothing by its short name."""
    listed = [row for row in rows if is_open_to(entered.reader, row.lodged)]
    found = find_entries(entered, {row.lodged.seq for row in listed})
    return {row.exhibit: find_text(found.get(row.lodged.seq), "title") or row.exhibit for row in listed}


def _tell_bundle(entered: Entered, event: Event[BundleBuilt]) -> BundleRow:
    name = event.act.bundle
    served = [one for one in live_acts(entered.facts, ExhibitDisclosed) if one.act.bundle == name]
    checked = tuple(one for one in live_acts(entered.facts, NamesChecked) if one.act.bundle == name)
    needs_names = any(find_unlooked(entered.facts, name, one) for one in event.act.for_people)
    told = (replace(_tell_served(entered, one), closed=find_closing(entered, one)) for one in served)
    return BundleRow(event, tuple(told), checked, needs_names)


def _tell_served(entered: Entered, event: Event[ExhibitDisclosed]) -> Served:
    receipts = [one for one in live_acts(entered.facts, ReceiptGiven) if one.act.disclosure == event.seq]
    return Served(event, receipts[0] if receipts else None)


def _find_seen(entered: Entered, exhibit: str, person: PersonId) -> datetime | None:
    seen = live_acts(entered.facts, ExhibitSeen)
    return next((one.recorded_at for one in seen if (one.act.exhibit, one.act.person) == (exhibit, person)), None)
