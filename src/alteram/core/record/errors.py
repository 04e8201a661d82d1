"""What can be wrong with an entry, a stream or an export. Nothing else leaves this package."""

from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.phrases import as_own, phrase


class RecordError(AlteramError):
    """Something does not verify. `code` is stable; `where` names the member of the export or the entry."""

    def __init__(self, code: str, problem: str, *, where: str = "", remedy: str = "") -> None:
        """Put the place before the words."""
        whole = phrase("{where}: {problem}", where=as_own(where), problem=problem) if where else problem
        super().__init__(whole, remedy=remedy)
        self.code = code
        self.where = where
