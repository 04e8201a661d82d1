"""What the rules say, kept as JSON with all that a translation needs, and read again as it was said."""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from alteram.core.kernel.canonical import Json
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import Joined, Moment, Named, Phrase, as_act, as_moment, as_own, as_person, as_word
from alteram.core.kernel.phrases import join as join_texts
from alteram.core.kernel.phrases import phrase as build_phrase

_NAMED = {"person": as_person, "act": as_act, "word": as_word, "own": as_own}


def encode_text(value: object) -> Json:  # noqa: PLR0911 - a table
    """Return a text, or a value of one of its places, as JSON."""
    match value:
        case Phrase():
            values: list[Json] = [[name, encode_text(one)] for name, one in value.values]
            return {"is": "phrase", "template": value.template, "values": values}
        case Joined():
            return {
                "is": "joined",
                "separator": encode_text(value.separator),
                "items": [encode_text(one) for one in value.items],
            }
        case Named():
            return {"is": value.kind, "text": str(value)}
        case Moment():
            return {"is": "moment", "at": value.at.isoformat(), "text": str(value)}
        case Period():
            return {"is": "period", "unit": value.unit, "count": value.count}
        case timedelta():
            return {"is": "length", "seconds": int(value.total_seconds())}
        case bool() | int():
            return value
        case _:
            return str(value)


def decode_text(kept: Any) -> Any:  # noqa: PLR0911 - a table
    """Return what was encoded."""
    if not isinstance(kept, dict):
        return kept
    match kept["is"]:
        case "phrase":
            return build_phrase(kept["template"], **{name: decode_text(one) for name, one in kept["values"]})
        case "joined":
            return join_texts(decode_text(kept["separator"]), [decode_text(one) for one in kept["items"]])
        case "moment":
            return as_moment(_read_moment(kept["at"]), kept["text"])
        case "period":
            return msgspec.convert({kept["unit"]: kept["count"]}, Period)
        case "length":
            return timedelta(seconds=kept["seconds"])
        case kind:
            return _NAMED[kind](kept["text"])


def _read_moment(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
