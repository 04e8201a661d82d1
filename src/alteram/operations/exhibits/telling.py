"""Exhibits as a page tells them: with their titles, which side has each since when, and that this was read.

Names that are not open to whoever asks are left out here, so that no page has to think of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from alteram.core.acts import ExhibitLodged
from alteram.core.disclosure.equality import ExhibitRow, Sight
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.operations.entries import Entered, find_entries
from alteram.operations.exhibits.showing import ShownExhibit, list_exhibits, show_exhibit
from alteram.operations.open_acts import find_acts
from alteram.operations.questions import TimelineEntry
from alteram.operations.readings import keep_reading

#: What can be done about an exhibit from its page, with the field of the act that names it.
ABOUT: Final = {
    "exhibit.challenged": "exhibit",
    "misrepresentation.claimed": "exhibit",
    "consent.recorded": "exhibit",
    "custody.recorded": "exhibit",
    "exhibit.ruled": "exhibit",
    "exhibit.disclosed": "exhibits",
    "exhibit.withheld": "exhibit",
    "exhibit.quarantined": "exhibit",
}


@dataclass(frozen=True, slots=True)
class ToldSight:
    """What one person has of an exhibit; `person` is None where whoever asks may not know them."""

    person: PersonId | None
    sight: Sight


@dataclass(frozen=True, slots=True)
class ToldRow:
    """An exhibit in a list: its entry as whoever asks may read it, and who has it, side by side.

    `sides` is empty for whoever is of neither and does not handle the matter.
    """

    row: ExhibitRow
    entry: TimelineEntry
    kind: str
    sides: dict[str, tuple[ToldSight, ...]]


@dataclass(frozen=True, slots=True)
class ToldExhibit:
    """One exhibit with all that is on record of it; `acts` are those of `ABOUT` that are open to whoever asks."""

    shown: ShownExhibit
    told: ToldRow
    acts: tuple[str, ...]

    def find_about(self, *names: str) -> tuple[TimelineEntry, ...]:
        """Return what is on record of it by acts of these names, the oldest first."""
        return tuple(one for one in self.shown.about if one.act.partition("/")[0] in names)


def tell_exhibits(entered: Entered, *, now: datetime) -> tuple[ToldRow, ...]:
    """Return the exhibits that are there for whoever entered, in order, and keep that their entries were read.

    Raises: BusyError, StoreError.
    """
    told = look_at_exhibits(entered)
    keep_reading(entered, (one.entry for one in told), now=now)
    return told


def look_at_exhibits(entered: Entered) -> tuple[ToldRow, ...]:
    """Return the same, and keep nothing: for whoever has the record itself before them."""
    rows = list_exhibits(entered)
    found = find_entries(entered, [row.lodged.seq for row in rows])
    return tuple(_tell(entered, row, found[row.lodged.seq]) for row in rows)


def tell_exhibit(entered: Entered, exhibit: str, *, now: datetime) -> ToldExhibit:
    """Return one exhibit, and keep that what is told of it was read; its file is not opened by that.

    Raises: UnknownMatterError where there is none, or it is not open to whoever entered; BusyError, StoreError.
    """
    told = look_at_exhibit(entered, exhibit, now=now)
    keep_reading(entered, entered.opened.values(), now=now)
    return told


def look_at_exhibit(entered: Entered, exhibit: str, *, now: datetime) -> ToldExhibit:
    """Return the same, and keep nothing. Raises: UnknownMatterError."""
    shown = show_exhibit(entered, exhibit)
    found = find_acts(entered, now=now).acts
    able = {one.spec.name for one in found if one.is_own and not isinstance(one.ruling, Refused)}
    acts = tuple(name for name in ABOUT if name in able)
    return ToldExhibit(shown, _tell(entered, shown.row, shown.entry), acts)


def _tell(entered: Entered, row: ExhibitRow, entry: TimelineEntry) -> ToldRow:
    act = row.lodged.act
    sights = (
        {}
        if not entered.reader.sees_sides
        else {
            "complainant": _find_sights(entered, row, "complainant"),
            "respondent": _find_sights(entered, row, "respondent"),
            "deciding": _find_sights(entered, row, "decider", "appeal-decider"),
        }
    )
    return ToldRow(row, entry, act.kind if isinstance(act, ExhibitLodged) else act.how, sights)


def _find_sights(entered: Entered, row: ExhibitRow, *roles: str) -> tuple[ToldSight, ...]:
    unknown = entered.reader.unknown
    return tuple(
        ToldSight(None if one.person in unknown else one.person, one) for one in row.sights if one.role in roles
    )
