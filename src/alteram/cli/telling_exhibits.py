"""Exhibits in words, and as values for machines. Whoever is `unknown` to the reader is not named."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from alteram.cli.describing import describe_ruling
from alteram.cli.showing import Value
from alteram.core.acts import ExhibitLodged
from alteram.core.disclosure.equality import ExhibitRow, Sight
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import encode_instant
from alteram.core.kernel.outcomes import Refused
from alteram.operations.exhibits.showing import ShownExhibit
from alteram.operations.exhibits.stored import StoredExhibit
from alteram.operations.questions import TimelineEntry

#: Who is told of in place of whom the reader may not know.
PROTECTED: Final = "(protected)"
#: What is told of an exhibit by its claims, with the words for it.
_TOLD: Final = {
    "title": "Title",
    "source": "Source",
    "obtained": "Obtained",
    "file_name": "File",
    "captured_at": "Captured or recorded",
    "media": "Kind of file",
    "size": "Bytes",
    "digest": "SHA-256",
    "form": "Pieces are cut from",
    "pieces": "Pieces",
    "tree": "Their root",
    "tool": "Made by the program",
    "reasons": "Why",
    "place": "Kept",
    "seal": "Seal",
}

#: What is told of an entry about an exhibit, in this order, and the words for what is not told as it stands.
_SAID_IN: Final = (
    "event", "speaker", "state", "ground", "admissible", "agreed", "found", "lifted", "person",
    "handled_at", "holder", "place", "seal", "cites", "reasons", "gist", "text", "remarks",
)  # fmt: skip
_SAID: Final[dict[tuple[str, Value], str]] = {
    ("admissible", True): "it may be used",
    ("admissible", False): "it may not be used",
    ("agreed", True): "the redaction is as it should be",
    ("agreed", False): "the redaction must be made again",
    ("lifted", True): "let go again",
}

_FORMS: Final = {
    "flac": "its lossless form (FLAC)",
    "matroska": "its form that can be sought in (Matroska)",
    "messages": "one message each",
    "pages": "one page each",
}
_SCANS: Final = {
    "clean": "The scanner found nothing.",
    "found": "THE SCANNER FOUND SOMETHING: no program opened it. Keep it closed: exhibit.quarantined.",
    "not-scanned": "It was not scanned: no scanner is set up (ALTERAM_CLAMD).",
}
_WHY_UNSHOWN: Final = {
    "damaged": "it is damaged.",
    "empty": "it is empty.",
    "encrypted": "it needs a password.",
    "not-shown": "nothing here reads this kind of file.",
    "program-missing": "a program is missing; see the README.",
    "too-large": "it is too large.",
    "took-too-long": "it took too long.",
}


def spell(told: object) -> Value:
    """Return what is told of an exhibit for machines, with the members that the API has."""
    match told:
        case datetime():
            return encode_instant(told)
        case Refused():
            return describe_ruling(told)
        case TimelineEntry():
            return {"seq": told.seq, "at": encode_instant(told.at), "act": told.act, "claims": dict(told.claims)}
        case Mapping():
            return {str(name): spell(one) for name, one in told.items()}
        case list() | tuple():
            return [spell(one) for one in told]
        case str() | int() | None:
            return told
        case _:
            raise TypeError(told)


def tell_row(row: ExhibitRow, unknown: frozenset[PersonId]) -> Iterator[str]:
    """Yield an exhibit as lines: what it is, then who has it since when."""
    act = row.lodged.act
    what = act.kind if isinstance(act, ExhibitLodged) else f"{act.how} of {act.of}"
    ruled = {None: "", True: ", admitted", False: ", ruled out"}[row.admissible]
    bad = ", in quarantine" if row.quarantined else ""
    yield f"E{row.number}  {row.exhibit}: {what}{ruled}{bad}; lodged {_tell_at(row.lodged.recorded_at)}"
    for one in row.sights:
        person = PROTECTED if one.person in unknown else one.person
        yield f"      {one.role} {person}: {_tell_sight(one, lodged=one.person == row.lodged.actor)}"
    if row.is_relied_on_unseen:
        yield "      RELIED ON although a respondent has neither it nor its gist"
    elif row.is_unequal:
        yield "      Only one side has it."


def describe_lodged(stored: StoredExhibit) -> dict[str, Value]:
    """Return what was found of a file when it was lodged, for machines."""
    act, facts = stored.event.act, stored.read_facts()
    found = {name: facts.get(name) for name in ("scan", "warnings", "notices", "unshown", "detail")}
    if not isinstance(act, ExhibitLodged):
        return found
    return {"media": act.media, "size": act.size, "digest": act.digest, "form": act.form, "pieces": act.pieces, **found}


def tell_lodged(stored: StoredExhibit) -> Iterator[str]:
    """Yield what was found of a file when it was lodged: its kind, its pieces, and what stands in the way."""
    told = describe_lodged(stored)
    yield f"  {told.get('media') or 'of no known kind'}, {told.get('size')} bytes, SHA-256 {told.get('digest')}"
    yield f"  in {_count_pieces(told.get('pieces'))} of {_FORMS.get(str(told.get('form')), 'its bytes')}"
    yield f"  {_SCANS.get(str(told['scan']), 'The scanner could not scan it.')}"
    if told["unshown"] is not None:
        why = told["detail"] or _WHY_UNSHOWN.get(str(told["unshown"]), told["unshown"])
        yield f"  It is kept, and not shown: {why}"
    for name in ("warnings", "notices"):
        said = told[name]
        yield from (f"  Note: {one}" for one in (said if isinstance(said, list) else ()))


def tell_shown(shown: ShownExhibit, unknown: frozenset[PersonId]) -> Iterator[str]:
    """Yield an exhibit with all that is on record of it, as lines."""
    yield from tell_row(shown.row, unknown)
    claims = shown.entry.claims
    for name, told in _TOLD.items():
        value = claims.get(f"act.{name}")
        if value is not None:
            yield f"  {told}: {_FORMS.get(str(value), value) if name == 'form' else value}"
    for consent in shown.consents:
        met = consent.rule_met
        yield f"  Speaker {consent.speaker or PROTECTED}: consent {consent.state}; {met.result}: {met.because}"
    if shown.rule is not None:
        yield f"  The rule: {shown.rule.rule.title} ({shown.rule.citation})"
        yield f"    {shown.rule.text}"
        yield f"    Source: {shown.rule.rule.source}"
    for one in shown.about:
        yield f"  {_tell_at(one.at)}  entry {one.seq}: {one.act.partition('/')[0] or '(withheld)'}{_tell_said(one)}"
    if shown.made_of_it:
        yield f"  Made of it: {', '.join(shown.made_of_it)}"
    if shown.relied_on:
        yield f"  Relied on by entries {', '.join(str(one.seq) for one in shown.relied_on)}"
    if isinstance(shown.may_open, Refused):
        yield f"  Closed to you: {shown.may_open.because}"


def _tell_said(one: TimelineEntry) -> str:
    """Return who said what in an entry about an exhibit, as far as the viewer may see it."""
    claims = one.claims
    said = [_SAID.get((name, value), value) for name in _SAID_IN if (value := claims.get(f"act.{name}")) is not None]
    actor = f" by {claims['actor']}" if claims.get("actor") else ""
    return actor + (f": {'; '.join(map(str, said))}" if said else "")


def _tell_sight(one: Sight, *, lodged: bool) -> str:
    if lodged:
        return "lodged it"
    if one.sent_at is not None:
        return f"sent on paper {_tell_at(one.sent_at)}, not known to have arrived"
    if one.has_nothing:
        return "not given"
    had = f"since {_tell_at(one.has_since)}" if one.has_since else f"gist only, since {_tell_at(one.gist_since)}"
    return f"{had}, first opened {_tell_at(one.seen_at)}" if one.seen_at else f"{had}, not opened"


def _count_pieces(number: Value) -> str:
    return "one piece" if number == 1 else f"{number} pieces"


def _tell_at(at: datetime | None) -> str:
    return "" if at is None else encode_instant(at)
