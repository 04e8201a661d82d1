"""What can be wrong with bytes of a log. Nothing else leaves this package."""

from alteram.core.kernel.errors import AlteramError


class TlogError(AlteramError):
    """A proof, note, checkpoint, tile or policy is not what it must be. `code` is stable."""

    def __init__(self, code: str, problem: str, *, remedy: str = "") -> None:
        """Keep the stable code beside the words."""
        super().__init__(problem, remedy=remedy)
        self.code = code


class ProofError(TlogError):
    """A Merkle proof does not prove what it is said to."""


class NoteError(TlogError):
    """A signed note is malformed, or a known key's signature on it is wrong."""


class TileError(TlogError):
    """A tile or entry bundle is malformed, missing, or not what the checkpoint commits to."""


class PolicyError(TlogError):
    """A policy file is malformed, or a checkpoint does not meet it."""
