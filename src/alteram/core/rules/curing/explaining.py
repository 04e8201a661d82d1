"""Why nothing would mend a requirement, said plainly: what a requirement says itself, else what the search met with."""

from collections.abc import Iterator

from alteram.core.kernel.phrases import as_act, join, phrase
from alteram.core.rules.curing.searching import Search
from alteram.core.rules.findings import Finding


def explain_incurable(finding: Finding, search: Search) -> str:
    """Return why no series was found. Of a search that ended at its bound no more is claimed than that."""
    if finding.incurable:
        return finding.incurable
    return join(" ", [*_tell_met(finding, search), *_tell_bound(search)])


def _tell_met(finding: Finding, search: Search) -> Iterator[str]:
    """Yield what the requirement came to after what was tried, else what was refused, else that no act bears on it."""
    named = {*(one.act for one in finding.cures), *finding.missing}
    refused = {act: one for act, one in search.refusals.items() if act in named - search.done}
    ends = [one for one in search.ends if one.result == "FAIL"] or search.ends
    if ends:
        yield phrase("Whatever of it is done now, it would still come to this: {because}", because=ends[0].because)
    elif refused:
        for act, one in list(refused.items())[:2]:
            yield phrase("{act} is refused: {because}", act=as_act(act), because=one.because)
    elif not search.is_cut:
        yield phrase("No act settles it: only what is agreed, or found by somebody entitled, can show what happened.")


def _tell_bound(search: Search) -> Iterator[str]:
    if search.is_cut:
        yield phrase(
            "No series of acts was found. The search ended after {rulings} rulings, so there may be one.",
            rulings=search.rulings,
        )
