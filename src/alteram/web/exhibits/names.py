"""Names that people give to what they lodge."""

from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import parse_identifier


def is_name(text: str) -> bool:
    """Return whether a text is a name that an exhibit can have."""
    try:
        return bool(parse_identifier(text))
    except MalformedError:
        return False
