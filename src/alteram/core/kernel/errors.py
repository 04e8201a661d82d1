"""The one exception tree.

An error says what is wrong and what to do next.
Refusals are not errors: they are values, see `outcomes`.
"""


class AlteramError(Exception):
    """Something cannot be done.

    `problem` says what is wrong, in plain words; `remedy` says what to do next.
    Neither ever holds confidential content.
    """

    def __init__(self, problem: str, *, remedy: str = "") -> None:
        """Keep both halves, so that a page can show them apart."""
        super().__init__(f"{problem} {remedy}".rstrip())
        self.problem = problem
        self.remedy = remedy


class MalformedError(AlteramError):
    """Bytes or values from outside are not in the one spelling that is accepted."""
