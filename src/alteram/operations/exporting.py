"""Export a matter, or the part of it that a person may see, as one file anyone can verify offline."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from alteram.core.access import Reader, build_reader, find_visible_claims
from alteram.core.acts import find_spec
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.kernel.phrases import phrase
from alteram.core.record import ExportedEntry, ExportedStatement, write_export
from alteram.core.tlog import Note, TlogProof, encode_policy
from alteram.core.vault import OpenedEntry
from alteram.core.vault.leaves import PUBLIC
from alteram.operations.bounding import find_bounding_checkpoints
from alteram.operations.entries import Entered
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StoredEntry, StoreError
from alteram.operations.readings import read_from
from alteram.operations.receipts import PublishedLog, read_log

_PAGE = 4096


def export_matter(
    organisation: Organisation, stream: StreamId, target: BinaryIO, *, viewer: PersonId | None = None
) -> int:
    """Write the matter with what it rests on of the organisation's stream; return how many entries went in.

    With `viewer` each entry shows only what that person may see; without, everything that is still readable: for the
    custodian, who answers for whom it is given to. Receipts carry Ed25519 signatures only; the file's own checkpoint
    carries all of them, and older ones beside it bound when each entry was recorded (see `bounding`).
    Raises: StoreError when the matter is unknown, or nothing of it is open to `viewer`, or it is not wholly in the log
    yet.
    """
    if organisation.state(stream, fresh=True).head is None:
        raise _unknown()
    exporter = _Exporter(organisation, stream, viewer)
    return exporter.write(target)


def export_read(entered: Entered, target: BinaryIO, *, now: datetime) -> None:
    """Write what of a matter is open to whoever entered it, and keep that they read it.

    Raises: BusyError; StoreError when it is not wholly in the log yet. Then nothing was read.
    """
    export_matter(entered.organisation, entered.stream, target, viewer=entered.person)
    read_from(entered, 0, entered.facts.matter.head_seq + 1, now=now)


class _Exporter:
    def __init__(self, organisation: Organisation, matter: StreamId, viewer: PersonId | None) -> None:
        self._organisation = organisation
        self._ports = organisation.ports
        self._matter = matter
        self._viewer = viewer
        # Read once: another process may publish a larger log while this is written.
        self._published = read_log(organisation)
        self._log = _without_large_lines(self._published)
        self._digests: set[str] = set()

    def write(self, target: BinaryIO) -> int:
        ports = self._ports
        own = list(self._entries(self._matter))
        if not own:
            raise _unknown()
        entries = [*self._entries(ORGANISATION_STREAM), *own]
        write_export(
            target,
            organisation=ports.organisation,
            matter=self._matter,
            checkpoint=self._published.note,
            policy=encode_policy(ports.policy),
            entries=entries,
            statements=self._statements(),
            checkpoints=find_bounding_checkpoints(ports, self._published, entries),
            rulebooks=[ports.store.get_document(ports.organisation, one) for one in sorted(self._digests)],
            packs=self._packs(),
        )
        return len(entries)

    def _entries(self, stream: StreamId) -> Iterator[ExportedEntry]:
        facts = self._organisation.facts(stream, fresh=True)
        reader = build_reader(facts, self._organisation.governing(stream), self._viewer)
        for stored in self._ports.store.load(self._ports.organisation, stream):
            opened = self._organisation.open(stored)
            if opened is None:
                continue
            entry = self._entry(stored, opened, reader)
            # Who has no part in the matter is not even told how many entries it has.
            if self._viewer is None or stream != self._matter or reader.has_part or entry.presentation.disclosures:
                yield entry

    def _entry(self, stored: StoredEntry, opened: OpenedEntry, reader: Reader) -> ExportedEntry:
        presentation = opened.presentation
        match presentation.claims.get("ruling"):
            case {"rulebook": str() as digest}:
                self._digests.add(digest)
            case _:
                pass
        if self._viewer is not None:
            tag = presentation.claims.get("act")
            spec = find_spec(tag) if isinstance(tag, str) else None
            visible = () if spec is None else find_visible_claims(reader, spec, presentation.claims)
            presentation = presentation.redact(visible)
        receipt = self._receipt(stored, b"\x01" + opened.blinding)
        return ExportedEntry(stored.stream, stored.seq, presentation, receipt)

    def _receipt(self, stored: StoredEntry, extra: bytes) -> TlogProof:
        index = self._ports.store.find_index(self._ports.organisation, stored.stream, stored.seq)
        if index is None or index >= self._log.checkpoint.size:
            raise StoreError(
                phrase("The newest entries are not in the log yet."), remedy=phrase("Wait a second and export again.")
            )
        return self._log.build_receipt(index, extra)

    def _statements(self) -> Iterator[ExportedStatement]:
        """Yield each public statement once: a founding that was cut short may have published its record key twice."""
        told: set[bytes] = set()
        for first in range(0, self._log.checkpoint.size, _PAGE):
            for leaf in self._ports.store.leaves(self._ports.organisation, first, _PAGE):
                if leaf.leaf[:1] == PUBLIC and leaf.leaf not in told and leaf.index < self._log.checkpoint.size:
                    told.add(leaf.leaf)
                    yield ExportedStatement(leaf.leaf, self._log.build_receipt(leaf.index))

    def _packs(self) -> list[bytes]:
        digests = {one.digest for digest in self._digests for one in self._organisation.rulebook(digest).builds_on}
        return [self._ports.store.get_document(self._ports.organisation, one) for one in sorted(digests)]


def _unknown() -> StoreError:
    return StoreError(
        phrase("There is no such matter, or it is not open to you."), remedy=phrase("See `alteram matter list`.")
    )


def _without_large_lines(log: PublishedLog) -> PublishedLog:
    """Leave the large signatures to the export's own checkpoint: thousands of receipts would repeat them."""
    small = tuple(line for line in log.note.lines if len(line.signature) < 1000)
    return PublishedLog(Note(log.note.text, small or log.note.lines), log.checkpoint, log.range_root)
