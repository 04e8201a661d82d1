"""What can be wrong with an entry, a stream or an export. Nothing else leaves this package."""

from alteram.core.kernel.errors import AlteramError


class RecordError(AlteramError):
    """Something does not verify. `code` is stable; `where` names the member of the export or the entry."""

    def __init__(self, code: str, problem: str, *, where: str = "", remedy: str = "") -> None:
        """Put the place before the words."""
        super().__init__(f"{where}: {problem}" if where else problem, remedy=remedy)
        self.code = code
        self.where = where
