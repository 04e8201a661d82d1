"""What a form of one act offers to choose from, and what it holds before anybody wrote in it.

Only what whoever asks may see is offered, and only what can hardly be meant otherwise is filled in beforehand: the one
report there is to acknowledge, the one respondent a notice goes to. It is theirs to change, and the rules rule on it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alteram.core.acts import ActSpec, AppealLodged, AssertionMarked, DecisionMade
from alteram.core.acts.shapes import Shape, find_shapes
from alteram.core.matters import Facts
from alteram.core.rules.capacities import find_body_members, find_procedure
from alteram.core.rules.references import find_referable
from alteram.core.rules.rulebook import Body, Rulebook
from alteram.web.wording import tell_word

Pairs = tuple[tuple[str, str], ...]

#: Fields in which an act gives a new name, with how the names that are offered begin.
_NEW: Final = {
    "meeting": "meeting",
    "motion": "motion",
    "exhibit": "exhibit",
    "proposition": "proposition",
    "assertion": "assertion",
    "bundle": "bundle",
}
#: Acts that are most often about all that is alleged.
_ABOUT_ALL: Final = frozenset({"notice.served", "response.given"})
#: What a party could do at a hearing, as the catalogue names it.
_HEARD: Final = {
    "case-put": _("Hear what is alleged, and ask about it"),
    "response-heard": _("Answer it"),
    "questions": _("Put questions"),
    "witnesses": _("Bring witnesses"),
    "summing-up": _("Sum up at the end"),
}
#: Fields that name the one who is complained about, by the act.
_RESPONDENT: Final = {"notice.served": "to", "sanction.imposed": "person", "instrument.issued": "person"}


def find_choices(
    spec: ActSpec, facts: Facts, rulebook: Rulebook, seen: Mapping[str, str], named: Mapping[str, Iterable[str]]
) -> dict[str, Pairs]:
    """Return what the fields of an act can be chosen from, where that is known; other fields are free.

    `seen` are the entries that are open to whoever asks, and how they are shown; `named` are the names given in them.
    """
    of_rules = _list_rules(rulebook)
    found: dict[str, Pairs] = {}
    for name, kind in _walk(find_shapes(spec)):
        referable = find_referable(facts, spec.name, name)
        if kind == "entry" and referable is not None and name != "answers":
            found[name] = tuple((str(one), seen[str(one)]) for one in reversed(referable) if str(one) in seen)
        elif kind == "entry" and name == "appeal":
            found[name] = tuple(
                (str(one.seq), seen[str(one.seq)]) for one in facts.matter.all(AppealLodged) if str(one.seq) in seen
            )
        elif kind == "identifier" and referable is not None:
            known = {
                one for field in (name, name.removesuffix("s"), "allegation", "exhibit") for one in named.get(field, ())
            }
            told = _tell_assertions(facts, named) if name.startswith("assertion") else {}
            found[name] = tuple((str(one), told.get(str(one), str(one))) for one in referable if one in known)
        elif kind == "identifier" and name in of_rules:
            found[name] = of_rules[name]
    if spec.name == "party.heard":
        found["items"] = tuple((one, str(title)) for one, title in _HEARD.items())
    return found


def _tell_assertions(facts: Facts, named: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return what each assertion does and in which source, by its name, where that is open; its words are sealed."""
    opened = set(named.get("exhibit", ()))
    return {
        act.assertion: gettext("%(name)s: %(stance)s, in %(source)s")
        % {"name": act.assertion, "stance": tell_word(act.stance), "source": act.exhibit}
        for act in (one.act for one in facts.matter.all(AssertionMarked))
        if act.exhibit in opened
    }


def find_initial(
    spec: ActSpec,
    facts: Facts,
    rulebook: Rulebook,
    *,
    choices: Mapping[str, Pairs],
    named: Mapping[str, Iterable[str]],
    parts: Mapping[str, str],
    actor: str = "",
) -> dict[str, str | list[str]]:
    """Return what the fields of an act hold at first. `parts` is the part somebody plays, by who they are.

    `actor` is whoever fills the form in.
    """
    initial: dict[str, str | list[str]] = {}
    shapes = find_shapes(spec)
    for field in spec.fields:
        shape, offered = shapes[field.name], choices.get(field.name)
        if offered is not None:
            values = [one for one, _shown in offered]
            if shape.many and field.name == "allegations" and spec.name in _ABOUT_ALL:
                initial[field.name] = values
            elif not shape.many and len(values) == 1 and field.required:
                initial[field.name] = values[0]
        elif shape.kind == "identifier" and not shape.many and field.name in _NEW:
            initial[field.name] = draw_name(f"{_NEW[field.name]}-", named.get(field.name, ()))
    respondents = [one for one, part in parts.items() if part == "respondent"]
    if spec.name in _RESPONDENT and len(respondents) == 1:
        initial[_RESPONDENT[spec.name]] = respondents[0]
    if spec.name == "party.joined" and not respondents:
        initial["role"] = "respondent"
    body = _find_deciding(facts, rulebook)
    if spec.name == "meeting.called" and body is not None:
        sides = [one for one, part in parts.items() if part in {"respondent", "complainant"}]
        initial |= {"body": body.id, "invited": [*dict.fromkeys([*sorted(find_body_members(facts, body)), *sides])]}
    if spec.name == "decision.made" and body is not None:
        initial["body"] = body.id
    return initial | _find_by_act(spec, facts, choices=choices, parts=parts, actor=actor)


def _find_by_act(
    spec: ActSpec, facts: Facts, *, choices: Mapping[str, Pairs], parts: Mapping[str, str], actor: str
) -> dict[str, str | list[str]]:
    """Return what the fields of three acts hold at first that nobody should have to find out."""
    match spec.name:
        case "companion.named" if actor in parts:
            return {"for_person": actor}
        case "appeal.decided":
            # Without them nothing shows who decided, nor that nobody of them had decided before.
            return {"panel": [one for one, part in parts.items() if part == "appeal-decider"]}
        case "decision.served":
            made = {str(one.seq) for one in facts.matter.all(DecisionMade)}
            newest = [one for one, _shown in choices.get("decision", ()) if one in made][:1]
            return {"decision": newest[0]} if newest else {}
        case _:
            return {}


def draw_name(beginning: str, taken: Iterable[str]) -> str:
    """Return the first name with this beginning and a number that is not taken."""
    known, number = set(taken), 1
    while f"{beginning}{number}" in known:
        number += 1
    return f"{beginning}{number}"


def _walk(shapes: Mapping[str, Shape]) -> Iterator[tuple[str, str]]:
    for name, shape in shapes.items():
        yield name, shape.kind
        for part in shape.parts:
            yield part.name, part.shape.kind


def _list_rules(rulebook: Rulebook) -> dict[str, Pairs]:
    """Return what the rulebook has of each sort that a field may name, with its title."""
    sanctions = tuple((one.id, one.title) for one in sorted(rulebook.sanctions, key=lambda one: one.rung))
    return {
        "procedure": tuple((one.id, one.title) for one in rulebook.procedures),
        "breach": tuple((one.id, one.title) for one in rulebook.breaches),
        "sanction": sanctions,
        "worst_sanction": sanctions,
        "body": tuple((one.id, one.title) for one in rulebook.bodies),
    }


def _find_deciding(facts: Facts, rulebook: Rulebook) -> Body | None:
    procedure = find_procedure(facts, rulebook)
    return next((one for one in rulebook.bodies if procedure is not None and one.id == procedure.decided_by), None)
