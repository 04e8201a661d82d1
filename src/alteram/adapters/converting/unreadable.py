"""Why a file, or a part of one, is not shown: raised in the worker, answered as a value."""

from alteram.operations.evidence_ports import WhyUnshown


class NotShownError(Exception):
    """A file cannot be shown; `detail` is for a person, in words that are ours."""

    def __init__(self, why: WhyUnshown, detail: str = "") -> None:
        """Say why."""
        super().__init__(why, detail)
        self.why = why
        self.detail = detail
