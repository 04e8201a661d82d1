"""Why an act is next, in words."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alteram.operations.next_acts import Why

REASONS: Final[dict[Why, str | Promise]] = {
    "report-unanswered": _("The report was not acknowledged yet."),
    "nobody-handles-it": _("Nobody handles the matter yet."),
    "reporter-silent": _("The reporter was asked and has not answered."),
    "more-time-asked": _("A party asked for more time."),
    "support-not-offered": _("Help was not offered to this party yet."),
    "contact-promised": _("Contact was promised by then."),
    "measure-to-review": _("A measure in the meantime must be looked at again."),
    "no-response": _("The time to answer is over and nothing came. Prove the service before you note it."),
    "service-to-prove": _("A notice was served; that it arrived is not shown yet."),
    "investigation-to-begin": _("The terms are set; the investigation has not begun."),
    "to-interview": _("This person was not heard by the investigator yet."),
    "statement-unsigned": _("A statement was taken and is not signed."),
    "draft-to-serve": _("This party has not had the draft of the report."),
    "report-to-finish": _("The report is not finished."),
    "interest-undeclared": _("You have not said yet what ties you to this matter, or that nothing does."),
    "bias-to-rule-on": _("Somebody's part in the matter was challenged."),
    "exhibit-to-rule-on": _("An exhibit was challenged."),
    "meeting-to-open": _("A meeting was called for then."),
    "meeting-to-close": _("A meeting is open and was not closed."),
    "minute-to-make": _("A meeting is over and has no minute."),
    "vote-to-count": _("A motion is open; the vote was not counted."),
    "reasons-due": _("A vote was taken; the decision with its reasons is due."),
    "decision-to-serve": _("A decision was made; this party has not been served with it."),
    "instrument-to-issue": _("A sanction was imposed; without its document it has no effect."),
    "appeal-to-admit": _("An appeal was lodged; whether it is admitted is open."),
    "appeal-panel-to-form": _("An appeal was lodged; its panel was not formed."),
    "appeal-to-decide": _("An appeal was admitted and is not decided."),
    "review-to-decide": _("A review was asked for and is not decided."),
    "identity-kept": _("This name is protected. Release it only on consent or a legal duty, after telling them first."),
    "second-key-turned": _("The second key to shredding was given and not used."),
    "comment-unanswered": _("A comment was sought; neither a comment nor a refusal came."),
}
