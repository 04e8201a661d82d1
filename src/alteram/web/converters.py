"""Parts of addresses: identifiers and acts, each in its one spelling."""

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


def register() -> None:
    """Make `<identifier:…>` known to addresses."""
    register_converter(IdentifierConverter, "identifier")
