"""Letters that are printed and not served: a form to answer on paper, and a summary of the assessment."""

from datetime import datetime

from alteram.core.access import build_reader
from alteram.core.acts import NoticeServed
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.rules import assess
from alteram.operations.accusation import find_deadline
from alteram.operations.letters.contents import Context, tell_allegations
from alteram.operations.letters.drafting import Draft, Writing, build_head, find_day
from alteram.operations.letters.kinds import find_kind
from alteram.operations.letters.sight import build_sight
from alteram.operations.organisation import find_governing
from alteram.operations.questions import UnknownMatterError

_RESULTS = ("FAIL", "UNKNOWN", "RULED", "PASS")


def build_reply_form(writing: Writing, stream: StreamId, viewer: PersonId, *, now: datetime) -> Draft:
    """Return a form for the respondent to answer on, as far as `viewer` may see what is alleged.

    Raises: UnknownMatterError, also where the matter is not open to `viewer`.
    """
    context = _build_context(writing, stream, viewer, now)
    matter = context.facts.matter
    served = [one for one in matter.all(NoticeServed) if one.live and not one.corrected]
    # Whoever answers has their own time; a form printed for somebody else has that of the newest notice.
    theirs = [one for one in served if one.act.to == viewer] or served
    may_know = bool(theirs) and bool(context.sight.all("notice.served"))
    data = {
        **build_head(writing, stream, context.rulebook, "reply-form", now),
        "allegations": list(tell_allegations(context)),
        "respond_by": context.moment(find_deadline(context.facts, theirs[-1])[0]) if may_know else None,
    }
    return _draft("reply-form", data, writing, now)


def build_certificate(writing: Writing, stream: StreamId, viewer: PersonId, *, now: datetime) -> Draft:
    """Return the assessment without content: each requirement and its result, and what it was read from.

    Raises: UnknownMatterError, also where the matter is not open to `viewer`.
    """
    context = _build_context(writing, stream, viewer, now)
    organisation = writing.organisation
    assessed = assess(context.facts, context.rulebook, now).requirements
    results: list[str] = [one.finding.result for one in assessed]
    seen = organisation.seen()
    data: dict[str, Json] = {
        **build_head(writing, stream, context.rulebook, "certificate", now),
        "assessed_at": context.moment(now),
        "rulebook_digest": find_governing(organisation.state(stream), context.facts.organisation),
        "entries": str(context.facts.matter.head_seq + 1),
        "log": None if seen is None else {"origin": seen.origin, "size": str(seen.size), "root": seen.root.hex()},
        "counts": [{"result": one, "count": str(results.count(one))} for one in _RESULTS],
        "requirements": [
            {
                "result": one.finding.result,
                "clause": one.demand.clause,
                "title": one.demand.title,
                "pack": one.demand.pack,
            }
            for one in sorted(assessed, key=lambda one: _RESULTS.index(one.finding.result))
        ],
    }
    return _draft("certificate", data, writing, now)


def _build_context(writing: Writing, stream: StreamId, viewer: PersonId, now: datetime) -> Context:
    organisation = writing.organisation
    facts, rulebook = organisation.facts(stream, fresh=True), organisation.governing(stream)
    if facts.matter.head_seq < 0 or not build_reader(facts, rulebook, viewer).has_part:
        raise UnknownMatterError("There is no such matter, or it is not open to you.", remedy="Ask the secretary.")
    sight = build_sight(organisation, stream, facts, rulebook, (viewer,))
    return Context(facts, rulebook, sight, writing.zone, now, writing.name)


def _draft(name: str, data: dict[str, Json], writing: Writing, now: datetime) -> Draft:
    kind = find_kind(name)
    if kind is None:
        raise ValueError(name)
    return Draft(kind, (), data, find_day(writing, now))
