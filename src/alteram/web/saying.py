"""What the rules say, in the language of the page: a phrase by its template, and each value as pages show its kind.

What has no translation is said in English and marked so, that screen readers read it right. A translation that asks for
a place the phrase does not have is none. Who may be told what was settled before: nothing is looked up here but names.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import Joined, Moment, Named, Phrase, join
from alteram.web.wording import tell_act, tell_period, tell_word

#: How a person is shown, by identifier.
ShowPerson = Callable[[str], str]

_PLACE: Final = re.compile(r"\{\w*\}")
_LETTER: Final = re.compile(r"[^\W\d_]")


def say(text: str, show_person: ShowPerson = str) -> SafeString:
    """Return what the rules or an error say, as the page shows it; nothing for nothing."""
    return _say(text, show_person) if text else SafeString()


def say_error(error: AlteramError) -> SafeString:
    """Return what is wrong and what to do about it, as a form shows it beside what was written."""
    return say(join(" ", filter(None, (error.problem, error.remedy))))


def say_problem(problem: str) -> str:
    """Return a problem that was kept for a form: a phrase is said, anything else is in the page's language already."""
    return say(problem) if isinstance(problem, Phrase | Joined) else problem


def _say(value: object, show_person: ShowPerson) -> SafeString:
    """Say one value of whatever kind."""
    return _WAYS.get(type(value), _say_plain)(value, show_person)


def _say_phrase(told: Phrase, show_person: ShowPerson) -> SafeString:
    translated = _(told.template) if told.template.strip() else told.template
    if translated == told.template and not _speaks_english() and _has_words(told.template):
        return _in_english(told)
    try:
        return _whole(_fill(translated, told, show_person))
    except (LookupError, ValueError, AttributeError):
        return _in_english(told)


def _fill(template: str, told: Phrase, show_person: ShowPerson) -> str:
    """Return a template with its places filled in. It is text: what markup there is comes from the values."""
    if not told.values:
        return escape(template)
    return escape(template).format_map({name: _say(value, show_person) for name, value in told.values})


def _say_name(named: Named, show_person: ShowPerson) -> SafeString:
    match named.kind:
        case "person":
            return conditional_escape(show_person(str(named)))
        case "act":
            return escape(tell_act(named))
        case "word":
            return escape(tell_word(named))
        case "own":
            own = escape(str(named))
            return own if _speaks_english() else format_html('<span translate="no">{}</span>', own)


def _say_joined(told: Joined, show_person: ShowPerson) -> SafeString:
    between = _say(told.separator, show_person)
    return _whole(between.join(_say(one, show_person) for one in told.items))


def _say_moment(told: Moment, _show_person: ShowPerson) -> SafeString:
    form = "DATETIME_FORMAT" if isinstance(told.at, datetime) else "DATE_FORMAT"
    return format_html('<time datetime="{}">{}</time>', told.at.isoformat(), date_format(told.at, form))


def _say_period(period: Period, _show_person: ShowPerson) -> SafeString:
    return escape(tell_period(period))


def _say_length(length: timedelta, _show_person: ShowPerson) -> SafeString:
    """Say a length of time in days, hours, minutes and seconds."""
    clock = str(timedelta(seconds=length.seconds))
    if not length.days:
        return escape(clock)
    days = ngettext("%(n)s day", "%(n)s days", length.days) % {"n": length.days}
    return escape(f"{days}, {clock}")


def _say_plain(value: object, _show_person: ShowPerson) -> SafeString:
    text = str(value)
    return escape(text) if _speaks_english() or not _LETTER.search(text) else _in_english(text)


def _in_english(text: str) -> SafeString:
    return format_html('<span lang="en" dir="ltr">{}</span>', str(text))


def _whole(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308 - every part of it was escaped before


def _speaks_english() -> bool:
    return get_language() in {None, "en"}


@lru_cache(maxsize=4096)
def _has_words(template: str) -> bool:
    return bool(_LETTER.search(_PLACE.sub("", template)))


_WAYS: Final[dict[type, Callable[[Any, ShowPerson], SafeString]]] = {
    Phrase: _say_phrase,
    Joined: _say_joined,
    Named: _say_name,
    Moment: _say_moment,
    Period: _say_period,
    timedelta: _say_length,
}
