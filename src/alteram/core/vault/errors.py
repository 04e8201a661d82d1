"""What can be wrong with a sealed entry. Nothing else leaves this package."""

from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.phrases import phrase


class VaultError(AlteramError):
    """A presentation, commitment or ciphertext is not what it must be. `code` is stable."""

    def __init__(self, code: str, problem: str, *, remedy: str = "") -> None:
        """Keep the stable code beside the words."""
        super().__init__(problem, remedy=remedy)
        self.code = code


class OtherFileError(VaultError):
    """A file opens under its key, and is not the one that its entry names: somebody put another in its place."""

    def __init__(self) -> None:
        """Say what to do about it."""
        super().__init__(
            "file.other",
            phrase("A file, or a part of it, is not the one that was lodged."),
            remedy=phrase(
                "Tell whoever runs this installation: the attachments are to be restored from their backup, and"
                " somebody who could write there is to be found."
            ),
        )
