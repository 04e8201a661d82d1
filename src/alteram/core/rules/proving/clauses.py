"""Which clause to amend, where the act that should not have been allowed stands under none of the rulebook's own.

It is that of the rulebook's own demand that should have stopped it, else of the procedure, of the body that decides in
it, or of its first stage that stands under one.
"""

from collections.abc import Iterator

from alteram.core.rules.proving.remedies import find_remedies
from alteram.core.rules.proving.searching import Violation
from alteram.core.rules.rulebook import Rulebook


def find_clause(rulebook: Rulebook, property_id: str, violation: Violation) -> str:
    """Return the clause of a violation; empty only where the rulebook has none that speaks of it."""
    if any(one.id == violation.clause for one in rulebook.clauses):
        return violation.clause
    # Else it is a pack's, which nobody here can amend.
    return next(filter(None, _find_nearest(rulebook, property_id, violation)), violation.clause)


def _find_nearest(rulebook: Rulebook, property_id: str, violation: Violation) -> Iterator[str]:
    asked = () if violation.demand is None else (violation.demand.kind,)
    for kind in (*asked, *(remedy[0] for remedy in find_remedies(property_id, violation))):
        yield from (one.clause for one in rulebook.demands if one.kind == kind and not one.pack)
    if violation.play is not None:
        procedure = violation.play.setting.procedure
        body = rulebook.find_body(procedure.decided_by)
        yield procedure.clause
        yield "" if body is None else body.clause
        yield from (stage.clause for stage in procedure.stages)
