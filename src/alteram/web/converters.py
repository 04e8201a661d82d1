"""Parts of addresses: identifiers and acts, each in its one spelling; numbers of entries; digests."""

from django.urls import register_converter

from alteram.core.kernel.identifiers import IDENTIFIER_PATTERN


class IdentifierConverter:
    """An identifier of the record."""

    regex = IDENTIFIER_PATTERN.removeprefix("^").removesuffix(r"$(?!\n)")

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it is."""
        return value


class SeqConverter:
    """The number of an entry, or of something in it. One that no record can have is no address."""

    regex = "[0-9]{1,8}"

    def to_python(self, value: str) -> int:
        """Return the number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Return it as it is written."""
        return str(value)


class DigestConverter:
    """A SHA-256 in its one spelling."""

    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        """Return it as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Return it as it is."""
        return value


def register() -> None:
    """Make `<identifier:…>`, `<seq:…>` and `<digest:…>` known to addresses."""
    register_converter(DigestConverter, "digest")
    register_converter(IdentifierConverter, "identifier")
    register_converter(SeqConverter, "seq")
