"""What a rulebook's parts say of one another must be so: every name leads somewhere, every share is a share."""

from collections.abc import Iterable

from msgspec import Struct

from alteram.core.acts.catalogue import all_specs
from alteram.core.kernel.documents import Node, fail, read_choice, read_identifier, read_sequence
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.rules.identities import RELEASE
from alteram.core.rules.parsing.contradicting import refuse_circles
from alteram.core.rules.parsing.items import Item, check_name, find_field, names_of, refuse_twins
from alteram.core.rules.parsing.rulebook_parts import Parts
from alteram.core.rules.rulebook import Demand, Procedure, Sanction, Share
from alteram.core.rules.second_keys import MAY_NEED_TWO

_ALL = 1


def check_parts(parts: Parts) -> None:
    """Raise DocumentError at the first thing that refers to what is not there, or that cannot be meant."""
    _check_clauses(parts)
    for body in parts.bodies:
        check_name(body.field("chair"), body.value.chair, names_of(parts.offices), phrase("office"))
        _check_share(body.field("quorum"), body.value.quorum)
    refuse_twins((phrase("rung {rung}", rung=one.value.rung), one.field("rung")) for one in parts.sanctions)
    refuse_circles(parts)
    for sanction in parts.sanctions:
        _check_sanction(sanction, parts)
    for procedure in parts.procedures:
        _check_procedure(procedure, parts)
    _check_act_rules(parts)
    _check_second_key(parts)


def check_departures(parts: Parts, demands: Iterable[Demand]) -> None:
    """Raise DocumentError where a departure is allowed from no requirement of the rulebook or of its packs."""
    known = tuple(demand.id for demand in demands)
    for rule in parts.departures:
        check_name(rule.field("requirement"), rule.value.requirement, known, phrase("requirement"))
        check_name(rule.field("clause"), rule.value.clause, names_of(parts.clauses), phrase("clause"))
    refuse_twins((one.value.requirement, one.field("requirement")) for one in parts.departures)


def _check_clauses(parts: Parts) -> None:
    clauses = names_of(parts.clauses)
    things: tuple[tuple[Item[Struct], ...], ...] = (
        parts.offices, parts.bodies, parts.breaches, parts.sanctions, parts.procedures, parts.acts, parts.demands,
        parts.second_key,
    )  # fmt: skip
    for things_of_one_kind in things:
        for item in things_of_one_kind:
            check_name(item.field("clause"), getattr(item.value, "clause", ""), clauses, phrase("clause"))


def _check_share(node: Node, share: Share | None) -> None:
    if share is None:
        return
    if not 0 < share.numerator <= share.denominator:
        fail(
            node,
            phrase("{share} is not a share.", share=f"{share.numerator}/{share.denominator}"),
            phrase("It is more than none and at most all."),
        )
    if share.more_than and share.numerator == share.denominator:
        fail(node, phrase("nothing is more than all."), phrase("Remove more_than, or lower the share."))


def _check_sanction(item: Item[Sanction], parts: Parts) -> None:
    sanction = item.value
    check_name(item.field("by"), sanction.by, names_of(parts.bodies), phrase("body"))
    check_name(item.field("after"), sanction.after, names_of(parts.sanctions), phrase("sanction"))
    _check_share(item.field("majority"), sanction.majority)
    before = next((one.value for one in parts.sanctions if one.value.id == sanction.after), None)
    if before is not None and before.rung >= sanction.rung:
        fail(
            item.field("after"),
            phrase("{before} is not a lower rung than {id}.", before=as_own(before.id), id=as_own(sanction.id)),
            phrase("Order the rungs."),
        )
    if sanction.longest is not None and not sanction.needs_term:
        fail(item.field("longest"), phrase("a longest term needs a term."), phrase("Add needs_term: true."))


def _check_procedure(item: Item[Procedure], parts: Parts) -> None:
    procedure = item.value
    check_name(item.field("decided_by"), procedure.decided_by, names_of(parts.bodies), phrase("body"))
    check_name(item.field("appeal_to"), procedure.appeal_to, names_of(parts.bodies), phrase("body"))
    stages = read_sequence(item.field("stages"), lambda node: node)
    if not stages:
        fail(item.field("stages"), phrase("a procedure has at least one stage."), phrase("Add one."))
    refuse_twins((read_identifier(_field(node, "id")), _field(node, "id")) for node in stages)
    for node, stage in zip(stages, procedure.stages, strict=True):
        if not stage.entered_by:
            fail(_field(node, "entered_by"), phrase("no act enters this stage."), phrase("Name at least one."))
        read_sequence(_field(node, "entered_by"), _check_act)
        check_name(_field(node, "clause"), stage.clause, names_of(parts.clauses), phrase("clause"))


def _check_act_rules(parts: Parts) -> None:
    stages = tuple(stage.id for item in parts.procedures for stage in item.value.stages)
    for rule in parts.acts:
        read_sequence(rule.field("acts"), _check_act)
        if not rule.value.by:
            fail(rule.field("by"), phrase("nobody may do this."), phrase("Name at least one role."))
        for stage in rule.value.stages:
            check_name(rule.field("stages"), stage, stages, phrase("stage"))
    refuse_twins((act, rule.field("acts")) for rule in parts.acts for act in rule.value.acts)


def _check_second_key(parts: Parts) -> None:
    for rule in parts.second_key:
        read_sequence(rule.field("acts"), lambda node: read_choice(node, (*MAY_NEED_TWO, RELEASE)))
        if not rule.value.by:
            fail(rule.field("by"), phrase("nobody may agree to this."), phrase("Name at least one role."))
    refuse_twins((act, rule.field("acts")) for rule in parts.second_key for act in rule.value.acts)


def _check_act(node: Node) -> str:
    return read_choice(node, (spec.name for spec in all_specs()))


def _field(node: Node, name: str) -> Node:
    return find_field(node, name) or node
