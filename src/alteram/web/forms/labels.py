"""What the fields of acts are called on forms, where the catalogue's own word says too little.

A form is filled in by people who know their case and not our catalogue: a label asks for what they know.
"""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alteram.web.wording import tell_word

#: By the act and the field where the act matters, else by the field.
_LABELS: Final[dict[str, str | Promise]] = {
    "agenda": _("What is on the agenda"),
    "announced_only": _("It was only announced"),
    "answers": _("Open questions that the reasons answer"),
    "automatic": _("It was sent without anybody writing it"),
    "base": _("Counted against"),
    "base_count": _("How many that is"),
    "body": _("Which body"),
    "breach": _("Which rule was broken, as it is alleged"),
    "by_at": _("By when"),
    "by_decider": _("It was one of those who decide"),
    "case-manager.assigned.person": _("Who handles it"),
    "complainant": _("Who complains"),
    "considers_third_parties": _("What it does to others was considered"),
    "decision.served.decision": _("Which decision"),
    "deciders": _("Who decided"),
    "delivered_at": _("When it arrived"),
    "digest": _("Digest of the document"),
    "exhibits": _("Evidence"),
    "external_routes": _("It names doors outside: the police, a regulator, a union, a doctor"),
    "first_on": _("On which day, or the first one"),
    "hearing_at": _("When the hearing is"),
    "how": _("How"),
    "id": _("Short name"),
    "identity.asked.entry": _("Which entry"),
    "identity.asked.ground": _("Why you need it"),
    "identity.asked.reasons": _("Your reasons"),
    "identity.asked.needed_by": _("Who needs it, if it is not you"),
    "identity.refused.request": _("Which request"),
    "identity.refused.to": _("Who asked"),
    "identity.released.basis": _("On what ground it is released"),
    "identity.released.consented": _("The entry in which they say yes"),
    "identity.released.person": _("Whose name"),
    "identity.released.reporter_told": _("The entry in which they were told first"),
    "identity.released.request": _("Which request it answers"),
    "interest.declared.nature": _("What ties you to this matter"),
    "invited": _("Who is invited"),
    "items": _("What the party could do there"),
    "jeopardy": _("What else could follow"),
    "last_on": _("The last day, if it was several"),
    "meeting.called.at": _("When"),
    "meeting.called.meeting": _("Short name of the meeting"),
    "meeting.opened.chair": _("Who chairs it"),
    "meeting.registered.meeting": _("Short name of the meeting"),
    "method": _("How it is served"),
    "motion.put.kind": _("What it is about"),
    "motion.put.motion": _("Short name of the motion"),
    "motions": _("The motions it rests on"),
    "no_comparators": _("No like case is known"),
    "comparators": _("Like cases"),
    "not_proved": _("Not proved"),
    "particulars": _("What happened, when and where"),
    "paper.confirmed.agrees": _("What was entered is what the paper says"),
    "paper.confirmed.paper": _("Which paper"),
    "paper.confirmed.text": _("What is different"),
    "paper.served.document": _("What was handed over"),
    "paper.served.witness": _("Who saw it"),
    "party.heard.person": _("Who was heard"),
    "party.joined.person": _("Who"),
    "party.joined.role": _("Their part"),
    "present": _("Who came"),
    "procedure": _("Which procedure of the rules"),
    "proved": _("Proved"),
    "respond_by": _("Until when they may answer"),
    "respondent": _("Who is complained about"),
    "response.given.stance": _("What you say to it"),
    "response.given.allegations": _("Which allegations you answer"),
    "second-key.asked.about": _("Which request or entry it is about"),
    "second-key.asked.text": _("What they must know to answer"),
    "second-key.asked.to_act": _("To which act"),
    "second-key.given.about": _("Which request or entry it is about"),
    "second-key.given.to_act": _("To which act"),
    "second-key.refused.about": _("Which request or entry it is about"),
    "second-key.refused.to_act": _("To which act"),
    "secret": _("The vote was secret"),
    "statement.published.reply_to": _("Which statement it replies to"),
    "states_appeal": _("It says how and until when one can appeal"),
    "states_companion": _("It says that they may bring somebody along"),
    "states_presumption": _("It says that nothing is decided before they are heard"),
    "to": _("To whom"),
    "votes_against": _("Votes against"),
    "votes_for": _("Votes for"),
    "worst_sanction": _("The worst that could follow"),
}


def tell_label(act: str, field: str) -> str:
    """Return what a field of an act is called on a form."""
    label = _LABELS.get(f"{act}.{field}", _LABELS.get(field))
    return tell_word(field).capitalize() if label is None else str(label)
