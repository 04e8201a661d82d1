"""Nothing is relied on that the respondent has not had in time (Acas Code para 9; Directive (EU) 2019/1937 art 22).

It asks of every exhibit that a decision, a finding or a report names. What was withheld needs its gist.
"""

from dataclasses import dataclass, replace
from typing import Literal

from alteram.core.acts import DecisionMade, FindingMade, MeetingCalled, MeetingOpened, ReportFinalised, RightWaived
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.decisions import burdens
from alteram.core.rules.disclosure import AT_ANY_TIME, DISCLOSING, judge_disclosed
from alteram.core.rules.evidence import find_relied_on
from alteram.core.rules.findings import Cure, Finding, passed, worst
from alteram.core.rules.meetings import find_hearing
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import ask_of_each, find_waiver


class DisclosureBefore(Parameters, frozen=True, kw_only=True):
    """`at_least`: the period between disclosure and what it must come `before` (none: any time before)."""

    at_least: Period = AT_ANY_TIME
    before: Literal["hearing", "decision"] = "decision"


@requirement(
    "disclosure-before",
    covers=("A7", "E11"),
    parameters=DisclosureBefore,
    anchors=(DecisionMade, FindingMade, ReportFinalised),
    reads=(*DISCLOSING, MeetingOpened, MeetingCalled, RightWaived),
    applies=lambda _parameters, anchor: burdens(anchor.act),
)
def check_disclosure_before(view: View, parameters: DisclosureBefore, anchor: AnyEvent) -> Finding:
    """All evidence relied on was disclosed to the respondent, or withheld with its gist, in time to answer it."""
    exhibits = _find_exhibits(view, anchor)
    if view.agreed_absent(anchor, "disclosure"):
        cure = Cure(
            "exhibit.disclosed", ("case-manager", "investigator", "secretary"), phrase("Disclose, hear, decide again.")
        )
        return view.missing(anchor, phrase("Nothing was disclosed before this."), thing="disclosure", cures=(cure,))
    if not exhibits:
        return view.nothing_against(anchor, phrase("It names no exhibit that it relies on."))
    before = _find_end(view, parameters, anchor)
    if before is None:
        return view.missing(anchor, phrase("No hearing before this is on record."), acts=("meeting.opened",))
    at_hearing = parameters.before == "hearing" and isinstance(anchor.act, DecisionMade)
    asked = _Asked(exhibits, parameters.at_least, before, at_hearing)
    return ask_of_each(view, anchor, view.protected, lambda person: _ask(view, anchor, person, asked))


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which exhibits had to be disclosed, and how long before what."""

    exhibits: tuple[str, ...]
    at_least: Period
    before: When
    at_hearing: bool


def _ask(view: View, anchor: AnyEvent, person: PersonId, asked: _Asked) -> Finding:
    waiver = find_waiver(view, anchor, "disclosure-period", person)
    at_least = asked.at_least if waiver is None else AT_ANY_TIME
    end = asked.before if waiver is None else anchor.when
    found = worst(judge_disclosed(view, anchor, one, person, at_least=at_least, before=end) for one in asked.exhibits)
    if waiver is not None and found.result == "PASS":
        found = passed(phrase("It was disclosed, and the period was waived."), entries=(*found.entries, waiver.seq))
    if waiver is None and asked.at_hearing:
        # It had to come before a hearing that was held: waiting mends nothing, only another hearing does.
        found = replace(found, earliest=None)
    return view.weigh(anchor, found)


def _find_exhibits(view: View, anchor: AnyEvent) -> tuple[str, ...]:
    """Return the exhibits relied on: a decision rests on those of the findings it follows as well as on its own."""
    own = find_relied_on(anchor)
    if not isinstance(anchor.act, DecisionMade):
        return own
    proved = anchor.act.proved
    findings = [
        one for one in view.all(FindingMade) if one.act.allegation in proved and one.before(anchor) is not False
    ]
    return tuple(dict.fromkeys((*own, *(exhibit for one in findings for exhibit in one.act.exhibits))))


def _find_end(view: View, parameters: DisclosureBefore, anchor: AnyEvent) -> When | None:
    if parameters.before == "decision" or not isinstance(anchor.act, DecisionMade):
        return anchor.when
    hearing = find_hearing(view, anchor, anchor.act.meeting)
    return None if hearing is None else hearing.when
