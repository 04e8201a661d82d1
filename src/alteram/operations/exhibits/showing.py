"""Exhibits as one person may see them: what each is, where it has been, who spoke in it, what was ruled, who has it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from alteram.core.access import is_open_to, may_open_exhibit
from alteram.core.acts import (
    ConsentRecorded,
    CustodyRecorded,
    ExhibitChallenged,
    ExhibitDerived,
    ExhibitLodged,
    ExhibitQuarantined,
    ExhibitRuled,
    ExhibitWithheld,
    MisrepresentationClaimed,
    RedactionChecked,
)
from alteram.core.acts.fields import Act
from alteram.core.disclosure.equality import ExhibitRow, build_equality
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Allowed, Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.exhibits import live_acts
from alteram.core.rules.findings import Finding
from alteram.core.rules.recordings import CitedRule, find_consents, find_recording_rule, weigh_consent
from alteram.operations.entries import Entered, find_entries
from alteram.operations.questions import TimelineEntry, UnknownMatterError

#: What is told of an exhibit beside its lodging, in the order it is shown.
_ABOUT: tuple[type[Act], ...] = (
    CustodyRecorded,
    ExhibitQuarantined,
    ExhibitWithheld,
    ConsentRecorded,
    ExhibitChallenged,
    MisrepresentationClaimed,
    ExhibitRuled,
    RedactionChecked,
)


@dataclass(frozen=True, slots=True)
class ConsentState:
    """What is on record of the consent of somebody who speaks in a recording; `unknown` where nothing is.

    `rule_met` says whether the rule on recordings is met, as far as the record tells.
    """

    speaker: PersonId | None
    state: str
    rule_met: Finding
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShownExhibit:
    """An exhibit as somebody sees it: its row, its entry, whether it opens to them, and what else is on record of it.

    `rule` is what the packs say of recording conversations, where there are consents to ask for and a pack says it.
    `about` are entries on custody, quarantine, withholding, consent, challenges and rulings, `made_of_it` exhibits;
    both that are open to the viewer.
    """

    row: ExhibitRow
    entry: TimelineEntry
    may_open: Allowed | Refused
    consents: tuple[ConsentState, ...]
    rule: CitedRule | None
    about: tuple[TimelineEntry, ...]
    made_of_it: tuple[str, ...]
    relied_on: tuple[TimelineEntry, ...]


def list_exhibits(entered: Entered) -> tuple[ExhibitRow, ...]:
    """Return the exhibits whose entries are open to whoever entered, in order.

    Who has them, what was ruled and what rests on them stands in entries of the sides: others are told none of it.
    """
    rows = build_equality(entered.facts, entered.rulebook)
    shown = (row for row in rows if is_open_to(entered.reader, row.lodged))
    if entered.reader.sees_sides:
        return tuple(shown)
    return tuple(replace(row, sights=(), relied_on=(), admissible=None) for row in shown)


def show_exhibit(entered: Entered, exhibit: str) -> ShownExhibit:
    """Return one exhibit. Raises: UnknownMatterError where there is none, or it is not open to whoever entered."""
    rows = {row.exhibit: row for row in list_exhibits(entered)}
    row = rows.get(exhibit)
    if row is None:
        raise UnknownMatterError(
            phrase("There is no such exhibit, or it is not open to you."), remedy=phrase("Ask the case manager.")
        )
    said = (event for kind in _ABOUT for event in live_acts(entered.facts, kind) if _is_about(event, exhibit))
    about = [event for event in said if is_open_to(entered.reader, event)]
    made = (one.act for one in live_acts(entered.facts, ExhibitDerived))
    wanted = {row.lodged.seq, *(one.seq for one in about), *row.relied_on}
    found = find_entries(entered, wanted)
    rule = find_rule(entered, exhibit)
    return ShownExhibit(
        row,
        found[row.lodged.seq],
        may_open_exhibit(entered.facts, entered.rulebook, exhibit, entered.reader.person),
        _find_consents(entered, row, rule) if entered.reader.sees_sides else (),
        rule,
        _pick(found, (one.seq for one in sorted(about, key=lambda one: one.seq))),
        tuple(act.exhibit for act in made if act.of == exhibit and act.exhibit in rows),
        _pick(found, row.relied_on),
    )


def _pick(found: dict[int, TimelineEntry], wanted: Iterable[int]) -> tuple[TimelineEntry, ...]:
    return tuple(found[seq] for seq in wanted if seq in found)


def _is_about(event: AnyEvent, exhibit: str) -> bool:
    return getattr(event.act, "exhibit", None) == exhibit


def find_rule(entered: Entered, exhibit: str) -> CitedRule | None:
    """Return the rule on recordings that the packs of the matter's rulebook carry; None for what nobody speaks in."""
    lodged = live_acts(entered.facts, ExhibitLodged)
    if not any(one.act.exhibit == exhibit and one.act.speakers for one in lodged):
        return None
    return find_recording_rule(entered.organisation.packs(entered.rulebook))


def _find_consents(entered: Entered, row: ExhibitRow, rule: CitedRule | None) -> tuple[ConsentState, ...]:
    lodged = next((one for one in live_acts(entered.facts, ExhibitLodged) if one.seq == row.lodged.seq), None)
    if lodged is None:
        return ()
    said = find_consents(entered.facts, row.exhibit)
    unknown = entered.reader.unknown
    met = weigh_consent(entered.facts, rule, lodged, unknown_people=frozenset(unknown))
    states = []
    for speaker in lodged.act.speakers:
        last = said.get(speaker)
        state, at = ("unknown", None) if last is None else (last.act.state, last.recorded_at)
        states.append(ConsentState(None if speaker in unknown else speaker, state, met[speaker], at))
    return tuple(states)
