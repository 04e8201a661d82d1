"""What operations return, in the shapes of the API."""

from functools import cache
from typing import Any

import msgspec

from alteram.api import shapes
from alteram.core.acts import ActSpec, all_specs, json_schema
from alteram.core.kernel import outcomes
from alteram.core.rules import Rulebook
from alteram.core.rules.rulebook import Stage, build_digest, encode_rulebook
from alteram.installation.grave import GRAVE
from alteram.operations.assessing import TellableAssessment
from alteram.operations.lists import MyMatter
from alteram.operations.overview import Overview
from alteram.operations.questions import OpenActs, TimelineEntry


def describe_refused(refused: outcomes.Refused) -> shapes.Refused:
    """Return a refusal."""
    return shapes.Refused(
        code=refused.code,
        clause=refused.clause,
        because=refused.because,
        requirement=refused.requirement,
        missing=list(refused.missing),
        earliest=refused.earliest,
        working=list(refused.working),
        also=[describe_refused(one) for one in refused.also],
    )


def describe_ruling(ruling: outcomes.Ruling) -> shapes.Allowed | shapes.Departure | shapes.Refused:
    """Return a ruling."""
    match ruling:
        case outcomes.Refused():
            return describe_refused(ruling)
        case outcomes.Departure():
            return shapes.Departure(
                capacity=ruling.capacity,
                clause=ruling.clause,
                requirement=ruling.requirement,
                authorised_by=ruling.authorised_by,
                entry=ruling.entry,
            )
        case outcomes.Allowed():
            return shapes.Allowed(capacity=ruling.capacity, clause=ruling.clause)


def describe_matter(mine: MyMatter) -> shapes.Matter:
    """Return a matter as lists show it."""
    row = mine.row
    return shapes.Matter(
        matter=row.stream,
        procedure=row.procedure,
        stage=row.stage,
        opened_at=row.opened_at,
        last_at=row.last_at,
        last_seq=row.last_seq,
        closed_at=row.closed_at,
        next_due_at=row.next_due_at,
        next_owner=row.next_owner,
        parts=list(mine.parts),
        waits=mine.waits,
    )


def describe_stage(stage: Stage) -> shapes.Stage:
    """Return a stage."""
    return shapes.Stage(
        id=stage.id,
        title=stage.title,
        entered_by=list(stage.entered_by),
        owner=stage.owner,
        overdue_to=stage.overdue_to,
        clause=stage.clause,
    )


def describe_overview(overview: Overview) -> shapes.Overview:
    """Return where a matter stands."""
    clock = overview.clock
    return shapes.Overview(
        matter=overview.stream,
        procedure=overview.procedure,
        stages=[describe_stage(one) for one in overview.stages],
        stage=None if overview.stage is None else describe_stage(overview.stage),
        clock=None
        if clock is None
        else shapes.Clock(
            stage=clock.stage.id, began_at=clock.began_at, due_at=clock.due_at, working=list(clock.working)
        ),
        is_overdue=overview.is_overdue,
        is_history=overview.is_history,
        my_parts=list(overview.my_parts),
        parts=[
            shapes.Part(person=one.person, role=one.role, since=one.since, is_over=one.is_over)
            for one in overview.parts
        ],
        closed_to=overview.closed_to,
    )


def describe_entry(entry: TimelineEntry) -> shapes.Entry:
    """Return an entry."""
    return shapes.Entry(seq=entry.seq, at=entry.at, act=entry.act, claims=entry.claims)


def describe_open_acts(found: OpenActs) -> shapes.OpenActs:
    """Return what somebody can do."""
    return shapes.OpenActs(
        parts=list(found.parts),
        stage=None if found.stage is None else found.stage.id,
        next_stage=None if found.next_stage is None else found.next_stage.id,
        acts=[
            shapes.OpenAct(
                act=one.spec.name,
                help=one.spec.help,
                by=list(one.by),
                is_own=one.is_own,
                ruling=describe_ruling(one.ruling),
            )
            for one in found.acts
        ],
    )


def describe_assessment(assessed: TellableAssessment, rulebook: str) -> shapes.Assessment:
    """Return an assessment, as far as it may be told."""
    return shapes.Assessment(
        rulebook=rulebook,
        now=assessed.now,
        requirements=[
            shapes.Assessed(
                requirement=one.demand.id,
                title=one.demand.title,
                guarantee=one.demand.guarantee,
                clause=one.demand.clause,
                result=one.finding.result,
                because=one.finding.because,
                entries=list(one.finding.entries),
                working=list(one.finding.working),
                missing=list(one.finding.missing),
                earliest=one.finding.earliest,
            )
            for one in assessed.requirements
        ],
    )


def describe_cures(assessed: TellableAssessment) -> shapes.Cures:
    """Return what would mend a matter: of each requirement that failed, or is open and can be settled."""
    return shapes.Cures(
        plans=[
            shapes.CurePlan(
                requirement=one.demand.id,
                result=one.finding.result,
                steps=[shapes.Cure(act=step.act, by=list(step.by), why=step.why) for step in one.finding.cures],
                incurable=one.finding.incurable,
            )
            for one in assessed.requirements
            if one.finding.result == "FAIL" or (one.finding.result == "UNKNOWN" and one.finding.cures)
        ]
    )


def describe_rulebook(rulebook: Rulebook) -> shapes.Rulebook:
    """Return a rulebook with its digest."""
    canonical = encode_rulebook(rulebook)
    return shapes.Rulebook(digest=build_digest(canonical), rulebook=msgspec.json.decode(canonical))


def describe_act(spec: ActSpec) -> shapes.Act:
    """Return an act of the catalogue."""
    return shapes.Act(
        act=spec.name,
        tag=spec.tag,
        area=spec.area,
        stream=spec.stream,
        by=list(spec.by),
        open_to=spec.open_to,
        help=spec.help,
        is_grave=spec.name in GRAVE,
        confidential=[one.name for one in spec.fields if one.confidential],
        fields=json_schema(spec.type),
    )


@cache
def describe_acts() -> shapes.Catalogue:
    """Return every act of the catalogue."""
    return shapes.Catalogue(acts=[describe_act(spec) for spec in all_specs()])


@cache
def build_act_schemas() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schema of a proposal of any act, told by its name, and the schemas that it refers to.

    Fields are described as the catalogue does; the rules may refuse what the description allows.
    """
    kinds = tuple(spec.type for spec in all_specs())
    roots, parts = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/act.{name}")
    named = dict(zip((spec.name for spec in all_specs()), roots, strict=True))
    proposals = [
        {
            "type": "object",
            "title": name,
            "properties": {"act": {"const": name, "type": "string"}, "fields": root},
            "required": ["act", "fields"],
        }
        for name, root in named.items()
    ]
    return {"oneOf": proposals}, {f"act.{name}": part for name, part in parts.items()}
