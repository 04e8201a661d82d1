"""The letters there are, and the act that serves each. A letter's name is that of its template."""

from dataclasses import dataclass
from typing import Final

from alteram.core.acts import (
    AppealDecided,
    DecisionServed,
    ExhibitDisclosed,
    InstrumentIssued,
    MeetingCalled,
    NoticeServed,
    ReportAcknowledged,
)
from alteram.core.acts.fields import Act


@dataclass(frozen=True, slots=True)
class LetterKind:
    """A letter: the act that serves it, which then holds its digest, and the kinds of requirement it rests on.

    A letter without an act is only printed; nothing about it is recorded.
    """

    name: str
    act: type[Act] | None
    rests_on: tuple[str, ...] = ()


LETTERS: Final = (
    LetterKind("acknowledgement", ReportAcknowledged, ("acknowledgement", "feedback")),
    LetterKind("notice", NoticeServed, ("notice-content", "notice-period", "response-period", "companion")),
    LetterKind("disclosure", ExhibitDisclosed, ("disclosure-before", "disclosure-complete")),
    LetterKind("invitation", MeetingCalled, ("meeting-notice", "party-heard", "companion")),
    LetterKind("decision", DecisionServed, ("written-reasons", "appeal-in-window", "appeal-route")),
    LetterKind("instrument", InstrumentIssued, ("sanction-instrument", "appeal-in-window")),
    LetterKind("appeal-outcome", AppealDecided, ("fresh-appeal-panel", "appeal-decided-in-time")),
    LetterKind("signed-certificate", None),
    LetterKind("reply-form", None),
)


def find_kind(name: str) -> LetterKind | None:
    """Return the letter of this name."""
    return next((one for one in LETTERS if one.name == name), None)


def find_kind_of(act: Act) -> LetterKind | None:
    """Return the letter that an act serves."""
    return next((one for one in LETTERS if one.act is type(act)), None)
