"""A complaint lives on its own: somebody free handles it, and a clock runs, whatever becomes of the complainant.

Directive (EU) 2019/1937 arts. 9(1)(c) to (e). Where the complainant is charged in a linked matter, its handler may not
be the handler here. What the handling comes to is not asked.
"""

from collections.abc import Iterator

from alteram.core.acts import (
    CaseManagerAssigned,
    DecisionMade,
    HandoverMade,
    InquiryOrdered,
    InvestigationBegun,
    MatterAccepted,
    MatterClosed,
    MatterDeclined,
    MatterReferred,
    ReportAcknowledged,
    ReporterInformed,
    ReportLodged,
    TriageDecided,
)
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Thing
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import as_people, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed, worst
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View

#: Acts that take a complaint further, or end it for a stated reason.
_STEPS: tuple[type[Act], ...] = (
    ReportAcknowledged,
    ReporterInformed,
    TriageDecided,
    MatterAccepted,
    MatterReferred,
    InquiryOrdered,
    InvestigationBegun,
    HandoverMade,
    DecisionMade,
)
#: Acts by which somebody comes to handle it.
_ASSIGNING: tuple[type[Act], ...] = (CaseManagerAssigned, HandoverMade)
_ENDS: tuple[type[Act], ...] = (MatterDeclined, MatterClosed)


class ComplaintHandled(Parameters, frozen=True, kw_only=True):
    """`idle`: the longest a complaint may lie without a step."""

    idle: Period


@requirement(
    "complaint-handled",
    covers=("E4", "E3"),
    parameters=ComplaintHandled,
    anchors=(ReportLodged, MatterDeclined),
    reads=(*_STEPS, *_ASSIGNING, *_ENDS),
    applies=lambda _parameters, anchor: isinstance(anchor.act, ReportLodged) or not anchor.live,
)
def check_complaint_handled(view: View, parameters: ComplaintHandled, anchor: AnyEvent) -> Finding:
    """A complaint has a handler free to act and a clock that runs, also while the complainant is charged elsewhere."""
    return view.weigh(anchor, worst((_handler(view, anchor), _clock(view, parameters, anchor))))


def _agreed_absent(view: View, thing: Thing, mending: tuple[type[Act], ...]) -> AnyEvent | None:
    """Return a report or a refusal at which those protected accept that `thing` did not exist, and did not since.

    What was done here since, by one of the acts `mending`, is there whatever was agreed of the time before.
    """
    since = max((one.seq for one in view.supporting(*mending) if one.live), default=-1)
    told: tuple[AnyEvent, ...] = view.all(ReportLodged, MatterDeclined)
    return next((one for one in told if one.seq > since and view.agreed_absent(one, thing)), None)


def _handler(view: View, anchor: AnyEvent) -> Finding:
    cure = Cure(
        "case-manager.assigned", ("secretary", "custodian", "chair"), phrase("Assign somebody free to handle it.")
    )
    absent_at = _agreed_absent(view, "handler", _ASSIGNING)
    handlers = view.holders("case-manager")
    tied = handlers & _tied(view, anchor)
    if handlers - tied and absent_at is None:
        return passed(phrase("Somebody free handles it."), entries=(anchor.seq,))
    if tied and absent_at is None:
        because = phrase("Whoever handles it is not free to: {tied}.", tied=as_people(sorted(tied)))
        return failed(because, entries=(anchor.seq,), missing=("case-manager.assigned",), cures=(cure,))
    because = phrase("Nobody handles the complaint.")
    return view.missing(absent_at or anchor, because, thing="handler", acts=("case-manager.assigned",), cures=(cure,))


def _tied(view: View, anchor: AnyEvent) -> frozenset[PersonId]:
    """Return who may not handle this: whom it is about, and who handles a linked matter against the complainant."""
    named = frozenset(anchor.act.people) if isinstance(anchor.act, ReportLodged) else frozenset()
    against = [one for one in view.facts.linked if one.holders("respondent") & view.holders("complainant")]
    return view.holders("respondent").union(named, *(one.holders("case-manager") for one in against))


def _clock(view: View, parameters: ComplaintHandled, anchor: AnyEvent) -> Finding:
    cure = Cure(
        "triage.decided",
        ("case-manager",),
        phrase("Take the next step; then one at least every {idle}.", idle=parameters.idle),
    )
    absent_at = _agreed_absent(view, "clock", _STEPS)
    if absent_at is not None:
        return view.missing(absent_at, phrase("No clock runs."), thing="clock", acts=("triage.decided",), cures=(cure,))
    return worst(_gaps(view, parameters, anchor, cure))


def _gaps(view: View, parameters: ComplaintHandled, anchor: AnyEvent, cure: Cure) -> Iterator[Finding]:
    """Yield an answer for the time since the last step, unless the complaint has ended."""
    if any(one.established for one in view.all(*_ENDS)):
        yield passed(phrase("It has ended for a stated reason."), entries=(anchor.seq,))
        return
    steps = [one for one in view.supporting(*_STEPS) if one.before(anchor) is not True]
    last = steps[-1] if steps else anchor
    measured = measure_within(last.when, parameters.idle, When.exactly(view.now), view.calendar)
    entries = tuple(dict.fromkeys((anchor.seq, last.seq)))
    if measured.kept:
        yield passed(phrase("A step was taken lately enough."), entries=entries, working=measured.working)
    else:
        because = phrase("No step was taken for more than {idle}.", idle=parameters.idle)
        yield view.missing(
            anchor, because, thing="clock", acts=("triage.decided",), cures=(cure,), working=measured.working
        )
