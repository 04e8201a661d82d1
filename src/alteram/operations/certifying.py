"""Certificates of a matter: issued for outsiders, kept as they were issued, published where the organisation says so.

Who may issue one is said by the catalogue of acts, or by the rulebook in its place. That it was issued, by whom and for
whom, stands in the register of who read what: what a matter came to has left it. The matter's own stream does not
change, so one that is closed stays closed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from weakref import WeakKeyDictionary

from alteram.core.access.parts import KEEPERS
from alteram.core.acts import CertificateIssued, CertificatePublished, get_spec
from alteram.core.acts.fields import Act
from alteram.core.certificates import (
    FORMAT,
    Certificate,
    Cosigner,
    Measures,
    OlderCheckpoint,
    Placed,
    PublishedKey,
    build_certificate_digest,
    sign_certificate,
    tell,
)
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, READINGS_STREAM, PersonId, StreamId
from alteram.core.kernel.instants import encode_instant
from alteram.core.kernel.outcomes import Allowed
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import StreamFacts
from alteram.core.matters.keys import build_key_ring
from alteram.core.rules import Pack, build_digest, encode_rulebook, parse_canonical_pack
from alteram.core.tlog import (
    build_range_root,
    encode_policy,
    is_witnessed,
    parse_checkpoint,
)
from alteram.core.vault import RecordKey, encode_base64url, is_signed_by_passkey, parse_statement_leaf
from alteram.core.vault.leaves import PUBLIC
from alteram.operations.bounding import find_covering_checkpoints
from alteram.operations.entries import Entered
from alteram.operations.health import IsNear
from alteram.operations.organisation import FOUNDING_DIGEST, Organisation, find_governing
from alteram.operations.perform import BusyError
from alteram.operations.ports import StaleReadError, StoreError
from alteram.operations.questions import UnknownMatterError
from alteram.operations.receipts import PublishedLog, read_log
from alteram.operations.recording import Batch, Proposal
from alteram.operations.signing import choose_record_key

_TRIES: Final = 32
_PAGE: Final = 4096
#: How many packs one certificate measures by, beside the rulebook.
MOST_PACKS: Final = 32


class CertificateError(AlteramError):
    """No certificate can be issued, published or shown here."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate that was issued: its file's digest, when, by whom and for whom, as far as whoever asks may know."""

    digest: str
    at: datetime
    by: PersonId | None
    to: str
    is_public: bool


def may_issue(entered: Entered) -> bool:
    """Return whether whoever entered the matter may issue a certificate of it."""
    return _may(entered, CertificateIssued)


def may_publish(entered: Entered) -> bool:
    """Return whether whoever entered the matter may publish a certificate of it for the organisation."""
    return _may(entered, CertificatePublished)


def _may(entered: Entered, act: type[Act]) -> bool:
    spec = get_spec(act)
    rule = entered.rulebook.find_act_rule(spec.name)
    return not frozenset(spec.by if rule is None else rule.by).isdisjoint(entered.reader.roles)


def issue_certificate(
    entered: Entered, packs: Iterable[Pack], *, to: str = "", is_near: IsNear, now: datetime
) -> bytes:
    """Return a certificate of the matter as it stands, kept and entered in the register as issued.

    Raises: CertificateError where whoever entered may not issue one; StoreError where the newest entries are not in the
    log, or no witness has signed it yet; BusyError.
    """
    if not may_issue(entered):
        raise CertificateError(
            phrase("Your part in this matter does not let you issue a certificate."),
            remedy=phrase("Ask the case manager or the secretary."),
        )
    data = build_certificate(entered, packs, is_near=is_near, now=now)
    digest = build_certificate_digest(data)
    ports = entered.organisation.ports
    ports.store.put_document(ports.organisation, digest, data)
    _keep(entered, CertificateIssued(stream=entered.stream, digest=digest, to=to.strip() or None), now)
    return data


def build_certificate(entered: Entered, packs: Iterable[Pack], *, is_near: IsNear, now: datetime) -> bytes:
    """Return a certificate of the matter as it stands; nothing is recorded. Raises: CertificateError, StoreError."""
    return _Writer(entered, tuple(packs), is_near, now.replace(microsecond=0)).write()


class _Writer:
    def __init__(self, entered: Entered, packs: tuple[Pack, ...], is_near: IsNear, now: datetime) -> None:
        self._entered, self._is_near, self._now = entered, is_near, now
        self._organisation, self._ports = entered.organisation, entered.organisation.ports
        self._packs = packs
        self._log = _read_witnessed_log(entered.organisation)

    def write(self) -> bytes:
        leaves, by_person = self._read_entries()
        measures = self._find_measures()
        told = tell(self._entered.facts, measures, self._now, by_person)
        ends = {0, self._entered.facts.matter.head_seq}
        entries = [self._place(self._entered.stream, seq, leaves[seq]) for seq in sorted(ends | told.entries)]
        organisation = self._place_organisation()
        key = choose_record_key(self._ports, build_key_ring(self._entered.facts.organisation))
        older = find_covering_checkpoints(self._ports, self._log, [one.index for one in entries])
        certificate = Certificate(
            as_of=encode_instant(self._now),
            checkpoint=self._log.note.encode(),
            checkpoints=tuple(
                OlderCheckpoint(note=one.note.encode(), consistency=tuple(map(encode_base64url, one.consistency)))
                for one in older
            ),
            departures=told.departures,
            entries=tuple(entries),
            format=FORMAT,
            matter=told.matter,
            organisation=self._ports.organisation,
            organisation_entry=organisation,
            policy=encode_policy(self._ports.policy).decode("utf-8", "surrogateescape"),
            record_key=self._publish(key),
            requirements=told.requirements,
            results=told.results,
            rules=measures.describe(),
            witnesses=tuple(self._find_witnesses()),
        )
        return sign_certificate(certificate, key)

    def _read_entries(self) -> tuple[dict[int, bytes], frozenset[int]]:
        """Return the leaf hash of each entry of the matter, and which entries a passkey signed."""
        leaves: dict[int, bytes] = {}
        signed: set[int] = set()
        for stored in self._ports.store.load(self._ports.organisation, self._entered.stream):
            if stored.seq > self._entered.facts.matter.head_seq:
                break
            leaves[stored.seq] = stored.leaf_hash
            opened = self._organisation.open(stored)
            if opened is not None and is_signed_by_passkey(opened.presentation.claims):
                signed.add(stored.seq)
        return leaves, frozenset(signed)

    def _place(self, stream: StreamId, seq: int, leaf_hash: bytes) -> Placed:
        index = self._ports.store.find_index(self._ports.organisation, stream, seq)
        if index is None or index >= self._log.checkpoint.size:
            raise StoreError(
                phrase("The newest entries are not in a witnessed log yet."),
                remedy=phrase("Wait a second and ask again."),
            )
        path = tuple(map(encode_base64url, self._log.build_receipt(index).hashes))
        return Placed(seq=seq, index=index, leaf=encode_base64url(leaf_hash), path=path)

    def _place_organisation(self) -> Placed:
        seq = self._entered.facts.organisation.head_seq
        stored = next(iter(self._ports.store.load(self._ports.organisation, ORGANISATION_STREAM, seq - 1, limit=1)))
        return self._place(ORGANISATION_STREAM, seq, stored.leaf_hash)

    def _find_measures(self) -> Measures:
        state = self._organisation.state(self._entered.stream)
        digest = find_governing(state, self._entered.facts.organisation)
        if digest == FOUNDING_DIGEST:
            raise CertificateError(
                phrase("No rulebook is adopted yet: there is nothing to measure by."),
                remedy=phrase("Adopt a rulebook first."),
            )
        if len(self._packs) > MOST_PACKS:
            raise CertificateError(phrase("These are too many packs."), remedy=phrase("Choose fewer."))
        get = self._ports.store.get_document
        built_on = [one.digest for one in self._entered.rulebook.builds_on]
        return Measures(
            self._entered.rulebook,
            digest,
            tuple((one, parse_canonical_pack(get(self._ports.organisation, one))) for one in built_on),
            tuple({build_digest(encode_rulebook(one)): one for one in self._packs}.items()),
        )

    def _publish(self, key: RecordKey) -> PublishedKey:
        index, leaf = _find_statement(self._organisation, key, self._log.checkpoint.size)
        path = tuple(map(encode_base64url, self._log.build_receipt(index).hashes))
        return PublishedKey(index=index, path=path, statement=leaf[1:].decode())

    def _find_witnesses(self) -> Iterator[Cosigner]:
        signed = {line.name for line in self._log.note.lines} - {self._log.checkpoint.origin}
        apart = {name: not self._is_near(url) for name, url in self._find_addresses()}
        # Of whom the policy knows no address nobody can say that it stands on its own.
        return (Cosigner(independent=apart.get(name, False), name=name) for name in sorted(signed))

    def _find_addresses(self) -> Iterator[tuple[str, str]]:
        return ((one.key.name, one.url or "") for one in self._ports.policy.witnesses)


def _read_witnessed_log(organisation: Organisation) -> PublishedLog:
    """Return the log under the newest checkpoint that satisfies the policy. Raises: StoreError where there is none."""
    log, ports = read_log(organisation), organisation.ports
    # With no quorum the log alone vouches, and the certificate says so.
    if ports.policy.quorum == "none" or is_witnessed(log.note, ports.policy):
        return log
    note = ports.store.newest_witnessed_checkpoint(ports.organisation, ports.origin)
    if note is None or parse_checkpoint(note.text).size > log.checkpoint.size:
        raise StoreError(
            phrase("No witness has signed the log yet."), remedy=phrase("Wait until one answers, and ask again.")
        )
    checkpoint = parse_checkpoint(note.text)
    return PublishedLog(note, checkpoint, build_range_root(checkpoint.size, ports.tiles.get_tile))


_statements: "WeakKeyDictionary[Organisation, dict[bytes, tuple[int, bytes]]]" = WeakKeyDictionary()


def _find_statement(organisation: Organisation, key: RecordKey, size: int) -> tuple[int, bytes]:
    """Return where the log published a record key, and the leaf; looked for once, for it never moves."""
    known = _statements.setdefault(organisation, {})
    if key.public not in known:
        known[key.public] = _search_statement(organisation, key, size)
    return known[key.public]


def _search_statement(organisation: Organisation, key: RecordKey, size: int) -> tuple[int, bytes]:
    ports, public = organisation.ports, encode_base64url(key.public)
    for first in range(0, size, _PAGE):
        for one in ports.store.leaves(ports.organisation, first, _PAGE):
            if one.leaf[:1] != PUBLIC or one.index >= size:
                continue
            statement = parse_statement_leaf(one.leaf)
            if (statement["statement"], statement.get("key"), statement.get("kid")) == ("record-key", public, key.kid):
                return one.index, one.leaf
    raise StoreError(
        phrase("The record key is not in a witnessed log yet."), remedy=phrase("Wait a second and ask again.")
    )


# -- the register


def _keep(entered: Entered, act: CertificateIssued | CertificatePublished, now: datetime) -> None:
    """Enter an act in the register of readings. Raises: BusyError when others keep writing to it; StoreError."""
    organisation = entered.organisation
    for turn in range(_TRIES):
        register = organisation.state(READINGS_STREAM, fresh=turn > 0).facts
        # The register's time never runs backwards, whatever clock the last reading was kept by.
        batch = Batch(organisation, max(now.replace(microsecond=0), register.last_at or now), fresh=False)
        proposal = Proposal(READINGS_STREAM, act, entered.person)
        batch.add(proposal, batch.build_event(batch.facts(READINGS_STREAM), proposal), Allowed("register"))
        try:
            batch.store()
        except StaleReadError:
            continue
        return
    raise BusyError(phrase("Others are reading at the same time."), remedy=phrase("Try again in a moment."))


def find_issued(entered: Entered, digest: str | None = None) -> tuple[Issued, ...]:
    """Return the certificates of the matter, the newest first, each as far as whoever entered may know of it.

    With `digest`, those of this digest alone: of others it is not read for whom they were issued. That is told to who
    issued it, and to those who keep the matter.
    """
    organisation, reader = entered.organisation, entered.reader
    register = organisation.state(READINGS_STREAM, fresh=True).facts
    public, keeps = _find_public(register), not KEEPERS.isdisjoint(reader.roles)
    found = []
    for event in reversed(register.all(CertificateIssued)):
        if event.act.stream == entered.stream and digest in {None, event.act.digest}:
            known = event.actor not in reader.unknown
            told = event.act.to is not None and (keeps or event.actor == reader.person)
            to = _read_to(organisation, event.seq) if told else ""
            is_public = public.get(event.act.digest) == entered.stream
            found.append(Issued(event.act.digest, event.recorded_at, event.actor if known else None, to, is_public))
    return tuple(found)


def _read_to(organisation: Organisation, seq: int) -> str:
    ports = organisation.ports
    stored = next(iter(ports.store.load(ports.organisation, READINGS_STREAM, seq - 1, limit=1)))
    opened = organisation.open(stored)
    to = None if opened is None else opened.presentation.claims.get("act.to")
    return to if isinstance(to, str) else ""


def get_issued(entered: Entered, digest: str) -> bytes:
    """Return a certificate of the matter as it was issued. Raises: UnknownMatterError where none has this digest."""
    register = entered.organisation.state(READINGS_STREAM, fresh=True).facts
    if not any((one.act.stream, one.act.digest) == (entered.stream, digest) for one in register.all(CertificateIssued)):
        raise _unknown()
    ports = entered.organisation.ports
    return ports.store.get_document(ports.organisation, digest)


def publish_certificate(entered: Entered, digest: str, *, withdrawn: bool = False, now: datetime) -> None:
    """Publish a certificate of the matter, or take it back.

    Raises: CertificateError, UnknownMatterError, BusyError, StoreError.
    """
    if not may_publish(entered):
        raise CertificateError(
            phrase("Your part in this matter does not let you publish a certificate."),
            remedy=phrase("Ask the secretary."),
        )
    get_issued(entered, digest)
    register = entered.organisation.state(READINGS_STREAM, fresh=True).facts
    if (_find_public(register).get(digest) is None) is not withdrawn:
        _keep(entered, CertificatePublished(stream=entered.stream, digest=digest, withdrawn=withdrawn), now)


def find_published(organisation: Organisation, digest: str) -> bytes:
    """Return a published certificate, to anybody.

    Raises: UnknownMatterError where none of this digest is published.
    """
    register = organisation.state(READINGS_STREAM, fresh=True).facts
    if _find_public(register).get(digest) is None:
        raise _unknown()
    return organisation.ports.store.get_document(organisation.ports.organisation, digest)


def _find_public(register: StreamFacts) -> dict[str, StreamId]:
    return register.work_out((CertificatePublished,), _build_public)


def _build_public(register: StreamFacts, _reads: tuple[type[Act], ...]) -> dict[str, StreamId]:
    public: dict[str, StreamId] = {}
    for event in register.all(CertificatePublished):
        if event.act.withdrawn:
            public.pop(event.act.digest, None)
        else:
            public[event.act.digest] = event.act.stream
    return public


def _unknown() -> UnknownMatterError:
    return UnknownMatterError(
        phrase("There is no such certificate, or it is not open to you."),
        remedy=phrase("Ask who gave you its address."),
    )
