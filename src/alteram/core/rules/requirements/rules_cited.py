"""The document of an ending says under which rule it was made, or somebody rules that there is none.

Electoral Act 1993 (NZ) s 55D: the statement says that the party's rules on such notices were followed, or that it has
none. The clause must be one of the rulebook. Whether it was followed is asked by the other requirements.
"""

from alteram.core.acts import InstrumentIssued, SanctionImposed
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed, silent
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_standing


class RulesCited(Parameters, frozen=True, kw_only=True):
    """`sanctions`: those whose document must cite the rule; none named: every one."""

    sanctions: tuple[str, ...] = ()


_CURE = Cure("instrument.issued", ("chair", "secretary"), phrase("Issue it with the clause it rests on."))


@requirement(
    "rules-cited",
    covers=("N8",),
    parameters=RulesCited,
    anchors=(SanctionImposed,),
    reads=(InstrumentIssued,),
    applies=lambda parameters, anchor: (
        not parameters.sanctions or getattr(anchor.act, "sanction", "") in parameters.sanctions
    ),
    may_be_ruled=True,
)
def check_rules_cited(view: View, _parameters: RulesCited, anchor: AnyEvent) -> Finding:
    """The document of a sanction cites the clause it was made under, or a ruling says that there is none."""
    if not isinstance(anchor.act, SanctionImposed):
        return silent(phrase("No sanction was imposed."))
    issued = [one for one in view.all(InstrumentIssued) if one.act.sanction == anchor.seq]
    sure, doubtful = find_standing(view, issued)
    cited = [one for one in sure if one.act.clause is not None]
    if not cited:
        return view.missing(
            anchor,
            phrase("No document of this says under which rule it was made, or that there is none."),
            alleged=[one for one in doubtful if one.act.clause is not None],
            acts=("instrument.issued",),
            cures=(_CURE,),
        )
    clause = cited[-1].act.clause or ""
    entries = (anchor.seq, cited[-1].seq)
    if clause not in {one.id for one in view.rulebook.clauses}:
        because = phrase("The document cites {clause}, which is no clause of the rules.", clause=as_own(clause))
        return view.weigh(anchor, failed(because, entries=entries, cures=(_CURE,)))
    because = phrase("The document cites clause {clause}.", clause=as_own(clause))
    return view.weigh(anchor, passed(because, entries=entries))
