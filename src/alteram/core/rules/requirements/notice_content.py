"""What a notice of the charge must hold (Acas Code para 9; Incorporated Societies Act 2022 Sch 2; 34 CFR 106.45).

It sees only whether something is there: particulars for each allegation, the worst outcome, what follows beyond the
body, the presumption, the right to be accompanied, the time of the hearing. Whether particulars are good enough is a
judgment about content, made by people.
"""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from alteram.core.acts import DecisionMade, MeetingCalled, MeetingOpened, NoticeServed, SanctionImposed
from alteram.core.acts.reported import Thing
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.decisions import burdens
from alteram.core.rules.findings import Finding, passed, silent, worst
from alteram.core.rules.meetings import ASIDE, find_purpose
from alteram.core.rules.notices import build_notice_cure, find_notices
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import ask_of_each


class NoticeContent(Parameters, frozen=True, kw_only=True):
    """What the notice must hold; `hearing_time` asks for day and hour."""

    particulars: bool = True
    worst_sanction: bool = True
    jeopardy: bool = False
    presumption: bool = False
    companion: bool = False
    hearing_time: bool = False


@requirement(
    "notice-content",
    covers=("A6", "N1", "T3", "I7"),
    parameters=NoticeContent,
    anchors=(NoticeServed, MeetingOpened, DecisionMade, SanctionImposed),
    reads=(MeetingCalled,),
    applies=lambda _parameters, anchor: burdens(anchor.act),
)
def check_notice_content(view: View, parameters: NoticeContent, anchor: AnyEvent) -> Finding:
    """The notice tells the respondent what is alleged, in enough detail to answer it, and what may follow."""
    match anchor.act:
        case MeetingOpened(meeting=meeting) if find_purpose(view, meeting) in ASIDE:
            return silent(phrase("This meeting was not called to hear the charge."))
        case NoticeServed(to=person):
            return _ask(view, parameters, anchor, person)
        case _:
            return ask_of_each(view, anchor, view.protected, lambda person: _ask(view, parameters, anchor, person))


def _ask(view: View, parameters: NoticeContent, anchor: AnyEvent, person: PersonId) -> Finding:
    wanted = tuple(_wanted(parameters))
    notice, doubtful = _find_notice(view, anchor, person)
    gaps = [(words, thing) for words, thing, there in wanted if notice is None or not there(notice.act)]
    gaps += [(words, thing) for words, thing, _ in wanted if view.agreed_absent(anchor, thing)]
    if gaps:
        return worst(_complain(view, anchor, words, thing, doubtful) for words, thing in dict.fromkeys(gaps))
    entries = (anchor.seq,) if notice is None else tuple(sorted({notice.seq, anchor.seq}))
    return view.weigh(anchor, passed(phrase("The notice holds all that it must."), entries=entries))


def _find_notice(
    view: View, anchor: AnyEvent, person: PersonId
) -> tuple[Event[NoticeServed] | None, tuple[Event[NoticeServed], ...]]:
    """Return the notice that counts at `anchor`, and those of which it is in doubt whether they do.

    At a notice that is itself or a later one that mends it; elsewhere the last one before.
    """
    if not isinstance(anchor.act, NoticeServed):
        sure, doubtful = find_notices(view, anchor, person)
        return (sure[-1] if sure else None), doubtful
    later = [one for one in view.supporting(NoticeServed) if one.seq >= anchor.seq and one.act.to == person]
    alleged = [one for one in view.alleged(NoticeServed) if one.seq == anchor.seq]
    return (later[-1] if later else None), tuple(alleged)


_Wanted: TypeAlias = tuple[str, Thing, Callable[[NoticeServed], bool]]


def _wanted(parameters: NoticeContent) -> Iterator[_Wanted]:
    if parameters.particulars:
        yield phrase("particulars for each allegation"), "particulars", _has_particulars
    if parameters.worst_sanction:
        yield phrase("the worst outcome there can be"), "jeopardy", lambda act: act.worst_sanction is not None
    if parameters.jeopardy:
        yield phrase("what follows beyond the body"), "jeopardy", lambda act: act.jeopardy is not None
    if parameters.presumption:
        yield phrase("that nothing is presumed against the respondent"), "notice", lambda act: act.states_presumption
    if parameters.companion:
        yield phrase("the right to be accompanied"), "notice", lambda act: act.states_companion
    if parameters.hearing_time:
        yield phrase("day and hour of the hearing"), "notice", lambda act: act.hearing_at is not None


def _has_particulars(act: NoticeServed) -> bool:
    return len(act.particulars) >= max(1, len(act.allegations))


def _complain(
    view: View, anchor: AnyEvent, words: str, thing: Thing, doubtful: tuple[Event[NoticeServed], ...]
) -> Finding:
    return view.missing(
        anchor,
        phrase("No notice states {words}.", words=words),
        thing=thing,
        alleged=doubtful,
        acts=("notice.served",),
        cures=(build_notice_cure(phrase("Serve a notice that states {words}.", words=words)),),
    )
