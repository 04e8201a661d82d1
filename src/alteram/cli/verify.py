"""`alteram verify`: check an export or a certificate with it and a policy alone. No database, no network, no Django."""

from pathlib import Path
from typing import Annotated

import typer

from alteram.cli.showing import NO, AsJson, Value, reporting, show, stop
from alteram.cli.telling_certificates import describe_certificate, tell_certificate
from alteram.core.certificates import MAX_CERTIFICATE, repeat_certificate, verify_certificate
from alteram.core.kernel.instants import encode_instant
from alteram.core.record import (
    Bound,
    EntryTimes,
    RecordError,
    VerificationReport,
    VerifiedStream,
    encode_seconds,
    verify_export,
)
from alteram.core.tlog import Policy, parse_policy

#: An export that was one and is no longer whole: a check that failed, not bad input.
_DAMAGED = frozenset({"archive.damaged", "archive.missing", "archive.orphan"})
#: Nothing that a certificate could be.
_NEITHER = frozenset({"certificate.form", "certificate.format", "certificate.too-large"})


def run_verify(
    file: Annotated[Path, typer.Argument(help="The export, or the certificate.")],
    export: Annotated[
        Path | None, typer.Argument(help="With a certificate: the matter's export, to be assessed again.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(help="Whom you trust: a tlog-policy file. Without it, the one inside the export.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check that an export, or a certificate, is what the log holds, that nothing was changed, and what it leaves out.

    A certificate with the matter's export is assessed again: the same record gives the same answer.

    Example: alteram verify var/demo/conduct.alteram --policy var/demo/policy
    """
    with reporting(as_json=as_json):
        trusted = None if policy is None else parse_policy(policy.read_bytes())
        try:
            value, lines = _verify(file, export, trusted)
        except RecordError as error:
            if error.code in _NEITHER or (error.code.startswith("archive.") and error.code not in _DAMAGED):
                raise  # neither an export nor a certificate
            value = {"verified": False, "code": error.code, "where": error.where, "problem": error.problem}
            show(value, [f"FAIL {error.problem} ({error.code})"], as_json=as_json)
            stop(NO)
    show(value, lines, as_json=as_json)


def _verify(file: Path, export: Path | None, trusted: Policy | None) -> tuple[Value, list[str]]:
    with file.open("rb") as source:
        if source.read(1) != b"{":
            if export is not None:
                raise RecordError("certificate.form", "Not a certificate.", remedy="Name the certificate first.")
            report = verify_export(source, trusted)
            return _describe(report), _tell(report)
        source.seek(0)
        verified = verify_certificate(source.read(MAX_CERTIFICATE + 1), trusted)
    repeated = None
    if export is not None:
        with export.open("rb") as source:
            repeated = repeat_certificate(verified, source, trusted)
    return describe_certificate(verified, repeated), list(tell_certificate(verified, repeated))


def _describe(report: VerificationReport) -> Value:
    return {
        "verified": True,
        "organisation": report.organisation,
        "matter": report.matter,
        "checkpoint": {"origin": report.checkpoint.origin, "size": report.checkpoint.size},
        "witnessed": report.witnessed,
        "entries": report.entries,
        "fields_disclosed": report.fields_disclosed,
        "fields_withheld": report.fields_withheld,
        "signed_by_author": report.signed_by_author,
        "signed_by_passkey": report.signed_by_passkey,
        "read_from_paper": report.read_from_paper,
        "streams": [
            {
                "name": one.name,
                "entries": one.entries,
                "complete": one.complete,
                "closed": one.closed,
                "recorded": [_describe_times(each) for each in one.times],
            }
            for one in report.streams
        ],
        "rulebooks": list(report.rulebooks),
        "absent_rulebooks": list(report.absent_rulebooks),
        "notes": list(report.notes),
    }


def _describe_times(times: EntryTimes) -> Value:
    return {
        "entry": times.number,
        "says": None if times.at is None else encode_instant(times.at),
        "borne_out": times.borne_out,
        "not_before": _describe_bound(times.bounds.not_before),
        "not_after": _describe_bound(times.bounds.not_after),
    }


def _describe_bound(bound: Bound | None) -> Value:
    return None if bound is None else {"at": bound.at, "by": list(bound.by), "witnessed": bound.witnessed}


def _tell_widest(stream: VerifiedStream) -> str:
    """Return one line on when the entries of a stream were recorded: the widest gap, and who says so."""
    gaps = [(gap, one) for one in stream.times if (gap := one.bounds.gap) is not None]
    if not gaps:
        last = stream.last_bounds.not_after
        return (
            f"recorded by {encode_seconds(last.at)}, says {last.who}" if last else "nothing shows when it was recorded"
        )
    gap, widest = max(gaps, key=lambda one: one[0])
    who = " and ".join(sorted({bound.who for bound in (widest.bounds.not_before, widest.bounds.not_after) if bound}))
    some = "" if len(gaps) == stream.entries else f" for {len(gaps)} of {stream.entries} entries"
    return f"recorded within {gap} s at most{some}: entry {widest.number} {widest.bounds}, says {who}"


def _tell(report: VerificationReport) -> list[str]:
    lines = [f"PASS {report.matter} of {report.organisation}: {report.entries} entries, nothing changed."]
    for one in report.streams:
        whole = "whole from its beginning" if one.complete else "with entries or links withheld"
        times = (
            f", {encode_instant(one.first_at)} to {encode_instant(one.last_at)}" if one.first_at and one.last_at else ""
        )
        lines.append(f"     {one.name}: {one.entries} entries, {whole}{', closed' if one.closed else ''}{times}")
        lines.append(f"       {_tell_widest(one)}")
    lines.append(f"     {report.fields_disclosed} fields disclosed, {report.fields_withheld} withheld.")
    passkeys, held = report.signed_by_passkey, report.signed_by_author - report.signed_by_passkey
    lines.append(f"     {held} entries carry their author's signature, by keys the organisation may hold.")
    lines.append(f"     {passkeys} entries are signed by their author's own passkey.")
    if report.read_from_paper:
        lines.append(f"     {report.read_from_paper} acts were read from paper and entered by somebody else.")
    lines.append(f"     log {report.checkpoint.origin}, {report.checkpoint.size} entries")
    lines.extend(f"     rules {digest[:16]} not in the file" for digest in report.absent_rulebooks)
    lines.extend(f"     {note}" for note in report.notes)
    return lines


if __name__ == "__main__":
    typer.run(run_verify)
