"""The words of the record as people read them. The catalogue of acts has the help; here are the titles."""

from collections.abc import Collection

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alteram.core.acts import find_spec
from alteram.core.kernel.periods import Period
from alteram.installation.models import DirectoryEntry
from alteram.installation.writing import find_names


def tell_act(tag_or_name: str) -> str:
    """Return an act's title: `notice.served/1` is told as Notice served."""
    name = tag_or_name.partition("/")[0]
    return _(spell_act(name)) if name else _("Not open to you")


def spell_act(name: str) -> str:
    """Return an act's title as it is translated from: notice.served as Notice served."""
    return name.replace(".", " ").replace("-", " ").capitalize()


def tell_help(tag_or_name: str) -> str:
    """Return what an act does, in one sentence."""
    spec = find_spec(tag_or_name)
    return "" if spec is None else _(spec.help)


def tell_word(identifier: object) -> str:
    """Return an identifier of ours, such as a part or a stage, as words: case-manager is told as case manager."""
    return _(spell_word(identifier))


def spell_word(identifier: object) -> str:
    """Return an identifier of ours as it is translated from."""
    return str(identifier).replace("-", " ").replace("_", " ")


def tell_period(period: Period) -> str:
    """Return a period in words."""
    count = period.count
    words = {
        "hours": ngettext("%(n)s hour", "%(n)s hours", count),
        "days": ngettext("%(n)s day", "%(n)s days", count),
        "clear_days": ngettext("%(n)s clear day", "%(n)s clear days", count),
        "working_days": ngettext("%(n)s working day", "%(n)s working days", count),
        "weeks": ngettext("%(n)s week", "%(n)s weeks", count),
        "months": ngettext("%(n)s month", "%(n)s months", count),
        "years": ngettext("%(n)s year", "%(n)s years", count),
    }
    return words[period.unit] % {"n": count}


def keep_names(request: HttpRequest, organisation: str, people: Collection[str]) -> dict[str, str]:
    """Ask for the names of everybody on a page at once and keep them for it; return them, empty where there is none."""
    names = request.__dict__["told_names"] = dict.fromkeys(people, "") | find_names(organisation, people)
    return names


def find_kept_names(request: HttpRequest) -> dict[str, str] | None:
    """Return the names that are kept for a page, if any were asked for."""
    names: dict[str, str] | None = request.__dict__.get("told_names")
    return names


def tell_name(organisation: str, person: str) -> str:
    """Return what the directory calls a person; empty where it does not say."""
    entry = DirectoryEntry.objects.filter(organisation=organisation, person=person).first()
    return "" if entry is None else entry.name
