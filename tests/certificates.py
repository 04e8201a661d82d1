"""A certificate of a small matter and its export, the same every time; and forgeries, signed again by whoever forges.

Everything signs with Ed25519 alone, so that a browser checks all of it.
"""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from typing import Any

import msgspec

from alteram.core.acts import (
    DecisionMade,
    MatterAccepted,
    MeetingAlleged,
    MemberJoined,
    OrganisationFounded,
    ReportAcknowledged,
    ReportLodged,
    RulebookAdopted,
)
from alteram.core.certificates import (
    FORMAT,
    Certificate,
    Cosigner,
    Measures,
    OlderCheckpoint,
    Placed,
    PublishedKey,
    repeat_certificate,
    sign_certificate,
    tell,
    verify_certificate,
)
from alteram.core.kernel.calendars import Calendar, Transition
from alteram.core.kernel.canonical import encode_canonical
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.instants import encode_instant
from alteram.core.matters import Facts, StreamFacts, fold_events
from alteram.core.matters.loading import build_event_from_claims
from alteram.core.record import RecordError, encode_claims, write_export
from alteram.core.record.entry import is_signed_by_author
from alteram.core.rules import Demand, Pack, Rulebook, build_digest, encode_rulebook
from alteram.core.rules.rulebook import PackReference
from alteram.core.rules.standards import NamedResult
from alteram.core.tlog import PolicyError, encode_policy, hash_leaf, parse_policy
from alteram.core.vault import (
    RecordKey,
    build_act_digest,
    build_disclosures,
    build_passkey_claim,
    encode_base64url,
)
from alteram.core.vault.disclosures import build_disclosure
from conformance.failure import Failure
from conformance.verify_certificate import verify
from tests.exports import (
    ED25519_ONLY,
    MATTER,
    ORGANISATION,
    RECORD_KEY,
    SIGNING,
    Log,
    Part,
)
from tests.passkeys import passkey_of
from tests.verdicts import Verdict

STREAM = StreamId("organisation")
AS_OF = datetime(2026, 3, 3, 1, 10, tzinfo=UTC)
_CALENDAR = Calendar(
    name="UTC",
    time_zone="UTC",
    valid_from=date(2020, 1, 1),
    valid_until=date(2040, 12, 31),
    transitions=(Transition(datetime(2020, 1, 1, tzinfo=UTC), 0),),
)


def demand(name: str, guarantee: Any, kind: str, **parameters: Any) -> Demand:
    raw = {one: msgspec.Raw(msgspec.json.encode(value)) for one, value in parameters.items()}
    return Demand(
        id=name,
        title=f"What {name} asks",
        guarantee=guarantee,
        kind=kind,
        parameters=raw,
        clause="1",
        source="A source",
        status="S",
    )


PACK = Pack(
    id="a-standard",
    title="A standard",
    version="1",
    as_of="2026-01-01",
    jurisdiction="",
    demands=(
        demand("acknowledged-in-a-day", "timeliness", "acknowledgement", within={"days": 1}),
        demand("reasons-given", "reasons", "written-reasons"),
    ),
    results=(
        NamedResult(id="harbour", title="A harbour", needs=("acknowledged-in-a-day",), source="A law", status="F"),
    ),
)
BUILT_ON = msgspec.structs.replace(PACK, id="another-standard", title="Another standard", demands=(), results=())
RULEBOOK = Rulebook(
    id="small-rules",
    title="Small rules",
    version="1",
    jurisdiction="",
    calendar=_CALENDAR,
    builds_on=(PackReference(id=BUILT_ON.id, version="1", digest=build_digest(encode_rulebook(BUILT_ON))),),
    demands=(
        demand("acknowledged", "timeliness", "acknowledgement", within={"days": 7}),
        demand("reasons", "reasons", "written-reasons"),
        demand("meetings-answered", "open-mind", "alleged-meeting-answered"),
        demand("one-part", "impartiality", "role-collision"),
        demand("appeal-open", "appeal", "fresh-appeal-panel"),
    ),
)
_DIGEST, _PACK_DIGEST = (build_digest(encode_rulebook(one)) for one in (RULEBOOK, PACK))
_RULED = {"ruling": {"outcome": "allowed", "rulebook": _DIGEST}}


@dataclass(frozen=True)
class Scene:
    """A certificate with the export of its matter, and that of another matter in the same log."""

    certificate: Certificate
    data: bytes
    export: bytes
    policy: bytes
    redacted: bytes
    other: bytes


def _perform(log: Log, stream: StreamId, act: Any, actor: str) -> None:
    log.append(log.next_entry(stream, act, actor), change=_RULED)


def _perform_with_passkey(log: Log, stream: StreamId, act: Any, actor: str) -> None:
    entry, passkey = log.next_entry(stream, act, actor), passkey_of(actor)
    disclosures = build_disclosures({**encode_claims(entry), **_RULED}, log.entropy)
    covers = [one.digest for one in disclosures if is_signed_by_author(one.name)]
    claim = build_passkey_claim(covers, passkey.cose, passkey.sign(build_act_digest(covers)))
    shown = (*disclosures, build_disclosure("author", claim, log.entropy(16)))
    log.append_disclosures(stream, entry.seq, shown)


def begin_log(log: Log) -> None:
    log.publish()
    founded = OrganisationFounded(
        name="A caucus", kind="caucus", jurisdiction="nz", time_zone="UTC", secretary=PersonId("secretary")
    )
    log.perform(STREAM, founded, "secretary")
    log.perform(STREAM, MemberJoined(people=tuple(PersonId(f"m{one:02}") for one in range(1, 9))), "secretary")
    log.perform(STREAM, RulebookAdopted(rulebook=RULEBOOK.id, version="1", digest=_DIGEST), "secretary")


def play_log(log: Log) -> None:
    report = ReportLodged(identity="named", about="person", text="What was said.", people=(PersonId("m05"),))
    _perform(log, MATTER, report, "m03")
    log.decoy()
    _perform(log, MATTER, ReportAcknowledged(report=0, text="It is here."), "case-manager")
    _perform(log, MATTER, MatterAccepted(procedure="conduct"), "case-manager")
    _perform(log, MATTER, MeetingAlleged(meeting="eve", text="They met."), "m05")
    _perform_with_passkey(log, MATTER, DecisionMade(proved=(), reasons="Because it was so."), "chair")
    _perform(log, StreamId("matter-2"), report, "m03")
    _perform(log, StreamId("matter-2"), ReportAcknowledged(report=0, text="So is this."), "case-manager")


@cache
def build_scene() -> Scene:
    token = SIGNING.set(ED25519_ONLY)
    try:
        log = Log()
        begin_log(log)
        play_log(log)
        return assemble(log)
    finally:
        SIGNING.reset(token)


def assemble(log: Log, key: RecordKey = RECORD_KEY, published: int = 0) -> Scene:
    note = log.checkpoint()
    facts = Facts(_fold(log, STREAM), _fold(log, MATTER))
    measures = Measures(
        RULEBOOK, _DIGEST, ((build_digest(encode_rulebook(BUILT_ON)), BUILT_ON),), ((_PACK_DIGEST, PACK),)
    )
    told = tell(facts, measures, AS_OF, frozenset({4}))
    seqs = sorted({0, facts.matter.head_seq} | told.entries)
    size = len(log.leaves)
    certificate = Certificate(
        as_of=encode_instant(AS_OF),
        checkpoint=note.encode(),
        checkpoints=tuple(
            OlderCheckpoint(note=log.older(one).encode(), consistency=_encode(log.growth(one, size)))
            for one in sorted(log.sizes)[-3:]
        ),
        departures=(),
        entries=tuple(_place(log, MATTER, one) for one in seqs),
        format=FORMAT,
        matter=told.matter,
        organisation=ORGANISATION,
        organisation_entry=_place(log, STREAM, facts.organisation.head_seq),
        policy=encode_policy(ED25519_ONLY.policy).decode(),
        record_key=PublishedKey(
            index=published,
            path=_encode(log.receipt(published, note).hashes),
            statement=log.leaves[published][1:].decode(),
        ),
        requirements=told.requirements,
        results=told.results,
        rules=measures.describe(),
        witnesses=tuple(
            Cosigner(name=key.name, independent=key is ED25519_ONLY.witnesses[1])
            for key in sorted(ED25519_ONLY.witnesses, key=lambda one: one.name)
        ),
    )
    part = Part(log, note, streams=("organisation", MATTER), rulebooks=(encode_rulebook(RULEBOOK),), packs=())
    return Scene(
        certificate,
        sign_certificate(certificate, key),
        part.write(),
        encode_policy(ED25519_ONLY.policy),
        replace(part, keep=frozenset({"stream", "seq", "prev", "at", "fields"})).write(),
        _write_as(replace(part, streams=("organisation", "matter-2"))),
    )


def _write_as(part: Part) -> bytes:
    """Return an export whose matter is the other one."""
    target = BytesIO()
    write_export(
        target,
        organisation=ORGANISATION,
        matter=StreamId("matter-2"),
        checkpoint=part.note,
        policy=part.policy,
        entries=part.entries(),
        statements=part.statements(),
        rulebooks=part.rulebooks,
    )
    return target.getvalue()


def _fold(log: Log, stream: StreamId) -> StreamFacts:
    events = [
        build_event_from_claims(seq, opened.presentation.claims, as_stated=False)
        for (name, seq), (_, opened) in sorted(log.entries.items())
        if name == stream
    ]
    return fold_events(StreamFacts.empty(stream), events)


def _place(log: Log, stream: StreamId, seq: int) -> Placed:
    index, _ = log.entries[stream, seq]
    path = log.receipt(index, log.checkpoint()).hashes
    return Placed(seq=seq, index=index, leaf=encode_base64url(hash_leaf(log.leaves[index])), path=_encode(path))


def _encode(hashes: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(map(encode_base64url, hashes))


# -- forging


def take_apart(data: bytes) -> dict[str, Any]:
    """Return a certificate's file as plain values, to be changed."""
    value: dict[str, Any] = msgspec.json.decode(data)
    return value


def sign_again(said: Mapping[str, Any], key: RecordKey = RECORD_KEY) -> bytes:
    """Return the file of a certificate that says this, signed by whoever holds `key`; it need not be well-formed."""
    signed = b"alteram/certificate/v1".ljust(32, b"\0") + encode_canonical(said)
    return encode_canonical({"certificate": said, "signature": encode_base64url(key.private.sign(signed))})


Change = Callable[[dict[str, Any]], None]


def change(apply: Change, *, key: RecordKey = RECORD_KEY) -> bytes:
    """Return the certificate of the scene changed and signed again."""
    said = deepcopy(take_apart(build_scene().data)["certificate"])
    apply(said)
    return sign_again(said, key)


def _line(said: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in (*said["requirements"], *said["results"]) if one["id"] == name)
    return found


def _set(path: str, value: Any) -> Change:
    """Return a change that puts `value` at a path such as `matter/entries` or `entries/0/index`."""

    def apply(said: dict[str, Any]) -> None:
        *way, last = [int(one) if one.isdecimal() else one for one in path.split("/")]
        place: Any = said
        for step in way:
            place = place[step]
        place[last] = value

    return apply


def _set_line(name: str, **values: Any) -> Change:
    return lambda said: _line(said, name).update(values)


def _flip(text: str) -> str:
    return ("A" if text[0] != "A" else "B") + text[1:]


def _flip_at(path: str) -> Change:
    def apply(said: dict[str, Any]) -> None:
        place: Any = said
        steps = [int(one) if one.isdecimal() else one for one in path.split("/")]
        for step in steps:
            place = place[step]
        _set(path, _flip(place))(said)

    return apply


def _move_first(name: str) -> Change:
    def apply(said: dict[str, Any]) -> None:
        line = _line(said, name)
        said["requirements"].remove(line)
        said["requirements"].insert(0, line)

    return apply


def _say_pass(name: str, **values: Any) -> Change:
    """Return a change that makes a line a PASS, at the end where a PASS stands."""

    def apply(said: dict[str, Any]) -> None:
        line = _line(said, name)
        said["requirements"].remove(line)
        said["requirements"].append({**line, "result": "PASS", **values})

    return apply


def _reword(said: dict[str, Any]) -> None:
    text = said["rules"][1 if said["rules"][1]["kind"] == "pack" else 2]
    text["text"] = text["text"].replace("A standard", "A Standard")


_STATEMENT = {
    "key": encode_base64url(RECORD_KEY.public),
    "kid": "record-1",
    "organisation": "other",
    "statement": "record-key",
}

#: Each forgery that the file alone gives away, signed again with the record key, and the code that refuses it.
FORGERIES: dict[str, tuple[Change, str]] = {
    "as-of-on-no-day": (_set("as_of", "2026-02-30T00:00:00Z"), "form"),
    "organisation-is-no-identifier": (_set("organisation", "A caucus"), "form"),
    "organisation-is-another": (_set("organisation", "senate"), "statement.organisation"),
    "format-of-later-release": (_set("format", "alteram-certificate/2"), "certificate.format"),
    "member-missing": (lambda said: said.pop("departures"), "certificate.form"),
    "member-too-many": (_set("extra", 1), "certificate.form"),
    "count-is-true": (_set("matter/entries", True), "certificate.form"),
    "guarantee-is-none-of-the-sixteen": (_set("requirements/0/guarantee", "mercy"), "certificate.form"),
    "policy-malformed": (_set("policy", "quorum\n"), "policy.line"),
    "checkpoint-of-another-root": (_set("checkpoint", "x"), "note.form"),
    "older-checkpoints-unsorted": (lambda said: said["checkpoints"].reverse(), "certificate.checkpoints"),
    "older-checkpoint-not-continued": (lambda said: said["checkpoints"][0]["consistency"].pop(), "proof.too-short"),
    "record-key-elsewhere": (_set("record_key/index", 1), "proof.root"),
    "record-key-of-another-statement": (
        _set("record_key/statement", encode_canonical(_STATEMENT).decode()),
        "proof.root",
    ),
    "entry-of-another-leaf": (_flip_at("entries/0/leaf"), "proof.root"),
    "entry-elsewhere": (lambda said: said["entries"][0].update(index=said["entries"][0]["index"] + 1), "proof.root"),
    "entry-path-too-long": (
        lambda said: said["entries"][0]["path"].append(said["entries"][0]["leaf"]),
        "proof.too-long",
    ),
    "entry-twice": (lambda said: said["entries"].insert(0, said["entries"][0]), "receipt.index"),
    "first-entry-left-out": (lambda said: said["entries"].pop(0), "certificate.entries"),
    "entries-in-another-order": (
        lambda said: said.update(entries=[*said["entries"][1::-1], *said["entries"][2:]]),
        "certificate.entries",
    ),
    "more-entries-than-there-are": (_set("matter/entries", 9), "certificate.entries"),
    "pass-comes-first": (_move_first("acknowledged"), "certificate.order"),
    "line-of-unnamed-rules": (_set_line("acknowledged", by="0" * 64), "certificate.rules"),
    "line-twice": (lambda said: said["requirements"].append(said["requirements"][-1]), "certificate.twice"),
    "line-rests-on-unproved-entry": (_set_line("acknowledged", entries=[0, 2]), "certificate.entries"),
    "line-signed-more-than-it-rests-on": (_set_line("acknowledged", signed=3), "certificate.counts"),
    "unknown-said-to-be-uncontradicted": (_set_line("appeal-open", uncontradicted=True), "certificate.silence"),
    "silence-turned-green": (_say_pass("appeal-open"), "certificate.silence"),
    "elsewhere-with-entries": (_set_line("acknowledged", elsewhere=True), "certificate.counts"),
    "more-signed-than-entries": (_set("matter/signed", 99), "certificate.counts"),
    "alleged-entry-without-proof": (_set("matter/alleged", [2]), "certificate.entries"),
    "witness-that-did-not-sign": (
        _set("witnesses", [{"independent": True, "name": "example.net/nobody"}]),
        "certificate.witnesses",
    ),
    "witness-left-out": (_set("witnesses", []), "certificate.witnesses"),
    "no-rulebook": (lambda said: said["rules"].pop(0), "certificate.rules"),
    "pack-reworded": (_reword, "rulebook.digest"),
    "line-of-pack-left-out": (
        lambda said: said["requirements"].remove(_line(said, "reasons-given")),
        "certificate.requirements",
    ),
    "line-of-pack-reworded": (_set_line("reasons-given", title="Something else"), "certificate.requirements"),
    "source-raised-to-found": (_set_line("acknowledged-in-a-day", status="F"), "certificate.requirements"),
    "result-left-out": (lambda said: said["results"].clear(), "certificate.requirements"),
}

#: Forgeries that only the export gives away, with the code of the first verifier; the second finds those of step 8.
BESIDE: dict[str, tuple[Change, str, bool]] = {
    "line-of-rulebook-left-out": (
        lambda said: said["requirements"].remove(_line(said, "appeal-open")),
        "certificate.requirements",
        True,
    ),
    "rulebook-called-otherwise": (_set("rules/0/title", "Great rules"), "certificate.rules", True),
    "unknown-forged-to-pass": (_say_pass("appeal-open", entries=[0]), "certificate.result", False),
    "failure-hidden": (_say_pass("meetings-answered", entries=[3]), "certificate.result", False),
    "rests-on-other-entries": (_set_line("acknowledged", entries=[0]), "certificate.result", False),
    "merely-uncontradicted-said-to-be-shown": (
        _set_line("one-part", uncontradicted=False),
        "certificate.result",
        False,
    ),
    "alleged-meeting-hidden": (_set("matter/alleged", []), "certificate.counts", False),
    "asserted-events-invented": (_set("matter/asserted", 1), "certificate.counts", False),
    "departure-invented": (
        _set("departures", [{"entry": 0, "requirement": "acknowledged"}]),
        "certificate.counts",
        False,
    ),
}


# -- asking


def ask_first(data: bytes, export: bytes | None = None, policy: bytes | None = None) -> Verdict:
    try:
        trusted = None if policy is None else parse_policy(policy)
        verified = verify_certificate(data, trusted)
        if export is not None:
            repeat_certificate(verified, BytesIO(export), trusted)
    except (RecordError, PolicyError) as error:
        return Verdict(False, error.code, getattr(error, "where", ""))
    return Verdict(True)


def ask_second(data: bytes, export: bytes | None = None, policy: bytes | None = None) -> Verdict:
    try:
        verify(data, export, policy)
    except Failure as failure:
        return Verdict(False, failure.code, failure.where)
    return Verdict(True)
