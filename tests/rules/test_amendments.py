"""What an amendment means: whose right grows or shrinks, both ways round, and what stays open."""

from typing import Any

import msgspec
import pytest

from alteram.adapters.rulebooks import load_rulebook
from alteram.core.acts import all_specs
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import Phrase
from alteram.core.rules import Rulebook
from alteram.core.rules.amendments import Meaning, count_effects, find_meanings
from alteram.core.rules.amendments.asking import find_effect
from alteram.core.rules.amendments.replaying import slice_replay
from alteram.core.rules.rulebook import ActRule, Demand, DepartureRule, Office, SecondKeyRule, Share

OPPOSITE = {"grows": "shrinks", "shrinks": "grows", "changes": "changes"}


@pytest.fixture
def caucus() -> Rulebook:
    return load_rulebook("caucus")


def having(rulebook: Rulebook, **changed: Any) -> Rulebook:
    return msgspec.structs.replace(rulebook, **changed)


def find_demand(rulebook: Rulebook, kind: str) -> Demand:
    return next(one for one in rulebook.demands if one.kind == kind and not one.pack)


def swap(rulebook: Rulebook, old: Demand, **changed: Any) -> Rulebook:
    new = msgspec.structs.replace(old, **changed)
    return having(rulebook, demands=tuple(new if one is old else one for one in rulebook.demands))


def raw(**values: Any) -> dict[str, msgspec.Raw]:
    return {name: msgspec.Raw(msgspec.json.encode(value)) for name, value in values.items()}


def weigh(old: Rulebook, new: Rulebook) -> list[tuple[str, tuple[str, ...]]]:
    """What is meant, and that the other way round means just the opposite for the same people."""
    forth, back = find_meanings(old, new), find_meanings(new, old)
    assert sorted((OPPOSITE[one.effect], one.people) for one in back) == sorted(
        (one.effect, one.people) for one in forth
    )
    assert all(isinstance(one.told, Phrase) for one in forth)
    return [(one.effect, one.people) for one in forth]


def test_version_means_nothing_new_against_itself(caucus: Rulebook) -> None:
    assert find_meanings(caucus, caucus) == ()


def test_clause_in_other_words_means_nothing_that_can_be_told(caucus: Rulebook) -> None:
    first = msgspec.structs.replace(caucus.clauses[0], text="Other words.")
    assert find_meanings(caucus, having(caucus, clauses=(first, *caucus.clauses[1:]))) == ()


def test_requirement_added_or_removed_is_a_right_of_whom_it_protects(caucus: Rulebook) -> None:
    demand = find_demand(caucus, "notice-period")
    without = having(caucus, demands=tuple(one for one in caucus.demands if one is not demand))
    assert weigh(caucus, without) == [("shrinks", ("respondent",))]


@pytest.mark.parametrize(("days", "effect"), [(11, "grows"), (9, "shrinks")])
def test_longer_notice_is_more_and_shorter_is_less(caucus: Rulebook, days: int, effect: str) -> None:
    demand = find_demand(caucus, "notice-period")
    assert weigh(caucus, swap(caucus, demand, parameters=raw(at_least={"clear_days": days}))) == [
        (effect, ("respondent",))
    ]


def test_period_in_another_unit_is_otherwise_and_not_weighed(caucus: Rulebook) -> None:
    demand = find_demand(caucus, "notice-period")
    changed = swap(caucus, demand, parameters=raw(at_least={"working_days": 10}))
    assert weigh(caucus, changed) == [("changes", ("respondent",))]


def test_act_that_no_longer_waits_is_told_for_whom_it_waited(caucus: Rulebook) -> None:
    demand = find_demand(caucus, "notice-period")
    meant = find_meanings(caucus, swap(caucus, demand, gates=demand.gates[:-1]))
    assert [(one.effect, one.people) for one in meant] == [("shrinks", ("respondent",))]
    assert demand.gates[-1] in meant[0].told
    assert weigh(caucus, swap(caucus, demand, gates=())) == [("shrinks", ("respondent",))] * len(demand.gates)


def test_more_people_who_may_rule_are_less_for_whom_it_protects(caucus: Rulebook) -> None:
    demand = next(one for one in caucus.demands if one.ruled_by)
    changed = swap(caucus, demand, ruled_by=(*demand.ruled_by, "spokesperson"))
    assert weigh(caucus, changed) == [("shrinks", (demand.protects,))]


def test_requirement_for_others_is_lost_by_the_one_and_won_by_the_other(caucus: Rulebook) -> None:
    demand = find_demand(caucus, "notice-period")
    changed = swap(caucus, demand, protects="complainant")
    assert weigh(caucus, changed) == [("shrinks", ("respondent",)), ("grows", ("complainant",))]


def test_who_may_do_an_act_or_no_longer_is_told_of_them(caucus: Rulebook) -> None:
    rule = caucus.acts[0]
    more = msgspec.structs.replace(rule, by=(*rule.by, "spokesperson"))
    changed = having(caucus, acts=(more, *caucus.acts[1:]))
    assert weigh(caucus, changed) == [("grows", ("spokesperson",))]


def test_rule_that_says_what_the_catalogue_says_changes_nothing(caucus: Rulebook) -> None:
    known = {one.act for one in caucus.acts}
    spec = next(one for one in all_specs() if one.name not in known and one.stream == "matter")
    assert find_meanings(caucus, having(caucus, acts=(*caucus.acts, ActRule(act=spec.name, by=spec.by)))) == ()


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        (("hearing",), ("hearing", "decision"), "grows"),
        (("hearing",), (), "grows"),
        (("hearing",), ("decision",), "changes"),
        ((), ("decision",), "shrinks"),
    ],
)
def test_stages_in_which_an_act_may_be_done(
    caucus: Rulebook, old: tuple[str, ...], new: tuple[str, ...], effect: str
) -> None:
    first, *others = caucus.acts
    versions = [having(caucus, acts=(msgspec.structs.replace(first, stages=one), *others)) for one in (old, new)]
    assert weigh(*versions) == [(effect, first.by)]


@pytest.mark.parametrize(
    ("changed", "effect"),
    [
        ({"within": Period(days=400)}, "changes"),
        ({"within": None}, "shrinks"),
        ({"overdue_to": None}, "shrinks"),
    ],
)
def test_stage_that_may_last_longer_is_less_for_both_sides(
    caucus: Rulebook, changed: dict[str, Any], effect: str
) -> None:
    procedure, *others = caucus.procedures
    place = next(at for at, one in enumerate(procedure.stages) if one.within is not None and one.overdue_to is not None)
    stages = list(procedure.stages)
    stages[place] = msgspec.structs.replace(stages[place], **changed)
    after = having(caucus, procedures=(msgspec.structs.replace(procedure, stages=tuple(stages)), *others))
    assert weigh(caucus, after) == [(effect, ("complainant", "respondent"))]


def test_procedure_without_an_appeal_is_less_for_both_sides(caucus: Rulebook) -> None:
    procedure, *others = caucus.procedures
    after = having(caucus, procedures=(msgspec.structs.replace(procedure, appeal_to=""), *others))
    assert weigh(caucus, after) == [("shrinks", ("complainant", "respondent"))]


@pytest.mark.parametrize(
    ("changed", "effect"),
    [
        ({"majority": None}, "shrinks"),
        ({"majority": Share(numerator=9, denominator=10, of="eligible")}, "grows"),
        ({"majority": Share(numerator=1, denominator=2, of="eligible")}, "shrinks"),
        ({"majority": Share(numerator=9, denominator=10, of="cast")}, "changes"),
        ({"longest": Period(months=13)}, "shrinks"),
        ({"longest": Period(years=1)}, None),
        ({"longest": Period(months=11)}, "grows"),
        ({"longest": None}, "shrinks"),
        ({"after": ""}, "shrinks"),
        ({"by": "appeal-panel"}, "changes"),
    ],
)
def test_sanction_that_is_easier_to_impose_is_less_for_whoever_is_charged(
    caucus: Rulebook, changed: dict[str, Any], effect: str | None
) -> None:
    sanction = next(one for one in caucus.sanctions if one.id == "final-warning")
    sanction = msgspec.structs.replace(sanction, after="warning")
    before = having(caucus, sanctions=(*caucus.sanctions[:2], sanction))
    after = having(caucus, sanctions=(*caucus.sanctions[:2], msgspec.structs.replace(sanction, **changed)))
    found = weigh(before, after)
    assert found in ([(effect, ("respondent",))], [("changes", ("respondent",))])
    assert effect is None or found == [(effect, ("respondent",))]


@pytest.mark.parametrize("part", ["sanctions", "breaches"])
def test_what_can_be_imposed_or_charged_no_more_is_a_right_won(caucus: Rulebook, part: str) -> None:
    assert weigh(caucus, having(caucus, **{part: getattr(caucus, part)[1:]})) == [("grows", ("respondent",))]


def test_departure_is_less_for_whom_the_requirement_protects(caucus: Rulebook) -> None:
    demand = find_demand(caucus, "notice-period")
    rule = DepartureRule(requirement=demand.id, by=("spokesperson",))
    without = having(caucus, departures=())
    assert weigh(without, having(caucus, departures=(rule,))) == [("shrinks", ("respondent",))]


def test_what_one_can_do_alone_is_less_for_the_members(caucus: Rulebook) -> None:
    keys = [SecondKeyRule(act="office.filled", by=("chair",))]
    without = having(caucus, second_key=msgspec.UNSET)
    assert weigh(having(caucus, second_key=tuple(keys)), without) == [("shrinks", ("member",))]


def test_office_that_plays_another_part_is_told_and_not_weighed(caucus: Rulebook) -> None:
    first: Office = caucus.offices[0]
    changed = having(caucus, offices=(msgspec.structs.replace(first, plays=("mediator",)), *caucus.offices[1:]))
    assert weigh(caucus, changed) == [("changes", ("mediator",))]


def test_what_shrinks_is_told_first_and_counted(caucus: Rulebook) -> None:
    found = find_meanings(caucus, load_rulebook("small-club"))
    effects = [one.effect for one in found]
    assert effects == sorted(effects, key=["shrinks", "grows", "changes"].index)
    assert count_effects(found) == {one: effects.count(one) for one in ("shrinks", "grows", "changes")}


@pytest.mark.parametrize(
    ("name", "old", "new", "effect"),
    [
        ("particulars", False, True, "grows"),
        ("refusable", False, True, "shrinks"),
        ("no-such-truth", False, True, "changes"),
        ("excluded", ["a"], ["a", "b"], "grows"),
        ("unless", ["a"], ["a", "b"], "shrinks"),
        ("excluded", ["a"], ["b"], "changes"),
        ("no-such-list", ["a"], ["a", "b"], "changes"),
        ("within", {"weeks": 1}, {"days": 8}, "shrinks"),
        ("within", {"weeks": 1}, {"days": 6}, "grows"),
        ("at_least", {"years": 1}, {"months": 13}, "grows"),
        ("at_least", {"days": 5}, {"working_days": 5}, "changes"),
        ("at_most", 0, 1, "shrinks"),
        ("size", 3, 5, "grows"),
        ("base", "cast", "members", "changes"),
        ("at_least", None, {"days": 1}, "changes"),
    ],
)
def test_parameter_is_weighed_only_where_it_is_certain(name: str, old: Any, new: Any, effect: str) -> None:
    assert find_effect(name, old, new) == effect


def test_replay_looks_only_at_what_an_amendment_touches(caucus: Rulebook) -> None:
    demand = find_demand(caucus, "notice-period")
    assert slice_replay(caucus, caucus).is_empty
    renamed = swap(caucus, demand, title="Another title", clause="1.1")
    assert slice_replay(caucus, renamed).is_empty
    touched = slice_replay(caucus, swap(caucus, demand, parameters=raw(at_least={"clear_days": 30})))
    assert [pair[0] for pair in touched.demands] == [demand]
    assert touched.acts == set(demand.gates)


def test_replay_looks_at_everything_where_what_requirements_read_differs(caucus: Rulebook) -> None:
    touched = slice_replay(caucus, having(caucus, sanctions=caucus.sanctions[1:]))
    assert len(touched.demands) == len(caucus.demands)
    assert {"decision.made", "report.lodged"} <= touched.acts
    words = msgspec.structs.replace(caucus.clauses[0], text="Other words.")
    assert slice_replay(caucus, having(caucus, clauses=(words, *caucus.clauses[1:]))).is_empty
    assert not slice_replay(caucus, having(caucus, clauses=caucus.clauses[1:])).is_empty


def test_meaning_says_what_it_is_of(caucus: Rulebook) -> None:
    demand = find_demand(caucus, "notice-period")
    (meant,) = find_meanings(caucus, swap(caucus, demand, parameters=raw(at_least={"clear_days": 9})))
    assert isinstance(meant, Meaning)
    assert (meant.part, meant.name, meant.clause) == ("demand", demand.id, demand.clause)
    assert "was 10 clear days and is 9 clear days" in meant.told
