"""What a log says of one that it follows (docs/spec/record.md, R4.7): for a reader to know, and to hold against it.

It tells what the public statement says; whether that is true, only the old log's last head and the new log can show.
"""

from collections.abc import Mapping

from alteram.core.kernel.canonical import Json


def tell_succession(statement: Mapping[str, Json]) -> str | None:
    """Return in words what a statement says of an older log; None for any other, or one that says it otherwise."""
    match statement:
        case {
            "statement": "log-succession",
            "follows": str() as origin,
            "origin": str() as new,
            "size": int() as size,
            "carried": int() as carried,
        } if 0 <= carried <= size:
            lost = "all of them carried over" if carried == size else f"{size - carried} of them lost"
            return f"The log {new} follows {origin}, whose last head held {size} entries, {lost}."
        case _:
            return None
