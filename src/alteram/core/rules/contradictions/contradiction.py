"""A contradiction as a value: what cannot stand together, where it stands, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass

from alteram.core.kernel.phrases import as_own, join, phrase
from alteram.core.rules.rulebook import Demand


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Clauses that cannot stand together.

    `part`, `item` and `field` say where the first of them stands, such as `sanctions`, `expulsion`, `after`. `fatal`
    says that nothing lawful can come of it; else it may be meant.
    """

    code: str
    part: str
    item: str
    field: str
    because: str
    remedy: str
    clauses: tuple[str, ...] = ()
    fatal: bool = True

    def tell(self) -> str:
        """Return what is wrong, with the clauses."""
        if not self.clauses:
            return self.because
        return phrase("{because} Clauses: {clauses}.", because=self.because, clauses=join(", ", self.clauses))


def name_clauses(*items: object) -> tuple[str, ...]:
    """Return the clauses of things, each once; that of a pack with the pack."""
    return tuple(dict.fromkeys(_name(items)))


def _name(items: Iterable[object]) -> Iterable[str]:
    for item in items:
        clause = str(getattr(item, "clause", ""))
        if clause and isinstance(item, Demand) and item.pack:
            yield phrase("{clause} of the pack {pack}", clause=as_own(clause), pack=as_own(item.pack))
        elif clause:
            yield as_own(clause)
