"""Requirements that nothing can meet, and requirements that cannot both be met."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

import msgspec

from alteram.core.kernel.phrases import as_own, join, phrase
from alteram.core.rules.contradictions.contradiction import Contradiction, name_clauses
from alteram.core.rules.contradictions.roles import stands
from alteram.core.rules.requirements import Parameters, parse_parameters
from alteram.core.rules.requirements.majority import Majority
from alteram.core.rules.requirements.panel_size import PanelSize
from alteram.core.rules.requirements.sanction_authorised import SanctionAuthorised
from alteram.core.rules.requirements.vote_base import VoteBase
from alteram.core.rules.rulebook import Demand, Rulebook, Share

#: Parts that handle nothing, so that whoever has no other cannot let anything be departed from.
_SIDES: Final = frozenset({"reporter", "complainant", "respondent", "witness", "companion", "representative"})


def find_unmeetable(demands: Sequence[Demand]) -> Iterator[Contradiction]:
    """Yield each demand whose parameters nothing can meet, whoever asks for it."""
    for demand in demands:
        parameters = parse_parameters(demand)
        for name in parameters.__struct_fields__:
            value = getattr(parameters, name)
            if isinstance(value, Share) and not is_share(value):
                because = phrase(
                    "{demand} asks for {share}, which is no share that a vote can reach.",
                    demand=as_own(demand.title),
                    share=f"{value.numerator}/{value.denominator}",
                )
                remedy = phrase("Ask for more than none and at most all.")
                yield _at(demand, "share.none", because, remedy)
        if isinstance(parameters, PanelSize):
            yield from _look_at_panel(demand, parameters)


def is_share(share: Share) -> bool:
    """Return whether a vote can reach a share: more than none, at most all, and not more than all."""
    whole = share.numerator == share.denominator
    return 0 < share.numerator <= share.denominator and not (whole and share.more_than)


def _look_at_panel(demand: Demand, parameters: PanelSize) -> Iterator[Contradiction]:
    names = {"demand": as_own(demand.title), "size": parameters.size, "quorum": parameters.quorum or 0}
    if parameters.size < 1:
        because = phrase("{demand} asks for a panel of {size}.", **names)
        yield _at(demand, "panel.nobody", because, phrase("Ask for at least one."))
    elif parameters.quorum is not None and parameters.quorum > parameters.size:
        because = phrase("{demand} asks that {quorum} sit of a panel of {size}.", **names)
        yield _at(demand, "panel.quorum", because, phrase("Ask for no more than belong to it."))


def find_clashes(rulebook: Rulebook) -> Iterator[Contradiction]:
    """Yield what cannot stand beside another clause of the same rulebook."""
    read = [(one, parse_parameters(one)) for one in rulebook.demands]
    for (one, first), (other, second) in combinations([pair for pair in read if _is_exact(pair[1])], 2):
        clash = _clash(first, second) if one.protects == other.protects else ""
        if clash:
            because = phrase(
                "{one} and {other} cannot both be met: {clash}.",
                one=as_own(one.title),
                other=as_own(other.title),
                clash=clash,
            )
            remedy = phrase("Keep one of them, or let them ask the same.")
            own = one if not one.pack else other
            fatal = bool(set(one.gates) & set(other.gates))
            yield _at(own, "requirement.at-odds", because, remedy, one, other, fatal=fatal)
    for demand, parameters in read:
        yield from _find_at_odds_with_bodies(rulebook, demand, parameters)
        yield from _find_at_odds_with_ladder(rulebook, demand, parameters)
    yield from _find_departures(rulebook)


def _is_exact(parameters: Parameters) -> bool:
    return isinstance(parameters, PanelSize | VoteBase | SanctionAuthorised)


def _clash(one: Parameters, other: Parameters) -> str:
    match one, other:
        case PanelSize(of=of), PanelSize(of=same) if of == same and one.size != other.size:
            return phrase("a panel has {one} people or {other}", one=one.size, other=other.size)
        case VoteBase(base=base), VoteBase(base=another) if base and another and base != another:
            return phrase("a vote is counted of {one} or of {other}", one=as_own(base), other=as_own(another))
        case SanctionAuthorised(only=only), SanctionAuthorised(only=others) if only and others:
            return "" if set(only) & set(others) else phrase("no sanction is in both lists")
        case _:
            return ""


def _find_at_odds_with_bodies(rulebook: Rulebook, demand: Demand, parameters: Parameters) -> Iterator[Contradiction]:
    """Yield each body that decides or hears appeals and has another size than a panel is to have."""
    if not isinstance(parameters, PanelSize):
        return
    decides = parameters.of == "decision"
    names = {one.decided_by if decides else one.appeal_to for one in rulebook.procedures}
    for body in (one for one in rulebook.bodies if one.id in names and one.size not in {None, parameters.size}):
        because = phrase(
            "{demand} asks for {size}, and {body} has {seats}.",
            demand=as_own(demand.title),
            size=parameters.size,
            body=as_own(body.title),
            seats=body.size,
        )
        remedy = phrase("Let the body have as many as are asked for.")
        # A panel for one appeal is formed in the matter; the body that decides is there beforehand.
        fatal = decides and "decision.made" in demand.gates and len(names) == 1
        yield Contradiction(
            "panel.other-size", "bodies", body.id, "size", because, remedy, name_clauses(body, demand), fatal=fatal
        )


def _find_at_odds_with_ladder(rulebook: Rulebook, demand: Demand, parameters: Parameters) -> Iterator[Contradiction]:
    if isinstance(parameters, SanctionAuthorised) and parameters.only and rulebook.sanctions:
        ladder = {one.id for one in rulebook.sanctions}
        if not ladder & set(parameters.only):
            because = phrase(
                "{demand} lets only these be imposed, and none of them is on the ladder: {only}.",
                demand=as_own(demand.title),
                only=join(", ", map(as_own, parameters.only)),
            )
            remedy = phrase("Name sanctions of the ladder.")
            fatal = "sanction.imposed" in demand.gates
            yield _at(demand, "requirement.at-odds", because, remedy, demand, *rulebook.sanctions, fatal=fatal)
    if isinstance(parameters, VoteBase) and parameters.base is not None:
        yield from _find_other_base(rulebook, demand, parameters.base)
    if isinstance(parameters, Majority) and _stops_both(rulebook, demand):
        yield from _find_uncounted(rulebook, demand, parameters)


def _find_other_base(rulebook: Rulebook, demand: Demand, base: str) -> Iterator[Contradiction]:
    """Yield a base that no sanction is ever voted on with: the ladder states another for each."""
    bases = [one.majority.of for one in rulebook.sanctions if one.majority is not None]
    if not bases or len(bases) < len(rulebook.sanctions) or base in bases:
        return
    because = phrase(
        "{demand} counts votes of {base}, and the ladder counts them of {others} on every sanction.",
        demand=as_own(demand.title),
        base=as_own(base),
        others=join(phrase(" or "), dict.fromkeys(map(as_own, bases))),
    )
    remedy = phrase("Count both of the same number, or leave the base to the ladder.")
    yield _at(demand, "vote.other-base", because, remedy, demand, *rulebook.sanctions, fatal=False)


def _find_uncounted(rulebook: Rulebook, demand: Demand, parameters: Majority) -> Iterator[Contradiction]:
    """Yield a share of those present, where the vote on that sanction has to be counted of another number."""
    share = parameters.at_least
    for sanction in rulebook.sanctions:
        named = not parameters.sanctions or sanction.id in parameters.sanctions
        counted = sanction.majority is not None and sanction.majority.of != "present"
        if share is None or share.of != "present" or not named or sanction.majority is None or not counted:
            continue
        because = phrase(
            "{demand} asks for a share of {base}, and the vote on {sanction} has to be counted of {other}.",
            demand=as_own(demand.title),
            base=as_own(share.of),
            sanction=as_own(sanction.title),
            other=as_own(sanction.majority.of),
        )
        remedy = phrase("Count both of the same number.")
        yield _at(demand, "vote.uncounted", because, remedy, demand, sanction)


def _stops_both(rulebook: Rulebook, demand: Demand) -> bool:
    """Return whether the vote must be counted of the ladder's number and the sanction then needs another count."""
    counted = any(one.kind == "vote-base" and "vote.taken" in one.gates for one in rulebook.demands)
    return counted and "sanction.imposed" in demand.gates


def _find_departures(rulebook: Rulebook) -> Iterator[Contradiction]:
    for departure in rulebook.departures:
        demand = next((one for one in rulebook.demands if one.id == departure.requirement), None)
        names = {"requirement": as_own(departure.requirement), "by": join(", ", map(as_own, departure.by))}
        clauses = name_clauses(departure, demand)
        if not any(stands(rulebook, role) for role in departure.by):
            because = phrase(
                "Nobody can ever let {requirement} be departed from: nobody can be any of these: {by}.", **names
            )
            remedy = phrase("Name a part that somebody can have, or remove the departure.")
            yield Contradiction("departure.nobody", "departures", departure.requirement, "by", because, remedy, clauses)
        elif _SIDES.issuperset(departure.by):
            because = phrase("{requirement} is departed from only where a side lets it be: {by}.", **names)
            remedy = phrase("Name somebody who is no side.")
            yield Contradiction(
                "departure.one-side", "departures", departure.requirement, "by", because, remedy, clauses, fatal=False
            )


def _at(
    demand: Demand, code: str, because: str, remedy: str, *items: msgspec.Struct, fatal: bool = True
) -> Contradiction:
    clauses = name_clauses(*(items or (demand,)))
    return Contradiction(code, "requirements", demand.id, "requires", because, remedy, clauses, fatal=fatal)
