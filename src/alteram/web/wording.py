"""The words of the record as people read them. The catalogue of acts has the help; here are the titles."""

from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from alteram.core.acts import find_spec
from alteram.installation.models import DirectoryEntry


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


def say_in_english(text: str) -> str:
    """Return a text that the rules or an error say in English, marked as English where the page is in another language.

    What they say is put together from the case: it is not translated yet, and a screen reader should read it right.
    """
    if not text or get_language() in {None, "en"}:
        return text
    return format_html('<span lang="en" dir="ltr">{}</span>', text)


def tell_name(organisation: str, person: str) -> str:
    """Return what the directory calls a person; empty where it does not say."""
    entry = DirectoryEntry.objects.filter(organisation=organisation, person=person).first()
    return "" if entry is None else entry.name
