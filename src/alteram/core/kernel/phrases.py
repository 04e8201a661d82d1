"""What the rules say to people, with named places, so that it can be said in another language.

A phrase is its English text: in the record, in JSON, on the command line and in comparisons it is that text and nothing
else. Beside it stands what a translation needs: the template, and what was put into its places. It knows no language
and no catalogue; `alteram.web.wording` says it in the language of a page.

>>> told = phrase("{person} had the draft for less than {at_least}.", person=as_person("m05"), at_least="10 days")
>>> told, told.template
('m05 had the draft for less than 10 days.', '{person} had the draft for less than {at_least}.')
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

#: Somebody; an act of the catalogue; another word of ours; or what the organisation wrote and nobody translates.
Kind: TypeAlias = Literal["person", "act", "word", "own"]


class _Text(str):
    """A text that cannot be changed, with what it was made of."""

    __slots__ = ()

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed: {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed: {name}")


class Phrase(_Text):
    """A sentence or a part of one: its English text, made of `template` and of the `values` of its places, by name."""

    __slots__ = ("template", "values")

    template: str
    values: tuple[tuple[str, object], ...]

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it be pickled with what it was made of."""
        return _restore_phrase, (self.template, self.values)


class Joined(_Text):
    """Several texts one after another, between each two `separator`, which may be a phrase itself."""

    __slots__ = ("items", "separator")

    items: tuple[str, ...]
    separator: str

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it be pickled with what it was made of."""
        return join, (self.separator, self.items)


class Named(_Text):
    """Somebody or something by its name, with what it is the name of."""

    __slots__ = ("kind",)

    kind: Kind

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it be pickled with what it names."""
        return _name, (str(self), self.kind)


class Moment(_Text):
    """A day or a time of the wall clock, told in English as its text says, with the day or time itself in `at`."""

    __slots__ = ("at",)

    at: dt.date

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it be pickled with its time."""
        return as_moment, (self.at, str(self))


_set = object.__setattr__


def phrase(template: str, /, **values: object) -> Phrase:
    """Return a sentence, with each `{place}` of its template filled in.

    The template must stand in the call as it is: the translators' file is made by reading the code. A value is a phrase
    or another text of this module, a period, a length of time or a number; a plain text stays as it is in any language.
    """
    made = Phrase(template.format_map(values) if values else template)
    _set(made, "template", template)
    _set(made, "values", tuple(values.items()))
    return made


def join(separator: str, items: Iterable[str]) -> Joined:
    """Return texts one after another, as `separator.join` does, each still told apart."""
    kept = tuple(items)
    made = Joined(separator.join(kept))
    _set(made, "items", kept)
    _set(made, "separator", separator)
    return made


def as_moment(at: dt.date, shown: str = "") -> Moment:
    """Return a day, or a time of the wall clock (naive), told in English as `shown`; by default as ISO 8601 has it."""
    made = Moment(shown or str(at))
    _set(made, "at", at)
    return made


def as_person(identifier: str) -> Named:
    """Return somebody, by identifier."""
    return _name(identifier, "person")


def as_people(identifiers: Iterable[str]) -> Joined:
    """Return several people, by identifier."""
    return join(", ", map(as_person, identifiers))


def as_act(name: str) -> Named:
    """Return an act of the catalogue, by its name."""
    return _name(name, "act")


def as_word(text: str) -> Named:
    """Return a word of ours, such as a part or a choice in a form; the catalogues say how it is translated."""
    return _name(text, "word")


def as_own(text: str) -> Named:
    """Return what the organisation or somebody in it wrote, which stays as it is in any language."""
    return _name(text, "own")


def _name(text: str, kind: Kind) -> Named:
    made = Named(text)
    _set(made, "kind", kind)
    return made


def _restore_phrase(template: str, values: tuple[tuple[str, object], ...]) -> Phrase:
    return phrase(template, **dict(values))
