"""A warning cannot exist without its instrument; no rung is skipped without a ruling that allows it."""

from collections.abc import Iterator
from typing import Final

from alteram.core.acts import InstrumentIssued, SanctionImposed
from alteram.core.kernel.outcomes import Departure
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.rules.assess import examine
from alteram.core.rules.proving.deviating import Omit
from alteram.core.rules.proving.exploring import Base, vary
from alteram.core.rules.proving.guarantees import is_unmet
from alteram.core.rules.proving.playing import Play, Played
from alteram.core.rules.proving.searching import Search, Violation
from alteram.core.rules.rulebook import Sanction

_ISSUED: Final = "instrument-issued"


def find_violations(search: Search) -> Iterator[Violation]:
    """Yield each sanction that may stand without its instrument, or without the rung before it."""
    for procedure in search.procedures:
        for sanction in search.rulebook.sanctions:
            base = search.base(procedure, sanction=sanction)
            yield from _find_skipped(base, sanction)
            if not sanction.after:
                yield from _find_unwritten(search, base, sanction)


def _find_imposed(played: Play, sanction: Sanction) -> Played | None:
    return next(
        (
            one
            for one in played.played
            if isinstance(one.event.act, SanctionImposed) and one.event.act.sanction == sanction.id
        ),
        None,
    )


def _find_skipped(base: Base, sanction: Sanction) -> Iterator[Violation]:
    imposed = _find_imposed(base.play, sanction)
    if not sanction.after or imposed is None or isinstance(imposed.ruling, Departure):
        return
    because = phrase(
        "{sanction} may be imposed though no {after} came before it.",
        sanction=as_own(sanction.title),
        after=as_own(sanction.after),
    )
    yield Violation(because, "rung", sanction.clause, play=base.play, at=imposed)


def _find_unwritten(search: Search, base: Base, sanction: Sanction) -> Iterator[Violation]:
    """Yield where a sanction without its instrument is met by nothing: no demand of the rulebook or a pack notices."""
    omitted = Omit(_ISSUED)
    search.tally.begin()
    played = vary(base, (omitted,))
    search.tally.count(played)
    imposed = _find_imposed(played, sanction)
    if imposed is None or any(isinstance(one.event.act, InstrumentIssued) for one in played.played):
        return
    asked = [one for one in search.rulebook.demands if one.kind == "sanction-instrument"]
    if any(is_unmet(examine(one, played.facts, search.rulebook, played.now)) for one in asked):
        return
    because = phrase(
        "{sanction} may stand without an instrument, and no requirement notices.", sanction=as_own(sanction.title)
    )
    yield Violation(because, "instrument", sanction.clause, deviations=(omitted,), play=played, at=imposed)
