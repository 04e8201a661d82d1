"""Opening an exhibit: permission first, then the first sight of it is an act, and every reading is kept.

What was lodged before a party opened it stays on file whether they do or not; that they did is what both sides see.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from alteram.core.access import may_open_exhibit
from alteram.core.acts import ExhibitSeen
from alteram.core.kernel.outcomes import Refused
from alteram.core.rules.exhibits import live_acts
from alteram.operations.entries import Entered, find_entries
from alteram.operations.exhibits.stored import Part, StoredExhibit, get_stored
from alteram.operations.perform import perform
from alteram.operations.readings import keep_reading

#: Whose first sight of an exhibit is an act of its own.
_SEEING = ("complainant", "respondent", "decider", "appeal-decider", "witness", "companion", "representative")


@dataclass(frozen=True, slots=True)
class OpenedExhibit:
    """An exhibit that is open to whoever asked; `read` and `read_range` give the content of its files."""

    stored: StoredExhibit

    def read(self, part: Part = "original") -> Iterator[bytes]:
        """Yield the content of one of its files. Raises: UnknownMatterError where there is none; StoreError."""
        return self.stored.get(part).read()

    def read_range(self, first: int, until: int, part: Part = "original") -> bytes:
        """Return the bytes [first, until) of one of its files, without reading the rest."""
        return self.stored.open_range(part)(first, until)

    def read_some(self, first: int, until: int) -> Iterator[bytes]:
        """Yield pieces [first, until) of its form; their list is read once. Raises: VaultError where they are none."""
        form = self.stored.open_form()
        for number in range(first, until):
            yield from form.read_pieces(number, number + 1)


def open_exhibit(entered: Entered, exhibit: str, *, now: datetime) -> OpenedExhibit | Refused:
    """Return an exhibit to be read by whoever entered, or why they may not; that they open it is kept before it is.

    Raises: UnknownMatterError, BusyError, StoreError; what cannot be kept as opened is not opened.
    """
    may = may_open_exhibit(entered.facts, entered.rulebook, exhibit, entered.reader.person)
    if isinstance(may, Refused):
        return may
    stored = get_stored(entered.organisation, entered.stream, entered.facts, exhibit)
    _keep_seen(entered, stored, exhibit, now)
    keep_reading(entered, find_entries(entered, {stored.event.seq}).values(), now=now)
    return OpenedExhibit(stored)


def _keep_seen(entered: Entered, stored: StoredExhibit, exhibit: str, now: datetime) -> None:
    person = entered.person
    seen = (one.act for one in live_acts(entered.facts, ExhibitSeen))
    if stored.event.actor == person or any((one.exhibit, one.person) == (exhibit, person) for one in seen):
        return
    if set(_SEEING).isdisjoint(entered.reader.roles):
        return
    act = ExhibitSeen(exhibit=exhibit, person=person)
    # Where the rulebook, or the end of the matter, lets nothing be added, the reading is kept all the same.
    perform(entered.organisation, entered.stream, act, person, now=now)
