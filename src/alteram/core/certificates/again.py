"""A certificate beside the matter's export: the same entries, the rules it names, and the same answer once more.

Steps 7 to 9 of docs/spec/certificate.md section 4. What an export withholds cannot be repeated, and that is said; what
is there must come out as the certificate says. It takes the rules from the export, or from `documents` by digest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Final, TypeAlias

from msgspec import structs

from alteram.core.acts import HistoryEntered, MatterAccepted, get_spec
from alteram.core.certificates.errors import verifying
from alteram.core.certificates.findings import Measures, Told, tell
from alteram.core.certificates.form import Certificate, Placed, RequirementLine, ResultLine
from alteram.core.certificates.keys_in_force import check_key_in_force, find_published_keys
from alteram.core.certificates.verification import VerifiedCertificate
from alteram.core.certificates.words import check_words, find_enclosed_rules
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, StreamId
from alteram.core.matters import AnyEvent, Facts, StreamFacts, WithheldEntry, find_adoption, fold_events
from alteram.core.matters.loading import build_event_from_claims
from alteram.core.record.archive import Archive
from alteram.core.record.errors import RecordError
from alteram.core.record.verification import VerificationReport, VerifiedEntry, iterate_entries, verify_export
from alteram.core.rules import build_digest, parse_canonical_pack, parse_canonical_rulebook
from alteram.core.tlog import Policy
from alteram.core.vault import encode_base64url, is_signed_by_passkey

_ACCEPTED: Final = get_spec(MatterAccepted).tag
_NOBODY: Final[Mapping[str, bytes]] = {}
_Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Repeated:
    """What a certificate and an export show together.

    `matched` entries are the same in both, `absent` ones are not in the export. `repeated` lines came out the same
    again; `open_lines` could not be asked, for the reasons in `why_open`. Digests of rules that were not at hand are in
    `absent_rules`. `is_key_shown`: the export shows that the record key was in force, and does not only not deny it.
    """

    report: VerificationReport
    matched: int
    absent: tuple[int, ...]
    repeated: int
    open_lines: int
    why_open: tuple[str, ...]
    absent_rules: tuple[str, ...]
    is_key_shown: bool

    @property
    def is_whole(self) -> bool:
        """Return whether every line was worked out again."""
        return self.open_lines == 0


@dataclass(slots=True)
class _Read:
    """The two streams as the export shows them, up to where the certificate was written."""

    events: dict[str, list[AnyEvent | WithheldEntry]] = field(default_factory=dict)
    entries: dict[tuple[str, int], tuple[bytes, int]] = field(default_factory=dict)
    by_person: set[int] = field(default_factory=set)
    organisation: dict[int, VerifiedEntry] = field(default_factory=dict)
    hides_authors: bool = False
    governing: str | None = None


def repeat_certificate(
    verified: VerifiedCertificate,
    source: BinaryIO,
    policy: Policy | None = None,
    documents: Mapping[str, bytes] = _NOBODY,
) -> Repeated:
    """Return what an export of the matter adds to a verified certificate.

    Raises: RecordError where the export does not verify, is of another matter, or contradicts the certificate.
    """
    report = verify_export(source, policy)
    said = verified.certificate
    _check_same(said, report, verified)
    matter = StreamId(report.matter)
    read = _read(source, policy, said, matter)
    matched, absent = _match(said, read, matter)
    archive = Archive(source)
    with verifying("record_key"):
        published, last = find_published_keys(archive), said.organisation_entry.seq
        is_key_shown = check_key_in_force(verified.key, read.organisation, published, last)
    rules = _find_rules(said, archive, documents)
    check_words(said, rules)
    facts = Facts(_fold(read, ORGANISATION_STREAM, said.organisation_entry.seq), _fold(read, matter, _last(said)))
    _check_governing(said, read, facts)
    repeated, open_lines, why = _assess_again(said, facts, rules, read, verified.as_of)
    return Repeated(
        report=report,
        matched=matched,
        absent=absent,
        repeated=repeated,
        open_lines=open_lines,
        why_open=why,
        absent_rules=tuple(one.digest for one in said.rules if one.digest not in rules),
        is_key_shown=is_key_shown,
    )


def _last(said: Certificate) -> int:
    return said.matter.entries - 1


def _check_same(said: Certificate, report: VerificationReport, verified: VerifiedCertificate) -> None:
    """Spec C4, step 7."""
    if report.organisation != said.organisation:
        raise RecordError("certificate.organisation", "The export is of another organisation.", where="organisation")
    if report.checkpoint.origin != verified.checkpoint.origin:
        raise RecordError("certificate.log", "The export is under another log.", where="checkpoint")


def _read(source: BinaryIO, policy: Policy | None, said: Certificate, matter: StreamId) -> _Read:
    read, last = _Read(), {ORGANISATION_STREAM: said.organisation_entry.seq, matter: _last(said)}
    as_stated = False
    for entry in iterate_entries(source, policy):
        _, stream, number = entry.name.removesuffix(".sd-jwt").split("/")
        seq = int(number)
        if seq > last.get(StreamId(stream), -1):
            continue
        event = build_event_from_claims(seq, entry.claims, as_stated=as_stated and stream == matter)
        as_stated |= stream == matter and not isinstance(event, WithheldEntry) and isinstance(event.act, HistoryEntered)
        read.events.setdefault(stream, []).append(event)
        read.entries[stream, seq] = entry.leaf_hash, entry.index
        if stream == matter:
            _read_of_matter(read, entry, seq)
        elif stream == ORGANISATION_STREAM:
            read.organisation[seq] = entry
    return read


def _read_of_matter(read: _Read, entry: VerifiedEntry, seq: int) -> None:
    read.hides_authors |= entry.author == "withheld"
    if entry.author == "verified" and is_signed_by_passkey(entry.claims):
        read.by_person.add(seq)
    if entry.claims.get("act") == _ACCEPTED and entry.claims.get("reported", ...) is None:
        match entry.claims.get("ruling"):
            case {"rulebook": str() as digest}:
                read.governing = digest
            case _:
                pass


def _match(said: Certificate, read: _Read, matter: StreamId) -> tuple[int, tuple[int, ...]]:
    """Return how many entries are the same, and which the export does not hold."""
    matched, absent = 0, []
    named: list[tuple[str, Placed]] = [(matter, one) for one in said.entries]
    for stream, one in (*named, (ORGANISATION_STREAM, said.organisation_entry)):
        found = read.entries.get((stream, one.seq))
        if found is None:
            absent += [one.seq] if stream == matter else []
        elif (encode_base64url(found[0]), found[1]) != (one.leaf, one.index):
            raise RecordError("certificate.entries", "The export holds another entry.", where=f"entries/{one.seq}")
        else:
            matched += stream == matter
    if not matched:
        raise RecordError("certificate.matter", "The export is of another matter.", where="entries")
    return matched, tuple(absent)


def _fold(read: _Read, stream: StreamId, last: int) -> StreamFacts:
    """Return what is known of a stream; an entry that the export does not hold is known to exist, and no more."""
    known = {event.seq: event for event in read.events.get(stream, [])}
    return fold_events(StreamFacts.empty(stream), [known.get(seq) or WithheldEntry(seq) for seq in range(last + 1)])


def _find_rules(said: Certificate, archive: Archive, documents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Spec C4, step 8: the rules that are at hand, by digest."""
    found = find_enclosed_rules(said)
    for one in said.rules:
        name = f"{'rulebooks' if one.kind == 'rulebook' else 'packs'}/{one.digest}.json"
        data = archive.read(name) if name in archive else documents.get(one.digest)
        if data is not None and build_digest(data) == one.digest:
            found[one.digest] = data
    return found


def _check_governing(said: Certificate, read: _Read, facts: Facts) -> None:
    adoption = find_adoption(facts.organisation)
    governing = read.governing or (None if adoption is None else adoption.digest)
    hidden = facts.organisation.withheld or facts.matter.withheld
    if governing != said.rules[0].digest and not hidden:
        raise RecordError("certificate.rules", "Another rulebook governs the matter.", where="rules/0")


def _assess_again(
    said: Certificate, facts: Facts, rules: Mapping[str, bytes], read: _Read, now: datetime
) -> tuple[int, int, tuple[str, ...]]:
    """Spec C4, step 9."""
    total = len(said.requirements) + len(said.results)
    if said.rules[0].digest not in rules:
        return 0, total, ("the rulebook is not at hand",)
    told = tell(facts, _build_measures(said, rules), now, frozenset(read.by_person))
    withheld = len(facts.matter.withheld) - said.matter.destroyed
    whole = withheld <= 0 and not facts.organisation.withheld
    same, open_lines = 0, 0
    for key, line, again in _pair(said, told):
        if again is None or line.elsewhere:
            open_lines += 1
        elif _agree(line, again, signed=not read.hides_authors):
            same += 1
        elif whole:
            raise RecordError(
                "certificate.result", "Worked out again, it comes to something else.", where="/".join(key)
            )
        else:
            open_lines += 1
    if whole:
        _check_matter(said, told, signed=not read.hides_authors)
    return same, open_lines, tuple(_tell_why(said, rules, withheld=withheld, whole=whole))


def _build_measures(said: Certificate, rules: Mapping[str, bytes]) -> Measures:
    packs = {
        kind: tuple(
            (one.digest, parse_canonical_pack(rules[one.digest]))
            for one in said.rules
            if one.kind == kind and one.digest in rules
        )
        for kind in ("built-on", "pack")
    }
    book = said.rules[0].digest
    return Measures(parse_canonical_rulebook(rules[book]), book, packs["built-on"], packs["pack"])


_Pair: TypeAlias = "tuple[_Key, RequirementLine | ResultLine, RequirementLine | ResultLine | None]"


def _pair(said: Certificate, told: Told) -> Iterable[_Pair]:
    for where, lines, again in (
        ("requirements", said.requirements, told.requirements),
        ("results", said.results, told.results),
    ):
        known = {(one.by, one.id): one for one in again}
        for line in lines:
            yield (where, line.id), line, known.get((line.by, line.id))


def _agree(line: RequirementLine | ResultLine, again: RequirementLine | ResultLine, *, signed: bool) -> bool:
    known = (line.result, line.uncontradicted, line.entries)
    return known == (again.result, again.uncontradicted, again.entries) and not (signed and line.signed != again.signed)


def _check_matter(said: Certificate, told: Told, *, signed: bool) -> None:
    # Who hides the authors hides whether a passkey signed.
    matter = told.matter if signed else structs.replace(told.matter, signed=said.matter.signed)
    if matter != said.matter or told.departures != said.departures:
        raise RecordError("certificate.counts", "Counted again, the matter has other numbers.", where="matter")


def _tell_why(said: Certificate, rules: Mapping[str, bytes], *, withheld: int, whole: bool) -> Iterable[str]:
    if any(one.elsewhere for one in said.requirements) or any(one.elsewhere for one in said.results):
        yield "some rest on linked matters, which are not in the export"
    if any(one.digest not in rules for one in said.rules):
        yield "some rules are not at hand"
    if withheld > 0:
        yield f"{withheld} entries are withheld or destroyed since"
    elif not whole:
        yield "entries of the organisation are withheld"
