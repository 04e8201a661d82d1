"""What can be wrong with a sealed entry. Nothing else leaves this package."""

from alteram.core.kernel.errors import AlteramError


class VaultError(AlteramError):
    """A presentation, commitment or ciphertext is not what it must be. `code` is stable."""

    def __init__(self, code: str, problem: str, *, remedy: str = "") -> None:
        """Keep the stable code beside the words."""
        super().__init__(problem, remedy=remedy)
        self.code = code
