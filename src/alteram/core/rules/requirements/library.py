"""The library of requirements: named predicates with parameters, one small file each.

A requirement is asked at each of its *anchors* (the events it protects against or speaks of); the worst answer counts.
It declares what it reads. To add one: write a file beside this one, import it in `__init__`, and ship histories that
pass, fail and leave it unknown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

import msgspec
from msgspec import Struct

from alteram.core.acts.fields import Act
from alteram.core.kernel.errors import AlteramError, MalformedError
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Finding
from alteram.core.rules.rulebook import Demand
from alteram.core.rules.view import View


class Parameters(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The parameters of a requirement; subclasses name theirs. Most have some."""


P = TypeVar("P", bound=Parameters)
Check: TypeAlias = Callable[[View, P, AnyEvent], Finding]
Applies: TypeAlias = Callable[[P, AnyEvent], bool]


@dataclass(frozen=True, slots=True)
class Requirement(Generic[P]):
    """One predicate: its name, one line of help, parameters, anchors, footprint and check.

    `covers` are the identifiers of the published requirements it makes checkable (see the catalogue of sources).
    """

    kind: str
    covers: tuple[str, ...]
    help: str
    parameters: type[P]
    anchors: tuple[type[Act], ...]
    reads: frozenset[type[Act]]
    check: Check[P]
    applies: Applies[P]
    may_be_ruled: bool


_library: dict[str, Requirement[Any]] = {}


class UnknownRequirementError(AlteramError):
    """No requirement of the library has this name."""


def requirement(
    kind: str,
    *,
    covers: tuple[str, ...],
    parameters: type[P],
    anchors: tuple[type[Act], ...],
    reads: tuple[type[Act], ...] = (),
    applies: Applies[P] = lambda _parameters, _anchor: True,
    may_be_ruled: bool = False,
) -> Callable[[Check[P]], Check[P]]:
    """Enter a predicate in the library under `kind`; the first line of its docstring is its help.

    `covers` names published requirements; `anchors` are the kinds of act it is asked at, `reads` the further ones it
    looks at. `applies` narrows the anchors by their structural fields. `may_be_ruled` says that a reasoned ruling can
    take the place of an answer.
    """

    def enter(check: Check[P]) -> Check[P]:
        summary = (check.__doc__ or "").strip().partition("\n")[0]
        entered = Requirement(
            kind, covers, summary, parameters, anchors, frozenset(anchors + reads), check, applies, may_be_ruled
        )
        if kind in _library:
            raise UnknownRequirementError(phrase("{kind} stands in the library twice.", kind=as_own(kind)))
        _library[kind] = entered
        # While nobody else runs: msgspec crashes when two threads are the first to read the same kind of struct.
        msgspec.json.Decoder(parameters)
        return check

    return enter


def get_requirement(kind: str) -> Requirement[Any]:
    """Return the requirement with this name. Raises: UnknownRequirementError when there is none."""
    found = _library.get(kind)
    if found is None:
        raise UnknownRequirementError(
            phrase("There is no requirement {kind}.", kind=as_own(repr(kind))),
            remedy=phrase("See the catalogue of requirements."),
        )
    return found


def all_requirements() -> tuple[Requirement[Any], ...]:
    """Return every requirement of the library, by name."""
    return tuple(_library[kind] for kind in sorted(_library))


def parse_parameters(demand: Demand) -> Parameters:
    """Return the parameters of `demand`, typed. Raises: MalformedError when they are not what its kind takes."""
    kind = get_requirement(demand.kind)
    try:
        parsed: Parameters = msgspec.convert(
            {name: msgspec.json.decode(raw) for name, raw in demand.parameters.items()}, kind.parameters
        )
    except msgspec.MsgspecError as error:
        raise MalformedError(
            phrase("Requirement {id}: {error}.", id=as_own(demand.id), error=str(error)),
            remedy=phrase("See what {kind} takes.", kind=as_own(demand.kind)),
        ) from error
    return parsed
