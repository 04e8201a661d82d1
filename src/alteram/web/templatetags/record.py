"""What stands in entries, as pages show it."""

from datetime import UTC, date, datetime
from typing import Final

from django import template
from django.utils import formats
from django.utils.translation import gettext as _

from alteram.core.acts import get_spec
from alteram.core.kernel.canonical import Json
from alteram.core.matters import AnyEvent
from alteram.operations.entries import find_time
from alteram.web.matters.doing import tell_doing
from alteram.web.wording import tell_act, tell_word

#: How long the record spells a day.
_DAY: Final = 10

register = template.Library()
register.filter("as_instant", find_time)
register.filter("act_doing", tell_doing)


@register.filter
def title_of_event(event: AnyEvent) -> str:
    """Return the title of an event's act."""
    return tell_act(get_spec(type(event.act)).name)


@register.filter
def as_dated(text: str) -> str:
    """Return a time that a file gives, as people write it, to the second and in the file's zone; else its words."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return " ".join(filter(None, (f"{formats.date_format(at, 'DATE_FORMAT')}, {at:%H:%M:%S}", at.tzname())))


@register.filter
def as_list(value: Json) -> list[Json]:
    """Return one or several as a list."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


@register.filter
def as_day(value: "Json | date") -> "Json | date":
    """Return a day as pages show days, where a value is spelled as one; anything else as it is."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == _DAY else value
    except ValueError:
        return value


@register.filter
def as_yes_no(value: object) -> str:
    """Return yes or no."""
    return _("yes") if value else _("no")


@register.filter
def item(value: dict[object, object], key: object) -> object:
    """Return what a mapping holds under a key."""
    return value.get(key)


@register.filter
def from_seconds(value: int) -> datetime:
    """Return the instant that POSIX seconds say."""
    return datetime.fromtimestamp(value, UTC)


@register.filter
def closed_name(claim: str) -> str:
    """Return what a closed claim is about, in words."""
    known = {"actor": _("who did it"), "reported": _("how it is said to have happened")}
    return known.get(claim) or tell_word(claim.removeprefix("act."))
