"""Verify a certificate from the file and a policy alone: no network, no database, no clock, no export.

Steps, as docs/spec/certificate.md section 4 numbers them:
 1. the file: size, spelling, form, format
 2. the checkpoint: signed by the log and by the policy's quorum of witnesses; older ones: signed by the log, continued
 3. the statement that publishes the record key is in the log, and is this organisation's
 4. the record key signed the certificate
 5. every entry it rests on is in the log, in the order of its stream
 6. what it says hangs together: order, rules, entries, counts, witnesses
It does not say that a result is right: for that the matter's export is assessed again, see `again`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from alteram.core.certificates.errors import verifying
from alteram.core.certificates.form import (
    SHOWN_FIRST,
    Certificate,
    OlderCheckpoint,
    Placed,
    RequirementLine,
    ResultLine,
    build_certificate_digest,
    build_signed_bytes,
    parse_certificate_unverified,
)
from alteram.core.certificates.words import check_words, find_enclosed_rules
from alteram.core.kernel.identifiers import parse_identifier
from alteram.core.kernel.instants import parse_instant
from alteram.core.record.bounds import Bound, Checkpoints, DatedCheckpoint, date_checkpoint
from alteram.core.record.errors import RecordError
from alteram.core.record.heads import read_record_key, verify_older
from alteram.core.tlog import (
    Checkpoint,
    Policy,
    hash_leaf,
    parse_checkpoint,
    parse_note_unverified,
    parse_policy,
    verify_checkpoint_note,
)
from alteram.core.tlog.merkle import verify_inclusion
from alteram.core.vault import decode_base64url, parse_statement_leaf

_PUBLIC = b"\x03"


@dataclass(frozen=True, slots=True)
class VerifiedCertificate:
    """A certificate, verified as far as it goes by itself.

    `kid` and `key` are the organisation's record key. `recorded_by` says by when each entry was in the log, by its
    number; `dated` when the certificate's own checkpoint was signed: the certificate is no older than that.
    """

    certificate: Certificate
    digest: str
    kid: str
    key: bytes
    as_of: datetime
    checkpoint: Checkpoint
    dated: DatedCheckpoint
    cosigned_by: tuple[str, ...]
    recorded_by: Mapping[int, Bound]
    is_policy_its_own: bool

    @property
    def is_witnessed(self) -> bool:
        """Return whether anybody but the log vouches for the checkpoint."""
        return bool(self.cosigned_by)


def verify_certificate(data: bytes, policy: Policy | None = None) -> VerifiedCertificate:
    """Return a certificate, every step verified; without `policy` by the one inside, which the result says.

    Raises: RecordError naming what does not verify, and where.
    """
    certificate, signature = parse_certificate_unverified(data)
    return _Verifier(certificate, policy).verify(signature, build_certificate_digest(data))


class _Verifier:
    def __init__(self, certificate: Certificate, policy: Policy | None) -> None:
        self._said = certificate
        self._given = policy
        self._indices: set[int] = set()

    def verify(self, signature: bytes, digest: str) -> VerifiedCertificate:
        with verifying("organisation"):
            parse_identifier(self._said.organisation)
        with verifying("as_of"):
            as_of = parse_instant(self._said.as_of)
        self._verify_checkpoints()
        kid, key = self._verify_key()
        _verify_signature(self._said, key, signature)
        self._verify_entries()
        _check_lines(self._said)
        check_words(self._said, find_enclosed_rules(self._said))
        self._check_witnesses()
        bounds = Checkpoints(self._older, self._dated)
        recorded = {one.seq: bounds.bound(one.index, None).not_after for one in self._said.entries}
        return VerifiedCertificate(
            certificate=self._said,
            digest=digest,
            kid=kid,
            key=key,
            as_of=as_of,
            checkpoint=self._checkpoint,
            dated=self._dated,
            cosigned_by=self._cosigned,
            recorded_by={seq: bound for seq, bound in recorded.items() if bound is not None},
            is_policy_its_own=self._given is None,
        )

    def _verify_checkpoints(self) -> None:
        """Spec C4, step 2."""
        with verifying("policy"):
            enclosed = parse_policy(self._said.policy.encode())
            self._policy = enclosed if self._given is None else self._given
        with verifying("checkpoint"):
            note = self._note = parse_note_unverified(self._said.checkpoint.encode())
            self._checkpoint = parse_checkpoint(note.text)
            signed = verify_checkpoint_note(note, self._policy, self._checkpoint.origin)
        witnesses = {one.key for one in self._policy.witnesses}
        self._cosigned = tuple(sorted({one.key.name for one in signed if one.key in witnesses}))
        self._dated = date_checkpoint(self._checkpoint, signed, self._policy)
        self._older = [self._verify_older(at, one) for at, one in enumerate(self._said.checkpoints)]
        sizes = [one.size for one in self._older]
        if sizes != sorted(set(sizes)):
            raise RecordError("certificate.checkpoints", "Older checkpoints are not in order.", where="checkpoints")

    def _verify_older(self, at: int, one: OlderCheckpoint) -> DatedCheckpoint:
        with verifying(f"checkpoints/{at}"):
            return verify_older(one.note, one.consistency, self._checkpoint, self._policy)

    def _verify_key(self) -> tuple[str, bytes]:
        """Spec C4, step 3."""
        published = self._said.record_key
        with verifying("record_key"):
            leaf = _PUBLIC + published.statement.encode()
            statement = parse_statement_leaf(leaf)
            self._verify_place(published.index, hash_leaf(leaf), published.path)
            return read_record_key(statement, self._said.organisation)

    def _verify_entries(self) -> None:
        """Spec C4, step 5."""
        said = self._said
        for one in said.entries:
            with verifying(f"entries/{one.seq}"):
                self._verify_entry(one)
        with verifying("organisation_entry"):
            self._verify_entry(said.organisation_entry)
        seqs, indices = [one.seq for one in said.entries], [one.index for one in said.entries]
        ends = {0, said.matter.entries - 1}
        if seqs != sorted(set(seqs)) or indices != sorted(indices) or not ends <= set(seqs) or max(ends) < max(seqs):
            raise RecordError(
                "certificate.entries",
                "Its entries are not those of a stream, first and last among them.",
                where="entries",
            )

    def _verify_entry(self, one: Placed) -> None:
        self._verify_place(one.index, decode_base64url(one.leaf), one.path)

    def _verify_place(self, index: int, leaf_hash: bytes, path: Sequence[str]) -> None:
        verify_inclusion(
            leaf_hash=leaf_hash,
            index=index,
            size=self._checkpoint.size,
            proof=tuple(map(decode_base64url, path)),
            root=self._checkpoint.root,
        )
        if index in self._indices:
            raise RecordError("receipt.index", "Two members are the same leaf of the log.")
        self._indices.add(index)

    def _check_witnesses(self) -> None:
        # By names alone: a reader's own policy may know fewer witnesses, and says which of them it vouches for.
        signed = {line.name for line in self._note.lines} - {self._checkpoint.origin}
        if [one.name for one in self._said.witnesses] != sorted(signed):
            raise RecordError(
                "certificate.witnesses", "Its witnesses are not those who signed its checkpoint.", where="witnesses"
            )


def _verify_signature(certificate: Certificate, key: bytes, signature: bytes) -> None:
    """Spec C4, step 4."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, build_signed_bytes(certificate))
    except (InvalidSignature, ValueError) as error:
        raise RecordError(
            "certificate.signature", "The record key did not sign this certificate.", where="signature"
        ) from error


def _check_lines(certificate: Certificate) -> None:
    """Spec C4, step 6."""
    kinds = {one.digest: one.kind for one in certificate.rules}
    digests = [one.digest for one in certificate.rules]
    if not digests or digests[1:] != sorted(set(digests[1:])) or len(kinds) != len(digests):
        raise RecordError("certificate.rules", "The rules are not in order.", where="rules")
    if [one.kind == "rulebook" for one in certificate.rules] != [True, *[False] * (len(digests) - 1)]:
        raise RecordError("certificate.rules", "It is not measured by one rulebook.", where="rules")
    _check_group(certificate, "requirements", certificate.requirements, {"rulebook", "pack"}, kinds)
    _check_group(certificate, "results", certificate.results, {"pack", "built-on"}, kinds)
    shown = {one.seq for one in certificate.entries}
    if not shown.issuperset((*certificate.matter.alleged, *(one.entry for one in certificate.departures))):
        raise RecordError("certificate.entries", "It speaks of an entry of which it holds no proof.", where="matter")
    matter = certificate.matter
    if max(matter.signed, matter.destroyed, matter.asserted) > matter.entries:
        raise RecordError("certificate.counts", "It counts more than the matter has entries.", where="matter")


def _check_group(
    certificate: Certificate,
    where: str,
    lines: Sequence[RequirementLine | ResultLine],
    allowed: set[str],
    kinds: Mapping[str, str],
) -> None:
    shown = {one.seq for one in certificate.entries}
    ranks = [SHOWN_FIRST.index(one.result) for one in lines]
    if ranks != sorted(ranks):
        raise RecordError("certificate.order", "What is not known does not come first.", where=where)
    if any(kinds.get(one.by) not in allowed for one in lines):
        raise RecordError("certificate.rules", "A line is demanded by rules that are not named.", where=where)
    if any(count > 1 for count in Counter((one.by, one.id) for one in lines).values()):
        raise RecordError("certificate.twice", "Something is said of one requirement twice.", where=where)
    for one in lines:
        at = f"{where}/{one.id}"
        if list(one.entries) != sorted(set(one.entries)) or not shown.issuperset(one.entries):
            raise RecordError("certificate.entries", "It rests on an entry of which there is no proof.", where=at)
        if one.signed > len(one.entries) or (one.elsewhere and one.entries):
            raise RecordError("certificate.counts", "Its counts do not fit its entries.", where=at)
        if one.uncontradicted and one.result != "PASS":
            raise RecordError("certificate.silence", "Only a PASS can be merely not contradicted.", where=at)
        if one.result == "PASS" and not (one.entries or one.uncontradicted or one.elsewhere):
            raise RecordError("certificate.silence", "A PASS rests on no entry.", where=at)
