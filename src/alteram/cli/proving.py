"""`alteram rulebook prove`: play every matter a rulebook allows, and tell what is unfair and what would mend it."""

from collections.abc import Iterator
from time import monotonic
from typing import Annotated, Any

import typer

from alteram.adapters.rulebooks import load_pack, load_packs, load_rulebook
from alteram.adapters.rulebooks.yaml_writer import spell_item
from alteram.cli.showing import NO, AsJson, Value, reporting, show, stop
from alteram.core.kernel.errors import AlteramError
from alteram.core.rules.proving.amending import Amendment, propose
from alteram.core.rules.proving.prove import PROPERTIES, Proof, Property, Result, prove
from alteram.core.rules.proving.searching import ALL_PAIRS, Scope, Search, Violation
from alteram.core.rules.proving.telling import Story, tell
from alteram.core.rules.rulebook import Pack, Rulebook


def prove_rulebook(
    rulebook: Annotated[str, typer.Argument(help="A file, or a shipped name.")],
    pack: Annotated[list[str] | None, typer.Option(help="A further standard to hold it to.")] = None,
    only: Annotated[list[str] | None, typer.Option("--property", help="Only this property.")] = None,
    deviations: Annotated[int, typer.Option(min=0, max=2, help="How many deviations at once.")] = 2,
    all_pairs: Annotated[bool, typer.Option("--all-pairs", help="Try every two deviations. Takes long.")] = False,
    bound: Annotated[int, typer.Option(min=1, help="How many matters to play at most, in all.")] = Scope().bound,
    seconds: Annotated[float | None, typer.Option(min=0, help="End after so long, with what was covered.")] = None,
    as_json: AsJson = False,
) -> None:
    """Play every matter the rulebook allows within a scope; tell what is unfair in it, and what would mend it.

    Ends with 0 only where every property was proved over the whole scope.

    Example: alteram rulebook prove small-club --property silence
    """
    begun = monotonic()
    with reporting(as_json=as_json):
        read = load_rulebook(rulebook)
        packs = (*load_packs(read), *(load_pack(name) for name in pack or []))
        proof = prove(
            read,
            packs,
            Scope(deviations, bound, ALL_PAIRS if all_pairs else Scope().pairs),
            properties=_choose(only or []),
            has_time=lambda: seconds is None or monotonic() - begun < seconds,
        )
    show(describe_proof(read, packs, proof), tell_proof(read, packs, proof), as_json=as_json)
    if not proof.proved:
        stop(NO)


class UnknownPropertyError(AlteramError):
    """There is no such property."""


def _choose(names: list[str]) -> tuple[Property, ...]:
    known = {one.id: one for one in PROPERTIES}
    for name in names:
        if name not in known:
            problem = f"There is no property {name!r}."
            raise UnknownPropertyError(problem, remedy=f"Choose from {', '.join(known)}.")
    return tuple(known[name] for name in names) or PROPERTIES


def tell_proof(rulebook: Rulebook, packs: tuple[Pack, ...], proof: Proof) -> Iterator[str]:
    """Yield a proof in plain lines: each property, then each story with its amendment."""
    yield f"{rulebook.title}, version {rulebook.version}"
    yield f"held to its own requirements{''.join(f', {one.title}' for one in packs)}"
    yield _tell_scope(proof)
    for result in proof.results:
        yield ""
        yield f"{_VERDICTS[result.verdict]} {result.property.title} ({result.plays} matters, {result.rulings} rulings)"
        yield from (f"    {note}" for note in result.notes)
        if result.cut:
            yield _tell_cut(read_procedures(rulebook), result)
        for violation in result.violations:
            yield from _tell_violation(rulebook, result, violation)
    yield ""
    yield _tell_end(proof)


_VERDICTS = {"proved": "PASS", "refuted": "FAIL", "not covered": "UNKNOWN"}


def _tell_scope(proof: Proof) -> str:
    many = "no deviation" if not proof.scope.deviations else f"up to {proof.scope.deviations} at once"
    return f"scope: one charge, every office held, every collision of a side with an office; deviations: {many}"


def read_procedures(rulebook: Rulebook) -> int:
    """Return how many procedures differ in more than their names, so that each is played."""
    return len(Search(rulebook).procedures)


def _tell_cut(procedures: int, result: Result) -> str:
    """Return what was covered until a search ended before its end, and what was not."""
    begun = procedures - len(result.left)
    left = f"; none of {', '.join(result.left)}" if result.left else ""
    if not result.plays:
        return f"    not searched: time and bound were over before{left}"
    return f"    ended before all was searched: matters of {begun} of {procedures} procedures were played{left}"


def _tell_end(proof: Proof) -> str:
    if proof.proved:
        return "PASS proved over this scope. See docs/explanation/proving.md for what that means."
    count = sum(len(one.violations) for one in proof.results)
    uncovered = [one.property.id for one in proof.results if one.verdict == "not covered"]
    if not count:
        return f"UNKNOWN the search of {', '.join(uncovered)} ended before its end: raise --bound or --seconds."
    return f"FAIL {count} ways in which it is unfair. Amend the rulebook as proposed, then prove it again."


def _tell_violation(rulebook: Rulebook, result: Result, violation: Violation) -> Iterator[str]:
    story = tell(rulebook, violation)
    yield f"    {story.because}"
    if violation.demand is not None:
        source = f", {violation.demand.source}" if violation.demand.source else ""
        yield f"      demanded: {violation.demand.title} ({violation.demand.id}{source})"
    yield from (f"      otherwise than usual: {one}" for one in story.otherwise)
    yield from _tell_story(story)
    if violation.clause:
        yield f"      clause to amend: {violation.clause} {_find_title(rulebook, violation.clause)}".rstrip()
    amendment = propose(rulebook, result.property.id, violation)
    if amendment is None:
        yield "      No amendment is proposed: only the organisation can say what it wants here."
        return
    yield f"      proposed: {amendment.title}"
    yield from (f"        {line}" for line in spell_amendment(amendment))


def _tell_story(story: Story) -> Iterator[str]:
    for line in story.lines:
        mark = "!" if line.wrong else "*" if line.otherwise else " "
        clause = f", clause {line.clause}" if line.clause else ""
        yield f"      {mark} day {line.day}: {line.who}: {line.what} ({line.act}{clause})"
    if story.left_out:
        yield f"        and {story.left_out} other acts, each allowed"


def _find_title(rulebook: Rulebook, clause: str) -> str:
    return next((one.title for one in rulebook.clauses if one.id == clause), "")


def spell_amendment(amendment: Amendment) -> list[str]:
    """Return what is to stand in the file, as YAML, under the part it belongs to."""
    lines: list[str] = []
    for edit in amendment.edits:
        lines += [f"{edit.section}:{_HOW[edit.how]}", *spell_item(edit.item)]
    return lines


_HOW = {"put": "", "change": "  # change these fields of", "drop": "  # remove"}


def describe_proof(rulebook: Rulebook, packs: tuple[Pack, ...], proof: Proof) -> Value:
    """Return a proof as JSON."""
    return {
        "rulebook": rulebook.id,
        "version": rulebook.version,
        "packs": [one.id for one in packs],
        "proved": proof.proved,
        "scope": {"deviations": proof.scope.deviations, "bound": proof.scope.bound},
        "properties": [_describe_result(rulebook, one) for one in proof.results],
    }


def _describe_result(rulebook: Rulebook, result: Result) -> dict[str, Any]:
    return {
        "property": result.property.id,
        "title": str(result.property.title),
        "verdict": result.verdict,
        "matters": result.plays,
        "rulings": result.rulings,
        "cut": result.cut,
        "procedures_not_played": list(result.left),
        "notes": [str(one) for one in result.notes],
        "violations": [_describe_violation(rulebook, result, one) for one in result.violations],
    }


def _describe_violation(rulebook: Rulebook, result: Result, violation: Violation) -> dict[str, Any]:
    story, amendment = tell(rulebook, violation), propose(rulebook, result.property.id, violation)
    return {
        "because": str(story.because),
        "clause": story.clause,
        "requirement": None if violation.demand is None else violation.demand.id,
        "otherwise": [str(one) for one in story.otherwise],
        "story": [
            {
                "day": one.day,
                "who": str(one.who),
                "what": str(one.what),
                "act": one.act,
                "clause": one.clause,
                "wrong": one.wrong,
            }
            for one in story.lines
        ],
        "amendment": None
        if amendment is None
        else {
            "title": str(amendment.title),
            "edits": [{"section": one.section, "how": one.how, "item": one.item} for one in amendment.edits],
        },
    }
