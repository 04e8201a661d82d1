"""The one exception of this verifier."""


class Failure(Exception):  # noqa: N818 - the word for what is reported; nothing here recovers from it
    """Something does not verify. `code` is that of docs/spec/record.md; `where` names the member of the export."""

    def __init__(self, code: str, what: str, where: str = "") -> None:
        """Keep the parts, and read as one line."""
        super().__init__(f"{where}: {what}" if where else what)
        self.code = code
        self.what = what
        self.where = where
