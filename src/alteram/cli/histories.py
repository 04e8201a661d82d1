"""`alteram history`: assess what is said to have happened, told as a history."""

from typing import Annotated

import typer

from alteram.adapters.rulebooks import load_history, load_pack, load_rulebook
from alteram.cli.comparing import describe_side_by_side
from alteram.cli.cures import describe_cures, tell_cures
from alteram.cli.describing import describe_assessment, tell_assessment
from alteram.cli.showing import AsJson, Value, reporting, show
from alteram.cli.standards import describe_standards, tell_standards
from alteram.core.matters import fold_history
from alteram.core.rules import assess, plan_cures

app = typer.Typer(no_args_is_help=True, help="Assess a history of a dispute.", rich_markup_mode=None)


@app.callback()
def _group() -> None:
    """Assess a history of a dispute."""


@app.command("assess")
def assess_history(
    history: Annotated[str, typer.Argument(help="A file, or the name of a shipped history.")],
    rulebook: Annotated[str, typer.Option(help="The rulebook: a file, or a shipped name.")] = "",
    pack: Annotated[list[str] | None, typer.Option(help="A further standard to measure by.")] = None,
    matter: Annotated[str, typer.Option(help="Only this matter of the history.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say of a history what every requirement comes to, on which entries, and what could still mend it.

    Example: alteram history assess the-night-before --pack ronr-discipline
    """
    with reporting(as_json=as_json):
        told = load_history(history)
        rules = load_rulebook(rulebook or told.rulebook)
        packs = tuple(load_pack(name) for name in pack or [])
        folded = {stream: facts for stream, facts in fold_history(told).items() if matter in {"", stream}}
        assessments = {stream: assess(facts, rules, told.assessed_at, packs=packs) for stream, facts in folded.items()}
        cures = {stream: plan_cures(facts, rules, told.assessed_at, packs=packs) for stream, facts in folded.items()}
    value: Value = {
        stream: {
            "assessment": describe_assessment(one),
            "cures": describe_cures(cures[stream]),
            "side_by_side": describe_side_by_side(one, rules),
            "standards": describe_standards(packs, folded[stream], rules, told.assessed_at),
        }
        for stream, one in assessments.items()
    }
    lines = [f"{told.title}, measured by {rules.title}"]
    for stream, one in assessments.items():
        lines += [
            "",
            f"Matter {stream}",
            *tell_assessment(one),
            "",
            "What could still be done",
            *tell_cures(cures[stream]),
        ]
        lines += tell_standards(packs, folded[stream], rules, told.assessed_at)
    show(value, lines, as_json=as_json)
