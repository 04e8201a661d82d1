"""The stories of a proof, numbered, each beside the clause it is about; and which stories name a clause."""

from dataclasses import dataclass
from itertools import count

from alteram.core.rules import Rulebook
from alteram.core.rules.rulebook import Clause
from alteram.installation.rulebook_proofs import KeptProof
from alteram.operations.proving import ToldResult, ToldViolation


@dataclass(frozen=True, slots=True)
class ShownViolation:
    """A story with its number, which its proposal has among all of them too, beside the clause it is about."""

    number: int
    told: ToldViolation
    clause: Clause | None
    proposal: int | None


@dataclass(frozen=True, slots=True)
class ShownResult:
    """What a property came to, with its stories."""

    told: ToldResult
    violations: tuple[ShownViolation, ...]


def show_results(proof: KeptProof, rulebook: Rulebook) -> list[ShownResult]:
    """Return what is known of a proof, each story with its number and beside its clause."""
    clauses = {one.id: one for one in rulebook.clauses}
    stories, proposals = count(1), count()
    return [
        ShownResult(
            result,
            tuple(
                ShownViolation(
                    next(stories),
                    one,
                    clauses.get(one.clause),
                    None if one.proposal is None else next(proposals),
                )
                for one in result.violations
            ),
        )
        for result in proof.told.results
    ]


def find_stories(proof: KeptProof | None, rulebook: Rulebook) -> dict[str, tuple[ShownViolation, ...]]:
    """Return the stories told so far by the clause that each names, with the numbers they have in the proof.

    Clauses of the packs it builds on are among them; what names none stands under the empty text. None for no proof.
    """
    found: dict[str, list[ShownViolation]] = {}
    for result in () if proof is None else show_results(proof, rulebook):
        for one in result.violations:
            found.setdefault(one.told.clause, []).append(one)
    return {clause: tuple(stories) for clause, stories in found.items()}
