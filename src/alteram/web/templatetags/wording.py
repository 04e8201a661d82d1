"""Words of the record as people read them: acts, parts, people, times."""

import datetime as dt
from functools import lru_cache

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.operations.parties import find_players
from alteram.web.saying import say as say_text
from alteram.web.wording import find_kept_names, keep_names, tell_act, tell_help, tell_name, tell_word

register = template.Library()
register.filter("act_title", tell_act)
register.filter("act_help", tell_help)
register.filter("word", tell_word)


@register.simple_tag(takes_context=True)
def person(context: template.Context, identifier: str | None) -> SafeString:
    """Show a person: the name the directory has, with the identifier that stands in the record."""
    asking = context.get("asking")
    name = _find_name(context, asking, identifier) if asking is not None and identifier else ""
    if not identifier:
        return format_html('<span class="person">{}</span>', _("somebody without a name"))
    if not name:
        return format_html('<span class="person">{}</span>', identifier)
    return format_html('<span class="person">{} <span class="id">{}</span></span>', name, identifier)


@register.simple_tag(takes_context=True)
def say(context: template.Context, text: str) -> SafeString:
    """Say what the rules or an error say, in the language of the page, with the names of the people in it."""
    return say_text(text, lambda identifier: person(context, identifier))


def _find_name(context: template.Context, asking: Asking, identifier: str) -> str:
    """Return a name, asked for once on a page; on one of a matter, together with all that it may need."""
    request, matter = context.get("request"), context.get("matter")
    if request is None:
        return tell_name(asking.name, identifier)
    known = find_kept_names(request)
    if known is None:
        players = find_players(asking.organisation, StreamId(matter)) if isinstance(matter, str) else frozenset()
        known = keep_names(request, asking.name, {identifier, *players})
    if identifier not in known:
        known[identifier] = tell_name(asking.name, identifier)
    return known[identifier]


@register.filter
def at_time(value: dt.datetime | None) -> SafeString | str:
    """Show an instant in the organisation's time zone, with the instant itself for machines."""
    if value is None:
        return ""
    return _show_time(value, timezone.get_current_timezone(), get_language() or "")


@lru_cache(maxsize=4096)
def _show_time(value: dt.datetime, zone: dt.tzinfo, language: str) -> SafeString:
    """Return an instant as it is shown; kept, because a page shows many and the same ones again and again."""
    del language  # What is kept is told apart by it: the format is that of the language now.
    shown = formats.date_format(timezone.localtime(value, zone), "DATETIME_FORMAT")
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), shown)


@register.filter
def left_until(value: dt.datetime, now: dt.datetime) -> str:
    """Say how long there is until an instant, in the largest unit that fits; or how long ago it was."""
    seconds = int((value - now).total_seconds())
    days, hours = divmod(abs(seconds) // 3600, 24)
    if not days and not hours:
        return _("less than an hour left") if seconds >= 0 else _("less than an hour ago")
    amount = (
        ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
        if days
        else ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    )
    return _("%(amount)s left") % {"amount": amount} if seconds >= 0 else _("%(amount)s ago") % {"amount": amount}
