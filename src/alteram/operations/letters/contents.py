"""What each letter holds beside its head: from the act, from the matter as it may be seen, and from the rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from alteram.core.kernel.calendars import CalendarError
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.periods import Period, last_within
from alteram.core.matters import Facts
from alteram.core.rules.capacities import find_procedure
from alteram.core.rules.evidence import RELYING
from alteram.core.rules.reliance import find_rested_on
from alteram.core.rules.requirements import parse_parameters
from alteram.core.rules.rulebook import Demand, Rulebook
from alteram.operations.letters.kinds import LetterKind
from alteram.operations.letters.sight import CommonSight, SeenEntry, list_rows, list_texts, tell_day, tell_moment

Fields = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Context:
    """A matter as the readers of a letter may all see it, its rules, the moment. `name` is empty for the unknown."""

    facts: Facts
    rulebook: Rulebook
    sight: CommonSight
    zone: tzinfo
    at: datetime
    name: Callable[[PersonId], str]

    def moment(self, value: "Json | datetime") -> Json:
        """Return an instant as letters take it."""
        return tell_moment(value, self.zone)

    def find_demand(self, kind: str) -> Demand | None:
        """Return the rulebook's requirement of a kind, its own before those of packs."""
        found = [one for one in self.rulebook.demands if one.kind == kind]
        return next((one for one in found if not one.pack), found[0] if found else None)

    def find_period(self, kind: str, name: str) -> Period | None:
        """Return a period that the rulebook sets."""
        demand = self.find_demand(kind)
        found = None if demand is None else getattr(parse_parameters(demand), name, None)
        return found if isinstance(found, Period) else None

    def tell_period(self, kind: str, name: str) -> str:
        """Return a period that the rulebook sets, in words; empty where it sets none."""
        period = self.find_period(kind, name)
        return "" if period is None else str(period)

    def tell_clauses(self, kinds: tuple[str, ...]) -> Json:
        """Return the clauses of the rulebook that requirements of these kinds stand under, each once."""
        demands = [one for kind in kinds for one in self.rulebook.demands if one.kind == kind and not one.pack]
        wanted = dict.fromkeys(one.clause for one in demands)
        return [self.tell_clause(one) for one in wanted if self.tell_clause(one) is not None]

    def tell_clause(self, clause_id: str) -> Json:
        """Return a clause."""
        found = next((one for one in self.rulebook.clauses if one.id == clause_id), None)
        return None if found is None else {"id": found.id, "title": found.title, "text": found.text}

    def find_body(self, body_id: str) -> str:
        """Return what a body is called."""
        body = self.rulebook.find_body(body_id)
        return body_id if body is None else body.title


def build_content(kind: LetterKind, context: Context, fields: Fields) -> dict[str, Json]:
    """Return what a letter holds, given those fields of its act that may stand in it."""
    content = _CONTENTS[kind.name](context, fields)
    return {**content, "clauses": context.tell_clauses(kind.rests_on)}


def tell_allegations(context: Context, wanted: list[str] | None = None) -> list[dict[str, Json]]:
    """Return the allegations as they were last stated: all, or those wanted, in the order they were first stated."""
    found: dict[str, dict[str, Json]] = {}
    for entry in context.sight.entries:
        if entry.act not in {"allegations.stated", "allegations.amended"}:
            continue
        particulars = entry.texts("particulars")
        rows = list_rows(entry.fields.get("allegations"))
        for number, row in enumerate(rows):
            told: list[Json] = [particulars[number]] if len(particulars) == len(rows) else []
            found[str(row["id"])] = _tell_allegation(context, row, told)
    return [one for name, one in found.items() if wanted is None or name in wanted]


def _tell_allegation(context: Context, row: Fields, particulars: list[Json]) -> dict[str, Json]:
    breach = next((one for one in context.rulebook.breaches if one.id == row.get("breach")), None)
    return {
        "id": row["id"],
        "title": row.get("breach") if breach is None else breach.title,
        "clause": None if breach is None else context.tell_clause(breach.clause),
        "first_on": tell_day(row.get("first_on")),
        "last_on": tell_day(row.get("last_on")),
        "particulars": particulars,
    }


def _tell_exhibits(context: Context, wanted: Json) -> list[Json]:
    lodged = {one.text("exhibit"): one for one in context.sight.all("exhibit.lodged")}
    return [_tell_exhibit(name, lodged.get(name)) for name in list_texts(wanted)]


def _tell_exhibit(name: str, lodged: SeenEntry | None) -> Json:
    fields = ("kind", "obtained", "title", "digest")
    return {"id": name, **{one: "" if lodged is None else lodged.text(one) for one in fields}}


def _tell_appeal(context: Context) -> dict[str, Json]:
    procedure = find_procedure(context.facts, context.rulebook)
    body = "" if procedure is None or not procedure.appeal_to else context.find_body(procedure.appeal_to)
    return {"appeal_to": body, "appeal_within": context.tell_period("appeal-in-window", "within")}


def _find_decided_by(context: Context) -> str:
    procedure = find_procedure(context.facts, context.rulebook)
    return "" if procedure is None or not procedure.decided_by else context.find_body(procedure.decided_by)


def _acknowledge(context: Context, fields: Fields) -> dict[str, Json]:
    report = context.facts.matter.find(int(str(fields["report"])))
    handlers = [one.person for one in context.facts.holdings if one.role == "case-manager" and one.until is None]
    return {
        "reported_at": None if report is None else context.moment(report.recorded_at),
        "text": fields["text"],
        "external_routes": bool(fields.get("external_routes")),
        "handler": next((context.name(one) for one in handlers if context.name(one)), None),
        "informed_within": context.tell_period("feedback", "within"),
    }


def _notify(context: Context, fields: Fields) -> dict[str, Json]:
    wanted = list_texts(fields.get("allegations"))
    allegations = tell_allegations(context, wanted)
    particulars = list_texts(fields.get("particulars"))
    if len(particulars) == len(allegations):
        for one, text in zip(allegations, particulars, strict=True):
            one["particulars"] = [text]
        particulars = []
    worst = context.rulebook.find_sanction(str(fields.get("worst_sanction")))
    titles = {one.id: one.title for one in context.rulebook.sanctions}
    return {
        "allegations": allegations,
        "particulars": particulars,
        "exhibits": _tell_exhibits(context, fields.get("exhibits")),
        "worst": None if worst is None else {"title": worst.title},
        "jeopardy": fields.get("jeopardy") or "",
        "ladder": [
            {
                "title": one.title,
                "majority": None
                if one.majority is None
                else {
                    "numerator": one.majority.numerator,
                    "denominator": one.majority.denominator,
                    "of": one.majority.of,
                    "more_than": one.majority.more_than,
                },
                "after": titles.get(one.after, ""),
                "longest": "" if one.longest is None else str(one.longest),
            }
            for one in sorted(context.rulebook.sanctions, key=lambda one: one.rung)
        ],
        "respond_by": context.moment(fields.get("respond_by")),
        "hearing_at": context.moment(fields.get("hearing_at")),
        "states_companion": bool(fields.get("states_companion")),
        "states_presumption": bool(fields.get("states_presumption")),
        "decided_by": _find_decided_by(context),
        "method": fields.get("method") or "page",
        **_tell_appeal(context),
    }


def _disclose(context: Context, fields: Fields) -> dict[str, Json]:
    to = fields.get("to")
    withheld = [one for one in context.sight.all("exhibit.withheld") if one.fields.get("person") == to]
    return {
        "exhibits": _tell_exhibits(context, fields.get("exhibits")),
        "withheld": [
            {"id": one.text("exhibit"), "reasons": one.text("reasons"), "gist": one.text("gist")} for one in withheld
        ],
    }


def _invite(context: Context, fields: Fields) -> dict[str, Json]:
    return {
        "at": context.moment(fields["at"]),
        "zone": str(context.zone),
        "body": context.find_body(str(fields["body"])),
        "purpose": fields.get("purpose") or "hearing",
        "open": bool(fields.get("open")),
        "agenda": list_texts(fields.get("agenda")),
    }


def _tell_votes(context: Context, decided: SeenEntry | None) -> list[Json]:
    wanted = [] if decided is None else decided.texts("motions")
    motions = {one.text("motion"): one for one in context.sight.all("motion.put")}
    votes: list[Json] = []
    for one in context.sight.all("vote.taken"):
        name = one.text("motion")
        if name in wanted:
            put = motions.get(name)
            kind = "" if put is None else put.text("kind")
            subject = "" if put is None else _tell_subject(context, put)
            counts = {"for": "votes_for", "against": "votes_against", "abstained": "abstained", "base": "base_count"}
            told: dict[str, Json] = {name: str(one.fields.get(field) or 0) for name, field in counts.items()}
            votes.append({"title": f"{name}: {kind} {subject}".rstrip(": "), **told})
    return votes


def _tell_subject(context: Context, put: SeenEntry) -> str:
    """Return what a motion is about: an allegation with its title, or a sanction by its title."""
    allegation = put.text("allegation")
    if allegation:
        titles = {one["id"]: one["title"] for one in tell_allegations(context)}
        return f"{allegation} ({titles[allegation]})" if titles.get(allegation) else allegation
    known = context.rulebook.find_sanction(put.text("sanction"))
    return put.text("sanction") if known is None else known.title


def _decide(context: Context, fields: Fields) -> dict[str, Json]:
    decided = context.sight.find(fields["decision"])
    titles = {one["id"]: one["title"] for one in tell_allegations(context)}
    findings: list[Json] = []
    for outcome in ("proved", "not_proved"):
        names = [] if decided is None else decided.texts(outcome)
        findings += [{"id": one, "title": titles.get(one, ""), "outcome": outcome} for one in names]
    imposed = [one for one in context.sight.all("sanction.imposed") if one.fields.get("decision") == fields["decision"]]
    method, within = fields.get("method") or "page", context.find_period("appeal-in-window", "within")
    appeal = _tell_appeal(context)
    if decided is not None and decided.act == "appeal.decided":
        # What is decided on appeal is not appealed again.
        appeal, within, by = {"appeal_to": "", "appeal_within": ""}, None, str(appeal["appeal_to"])
    else:
        by = "" if decided is None or not decided.text("body") else context.find_body(decided.text("body"))
    return {
        "decided_by": by,
        "decided_at": None if decided is None else context.moment(decided.at),
        "kind": _tell_decision_kind(decided),
        "findings": findings,
        "votes": _tell_votes(context, decided),
        "exhibits": _tell_exhibits(context, None if decided is None else decided.fields.get("exhibits")),
        "rests_on_none": decided is not None and _rests_on_none(context, decided),
        "reasons": "" if decided is None else decided.text("reasons"),
        "sanctions": [_tell_sanction(context, one) for one in imposed],
        "appeal_by": None if within is None or method == "post" else _reckon(context, within),
        "method": method,
        **appeal,
    }


def _tell_decision_kind(decided: SeenEntry | None) -> str:
    """Return what was decided: the kind of a decision, else which act it was and how it came out."""
    if decided is None:
        return ""
    if decided.act == "decision.made":
        return decided.text("kind") or "outcome"
    return " ".join((decided.act.replace(".", " "), decided.text("outcome"))).strip()


def _rests_on_none(context: Context, decided: SeenEntry) -> bool:
    """Return whether what was decided names no exhibit that it rests on, and follows none."""
    event = context.facts.matter.find(decided.seq)
    rests = event is not None and event.live and isinstance(event.act, RELYING)
    return rests and event is not None and not find_rested_on(context.facts.matter, event)


def _reckon(context: Context, within: Period) -> Json:
    if within.unit == "hours":
        # The letter bears a day, not a second: looked at twice, it would say two things.
        return None
    try:
        return context.moment(last_within(context.at, within, context.rulebook.calendar).end)
    except CalendarError:
        return None


def _tell_sanction(context: Context, imposed: SeenEntry) -> Json:
    sanction = context.rulebook.find_sanction(imposed.text("sanction"))
    return {
        "title": imposed.text("sanction") if sanction is None else sanction.title,
        "effective_at": context.moment(imposed.fields.get("effective_at")),
        "until": context.moment(imposed.fields.get("until")),
    }


def _issue(context: Context, fields: Fields) -> dict[str, Json]:
    imposed = context.sight.find(fields["sanction"])
    named = "" if imposed is None else imposed.text("sanction")
    sanction = context.rulebook.find_sanction(named)
    return {
        "person": context.name(PersonId(str(fields.get("person", "")))),
        "sanction": named if sanction is None else sanction.title,
        "clause": fields.get("clause") or ("" if sanction is None else sanction.clause),
        "effective_at": None if imposed is None else context.moment(imposed.fields.get("effective_at")),
        "expires_on": tell_day(fields.get("expires_on")),
        "conduct": fields.get("conduct") or "",
        "trigger": fields.get("trigger") or "",
        **_tell_appeal(context),
    }


def _decide_appeal(context: Context, fields: Fields) -> dict[str, Json]:
    appeal = context.sight.find(fields["appeal"])
    return {
        "lodged_at": None if appeal is None else context.moment(appeal.at),
        "grounds": [] if appeal is None else appeal.texts("grounds"),
        "outcome": fields["outcome"],
        "reasons": fields["reasons"],
        "appeal_to": _tell_appeal(context)["appeal_to"],
    }


_CONTENTS: Final[dict[str, Callable[[Context, Fields], dict[str, Json]]]] = {
    "acknowledgement": _acknowledge,
    "notice": _notify,
    "disclosure": _disclose,
    "invitation": _invite,
    "decision": _decide,
    "instrument": _issue,
    "appeal-outcome": _decide_appeal,
}
