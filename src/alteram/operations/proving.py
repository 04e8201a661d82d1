"""Is a rulebook fair? What a proof came to, told in words that can be kept, property by property.

A proof is of a rulebook, the packs it builds on and a scope; `build_proof_key` names all three, so that nothing is
proved twice. Who may read the rules may read what was proved of them, and may have a version proved that they propose.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from typing import Final

from alteram.core.kernel.identifiers import PersonId
from alteram.core.rules import Pack, Rulebook, build_digest, encode_rulebook
from alteram.core.rules.proving.amending import Amendment, Edit, propose
from alteram.core.rules.proving.prove import PROPERTIES, Property, Result, Verdict, prove_each
from alteram.core.rules.proving.searching import Scope, Violation
from alteram.core.rules.proving.telling import tell
from alteram.core.rules.rulebook import Demand
from alteram.core.rules.standards import SourceStatus
from alteram.operations.organisation import Organisation
from alteram.operations.rulebook_versions import find_versions

#: What is searched where nobody asks for more.
SCOPE: Final = Scope()
#: Raised whenever the prover learns to see more: what was kept before is then proved again.
_PROVER: Final = 5
#: Lines of a file told around those that change.
_AROUND: Final = 2
#: Writes an amendment into the rulebook's file; None where it does not fit in.
Writer = Callable[[Amendment], str | None]


@dataclass(frozen=True, slots=True)
class ToldLine:
    """One act of a story, see `telling.StoryLine`."""

    day: int
    who: str
    what: str
    act: str
    clause: str
    otherwise: bool
    wrong: bool


@dataclass(frozen=True, slots=True)
class FileLine:
    """A line of a rulebook's file: `+` it is new, `-` it goes, a space it stays, `…` some are left out before it."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would mend it: in words, as changes to parts of the file, and as the lines of the file that change.

    There are no lines where it could not be written into the file, or no file is kept.
    """

    title: str
    edits: tuple[Edit, ...]
    lines: tuple[FileLine, ...]


@dataclass(frozen=True, slots=True)
class ToldDemand:
    """What was demanded and not kept."""

    id: str
    title: str
    source: str
    status: SourceStatus


@dataclass(frozen=True, slots=True)
class ToldViolation:
    """One way in which a rulebook is unfair, as a story."""

    because: str
    clause: str
    demand: ToldDemand | None
    otherwise: tuple[str, ...]
    lines: tuple[ToldLine, ...]
    left_out: int
    proposal: Proposal | None


@dataclass(frozen=True, slots=True)
class ToldResult:
    """What one property came to."""

    property: str
    title: str
    verdict: Verdict
    plays: int
    rulings: int
    violations: tuple[ToldViolation, ...]
    notes: tuple[str, ...] = ()
    """What it lets be: because a cited source fixes it, or because the rulebook openly overrides a standard's."""


@dataclass(frozen=True, slots=True)
class ToldProof:
    """What is known of a proof, be it all or the first properties only."""

    results: tuple[ToldResult, ...]

    @property
    def is_whole(self) -> bool:
        """Return whether every property was gone through."""
        return len(self.results) == len(PROPERTIES)

    @property
    def is_proved(self) -> bool:
        """Return whether every property was proved."""
        return self.is_whole and all(one.verdict == "proved" for one in self.results)

    @property
    def ways(self) -> int:
        """Return in how many ways it is unfair."""
        return sum(len(one.violations) for one in self.results)

    @property
    def uncovered(self) -> int:
        """Return of how many properties the bound ended the search."""
        return sum(one.verdict == "not covered" for one in self.results)


def need_rules_open(organisation: Organisation, viewer: PersonId) -> None:
    """Let pass whoever may read the rules here. Raises: UnknownMatterError for anybody else."""
    find_versions(organisation, viewer)


def build_proof_key(rulebook: Rulebook, packs: tuple[Pack, ...], scope: Scope = SCOPE) -> str:
    """Return what names a proof: a digest of all that it depends on."""
    digests = [build_digest(encode_rulebook(rulebook)), *(build_digest(encode_rulebook(one)) for one in packs)]
    searched = f"{_PROVER} {scope.deviations} {scope.bound} {scope.pairs}"
    return build_digest("\n".join([searched, *digests]).encode())


def prove_and_tell(
    rulebook: Rulebook,
    packs: tuple[Pack, ...],
    text: str,
    write: Writer,
    *,
    scope: Scope = SCOPE,
    properties: tuple[Property, ...] = PROPERTIES,
) -> Iterator[ToldResult]:
    """Yield what each property comes to, as soon as it is known. `text` is the rulebook's file; empty: none is kept."""
    for result in prove_each(rulebook, packs, scope, properties=properties):
        yield _tell_result(rulebook, result, text, write)


def _tell_result(rulebook: Rulebook, result: Result, text: str, write: Writer) -> ToldResult:
    told = tuple(_tell_violation(rulebook, result.property.id, one, text, write) for one in result.violations)
    known = result.property
    return ToldResult(known.id, known.title, result.verdict, result.plays, result.rulings, told, result.notes)


def _tell_violation(
    rulebook: Rulebook, property_id: str, violation: Violation, text: str, write: Writer
) -> ToldViolation:
    story, amendment = tell(rulebook, violation), propose(rulebook, property_id, violation)
    lines = (ToldLine(one.day, one.who, one.what, one.act, one.clause, one.otherwise, one.wrong) for one in story.lines)
    return ToldViolation(
        story.because,
        story.clause,
        None if violation.demand is None else _tell_demand(violation.demand),
        story.otherwise,
        tuple(lines),
        story.left_out,
        None if amendment is None else _tell_proposal(amendment, text, write),
    )


def _tell_demand(demand: Demand) -> ToldDemand:
    return ToldDemand(demand.id, demand.title, demand.source, demand.status)


def _tell_proposal(amendment: Amendment, text: str, write: Writer) -> Proposal:
    written = write(amendment) if text else None
    lines = () if written is None else tuple(compare_files(text, written))
    return Proposal(amendment.title, amendment.edits, lines)


def compare_files(old: str, new: str) -> Iterator[FileLine]:
    """Yield the lines of a file that change, each with what stands around it."""
    compared = unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=_AROUND)
    for number, line in enumerate(compared):
        if number < len(("---", "+++")):
            continue
        if line.startswith("@@"):
            yield FileLine("…", "")
        else:
            yield FileLine(line[0], line[1:])
