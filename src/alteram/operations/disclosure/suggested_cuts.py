"""Words that somebody may want to cut out of an exhibit: how it names protected people whom the asker may know.

It only suggests. What it does not find (descriptions, handwriting, a picture of somebody) a person cuts out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from alteram.core.disclosure.folding import fold
from alteram.core.disclosure.names import Protected, Text, find_names
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters.protection import find_protected
from alteram.operations.disclosure.sources import read_parts
from alteram.operations.entries import Entered
from alteram.operations.exhibits.stored import StoredExhibit

#: So many letters of an exhibit are looked through, and so many suggestions are made.
MOST_LETTERS: Final = 400_000
MOST: Final = 60


@dataclass(frozen=True, slots=True)
class SuggestedWords:
    """Words that name a protected person, or may do so; the parts (pages or messages, from 1) in which they stand."""

    words: str
    person: PersonId
    certain: bool
    parts: tuple[int, ...] = ()


def find_known_protected(entered: Entered) -> frozenset[PersonId]:
    """Return who is protected in a matter, as far as whoever entered may know of them."""
    return find_protected(entered.facts.matter) - entered.reader.unknown


def suggest_words(entered: Entered, stored: StoredExhibit, names: Mapping[str, str]) -> tuple[SuggestedWords, ...]:
    """Return what names protected people in an exhibit, by what they are called; then those names themselves.

    Raises: StoreError, VaultError.
    """
    known = sorted(find_known_protected(entered))
    people = [Protected(one, names=(names[one],) if names.get(one) else (), labels=(one,)) for one in known]
    if not people:
        return ()
    found: dict[tuple[str, str], SuggestedWords] = {}
    for one in find_names(people, _read_texts(stored)):
        person, key = PersonId(one.identity), (one.identity, fold(one.words).text)
        before = found.get(key)
        parts = (*(before.parts if before else ()), one.page)
        certain = one.certain or (before is not None and before.certain)
        words = before.words if before else " ".join(one.words.split())
        found[key] = SuggestedWords(words, person, certain, tuple(dict.fromkeys(parts)))
    for person in known:
        for said in filter(None, (names.get(person), person)):
            found.setdefault((person, fold(said).text), SuggestedWords(said, person, certain=True))
    return tuple(sorted(found.values(), key=lambda one: (not one.parts, not one.certain, one.words))[:MOST])


def _read_texts(stored: StoredExhibit) -> list[Text]:
    texts, left = [], MOST_LETTERS
    for number, part in enumerate(read_parts(stored), 1):
        text = f"{part.head}\n{part.text}"[:left]
        left -= len(text)
        texts.append(Text("", number, text))
        if left <= 0:
            break
    return texts
