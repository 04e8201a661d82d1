"""Two languages nobody speaks, made from every text that can be translated: what is not in them was left out.

A text is answered only where a translator would find it: in our django.pot, or in what Django and its add-ons ship.
Every letter of it becomes another that is not ASCII, and brackets stand around it; what is filled in stays as it is.
"""

import gettext
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import allauth
import django
import pytest
from babel.messages.pofile import read_po
from django.conf import locale
from django.utils import translation
from django.utils.translation import trans_real

from tools.generate_messages import TARGET

PSEUDO: Final = "en-xa"
#: Django knows that Arabic runs from right to left, by the first part of the code.
PSEUDO_RTL: Final = "ar-xb"
_PLAIN: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED: Final = "áƀçđéƒğħíĵķĺɱñóƥɋŕšŧúṽŵẋýžÁƁÇĐÉƑĞĦÍĴĶĹṀÑÓƤɊŔŠŦÚṼŴẊÝŽ"
_LETTERS: Final = str.maketrans(_PLAIN, _ACCENTED)
#: What is not text in a text: what is filled in, markup, and named characters.
_FILLED: Final = re.compile(r"(%\([^)]*\)[a-z]|%[sd%]|<[^>]*>|&\w+;|&#\d+;|\{\w*\})")


def accent(text: str) -> str:
    """Return a text as somebody would read it in the pseudo-language."""
    parts = _FILLED.split(text)
    return "⟦" + "".join(one if at % 2 else one.translate(_LETTERS) for at, one in enumerate(parts)) + "⟧"


@cache
def find_known() -> frozenset[str]:
    """Return every text that a translator is given, with its context before it."""
    with TARGET.open("rb") as file:
        ours = read_po(file)
    known = {_with_context(one.context, text) for one in ours if one.id for text in _forms(one.id)}
    for package in (django, allauth):
        for path in Path(str(package.__file__)).parent.rglob("de/LC_MESSAGES/django.mo"):
            with path.open("rb") as file:
                read: dict[Any, Any] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined] # it has no other way to list them
            known.update(one[0] if isinstance(one, tuple) else one for one in read)
    return frozenset(known)


def _forms(told: Any) -> Iterator[str]:
    yield from (told,) if isinstance(told, str) else told


def _with_context(context: str | None, text: str) -> str:
    return text if context is None else f"{context}{trans_real.CONTEXT_SEPARATOR}{text}"


class PseudoTranslation(trans_real.DjangoTranslation):
    """What Django asks for the words of a language."""

    def __init__(self, language: str) -> None:
        """Answer for a language of this code."""
        gettext.NullTranslations.__init__(self)
        self._code = language

    def language(self) -> str:
        """Return the code."""
        return self._code

    def to_language(self) -> str:
        """Return the code."""
        return self._code

    def gettext(self, message: str) -> str:
        """Return a text in the pseudo-language; as it is where no translator would find it."""
        if message not in find_known():
            return message
        return accent(message.rpartition(trans_real.CONTEXT_SEPARATOR)[2])

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form for a number."""
        return self.gettext(msgid1 if n == 1 else msgid2)


def speak(monkeypatch: pytest.MonkeyPatch, settings: Any, language: str) -> None:
    """Let pages be shown in a pseudo-language to everybody until the test ends."""
    told = {"bidi": language == PSEUDO_RTL, "code": language, "name": language, "name_local": language}
    monkeypatch.setitem(locale.LANG_INFO, language, told)
    settings.LANGUAGES = [("en", "English"), (language, language)]
    settings.LANGUAGE_CODE = language
    # Django forgets what it has loaded when settings change: what follows comes last.
    monkeypatch.setattr(trans_real, "get_languages", cache(lambda: {"en": "English", language: language}))
    let_be_known(monkeypatch, "en", language)
    monkeypatch.setitem(trans_real._translations, language, PseudoTranslation(language))  # type: ignore[attr-defined] # Django's own register


def let_be_known(monkeypatch: pytest.MonkeyPatch, *languages: str) -> None:
    """Let Django believe that these languages have translations, until the test ends."""
    known = cache(lambda code: code in languages)
    monkeypatch.setattr(trans_real, "check_for_language", known)
    monkeypatch.setattr(translation._trans, "check_for_language", known)  # type: ignore[attr-defined] # where Django keeps what it asked for once
