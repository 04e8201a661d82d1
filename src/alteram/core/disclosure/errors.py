"""What can be wrong with marks. A leaked copy that tells nothing is no error: it is a verdict."""

from alteram.core.kernel.errors import AlteramError


class MarkError(AlteramError):
    """A seed, a copy's name, a reading or a plan is not what it must be. `code` is stable."""

    def __init__(self, code: str, problem: str, *, remedy: str = "") -> None:
        """Keep the stable code beside the words."""
        super().__init__(problem, remedy=remedy)
        self.code = code
