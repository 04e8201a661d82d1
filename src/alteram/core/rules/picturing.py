"""A procedure in words that can be drawn or printed: its stages, who owns each, for how long, what is done in it.

The same words stand in the picture and in the text, so that neither says more than the other. How it looks is in
`drawing`.
"""

from collections.abc import Iterable, Iterator, Sequence

from alteram.core.kernel.phrases import as_own, as_word, join, phrase
from alteram.core.rules.drawing import DrawnStage, draw_sheet, draw_stages
from alteram.core.rules.rulebook import Procedure, Rulebook, Stage


def picture_procedure(procedure: Procedure, rulebook: Rulebook) -> tuple[DrawnStage, ...]:
    """Return the stages of a procedure with what is told of each."""
    return tuple(DrawnStage(stage.title, tuple(_tell(stage, rulebook)), _tell_way(stage)) for stage in procedure.stages)


def draw_rulebook(rulebook: Rulebook) -> str:
    """Return every procedure of a rulebook as one SVG document that stands alone: black on white, for print."""
    drawings = [
        (one.title, draw_stages(picture_procedure(one, rulebook), name=one.id, title=one.title))
        for one in rulebook.procedures
    ]
    return draw_sheet(_name(rulebook), drawings)


def tell_rulebook(rulebook: Rulebook) -> Iterator[str]:
    """Yield the same as lines of text."""
    yield _name(rulebook)
    for procedure in rulebook.procedures:
        yield ""
        yield as_own(procedure.title)
        yield from tell_stages(picture_procedure(procedure, rulebook))


def tell_stages(stages: Sequence[DrawnStage]) -> Iterator[str]:
    """Yield stages as lines of text, those of each set in below its title."""
    for number, stage in enumerate(stages, 1):
        yield f"  {number}. {stage.title}"
        yield from (f"     {line}" for line in (stage.entered_by, *stage.told) if line)


def _name(rulebook: Rulebook) -> str:
    return phrase("{title}, version {version}", title=as_own(rulebook.title), version=as_own(rulebook.version))


def _tell_way(stage: Stage) -> str:
    return phrase("begins with: {acts}", acts=_acts(stage.entered_by))


def _tell(stage: Stage, rulebook: Rulebook) -> Iterator[str]:
    yield phrase("In the hands of: {owner}.", owner=as_word(stage.owner))
    if stage.within is not None:
        yield phrase("To be left within {period}.", period=stage.within)
    if stage.overdue_to is not None:
        yield phrase("Late: goes to {to}.", to=as_word(stage.overdue_to))
    for rule in rulebook.acts:
        if stage.id in rule.stages:
            by = join(phrase(" or "), map(as_word, rule.by))
            yield phrase("Only here: {act}, by {by}.", act=as_word(_spell(rule.act)), by=by)
    if stage.clause:
        yield phrase("Clause {clause}.", clause=as_own(stage.clause))


def _acts(names: Iterable[str]) -> str:
    return join(", ", [as_word(_spell(one)) for one in names])


def _spell(act: str) -> str:
    """Return an act's name as words: `report.lodged` is drawn as Report lodged."""
    return act.replace(".", " ").replace("-", " ").capitalize()
