"""Verify a redaction from its file alone, and beside an export: which lodging it is of, and who agreed to it.

Spec E5. It does not read pictures: whether all is covered that must be, and whether the words over a picture are those
in it, people and the program that made it judge. What an export withholds it calls withheld, and guesses nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import BinaryIO, Final, Literal

from alteram.core.disclosure.redacted_pdf import MAX_SIZE, Bytes, is_pdf, read_redacted_pdf
from alteram.core.disclosure.redacted_pictures import NumberedBox, check_black, is_png, read_png, unpack_rows
from alteram.core.disclosure.redacted_texts import MAX_SIZE as MAX_TEXT
from alteram.core.disclosure.redacted_texts import read_redacted_text
from alteram.core.disclosure.redacted_words import encode_word, fold_letters, holds_bytes
from alteram.core.record import RecordError, VerificationReport, VerifiedEntry, iterate_entries, verify_export
from alteram.core.tlog import Policy

Kind = Literal["pdf", "png", "text"]
_BLOCK: Final = 1 << 20
_MAX_PICTURE: Final = 512 << 20
_DERIVED: Final = "exhibit.derived/"
_CHECKED: Final = "redaction.checked/"
_HOW: Final = "redaction"
_OF_LODGING: Final = ("act.exhibit", "act.of", "act.how", "act.cuts", "actor", "reported")
_OF_CHECK: Final = ("act.agreed", "actor", "reported")


@dataclass(frozen=True, slots=True)
class VerifiedRedaction:
    """A redaction of the one shape: how many pages, of which how many list the cuts; places cut out; their numbers."""

    kind: Kind
    digest_hex: str
    pages: int
    listing: int
    places: int
    cuts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LodgedRedaction:
    """What an export shows of a redaction: its lodging, and the last check of it. Of what is None, nothing is shown.

    `withheld` are claims that would say more. `unknown` counts later entries that may say otherwise and withhold it;
    entries may be missing besides where the stream is not `complete`.
    """

    stream: str
    entry: str
    exhibit: str | None
    of: str | None
    how: str | None
    cuts: int | None
    check: Literal["agreed", "withheld", "none"]
    checked_in: str
    withheld: tuple[str, ...]
    unknown: int
    complete: bool
    report: VerificationReport


def verify_redaction(data: Bytes, words: Sequence[str] = (), boxes: Sequence[NumberedBox] = ()) -> VerifiedRedaction:
    """Return what a file is, where it is a redaction of the one shape and holds none of `words`.

    `boxes` are those of a picture, which says of none. Raises: RecordError.
    """
    if len(data) > MAX_SIZE:
        raise RecordError("redaction.too-large", "The file is larger than 4 GiB.")
    codes = [code for word in words for code in encode_word(word)]
    if is_pdf(data[:8]):
        return _verify_pdf(data, words, codes)
    if is_png(data[:8]):
        return _verify_png(data, codes, boxes)
    whole = data[: MAX_TEXT + 1]
    text = read_redacted_text(whole)
    letters = fold_letters([text.text])
    if any(letters.hold(word) for word in words) or holds_bytes(whole, codes):
        raise _tell_word()
    return VerifiedRedaction("text", _hash(data), 0, 0, len(text.places), tuple(sorted(set(text.places))))


def _verify_pdf(data: Bytes, words: Sequence[str], codes: Sequence[bytes]) -> VerifiedRedaction:
    pages = listing = places = 0
    numbers: set[int] = set()
    texts: list[str] = []
    found = False
    for page in read_redacted_pdf(data):
        pages, listing, places = pages + 1, listing + page.lists, places + len(page.boxes)
        numbers.update(one.number for one in page.boxes)
        if words:
            texts += [one.text for one in page.words]
            found = found or holds_bytes(page.packed, codes) or holds_bytes(unpack_rows(page.packed, page.shape), codes)
    if not places:
        raise RecordError("redaction.cut", "Nothing is cut out of it.")
    letters = fold_letters(texts)
    if found or any(letters.hold(word) for word in words):
        raise _tell_word()
    return VerifiedRedaction("pdf", _hash(data), pages, listing, places, tuple(sorted(numbers)))


def _verify_png(data: Bytes, codes: Sequence[bytes], boxes: Sequence[NumberedBox]) -> VerifiedRedaction:
    if len(data) > _MAX_PICTURE:
        raise RecordError("redaction.too-large", "The picture is larger than 512 MiB.")
    shape, packed = read_png(data[:])
    rows = unpack_rows(packed, shape)
    if not all(one.is_on(shape) for one in boxes):
        raise RecordError("redaction.box", "A box is not on the picture, or has no number of a cut.")
    check_black(rows, shape, boxes)
    if holds_bytes(rows, codes) or holds_bytes(packed, codes):
        raise _tell_word()
    numbers = tuple(sorted({one.number for one in boxes}))
    return VerifiedRedaction("png", _hash(data), 1, 0, len(boxes), numbers)


def verify_lodging(one: VerifiedRedaction, export: BinaryIO, policy: Policy | None = None) -> LodgedRedaction:
    """Return what an export, verified as R7 says, shows of a redaction (E5.11, E5.12). Raises: RecordError."""
    report = verify_export(export, policy)
    export.seek(0)
    entries = tuple(entry for entry in iterate_entries(export, policy) if entry.claims.get("reported") is None)
    lodged = _find_lodging(one, entries)
    stream = _find_stream(lodged)
    later = [entry for entry in entries if _find_stream(entry) == stream and entry.name > lodged.name]
    exhibit = _find_text(lodged, "act.exhibit")
    checks = [
        entry
        for entry in later
        if _is(entry, _CHECKED) and exhibit is not None and entry.claims.get("act.exhibit") == exhibit
    ]
    last = checks[-1] if checks else None
    check, withheld = _judge(lodged, last)
    after = lodged.name if last is None else last.name
    unknown = sum(entry.name > after and _may_check(entry, exhibit) for entry in later)
    complete = next(found.complete for found in report.streams if found.name == stream)
    if check == "none" and complete and not unknown:
        raise RecordError("redaction.unchecked", "Nobody agreed to it.", where=lodged.name)
    cuts = lodged.claims.get("act.cuts")
    return LodgedRedaction(
        stream=stream,
        entry=lodged.name,
        exhibit=exhibit,
        of=_find_text(lodged, "act.of"),
        how=_find_text(lodged, "act.how"),
        cuts=cuts if type(cuts) is int else None,
        check=check,
        checked_in="" if last is None else last.name,
        withheld=withheld,
        unknown=unknown,
        complete=complete,
        report=report,
    )


def _find_lodging(one: VerifiedRedaction, entries: Sequence[VerifiedEntry]) -> VerifiedEntry:
    lodged = next(
        (entry for entry in entries if _is(entry, _DERIVED) and entry.claims.get("act.digest") == one.digest_hex), None
    )
    if lodged is None:
        raise RecordError("redaction.not-shown", "No entry of the export shows that this file was lodged.")
    if lodged.claims.get("act.how", _HOW) != _HOW:
        raise RecordError("redaction.how", "It was lodged as something else than a redaction.", where=lodged.name)
    cuts = lodged.claims.get("act.cuts", one.places)
    if one.kind != "png" and (type(cuts) is not int or cuts != one.places):
        raise RecordError("redaction.cuts", "It has another number of places than was lodged.", where=lodged.name)
    return lodged


def _judge(
    lodged: VerifiedEntry, last: VerifiedEntry | None
) -> tuple[Literal["agreed", "withheld", "none"], tuple[str, ...]]:
    """Return what the last check says, and which claims would say more. Raises: RecordError where it speaks against."""
    withheld = _list_withheld(lodged, _OF_LODGING)
    if last is None:
        return "none" if "act.exhibit" in lodged.claims else "withheld", tuple(withheld)
    if last.claims.get("act.agreed", True) is not True:
        raise RecordError("redaction.objected", "Whoever checked it last did not agree to it.", where=last.name)
    maker, checker = lodged.claims.get("actor", ""), last.claims.get("actor", "")
    if checker is None or (maker == checker != ""):
        raise RecordError("redaction.own", "Nobody else than its maker agreed to it.", where=last.name)
    closed = _list_withheld(last, _OF_CHECK)
    agreed = not closed and not {"actor", "reported"} - set(lodged.claims)
    return "agreed" if agreed else "withheld", (*withheld, *closed)


def _list_withheld(entry: VerifiedEntry, names: Sequence[str]) -> list[str]:
    """Return the claims of these that the entry has, or may have, and does not disclose."""
    fields = entry.claims.get("fields")
    own = set(fields if isinstance(fields, Sequence) else names)
    return [f"{entry.name}: {name}" for name in names if name not in entry.claims and name in own]


def _may_check(entry: VerifiedEntry, exhibit: str | None) -> bool:
    """Tell whether an entry withholds that it may be a check of this redaction."""
    if "act" not in entry.claims:
        return True
    return _is(entry, _CHECKED) and (exhibit is None or "act.exhibit" not in entry.claims)


def _is(entry: VerifiedEntry, tag: str) -> bool:
    return str(entry.claims.get("act", "")).startswith(tag)


def _find_stream(entry: VerifiedEntry) -> str:
    return entry.name.split("/")[1]


def _find_text(entry: VerifiedEntry, name: str) -> str | None:
    said = entry.claims.get(name)
    return said if isinstance(said, str) else None


def _hash(data: Bytes) -> str:
    digest = sha256()
    for at in range(0, len(data), _BLOCK):
        digest.update(data[at : at + _BLOCK])
    return digest.hexdigest()


def _tell_word() -> RecordError:
    return RecordError("redaction.word", "A word that was given stands in it.")
