"""A recording is used only after a ruling, with the consent of each speaker on record: before, after, refused, unknown.

RONR 12th ed. 63:9 (information got in confidence); Acas Code para 12. It does not say which recordings may be used.
"""

from alteram.core.acts import (
    ConsentRecorded,
    DecisionMade,
    ExhibitDerived,
    ExhibitLodged,
    ExhibitRuled,
    FindingMade,
    ReportFinalised,
)
from alteram.core.kernel.phrases import as_own, as_people, join, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.evidence import find_exhibit_ruling, find_lodged, find_relied_on
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown, worst
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class RecordingRuled(Parameters, frozen=True, kw_only=True):
    """`consent_needed`: whether what each speaker said to the recording must be on record too."""

    consent_needed: bool = True


@requirement(
    "recording-ruled",
    covers=("R2",),
    parameters=RecordingRuled,
    anchors=(ExhibitLodged, DecisionMade, ReportFinalised, FindingMade),
    reads=(ConsentRecorded, ExhibitDerived, ExhibitRuled),
    applies=lambda _parameters, anchor: not isinstance(anchor.act, ExhibitLodged) or anchor.act.kind == "recording",
)
def check_recording_ruled(view: View, parameters: RecordingRuled, anchor: AnyEvent) -> Finding:
    """A recording is ruled on before it is used, and whether each speaker consented is on record."""
    if isinstance(anchor.act, ExhibitLodged):
        return _lodged(view, parameters, anchor)
    lodged = [find_lodged(view, exhibit) for exhibit in find_relied_on(anchor)]
    recordings = [one for one in lodged if one is not None and one.act.kind == "recording"]
    if not recordings:
        return view.nothing_against(anchor, phrase("No recording is relied on."))
    return view.weigh(anchor, worst(_used(view, parameters, one, anchor) for one in recordings))


def _lodged(view: View, parameters: RecordingRuled, anchor: AnyEvent) -> Finding:
    exhibit = anchor.act.exhibit if isinstance(anchor.act, ExhibitLodged) else ""
    rulings = [one for one in view.supporting(ExhibitRuled) if one.act.exhibit == exhibit]
    silent = _silent(view, parameters, anchor)
    if rulings and not silent:
        because = phrase(
            "The recording {exhibit} was ruled on, with the consent of each speaker on record.", exhibit=as_own(exhibit)
        )
        return view.weigh(anchor, passed(because, entries=(anchor.seq, rulings[-1].seq)))
    return unknown(
        phrase(
            "The recording {exhibit} has {lacking}.",
            exhibit=as_own(exhibit),
            lacking=_lacking(ruled=bool(rulings), silent=silent),
        ),
        entries=(anchor.seq,),
        missing=("exhibit.ruled",),
        cures=_cures(),
    )


def _used(view: View, parameters: RecordingRuled, recording: Event[ExhibitLodged], anchor: AnyEvent) -> Finding:
    exhibit = recording.act.exhibit
    ruling = find_exhibit_ruling(view, exhibit, anchor)
    silent = _silent(view, parameters, recording)
    entries = (recording.seq, anchor.seq)
    if ruling is not None and not ruling.act.admissible:
        because = phrase("The recording {exhibit} was used although it was ruled out.", exhibit=as_own(exhibit))
        return failed(because, entries=(*entries, ruling.seq), cures=_cures())
    if ruling is not None and not silent:
        because = phrase(
            "The recording {exhibit} was ruled on before it was used, with each speaker's consent on record.",
            exhibit=as_own(exhibit),
        )
        return passed(because, entries=(*entries, ruling.seq))
    return view.missing(
        anchor,
        phrase(
            "The recording {exhibit} was used and had {lacking}.",
            exhibit=as_own(exhibit),
            lacking=_lacking(ruled=ruling is not None, silent=silent),
        ),
        thing="ruling" if ruling is None else "consent",
        alleged=[one for one in view.alleged(ExhibitRuled) if one.act.exhibit == exhibit],
        acts=("exhibit.ruled",),
        cures=_cures(),
    )


def _silent(view: View, parameters: RecordingRuled, recording: AnyEvent) -> list[str]:
    """Return the speakers of whose consent nothing is on record; only the speaker can say that it was given."""
    if not (parameters.consent_needed and isinstance(recording.act, ExhibitLodged)):
        return []
    exhibit = recording.act.exhibit
    told = [one for one in view.supporting(ConsentRecorded) if one.act.exhibit == exhibit]
    known = {one.act.speaker for one in told if one.actor == one.act.speaker or one.act.state in {"refused", "unknown"}}
    return [speaker for speaker in recording.act.speakers if speaker not in known]


def _lacking(*, ruled: bool, silent: list[str]) -> str:
    consent = [phrase("no word on the consent of {silent}", silent=as_people(silent))] if silent else []
    return join(phrase(" and "), [*([] if ruled else [phrase("no ruling")]), *consent])


def _cures() -> tuple[Cure, ...]:
    return (
        Cure(
            "exhibit.ruled", ("chair", "investigator"), phrase("Rule, with reasons, whether the recording may be used.")
        ),
        Cure("consent.recorded", ("anyone",), phrase("Record of each speaker whether they consented.")),
    )
