"""Would a fair-minded, informed observer see a real possibility of bias?

Porter v Magill [2001] UKHL 67; Saxmere v Wool Board [2009] NZSC 72. No record can answer that: this collects the facts
that bear on it, and asks for a reasoned ruling by somebody whom they do not concern.
"""

from collections.abc import Iterator
from dataclasses import replace

from alteram.core.acts import (
    AppealDecided,
    ContactReported,
    DecisionMade,
    InterestDeclared,
    MeetingAlleged,
    MeetingRegistered,
    OutcomePredicted,
    StatementPublished,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_people, as_word, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, unknown
from alteram.core.rules.people import ACTING, find_deciders
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class ApparentBias(Parameters, frozen=True, kw_only=True):
    """`linked_parts`: whether a decider who is a party to a linked matter is such a fact."""

    linked_parts: bool = True


@requirement(
    "apparent-bias",
    covers=("C12",),
    parameters=ApparentBias,
    anchors=(DecisionMade, AppealDecided),
    reads=(
        *ACTING,
        ContactReported,
        OutcomePredicted,
        StatementPublished,
        MeetingRegistered,
        MeetingAlleged,
        InterestDeclared,
    ),
    may_be_ruled=True,
)
def check_apparent_bias(view: View, parameters: ApparentBias, anchor: AnyEvent) -> Finding:
    """Facts from which an observer might see bias are ruled on, with reasons, before they are passed over."""
    deciders = find_deciders(view, anchor)
    facts = {event.seq: (what, people) for event, what, people in _facts(view, deciders, anchor)}
    parties = _parties_elsewhere(view) & deciders if parameters.linked_parts else frozenset()
    if not facts and not parties:
        return view.nothing_against(
            anchor, phrase("No contact, prediction, statement, private meeting or tie is on record.")
        )
    working = [phrase("entry {seq}: {what}", seq=seq, what=what) for seq, (what, _) in sorted(facts.items())]
    if parties:
        working.append(phrase("party to a linked matter: {parties}", parties=as_people(sorted(parties))))
    finding = unknown(
        phrase(
            "{count} facts on record bear on how this looks to a fair-minded observer. They need a ruling.",
            count=len(working),
        ),
        entries=(*sorted(facts), anchor.seq),
        working=working,
        missing=("ruling.made",),
        cures=(
            Cure("ruling.made", view.demand.ruled_by, phrase("Rule on these facts, with reasons, as somebody apart.")),
            Cure("person.recused", ("decider", "appeal-decider"), phrase("Stand down, if these facts concern you.")),
        ),
    )
    concerned = parties.union(*(people for _, people in facts.values()))
    return replace(finding, concerns=tuple(sorted(concerned)))


def _facts(
    view: View, deciders: frozenset[PersonId], anchor: AnyEvent
) -> Iterator[tuple[AnyEvent, str, frozenset[PersonId]]]:
    for event in view.all(
        ContactReported, OutcomePredicted, StatementPublished, MeetingRegistered, MeetingAlleged, InterestDeclared
    ):
        if event.before(anchor) is False:
            continue
        match event.act:
            case ContactReported(decider=person):
                yield event, phrase("somebody spoke to a decider outside a hearing"), frozenset({person})
            case OutcomePredicted(person=person):
                yield event, phrase("an outcome was said to be settled"), _one(person)
            case StatementPublished(announces_outcome=True, person=person):
                yield event, phrase("an outcome was announced"), _one(person)
            case MeetingRegistered(attended=people, invited=invited) if not view.protected <= {*people, *invited}:
                yield event, phrase("a meeting was held without the party protected"), frozenset()
            case MeetingAlleged():
                yield event, phrase("a meeting is alleged that nobody registered"), frozenset()
            case InterestDeclared(nature=nature) if nature != "none" and event.actor in deciders:
                yield event, phrase("a decider declared a tie ({nature})", nature=as_word(nature)), _one(event.actor)
            case _:
                pass


def _one(person: PersonId | None) -> frozenset[PersonId]:
    return frozenset() if person is None else frozenset({person})


def _parties_elsewhere(view: View) -> frozenset[PersonId]:
    return frozenset(
        person for one in view.facts.linked for role in ("respondent", "complainant") for person in one.holders(role)
    )
