"""Whether texts name a person who is protected: by name, alias, address, e-mail, telephone or label of a speaker.

Finds, and says how sure it is: `certain` where a whole name or address stands there in some spelling, else "may be"
(a part of a name, initials, a word that differs by what recognising print mixes up). It confirms nothing: a person
reads what was found. It knows no description ("the treasurer's wife"): such a sentence names somebody and is not found.

>>> anna = Protected("m05", names=("Anna Maria Müller",))
>>> [(found.words, found.certain, found.why) for found in find_names([anna], [Text("page", 3, "A. MUELLER's room")])]
[("A. MUELLER's", True, 'initials and family name')]
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from alteram.core.disclosure.folding import Folded, fold, key_for, sequence_pattern, split_words, squash, word_pattern
from alteram.core.disclosure.likeness import Likeness

#: Parts of names, and digits of telephone numbers, shorter than this are not looked for by themselves.
MIN_PART: Final = 3
MIN_DIGITS: Final = 6
SURE_DIGITS: Final = 8
_DIGIT_GAP: Final = r"[\s().\-/]{0,3}"
_AT: Final = r"\s{0,2}(?:@|\(at\)|\[at\]|\{at\}| at )\s{0,2}"
_DOT: Final = r"\s?(?:\.|\(dot\)|\[dot\]| dot )\s?"
_TITLES: Final = frozenset(
    (
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "herr",
        "frau",
        "mme",
        "mlle",
        "sir",
        "dame",
        "señor",
        "señora",
        "van",
        "von",
        "de",
        "der",
        "den",
        "la",
        "le",
    )
)
_SHORT: Final = {
    "street": "st",
    "road": "rd",
    "avenue": "ave",
    "square": "sq",
    "lane": "ln",
    "strasse": "str",
    "straße": "str",
    "platz": "pl",
    "apartment": "apt",
}
_AROUND_LABEL: Final = (r"(?:^|\n)[ \t>*\[(<{\d:.,-]{0,24}", r"[ \t]*[\])>}*]{0,3}[ \t]*(?::|\]|-|\))")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    telephones: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Protected(_Known):
    """A protected person, with all that names them. `names` are given names before the family name."""

    identity: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text and where it stands: a place in words ("page", "title", "attachment x") and a page, 0 for none."""

    place: str
    page: int
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A place that names a protected person, or may do so. `words` are as they stand there, from `start` to `end`."""

    identity: str
    place: str
    page: int
    start: int
    end: int
    words: str
    why: str
    certain: bool


#: A pattern, why it names, whether for certain, and letters without which it cannot match.
_Rule = tuple[re.Pattern[str], str, bool, str]


def find_names(people: Sequence[Protected], texts: Iterable[Text]) -> Iterator[Found]:
    """Yield every place that names one of `people` or may do so; of places within one another only the surest."""
    rules = [(one.identity, tuple(_rules(one))) for one in people]
    parts = [(one.identity, word) for one in people for word in _parts(one)]
    likeness = Likeness({word for _, word in parts})
    for text in texts:
        folded = fold(text.text)
        alike = list(_find_alike(parts, likeness, text, folded))
        for identity, patterns in rules:
            found = list(_match(identity, patterns, text, folded))
            yield from _keep_surest(found + [one for one in alike if one.identity == identity])


def _match(identity: str, patterns: Iterable[_Rule], text: Text, folded: Folded) -> Iterator[Found]:
    letters = squash(folded.text)
    for pattern, why, certain, key in patterns:
        if key not in letters:
            continue
        for match in pattern.finditer(folded.text):
            name = "label" if "label" in pattern.groupindex else 0
            yield _tell(identity, text, folded.place(*match.span(name)), why, certain=certain)


def _find_alike(parts: Sequence[tuple[str, str]], likeness: Likeness, text: Text, folded: Folded) -> Iterator[Found]:
    for match in _WORD.finditer(folded.text):
        if words := likeness.find(match[0]):
            place = folded.place(*match.span())
            for identity in dict.fromkeys(identity for identity, word in parts if word in words):
                yield _tell(identity, text, place, "a word like a part of the name", certain=False)


_WORD: Final = re.compile(r"[^\W_][\w|!]{3,30}")


def _tell(identity: str, text: Text, place: tuple[int, int], why: str, *, certain: bool) -> Found:
    start, end = place
    return Found(identity, text.place, text.page, start, end, text.text[start:end], why, certain)


def _keep_surest(found: list[Found]) -> Iterator[Found]:
    """Yield what is not within something surer, in order of place."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda each: (not each.certain, each.start - each.end, each.start)):
        if not any(other.start < one.end and one.start < other.end for other in kept):
            kept.append(one)
    yield from sorted(kept, key=lambda each: each.start)


def _rules(person: Protected) -> Iterator[_Rule]:
    for name in person.names:
        yield from _name_rules(name)
    for alias in person.aliases:
        yield from _rule(sequence_pattern(alias), "alias", key_for(alias), certain=True)
    for address in person.addresses:
        yield from _address_rules(address)
    for email in person.emails:
        yield from _email_rules(email)
    for telephone in person.telephones:
        yield from _telephone_rules(telephone)
    for label in person.labels:
        before, after = _AROUND_LABEL
        if pattern := sequence_pattern(label, spaced=False):
            yield from _rule(f"{before}(?P<label>{pattern}){after}", "label of a speaker", key_for(label), certain=True)
            yield from _rule(pattern, "label of a speaker, elsewhere", key_for(label), certain=False)


def _rule(pattern: str, why: str, key: str, *, certain: bool) -> Iterator[_Rule]:
    if pattern:
        yield re.compile(pattern), why, certain, key


def _name_rules(name: str) -> Iterator[_Rule]:
    parts = [one for one in name.split() if one.lower().rstrip(".") not in _TITLES] or name.split()
    for whole in dict.fromkeys((name, " ".join(parts))):
        yield from _rule(sequence_pattern(whole), "name", key_for(whole), certain=True)
    if len(parts) < 2:
        return
    given, family = parts[:-1], parts[-1]
    yield from _rule(
        sequence_pattern(" ".join((family, *given))), "name, family name first", key_for(family), certain=True
    )
    yield from _rule(sequence_pattern(f"{given[0]} {family}"), "given and family name", key_for(family), certain=True)
    yield from _rule(sequence_pattern(f"{family} {given[0]}"), "given and family name", key_for(family), certain=True)
    letters = [fold(one).text[:1] for one in given]
    if all(one.isalpha() for one in letters):
        first = rf"(?<![^\W_]){letters[0]}[.\s]{{1,2}}"
        middle = "".join(rf"(?:{one}[.\s-]{{1,2}})?" for one in letters[1:])
        after = sequence_pattern(family, spaced=False)
        yield from _rule(f"{first}{middle}{after}", "initials and family name", key_for(family), certain=True)
        yield from _rule(
            rf"{after}[,\s]{{1,2}}{letters[0]}(?![^\W_])\.?", "initials and family name", key_for(family), certain=True
        )
        every = r"\.\s?".join([*letters, fold(family).text[:1]])
        yield from _rule(
            rf"(?<![^\W_.]){every}\.?(?![^\W_])", "initials", "".join([*letters, fold(family).text[:1]]), certain=False
        )
    for one in parts:
        if len(fold(one).text) >= MIN_PART or not one.isascii():
            yield from _rule(sequence_pattern(one), "part of the name", key_for(one), certain=False)


def _address_rules(address: str) -> Iterator[_Rule]:
    lines = [one for one in re.split(r"[,;\n]", address) if one.strip()]
    for text in dict.fromkeys((address, *lines[:1])):
        words = split_words(text)
        if len(words) < 2 and len(lines) > 1:
            continue
        patterns = [_abbreviate(one) for one in words]
        if patterns:
            yield from _rule(
                r"(?<!\w)" + r"[\W_]{1,6}".join(patterns) + r"(?!\w)", "address", _digits_of(text), certain=True
            )


def _digits_of(address: str) -> str:
    return max(re.findall(r"\d+", fold(address).text), key=len, default="")


def _abbreviate(word: str) -> str:
    whole = word_pattern(word)
    for long, short in _SHORT.items():
        folded = fold(long).text
        if word in {folded, short}:
            return rf"(?:{folded}|{short}\.?)"
        if word.endswith(folded) and len(word) > len(folded):
            return rf"{re.escape(word[: -len(folded)])}(?:{folded}|[\s-]?{short}\.?)"
    return whole


def _email_rules(email: str) -> Iterator[_Rule]:
    local, _, domain = fold(email).text.strip().partition("@")
    if not local or not domain:
        return
    whole = _AT.join(_DOT.join(re.escape(one) for one in half.split(".")) for half in (local, domain))
    yield from _rule(rf"(?<![\w.]){whole}(?![\w-])", "e-mail address", squash(local.split(".")[0]), certain=True)
    if len(local) >= 5:
        yield from _rule(
            rf"(?<![\w.]){re.escape(local)}(?![\w])", "first half of the e-mail address", squash(local), certain=False
        )


def _telephone_rules(telephone: str) -> Iterator[_Rule]:
    digits = re.sub(r"\D", "", fold(telephone.replace("(0)", "")).text).lstrip("0")
    last = digits[-SURE_DIGITS:]
    if len(last) >= MIN_DIGITS:
        pattern = rf"(?:\+?[\d(]{_DIGIT_GAP}(?:\d{_DIGIT_GAP}){{0,5}})?{_DIGIT_GAP.join(last)}(?!\d)"
        yield from _rule(pattern, "telephone number", last, certain=len(last) == SURE_DIGITS)


def _parts(person: Protected) -> frozenset[str]:
    words = (word for name in (*person.names, *person.aliases) for word in split_words(name))
    return frozenset(one for one in words if one not in _TITLES)
