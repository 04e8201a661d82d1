"""What a form offers to choose from: the people, the matters' names, the entries and identifiers that are known here.

It offers only what whoever asks may see; what they write instead is ruled on all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from alteram.core.acts import ActSpec
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, StreamId
from alteram.installation.asking import Asking
from alteram.installation.writing import find_names
from alteram.operations.offering import Offered, find_offered
from alteram.operations.overview import find_overview
from alteram.operations.questions import UnknownMatterError
from alteram.web.forms.servings import CONFIRMING, tell_servings
from alteram.web.forms.suggesting import Pairs, find_choices, find_initial
from alteram.web.wording import tell_act


@dataclass(frozen=True, slots=True)
class Offers:
    """Choices, each with what is stored and what is shown. `identifiers` by the name of a field."""

    people: tuple[tuple[str, str], ...] = ()
    entries: tuple[tuple[str, str], ...] = ()
    identifiers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    """The part somebody plays here, by who they are; empty for everybody else."""
    choices: Mapping[str, Pairs] = field(default_factory=dict)
    """All that a field of the act can be chosen from, by its name, where that is known."""
    initial: Mapping[str, str | list[str]] = field(default_factory=dict)
    """What a field of the act holds before anybody wrote in it."""


def find_offers(asking: Asking, stream: StreamId, spec: ActSpec | None = None) -> Offers:
    """Return what the forms of a stream offer to whoever asks, more closely for the form of one act."""
    organisation, person = asking.organisation, asking.person
    roll = organisation.facts(ORGANISATION_STREAM).roll
    sitting = {one for _, people in roll.bodies for one in people} | {holder for _, holder in roll.offices}
    people = dict.fromkeys([*sorted(roll.members), *sorted(sitting - roll.members)])
    offered = Offered((), {})
    parts: Mapping[str, str] = {}
    if person is not None:
        try:
            offered = find_offered(organisation, stream, person)
            overview = find_overview(organisation, stream, person, now=asking.now)
            people = dict.fromkeys([*(one.person for one in overview.parts), *people])
            parts = {one.person: one.role for one in overview.parts if not one.is_over}
        except UnknownMatterError:
            pass  # A stream without parts, such as the organisation's: the roll is what can be offered.
    rulebook = organisation.governing(stream)
    identifiers: dict[str, tuple[str, ...]] = {
        "procedure": tuple(one.id for one in rulebook.procedures),
        "office": tuple(one.id for one in rulebook.offices),
        "body": tuple(one.id for one in rulebook.bodies),
        "kind": tuple(one.id for one in rulebook.sanctions),
        "breach": tuple(one.id for one in rulebook.breaches),
        "requirement": tuple(dict.fromkeys(one.id for one in rulebook.demands)),
    }
    for name, found in offered.identifiers.items():
        identifiers[name] = tuple(dict.fromkeys((*identifiers.get(name, ()), *found)))
    names = find_names(asking.name)
    told = {act: tell_act(act) for act in {act for _, act in offered.entries}}
    served = (
        tell_servings(asking, stream, offered, person, names)
        if person is not None and offered.entries and spec is not None and spec.name in CONFIRMING
        else {}
    )
    entries = tuple((str(seq), served.get(str(seq), f"{seq}: {told[act]}")) for seq, act in reversed(offered.entries))
    choices: dict[str, Pairs] = {}
    initial: dict[str, str | list[str]] = {}
    if spec is not None:
        facts = organisation.facts(stream)
        choices = find_choices(spec, facts, rulebook, dict(entries), identifiers)
        initial = find_initial(
            spec, facts, rulebook, choices=choices, named=identifiers, parts=parts, actor=person or ""
        )
    return Offers(
        people=tuple((one, f"{names[one]} ({one})" if names.get(one) else one) for one in people),
        entries=entries,
        identifiers=identifiers,
        parts=parts,
        choices=choices,
        initial=initial,
    )
