"""What the steps of the course and the people of the cast are called in stories, for whoever tells them.

Titles are names, not sentences; they stand in the middle of one. A step that was added has the name of its act.
"""

from typing import Final

from alteram.core.kernel.phrases import Phrase, as_own, as_word, phrase
from alteram.core.rules.proving.casting import PARTS
from alteram.core.rules.rulebook import Rulebook

_STEPS: Final[dict[str, Phrase]] = {
    "reported": phrase("the report"),
    "acknowledged": phrase("the acknowledgement of the report"),
    "assigned": phrase("the choice of a case manager"),
    "case-manager-declared": phrase("the case manager's declaration of interests"),
    "risk-at-report": phrase("the assessment of risks at the report"),
    "triaged": phrase("the triage"),
    "informed-of-triage": phrase("the news of the triage"),
    "accepted": phrase("the acceptance of the matter"),
    "second-key-to-decline": phrase("the second key to the declining"),
    "declined": phrase("the declining of the matter"),
    "terms-set": phrase("the terms of the investigation"),
    "investigator-appointed": phrase("the appointment of the investigator"),
    "investigator-declared": phrase("the investigator's declaration of interests"),
    "risk-at-inquiry": phrase("the assessment of risks before the investigation"),
    "begun": phrase("the beginning of the investigation"),
    "complainant-interviewed": phrase("the interview of the complainant"),
    "exhibit-lodged": phrase("the lodging of the evidence"),
    "alleged": phrase("the charge"),
    "terms-of-the-charge": phrase("the terms for the charge"),
    "mediator-chosen": phrase("the choice of a mediator"),
    "paused-to-mediate": phrase("the pause for the mediation"),
    "mediation-offered": phrase("the offer of mediation"),
    "mediation-declined": phrase("the refusal of mediation"),
    "resumed-after-mediation": phrase("the end of the pause"),
    "notified": phrase("the notice of the charge"),
    "notice-delivered": phrase("the delivery of the notice"),
    "companion-named": phrase("the choice of a companion"),
    "respondent-interviewed": phrase("the interview of the respondent"),
    "answered": phrase("the respondent's answer"),
    "disclosed-respondent": phrase("the disclosure to the respondent"),
    "disclosed-complainant": phrase("the disclosure to the complainant"),
    "found": phrase("the investigator's finding"),
    "draft-report-respondent": phrase("the draft report to the respondent"),
    "draft-report-complainant": phrase("the draft report to the complainant"),
    "report-final": phrase("the final report"),
    "report-delivered-respondent": phrase("the delivery of the draft report to the respondent"),
    "report-delivered-complainant": phrase("the delivery of the draft report to the complainant"),
    "support-offered-respondent": phrase("the offer of support to the respondent"),
    "support-offered-complainant": phrase("the offer of support to the complainant"),
    "measure-contact": phrase("the choice of somebody to keep contact during the measure"),
    "measure-imposed": phrase("the interim measure"),
    "measure-contact-made": phrase("the first contact during the measure"),
    "measure-contact-kept": phrase("the next contact during the measure"),
    "measure-reviewed": phrase("the review of the measure"),
    "measure-lifted": phrase("the lifting of the measure"),
    "view-sought": phrase("the question to somebody independent"),
    "meeting-called": phrase("the calling of the meeting"),
    "call-delivered-respondent": phrase("the delivery of the call to the respondent"),
    "call-delivered-complainant": phrase("the delivery of the call to the complainant"),
    "opened": phrase("the opening of the meeting"),
    "complainant-heard": phrase("the hearing of the complainant"),
    "respondent-heard": phrase("the hearing of the respondent"),
    "respondent-closed": phrase("the close of the respondent's case"),
    "complainant-closed": phrase("the close of the complainant's case"),
    "sides-left": phrase("the leaving of both sides"),
    "others-considered": phrase("the thought for people outside the matter"),
    "guilt-put": phrase("the motion on guilt"),
    "guilt-voted": phrase("the vote on guilt"),
    "penalty-put": phrase("the motion on the penalty"),
    "penalty-voted": phrase("the vote on the penalty"),
    "decision-drafted": phrase("the draft of the decision"),
    "risk-during": phrase("the assessment of risks during the investigation"),
    "risk-after-closing": phrase("the assessment of risks after the closing"),
    "risk-at-outcome": phrase("the assessment of risks at the outcome"),
    "decided": phrase("the decision"),
    "reasons-of-its-own": phrase("the reasons for the sanction"),
    "imposed": phrase("the sanction"),
    "instrument-issued": phrase("the instrument of the sanction"),
    "instrument-delivered": phrase("the delivery of the instrument"),
    "decision-served-respondent": phrase("the decision served on the respondent"),
    "decision-served-complainant": phrase("the decision served on the complainant"),
    "informed-of-outcome": phrase("the news of the outcome"),
    "put-right": phrase("what puts the respondent right again"),
    "published": phrase("what is published of the outcome"),
    "minuted": phrase("the minute of the meeting"),
    "minute-disclosed": phrase("the minute shown to the respondent"),
    "meeting-closed": phrase("the close of the meeting"),
    "appealed": phrase("the appeal"),
    "appeal-served-respondent": phrase("the appeal served on the respondent"),
    "appeal-served-complainant": phrase("the appeal served on the complainant"),
    "panel-formed": phrase("the forming of the appeal panel"),
    "second-key-to-refuse": phrase("the second key to the refusal of the appeal"),
    "appeal-refused": phrase("the refusal of the appeal"),
    "appeal-admitted": phrase("the admission of the appeal"),
    "appeal-decided": phrase("the decision on the appeal"),
    "informed-of-appeal": phrase("the news of the appeal"),
    "second-key": phrase("the second key to the closing"),
    "closed": phrase("the closing of the matter"),
}
#: What the identifiers of people begin with of whom there are several.
_PEOPLE: Final = ("member-", "outsider-")


def find_title(rulebook: Rulebook, step: str) -> Phrase | None:
    """Return what a step of the course is called; None for one that was added to it."""
    known = _STEPS.get(step)
    return known if known is not None else _find_personal(rulebook, step)


def _find_personal(rulebook: Rulebook, step: str) -> Phrase | None:  # noqa: PLR0911 - a table
    for beginning in ("stepped-aside-", "handed-over-", "panel-declared-", "recused-", "declared-"):
        if not step.startswith(beginning):
            continue
        who = step.removeprefix(beginning)
        person = name_person(rulebook, who)
        match beginning:
            case "stepped-aside-":
                return phrase("that {person} steps aside", person=person)
            case "handed-over-":
                return phrase("that somebody else takes the part of {role}", role=as_word(who))
            case "panel-declared-":
                return phrase("the declaration of interests by {person}, of the appeal panel", person=person)
            case "recused-":
                return phrase("that {person} leaves the vote to others", person=person)
            case _:
                return phrase("the declaration of interests by {person}", person=person)
    if step.endswith("-in-default"):
        side = step.removesuffix("-in-default")
        return phrase("the note that {side} did not answer", side=name_person(rulebook, side))
    return None


def name_person(rulebook: Rulebook, person: str) -> str:  # noqa: PLR0911 - a table
    """Return how somebody of the cast is called: by office, else by part, else by number."""
    office = next((one for one in rulebook.offices if one.id == person), None)
    if office is not None:
        return as_own(office.title)
    if person in PARTS:
        return as_word(person)
    beginning = next((one for one in _PEOPLE if person.startswith(one)), "")
    match beginning, person.removeprefix(beginning):
        case "member-", number:
            return phrase("ordinary member {number}", number=number)
        case "outsider-", number:
            return phrase("appeal member {number}", number=number)
        case _, "independent-person":
            return phrase("somebody independent")
        case _, "stranger":
            return phrase("somebody from outside")
        case _:
            return as_word(person)
