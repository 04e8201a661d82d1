"""Nobody speaks to those who decide about the matter outside a hearing.

Standing orders on the independent panel and Hansard 18 Oct 2022. A contact is logged and flagged; what it did to the
decision is for a reasoned ruling by somebody else.
"""

from dataclasses import replace

from alteram.core.acts import AppealDecided, ContactReported, DecisionMade, VoteTaken
from alteram.core.kernel.phrases import as_people, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.people import find_deciders
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class NoLobbying(Parameters, frozen=True, kw_only=True):
    """`at_most`: how many reported contacts with people who then decided are borne."""

    at_most: int = 0


@requirement(
    "no-lobbying",
    covers=("U6",),
    parameters=NoLobbying,
    anchors=(DecisionMade, VoteTaken, AppealDecided),
    reads=(ContactReported,),
    may_be_ruled=True,
)
def check_no_lobbying(view: View, parameters: NoLobbying, anchor: AnyEvent) -> Finding:
    """Nobody who decides was spoken to about the matter outside a hearing, or it was flagged and ruled on."""
    acting = find_deciders(view, anchor)
    contacts = [
        one
        for one in view.all(ContactReported)
        if one.before(anchor) is not False and (one.act.decider in acting or not acting)
    ]
    if not contacts:
        return view.nothing_against(anchor, phrase("No contact with those who decided is on record."))
    if len(contacts) <= parameters.at_most:
        because = phrase(
            "{contacts} contacts are on record, no more than {at_most}.",
            contacts=len(contacts),
            at_most=parameters.at_most,
        )
        return view.weigh(anchor, passed(because, entries=(anchor.seq,)))
    return view.weigh(anchor, _flagged(view, anchor, contacts))


def _flagged(view: View, anchor: AnyEvent, contacts: list[Event[ContactReported]]) -> Finding:
    people = tuple(sorted({one.act.decider for one in contacts}))
    named = as_people(people)
    entries = (*(one.seq for one in contacts), anchor.seq)
    cures = (
        Cure(
            "person.recused",
            ("decider", "appeal-decider"),
            phrase("Stand down, and decide again without {named}.", named=named),
        ),
        Cure("ruling.made", view.demand.ruled_by or ("chair",), phrase("Rule, with reasons, on what was said.")),
    )
    if any(_admitted(one) for one in contacts):
        because = phrase("Decided by people who had been spoken to outside a hearing: {named}.", named=named)
        return replace(failed(because, entries=entries, missing=("ruling.made",), cures=cures), concerns=people)
    because = phrase("It is said that people who decided were spoken to outside a hearing: {named}.", named=named)
    return replace(unknown(because, entries=entries, missing=("ruling.made",), cures=cures), concerns=people)


def _admitted(contact: Event[ContactReported]) -> bool:
    """Return whether one of the two who spoke says so, or it was agreed or found; others only assert it."""
    own = contact.live and contact.actor in {contact.act.decider, contact.act.by}
    return own or (contact.established and not contact.live)
