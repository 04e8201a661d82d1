"""What `alteram verify` says of a certificate: what is not known comes first; nothing is praised for silence."""

from collections.abc import Iterator
from typing import Final

from alteram.cli.showing import Value
from alteram.core.certificates import Repeated, RequirementLine, ResultLine, VerifiedCertificate
from alteram.core.kernel.instants import encode_instant
from alteram.core.record import encode_seconds

#: What no certificate shows, whoever signed it.
LIMITS: Final = (
    "It proves when texts were recorded, never that minds were not made up earlier elsewhere.",
    "It rests on what was recorded; it says nothing of what nobody recorded, and is no legal advice.",
)


def describe_certificate(verified: VerifiedCertificate, repeated: Repeated | None) -> Value:
    """Return it as JSON."""
    said = verified.certificate
    return {
        "verified": True,
        "certificate": verified.digest,
        "organisation": said.organisation,
        "record_key": {"kid": verified.kid, "key": verified.key.hex()},
        "checkpoint": {"origin": verified.checkpoint.origin, "size": verified.checkpoint.size},
        "as_of": said.as_of,
        "witnesses": [{"name": one.name, "independent": one.independent} for one in said.witnesses],
        "matter": {
            "alleged_not_registered": list(said.matter.alleged),
            "asserted": said.matter.asserted,
            "destroyed": said.matter.destroyed,
            "entries": said.matter.entries,
            "signed_by_the_person": said.matter.signed,
        },
        "rules": [{"id": one.id, "kind": one.kind, "digest": one.digest} for one in said.rules],
        "requirements": [_describe_line(one) for one in said.requirements],
        "results": [_describe_line(one) for one in said.results],
        "departures": [{"requirement": one.requirement, "entry": one.entry} for one in said.departures],
        "repeated": None if repeated is None else _describe_repeated(repeated),
        "notes": list(_find_notes(verified, repeated)),
    }


def _describe_line(one: RequirementLine | ResultLine) -> Value:
    return {
        "by": one.by,
        "id": one.id,
        "result": one.result,
        "uncontradicted": one.uncontradicted,
        "elsewhere": one.elsewhere,
        "entries": list(one.entries),
        "signed_by_the_person": one.signed,
    }


def _describe_repeated(repeated: Repeated) -> Value:
    return {
        "whole": repeated.is_whole,
        "same": repeated.repeated,
        "open": repeated.open_lines,
        "why_open": list(repeated.why_open),
        "entries_matched": repeated.matched,
        "entries_absent": list(repeated.absent),
        "rules_absent": list(repeated.absent_rules),
        "key_shown": repeated.is_key_shown,
    }


def tell_certificate(verified: VerifiedCertificate, repeated: Repeated | None) -> Iterator[str]:
    """Yield it in lines for people."""
    said = verified.certificate
    yield f"VERIFIED certificate of {said.organisation}, as of {said.as_of}: it is as the organisation signed it."
    yield f"     digest {verified.digest}"
    yield f"     record key {verified.kid}, log {verified.checkpoint.origin}, {verified.checkpoint.size} leaves"
    yield from _tell_open(verified)
    for one in said.requirements:
        yield _tell_line(one, one.guarantee)
    for named in said.results:
        yield _tell_line(named, "named result")
    for departure in said.departures:
        yield f"     departure from {departure.requirement}, authorised in entry {departure.entry}"
    yield f"     {said.matter.signed} of {said.matter.entries} entries carry a signature only the person could make."
    for rules in said.rules:
        yield f"     {rules.kind} {rules.title}, version {rules.version}, {rules.digest[:16]}"
    yield from (f"     {line}" for line in _find_notes(verified, repeated))


def _tell_open(verified: VerifiedCertificate) -> Iterator[str]:
    matter = verified.certificate.matter
    for seq in matter.alleged:
        yield f"UNKNOWN entry {seq}: a meeting is alleged, not registered"
    if matter.asserted:
        yield f"UNKNOWN {matter.asserted} events are only asserted or denied"
    if matter.destroyed:
        yield f"UNKNOWN {matter.destroyed} entries were destroyed in part or whole"


def _tell_line(one: RequirementLine | ResultLine, under: str) -> str:
    # A word of its own, which no terminal colours: that nothing speaks against it is no PASS to be relied on.
    word = "NOT-CONTRADICTED" if one.uncontradicted else one.result
    named = ", ".join(map(str, one.entries))
    rests = f"entries {named}; {one.signed} signed by the person" if one.entries else "no entry"
    where = "; rests on linked matters" if one.elsewhere else ""
    source = f"{one.source}, {one.status}" if one.source else "the rules themselves"
    return f"{word:<8} {one.id} ({under}; {source}): {one.title} [{rests}{where}]"


def _find_notes(verified: VerifiedCertificate, repeated: Repeated | None) -> Iterator[str]:
    said, dated = verified.certificate, verified.dated
    if verified.is_policy_its_own:
        yield "Trust was taken from the policy inside the file; use your own."
    if not verified.is_witnessed:
        yield "No witness cosigned the checkpoint: only the log itself vouches for its time."
    for one in said.witnesses:
        where = "the organisation says it runs elsewhere" if one.independent else "not independent of the organisation"
        unknown = "" if one.name in verified.cosigned_by else "; your policy does not know it"
        yield f"witness {one.name}: {where}{unknown}"
    if dated.first is not None:
        yield f"Its checkpoint was signed at {encode_seconds(dated.first.at)}, says {dated.first.who}: it is no older."
    if verified.recorded_by:
        last = max(verified.recorded_by.values(), key=lambda one: one.at)
        yield f"The entries it rests on were in the log by {encode_seconds(last.at)}, says {last.who}."
    yield from _tell_repeated(verified, repeated)
    yield from LIMITS


def _tell_repeated(verified: VerifiedCertificate, repeated: Repeated | None) -> Iterator[str]:
    if repeated is None:
        yield "Not assessed again: that needs the matter's export. Whether the results are right is the signer's word."
        return
    yield f"{repeated.matched} of its entries are those of the export."
    yield f"Assessed again as of {encode_instant(verified.as_of)}: {repeated.repeated} came out the same."
    if repeated.open_lines:
        yield f"{repeated.open_lines} could not be assessed again: {'; '.join(repeated.why_open)}."
    yield from (f"rules {digest[:16]} are not at hand" for digest in repeated.absent_rules)
    if not repeated.is_key_shown:
        yield "The export does not show whether the record key was in force: acts of the organisation are withheld."
