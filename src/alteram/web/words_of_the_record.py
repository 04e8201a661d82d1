"""Every word of the catalogues that pages show, as pages show it, so that it can be translated.

The words of an organisation's own rulebook are not among them: they are the organisation's, in its own language.
"""

import typing
from collections.abc import Iterator
from typing import Final

from alteram.core.acts import ActSpec, all_specs
from alteram.core.acts.catalogue import AREAS, ROLES, Audience
from alteram.core.acts.shapes import Shape, find_shapes
from alteram.core.rules.findings import Result
from alteram.core.rules.requirements import all_requirements
from alteram.core.rules.rulebook import Guarantee
from alteram.installation.tokens import SCOPES
from alteram.web.forms.explaining import find_explanations
from alteram.web.wording import spell_act, spell_word

_OUTCOMES: Final = ("proved", "not-proved", "declined", "referred", "settled", "withdrawn", "closed")


def find_words() -> Iterator[tuple[str, str]]:
    """Yield each with what it is; some of them several times."""
    for spec in all_specs():
        yield spell_act(spec.name), "the title of an act"
        yield spec.help, f"what the act {spec.name} does"
        yield from ((text, f"a field of {spec.name}") for text in find_explanations(spec.type).values())
        yield from (
            (spell_word(one.default), "what a field holds if nothing is said")
            for one in spec.fields
            if one.default and isinstance(one.default, str)
        )
        yield from _in_fields(spec)
    for kind, names in (
        ("a part that somebody plays", ROLES),
        ("an area of acts", AREAS),
        ("who may read", typing.get_args(Audience)),
        ("what a requirement protects", typing.get_args(Guarantee)),
        ("what a requirement comes to", typing.get_args(Result)),
        ("a row of the statistics", ("named", "protected", "anonymous", "kept", *_OUTCOMES)),
        ("what a program may do", SCOPES),
    ):
        yield from ((spell_word(one), kind) for one in names)
    for requirement in all_requirements():
        yield spell_word(requirement.kind), "a kind of requirement"
        yield requirement.help, f"what the requirement {requirement.kind} asks for"
        names = requirement.parameters.__struct_fields__
        yield from ((spell_word(one), "what a requirement can be told") for one in names)
        usual = (one for one in requirement.parameters.__struct_defaults__ if isinstance(one, tuple))
        yield from ((spell_word(one), "what a requirement asks for") for many in usual for one in many)


def _in_fields(spec: ActSpec) -> Iterator[tuple[str, str]]:
    for name, shape in find_shapes(spec).items():
        yield spell_word(name), "the name of a field"
        yield from _in_shape(shape)


def _in_shape(shape: Shape) -> Iterator[tuple[str, str]]:
    yield from ((spell_word(one), "a choice in a form") for one in shape.choices)
    for part in shape.parts:
        yield spell_word(part.name), "the name of a field"
        yield from _in_shape(part.shape)
