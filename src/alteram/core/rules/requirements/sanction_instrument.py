"""A sanction exists only as an instrument: conduct, clause, term, trigger, appeal route, delivered.

Acas Code paras 18-21. A sanction that was merely announced is asked for its instrument like any other. What the
instrument's prose says is not read, only that it is there.
"""

from collections.abc import Iterator

from alteram.core.acts import InstrumentIssued, PaperServed, SanctionImposed, ServiceConfirmed
from alteram.core.acts.reported import Thing
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, passed, worst
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.service import SERVING, find_confirmed_delivery
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_standing


class SanctionInstrument(Parameters, frozen=True, kw_only=True):
    """`sanctions`: ask only of these (none named: of all); `delivered`: the instrument must have reached the person."""

    sanctions: tuple[str, ...] = ()
    delivered: bool = True


_CURE = Cure(
    "instrument.issued",
    ("chair", "secretary"),
    phrase("Issue the instrument: conduct, clause, term, trigger, appeal route."),
)


@requirement(
    "sanction-instrument",
    covers=("A12",),
    parameters=SanctionInstrument,
    anchors=(SanctionImposed,),
    reads=(InstrumentIssued, *SERVING),
    applies=lambda parameters, anchor: not parameters.sanctions or _sanction(anchor) in parameters.sanctions,
)
def check_sanction_instrument(view: View, parameters: SanctionInstrument, anchor: AnyEvent) -> Finding:
    """A sanction stands in an instrument that states conduct, clause, term, trigger and appeal, and was delivered."""
    issued, doubtful = find_standing(
        view, [one for one in view.all(InstrumentIssued) if one.act.sanction == anchor.seq]
    )
    if not issued:
        return view.missing(
            anchor,
            phrase("The sanction has no instrument, so it exists in words only."),
            thing="instrument",
            alleged=doubtful,
            acts=("instrument.issued",),
            cures=(_CURE,),
        )
    return view.weigh(anchor, worst(_answers(view, parameters, anchor, issued[-1])))


def _answers(
    view: View, parameters: SanctionInstrument, anchor: AnyEvent, instrument: Event[InstrumentIssued]
) -> Iterator[Finding]:
    yield passed(phrase("The sanction stands in an instrument."), entries=(anchor.seq, instrument.seq))
    for words, thing in _lacking(view, anchor, instrument.act):
        absent_at = anchor if thing is not None and view.agreed_absent(anchor, thing) else instrument
        because = phrase("The instrument does not state {words}.", words=words)
        yield view.missing(absent_at, because, thing=thing, acts=("instrument.issued",), cures=(_CURE,))
    if parameters.delivered and find_confirmed_delivery(view, instrument, instrument.act.person) is None:
        yield _undelivered(view, instrument)


def _undelivered(view: View, instrument: Event[InstrumentIssued]) -> Finding:
    _, claims = find_standing(view, [one for one in view.all(ServiceConfirmed) if one.act.document == instrument.seq])
    _, papers = find_standing(view, [one for one in view.all(PaperServed) if one.act.document == instrument.seq])
    return view.missing(
        instrument,
        phrase("Nothing confirms that the instrument was delivered."),
        alleged=(*claims, *papers),
        acts=("service.confirmed",),
        cures=(
            Cure("service.confirmed", ("case-manager", "secretary"), phrase("Deliver the instrument and confirm it.")),
        ),
    )


def _lacking(view: View, anchor: AnyEvent, instrument: InstrumentIssued) -> list[tuple[str, Thing | None]]:
    """Return what the instrument leaves out: a term where the rung has one, a trigger where a rung builds on it."""
    name = _sanction(anchor)
    rung = view.rulebook.find_sanction(name)
    needs_term = rung is None or rung.needs_term
    needs_trigger = any(one.after == name for one in view.rulebook.sanctions)
    stated: list[tuple[bool, str, Thing | None]] = [
        (instrument.conduct is not None, phrase("the conduct"), None),
        (instrument.clause is not None, phrase("the clause"), None),
        (instrument.states_appeal, phrase("a way to appeal"), "appeal-route"),
        (instrument.expires_on is not None or not needs_term, phrase("its term"), "term"),
        (instrument.trigger is not None or not needs_trigger, phrase("what would trigger the next step"), "trigger"),
    ]
    return [(words, thing) for is_there, words, thing in stated if not is_there]


def _sanction(anchor: AnyEvent) -> str:
    return anchor.act.sanction if isinstance(anchor.act, SanctionImposed) else ""
