"""What became of weakened rules, as a page of documentation: how many were noticed, and what holds the others."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alteram.core.rules import build_digest, encode_rulebook
from alteram.core.rules.rulebook import Rulebook

_HEAD = """# Rulebooks with one rule weakened

A prover that finds nothing wrong is worth little unless it would have found something. So each rule of each rulebook
that ships is weakened in turn: deleted, without one of the acts that it stops, with a looser number; a stage without
its period, or without whoever takes over; a sanction without its majority. Each such *mutant* is held to the packs and
to what the whole rulebook demands.

It is *caught* where the prover finds a matter that goes wrong. Else it is *held*: what would go wrong is still refused,
for the reasons named, the most frequent first; a name is a requirement of the rulebook, a word with a dot the
[code](../generated/codes.md) of a refusal. *Neither* means that no matter in scope comes to it.
`alteram rulebook weaken NAME` tells of one rulebook how each mutant is caught."""


@dataclass(frozen=True, slots=True)
class Row:
    """One mutant: what was weakened, how the prover refutes it, else what still holds the rule."""

    name: str
    refuted: str
    held_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What became of the mutants of one rulebook."""

    rulebook: Rulebook
    rows: tuple[Row, ...]

    @property
    def caught(self) -> int:
        """Return how many the prover refutes."""
        return sum(1 for one in self.rows if one.refuted)

    @property
    def held(self) -> int:
        """Return how many go no further because something else still holds the rule."""
        return sum(1 for one in self.rows if not one.refuted and one.held_by)


def build_page(tables: Sequence[Table], *, minutes: float, jobs: int) -> Iterator[str]:
    """Yield the lines of the page: a table of all, then for each rulebook what was not caught, and why."""
    yield from (_HEAD, "")
    yield f"`make mutants` makes this page; it took {minutes:.0f} minutes, {jobs} at a time."
    yield from ("", "| rulebook | version | mutants | caught | held | neither |", "|---|---|--:|--:|--:|--:|")
    for one in tables:
        version = f"{one.rulebook.version}, `{build_digest(encode_rulebook(one.rulebook))[:12]}`"
        yield _count(f"[{one.rulebook.id}](#{one.rulebook.id})", version, [one])
    yield _count("all", "", tables)
    for one in tables:
        yield from ("", f"## {one.rulebook.id}", "")
        missed = [row for row in one.rows if not row.refuted]
        if not missed:
            yield "Every mutant is caught."
            continue
        yield from ("| not caught | still held by |", "|---|---|")
        yield from (f"| {_escape(row.name)} | {_spell(row)} |" for row in missed)


def _count(name: str, version: str, tables: Sequence[Table]) -> str:
    mutants, caught, held = (sum(counted) for counted in zip(*_numbers(tables), strict=True))
    return f"| {name} | {version} | {mutants} | {caught} | {held} | {mutants - caught - held} |"


def _numbers(tables: Sequence[Table]) -> Iterator[tuple[int, int, int]]:
    yield from ((len(one.rows), one.caught, one.held) for one in tables)


def _spell(row: Row) -> str:
    return ", ".join(f"`{one}`" for one in row.held_by) or "neither: no matter in scope comes to it"


def _escape(text: str) -> str:
    return text.replace("|", "\\|")
