"""Which acts have a draft of their own, because their filling in follows from what they mend."""

from collections.abc import Callable
from typing import Final

from alteram.core.rules.curing.desk import Desk
from alteram.core.rules.curing.giving import (
    propose_accuser,
    propose_agreement,
    propose_case_manager,
    propose_contact_person,
    propose_declaration,
    propose_investigator,
    propose_mediator,
    propose_office,
    propose_recusal,
)
from alteram.core.rules.curing.mending import (
    propose_call,
    propose_charge,
    propose_pause,
    propose_reasons,
    propose_ruling,
    propose_whole,
)
from alteram.core.rules.curing.proposing import Proposals
from alteram.core.rules.curing.undoing import (
    propose_admission,
    propose_appeal,
    propose_asking_review,
    propose_panel,
    propose_quashing,
    propose_review,
)

#: What drafts each of these acts, by name.
SPECIAL: Final[dict[str, Callable[[Desk], Proposals]]] = {
    "ruling.made": propose_ruling,
    "person.recused": propose_recusal,
    "interest.declared": propose_declaration,
    "appeal.lodged": propose_appeal,
    "appeal-panel.formed": propose_panel,
    "appeal.admitted": propose_admission,
    "appeal.decided": propose_quashing,
    "review.asked": propose_asking_review,
    "review.decided": propose_review,
    "office.filled": propose_office,
    "organisation-act.agreed": propose_agreement,
    "case-manager.assigned": propose_case_manager,
    "investigator.appointed": propose_investigator,
    "meeting.called": propose_call,
    "mediator.chosen": propose_mediator,
    "party.joined": propose_accuser,
    "exhibit.lodged": propose_whole,
    "allegations.stated": propose_charge,
    "proceedings.paused": propose_pause,
    "contact-person.named": propose_contact_person,
    "adverse-act.reasoned": propose_reasons,
}
