"""The rules that a certificate names, and that its lines say what these rules demand, in their words.

It reads a rulebook or pack as plain JSON: one that a later release wrote has its words in the same places.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

import msgspec

from alteram.core.certificates.errors import verifying
from alteram.core.certificates.form import Certificate, RequirementLine, ResultLine, Rules
from alteram.core.kernel.canonical import Json
from alteram.core.record.errors import RecordError
from alteram.core.rules import build_digest

_Words: TypeAlias = tuple[str, ...]
_OF_ALL: Final = ("id", "title", "clause", "source", "status")
_OF_DEMANDS: Final = (*_OF_ALL, "guarantee", "pack")
#: What a member says that the rules leave out.
_UNSAID: Final = {"status": "G"}
_decoder = msgspec.json.Decoder()


def find_enclosed_rules(said: Certificate) -> dict[str, bytes]:
    """Return the rules that the certificate holds, by digest. Raises: RecordError where one has another digest."""
    found: dict[str, bytes] = {}
    for at, one in enumerate(said.rules):
        data = one.text.encode()
        if data and build_digest(data) != one.digest:
            raise RecordError("rulebook.digest", "The rules are not those of this digest.", where=f"rules/{at}")
        found.update({one.digest: data} if data else {})
    return found


def check_words(said: Certificate, rules: Mapping[str, bytes]) -> None:
    """Check that every demand of the rules at hand has its line, in their words, and that no other has one.

    Raises: RecordError.
    """
    for at, one in enumerate(said.rules):
        if one.digest in rules:
            with verifying(f"rules/{at}"):
                _check(said, one, _read(rules[one.digest]))


def _check(said: Certificate, one: Rules, book: Mapping[str, Json]) -> None:
    if any(book.get(name, "") != getattr(one, name) for name in ("id", "title", "version", "as_of")):
        raise RecordError("certificate.rules", "The rules of this digest are called otherwise.")
    demands = () if one.kind == "built-on" else _find(book, "demands")
    results = () if one.kind == "rulebook" else _find(book, "results")
    _compare(one.digest, said.requirements, demands, _OF_DEMANDS)
    _compare(one.digest, said.results, results, _OF_ALL)


def _compare(
    digest: str,
    lines: Iterable[RequirementLine | ResultLine],
    asked: Iterable[Mapping[str, Json]],
    names: Sequence[str],
) -> None:
    said = [tuple(str(getattr(line, name)) for name in names) for line in lines if line.by == digest]
    rules: list[_Words] = [tuple(str(one.get(name, _UNSAID.get(name, ""))) for name in names) for one in asked]
    if sorted(said) != sorted(rules):
        raise RecordError("certificate.requirements", "Its lines are not what these rules demand.")


def _read(data: bytes) -> Mapping[str, Json]:
    try:
        value: Json = _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RecordError("certificate.rules", "The rules are not JSON.") from error
    if not isinstance(value, Mapping):
        raise RecordError("certificate.rules", "The rules are not a rulebook or a pack.")
    return value


def _find(book: Mapping[str, Json], name: str) -> Iterable[Mapping[str, Json]]:
    listed = book.get(name)
    found = listed if isinstance(listed, list) else []
    return [one for one in found if isinstance(one, Mapping)]
