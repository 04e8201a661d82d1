"""Acts as callers send them, and what became of one: recorded, or refused with the ruling."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.http import HttpResponse

from alteram.api import shapes
from alteram.api.calling import Calling
from alteram.api.once import answer
from alteram.api.problems import ProblemError, misfit, not_found, out_of_scope
from alteram.core.acts import ActSpec, convert_fields, encode_fields, find_spec, parse_act
from alteram.core.acts import get_spec as get_act_spec
from alteram.core.acts.codec import normalise
from alteram.core.acts.fields import Act
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.outcomes import Refused, Ruling
from alteram.installation.grave import GRAVE
from alteram.operations.perform import Performed

A = TypeVar("A", bound=Act)


def get_spec(name: str) -> ActSpec:
    """Return an act of the catalogue. Raises: ProblemError."""
    spec = find_spec(name)
    if spec is None:
        raise misfit("body.act", "no act of the catalogue")
    return spec


def build_act(spec: ActSpec, fields: Mapping[str, Any]) -> Act:
    """Return the act that somebody sends, as it would be read back. Raises: ProblemError where a field does not fit."""
    try:
        act = convert_fields(spec.type, fields)
    except MalformedError as error:
        raise misfit("body.fields", error.problem) from error
    return check_act(act)


def check_act(act: A, where: str = "body.fields") -> A:
    """Return an act that can be read back once it is recorded. Raises: ProblemError for what somebody sent and cannot.

    It is asked of what was sent alone: what is malformed in the record later is a fault of ours, and no misfit.
    """
    try:
        act = normalise(act)
        parse_act(get_act_spec(type(act)).tag, encode_fields(act))
    except MalformedError as error:
        raise misfit(where, error.problem) from error
    return act


def need_scopes(calling: Calling, spec: ActSpec, *, only_try: bool = False) -> None:
    """Go on only with a token that is good for an act: for a report there are two scopes. Raises: ProblemError."""
    scopes = calling.bearer.scopes
    if "propose" not in scopes and not (spec.name == "report.lodged" and "report" in scopes):
        raise out_of_scope("propose")
    if spec.name in GRAVE and not only_try:
        calling.need("grave")


def answer_recorded(matter: str, done: Performed) -> HttpResponse:
    """Return where an act stands. Raises: ProblemError with the ruling where it was refused."""
    if done.seq is None or done.leaf_hash is None:
        raise refuse(done.ruling)
    ruling = shapes.tell_ruling(done.ruling)
    return answer(shapes.Recorded(matter=matter, seq=done.seq, leaf_hash=done.leaf_hash.hex(), ruling=ruling), 201)


def refuse(ruling: Ruling) -> ProblemError:
    """Return the problem that carries a refusal. A matter that is not open is one that is not there."""
    if not isinstance(ruling, Refused):
        raise TypeError(ruling)
    if ruling.code == "matter.unknown":
        return not_found()
    return ProblemError(409, "refused", ruling.because, ruling=shapes.Refused.model_validate(ruling))
