"""The languages pages can be read in: English, and every language that a translation was put in for."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import locale
from django.utils.translation import gettext_lazy as _
from django.utils.translation import to_language

#: What Django does not know of a language.
KNOWN = {"mi": {"bidi": False, "code": "mi", "name": "Māori", "name_local": "te reo Māori"}}


def find_languages(folders: Iterable[Path]) -> list[tuple[str, object]]:
    """Return English and each language of which a folder holds a compiled translation, by what it calls itself.

    Offering a language that nothing was translated into would promise what is not there.
    """
    locale.LANG_INFO.update({code: told for code, told in KNOWN.items() if code not in locale.LANG_INFO})
    found = {to_language(one.parents[1].name) for folder in folders for one in folder.glob("*/LC_MESSAGES/django.mo")}
    return [("en", _("English")), *((code, _name(code)) for code in sorted(found - {"en"}))]


def _name(code: str) -> str:
    told = locale.LANG_INFO.get(code, {})
    return str(told.get("name_local") or told.get("name") or code)
