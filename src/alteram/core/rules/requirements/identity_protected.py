"""A protected identity is released only on consent or on a legal duty, and only after its bearer was told.

Directive (EU) 2019/1937 art. 16. Consent is an entry by the person themselves; a legal duty comes with reasons. Who is
protected follows from how they reported or joined. Where a release answers a request, they were told once it was asked:
what they heard before was about something else.
"""

from alteram.core.acts import (
    IdentityAsked,
    IdentityReleased,
    PartyJoined,
    ReporterAnswered,
    ReporterInformed,
    ReportLodged,
)
from alteram.core.kernel.phrases import as_word, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Finding, failed, passed
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_before


class IdentityProtected(Parameters, frozen=True, kw_only=True):
    """`bases`: the grounds on which an identity may be released."""

    bases: tuple[str, ...] = ("consent", "legal-duty")


_GONE = phrase("A name that was given away cannot be taken back.")


@requirement(
    "identity-protected",
    covers=("E8",),
    parameters=IdentityProtected,
    anchors=(IdentityReleased,),
    reads=(IdentityAsked, ReporterInformed, ReporterAnswered, ReportLodged, PartyJoined),
)
def check_identity_protected(view: View, parameters: IdentityProtected, anchor: AnyEvent) -> Finding:
    """A protected person's name is given away only on consent or a legal duty, after telling them."""
    act = anchor.act
    if not isinstance(act, IdentityReleased) or not _protected(view, act):
        return view.nothing_against(anchor, phrase("The name was not under protection."))
    if act.basis not in parameters.bases:
        because = phrase("The rules do not let a name be given away on this ground: {basis}.", basis=as_word(act.basis))
        return view.weigh(anchor, failed(because, entries=(anchor.seq,), incurable=_GONE))
    lacking = _lacking(view, anchor, act)
    if lacking:
        return view.missing(anchor, lacking, thing="consent", acts=("reporter.informed",), incurable=_GONE)
    return view.weigh(
        anchor, passed(phrase("The person was told first, and the ground is shown."), entries=(anchor.seq,))
    )


def _protected(view: View, act: IdentityReleased) -> bool:
    reports = [one for one in view.all(ReportLodged) if one.actor == act.person and one.act.identity != "named"]
    joined = [one for one in view.all(PartyJoined) if one.act.person == act.person and one.act.protected]
    return bool(reports or joined)


def _lacking(view: View, anchor: AnyEvent, act: IdentityReleased) -> str:
    informed = [one for one in view.all(ReporterInformed) if one.seq == act.reporter_told]
    told, _ = find_before(view, anchor, informed)
    if not told:
        return phrase("Nothing shows that the person was told before the name was given away.")
    asked = [one for one in view.all(IdentityAsked) if one.seq == act.request]
    if any(one.before(request) for one in told for request in asked):
        return phrase("The person was told before anybody asked: they must be told of this request.")
    if act.basis == "legal-duty":
        return "" if act.reasons is not None else phrase("The legal duty is named without reasons.")
    answers = [one for one in view.all(ReporterAnswered) if one.seq == act.consented and one.actor == act.person]
    agreed, _ = find_before(view, anchor, answers)
    return "" if agreed else phrase("Nothing by the person themselves shows their consent.")
