"""A certificate on paper: the same in the same order as its page, tagged, for whoever is handed it."""

from datetime import UTC, datetime, time, tzinfo
from typing import Final

from alteram.core.kernel.canonical import Json
from alteram.operations.letters.sight import tell_day, tell_moment
from alteram.operations.printing import LetterPress, Printed
from alteram.operations.shown_certificates import ShownCertificate, ShownLine, show_certificate

#: The template that prints it.
TEMPLATE: Final = "signed-certificate"


def print_certificate(press: LetterPress, data: bytes, *, organisation: str, zone: tzinfo) -> Printed:
    """Return a certificate as tagged PDF. Raises: LetterError; RecordError where it does not verify."""
    shown = show_certificate(data)
    # The day the certificate bears, so that the same certificate prints the same bytes.
    day = datetime.combine(shown.verified.as_of.astimezone(zone).date(), time.min, UTC)
    return press.print_pdf(TEMPLATE, build_page(shown, organisation, zone), dated_at=day)


def build_page(shown: ShownCertificate, organisation: str, zone: tzinfo) -> dict[str, Json]:
    """Return what the template is given."""
    said, verified = shown.said, shown.verified
    return {
        "organisation": organisation,
        "identifier": said.organisation,
        "dated": tell_day(verified.as_of.astimezone(zone).date()),
        "as_of": tell_moment(verified.as_of, zone),
        "digest": verified.digest,
        "record_key": {"kid": verified.kid, "key": shown.key},
        "log": {"origin": verified.checkpoint.origin, "size": str(verified.checkpoint.size)},
        "signed_at": None if shown.signed_at is None else tell_moment(shown.signed_at, zone),
        "recorded_by": None if shown.recorded_by is None else tell_moment(shown.recorded_by, zone),
        "recorded_by_log_alone": not shown.is_recorded_witnessed,
        "matter": {
            "alleged": [str(one) for one in said.matter.alleged],
            "asserted": str(said.matter.asserted),
            "destroyed": str(said.matter.destroyed),
            "entries": str(said.matter.entries),
            "signed": str(said.matter.signed),
        },
        "rules": [
            {"title": one.title, "version": one.version, "kind": one.kind, "digest": one.digest} for one in said.rules
        ],
        "requirements": [_tell_line(one) for one in shown.requirements],
        "results": [_tell_line(one) for one in shown.results],
        "departures": [{"requirement": one.requirement, "entry": str(one.entry)} for one in said.departures],
        "witnesses": [
            {"name": one.name, "independent": one.is_independent, "known": one.is_known} for one in shown.witnesses
        ],
    }


def _tell_line(one: ShownLine) -> Json:
    line = one.line
    return {
        "called": "NOT CONTRADICTED" if one.called == "uncontradicted" else one.called,
        "guarantee": one.guarantee,
        "title": line.title,
        "id": line.id,
        "clause": line.clause,
        "source": line.source,
        "status": line.status,
        "rules": one.rules.title,
        "entries": [str(seq) for seq in line.entries],
        "signed": str(line.signed),
        "elsewhere": line.elsewhere,
    }
