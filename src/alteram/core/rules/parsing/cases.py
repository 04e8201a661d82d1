"""Cases: small invented histories that show what one requirement comes to, shipped beside it.

A case states an organisation, parties, events and what is expected of one requirement of the library, or of a demand, a
named result or a figure of a pack. `run_case` folds them to facts and asks, with the predicate that rules on live acts
too. Of a figure PASS means that it is within its benchmark, FAIL that it is beyond.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias, get_args

from alteram.core.kernel.documents import (
    Mapping,
    Node,
    Place,
    Scalar,
    fail,
    read_boolean,
    read_choice,
    read_identifier,
    read_mapping,
    read_sequence,
    read_text,
)
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.phrases import join
from alteram.core.matters import AnyEvent, Facts
from alteram.core.rules.assess import examine
from alteram.core.rules.figures import Standing, take_figure
from alteram.core.rules.findings import Finding, Result
from alteram.core.rules.parsing.case_facts import read_facts
from alteram.core.rules.parsing.demands import read_kind, read_parameters, read_role
from alteram.core.rules.parsing.events import read_act_name
from alteram.core.rules.parsing.organisations import RulebookLoader, read_rulebook
from alteram.core.rules.parsing.packs import PackLoader
from alteram.core.rules.parsing.values import Scope, read_moment
from alteram.core.rules.results import examine_result
from alteram.core.rules.rulebook import Demand, Pack, Rulebook
from alteram.core.rules.standards import Metric, NamedResult

#: Reads what a case asks of from the fields of the case.
AskedReader: TypeAlias = Callable[[dict[str, Node]], Demand | NamedResult | Metric]

_PACK_CASE = (
    "because", "earliest", "curable", "cures", "missing", "now", "rulebook", "organisation", "organisation_events",
    "parties", "linked", "anchor", "note",
)  # fmt: skip
_CASE = (*_PACK_CASE, "parameters", "protects", "ruled_by")
_ASKED = ("requirement", "result", "metric")
_STANDINGS: dict[Standing, Result] = {"within": "PASS", "beyond": "FAIL", "unknown": "UNKNOWN"}

_RULEBOOK = "caucus"
_NOW = "2026-01-01T00:00"


@dataclass(frozen=True, slots=True)
class Case:
    """One case, ready to run: the facts, the demand, and what it must come to."""

    name: str
    place: Place
    rulebook: Rulebook
    asked: Demand | NamedResult | Metric
    facts: Facts
    now: datetime
    anchor: AnyEvent | None
    expected: Result
    because: str = ""
    earliest: datetime | None = None
    curable: bool | None = None
    cures: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    pack: Pack | None = None

    @property
    def demand(self) -> Demand:
        """Return the demand that is asked. Raises: ValueError in a case of a named result or a figure."""
        if not isinstance(self.asked, Demand):
            raise ValueError(f"{self.asked.id} is no demand")  # noqa: TRY004 - the type is right, the question is not
        return self.asked


def run_case(case: Case) -> Finding:
    """Return what is asked comes to on the facts of `case`."""
    if isinstance(case.asked, Demand) or case.pack is None:
        return examine(case.demand, case.facts, case.rulebook, case.now, at=case.anchor)
    if isinstance(case.asked, NamedResult):
        return examine_result(case.asked, case.pack, case.facts, case.rulebook, case.now)
    figure = take_figure(case.asked, case.pack, case.facts, case.rulebook, case.now)
    return Finding(_STANDINGS[figure.standing], join(" ", figure.working), figure.entries, figure.working)


def find_difference(case: Case, finding: Finding) -> str:
    """Return how `finding` differs from what the case expects; empty when it does not."""
    curable = bool(finding.cures) and not finding.incurable
    differences = (
        (finding.result != case.expected, f"expected {case.expected}, came to {finding.result}: {finding.because}"),
        (case.because not in finding.because, f"{case.because!r} is not said in: {finding.because}"),
        (case.earliest not in {None, finding.earliest}, f"earliest {case.earliest}, came to {finding.earliest}"),
        (case.curable not in {None, curable}, f"curable {case.curable}, came to {curable}"),
        (not set(case.cures) <= {one.act for one in finding.cures}, f"cures {case.cures}, came to {finding.cures}"),
        (not set(case.missing) <= set(finding.missing), f"missing {case.missing}, came to {finding.missing}"),
    )
    return next((f"{case.place}: {case.name}: {words}" for differs, words in differences if differs), "")


def parse_cases(root: Node, load_rulebook: RulebookLoader) -> tuple[Case, ...]:
    """Return the cases of a case file. Raises: DocumentError when it is not one."""
    fields = read_mapping(root, required=("requirement", "cases"))
    kind = read_kind(fields["requirement"])
    cases = read_sequence(
        fields["cases"],
        lambda node: _read_case(node, lambda fields: _read_demand(node, fields, kind), load_rulebook, _CASE),
    )
    _refuse_twins(fields["cases"], [case.name for case in cases])
    return cases


def parse_pack_cases(root: Node, load_pack: PackLoader, load_rulebook: RulebookLoader) -> tuple[Case, ...]:
    """Return the cases of a demand, a named result or a figure of a pack. Raises: DocumentError when it has no such."""
    fields = read_mapping(root, required=("pack", "cases"), optional=_ASKED)
    pack = _load_pack(fields["pack"], load_pack)
    asked = _read_asked(root, fields, pack)
    cases = read_sequence(
        fields["cases"], lambda node: replace(_read_case(node, lambda _: asked, load_rulebook, _PACK_CASE), pack=pack)
    )
    _refuse_twins(fields["cases"], [case.name for case in cases])
    return cases


def _load_pack(node: Node, load_pack: PackLoader) -> Pack:
    """Return the pack of a name and never of a path: what somebody else wrote opens no file of whoever reads it."""
    try:
        return load_pack(read_identifier(node))
    except AlteramError as error:
        fail(node, error.problem, error.remedy)


def _read_asked(root: Node, fields: dict[str, Node], pack: Pack) -> Demand | NamedResult | Metric:
    given = [name for name in _ASKED if name in fields]
    if len(given) != 1:
        fail(root, "asks of no one thing.", f"Name one of {', '.join(_ASKED)}.")
    node = fields[given[0]]
    things: dict[str, tuple[Demand | NamedResult | Metric, ...]] = {
        "requirement": pack.demands,
        "result": pack.results or (),
        "metric": pack.metrics or (),
    }
    known = {one.id: one for one in things[given[0]]}
    return known[read_choice(node, known)]


def _refuse_twins(node: Node, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            fail(node, f"two cases are called {name!r}.", "Say in the name what each is about.")
        seen.add(name)


def _read_case(node: Node, read_asked: AskedReader, load_rulebook: RulebookLoader, optional: tuple[str, ...]) -> Case:
    fields = read_mapping(node, required=("case", "expected", "events"), optional=optional)
    rulebook = read_rulebook(fields.get("rulebook", Scalar(node.place, _RULEBOOK)), load_rulebook)
    facts, ids = read_facts(node, fields, rulebook)
    scope = Scope(rulebook.calendar, tuple(sorted(facts.roll.members)), ids)
    return Case(
        name=read_text(fields["case"], longest=300),
        place=node.place,
        rulebook=rulebook,
        asked=read_asked(fields),
        facts=facts,
        now=read_moment(fields.get("now", Scalar(node.place, _NOW)), scope),
        anchor=_read_anchor(fields, facts, ids),
        expected=_read_result(fields["expected"]),
        because=read_text(fields["because"]) if "because" in fields else "",
        earliest=read_moment(fields["earliest"], scope) if "earliest" in fields else None,
        curable=read_boolean(fields["curable"]) if "curable" in fields else None,
        cures=read_sequence(fields["cures"], read_act_name) if "cures" in fields else (),
        missing=read_sequence(fields["missing"], read_act_name) if "missing" in fields else (),
    )


def _read_result(node: Node) -> Result:
    known: tuple[Result, ...] = get_args(Result)
    found = read_choice(node, known)
    return next(result for result in known if result == found)


def _read_demand(node: Node, fields: dict[str, Node], kind: str) -> Demand:
    return Demand(
        id=kind,
        title=read_text(fields["case"], longest=300),
        guarantee="record",
        kind=kind,
        parameters=read_parameters(fields.get("parameters", Mapping(node.place, ())), kind),
        protects=read_role(fields["protects"]) if "protects" in fields else "respondent",
        ruled_by=read_sequence(fields["ruled_by"], read_role) if "ruled_by" in fields else (),
    )


def _read_anchor(fields: dict[str, Node], facts: Facts, ids: dict[str, int]) -> AnyEvent | None:
    if "anchor" not in fields:
        return None
    name = read_text(fields["anchor"]).removeprefix("$")
    found = facts.matter.find(ids[name]) if name in ids else None
    if found is None:
        fail(fields["anchor"], f"no event has the identifier {name!r}.", "Give the event `id:`.")
    return found
