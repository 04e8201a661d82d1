"""Sanctions that wait for one another, terms that are none, bodies of nobody, appeals to those who decided."""

from collections.abc import Iterator

from alteram.core.kernel.phrases import as_own, join, phrase
from alteram.core.rules.contradictions.contradiction import Contradiction, name_clauses
from alteram.core.rules.rulebook import Rulebook, Sanction


def find_ladder_faults(rulebook: Rulebook) -> Iterator[Contradiction]:
    """Yield what cannot be meant in the sanctions, bodies and procedures, each looked at by itself."""
    yield from find_circles(rulebook.sanctions)
    yield from _find_terms(rulebook)
    yield from _find_bodies(rulebook)
    yield from _find_own_appeals(rulebook)


def find_circles(sanctions: tuple[Sanction, ...]) -> Iterator[Contradiction]:
    """Yield each circle of sanctions that come only after one another, once."""
    known = {one.id: one for one in sanctions}
    told: set[str] = set()
    for sanction in sanctions:
        path: list[Sanction] = []
        step: Sanction | None = sanction
        while step is not None and step not in path and step.id not in told:
            path.append(step)
            step = known.get(step.after)
        if step is None or step.id in told:
            continue
        circle = path[path.index(step) :]
        told.update(one.id for one in circle)
        names = join(", ", (as_own(one.title) for one in (*circle, circle[0])))
        because = phrase(
            "Each of these comes only after the next, so that none can be the first: {names}.", names=names
        )
        remedy = phrase("Take `after` out of the lightest.")
        yield Contradiction(
            "sanction.circle", "sanctions", circle[0].id, "after", because, remedy, name_clauses(*circle)
        )


def _find_terms(rulebook: Rulebook) -> Iterator[Contradiction]:
    for one in rulebook.sanctions:
        if one.needs_term and one.longest is not None and one.longest.count == 0:
            because = phrase(
                "{sanction} needs a term, and its longest term is {longest}.",
                sanction=as_own(one.title),
                longest=one.longest,
            )
            remedy = phrase("Give a longest term that is one, or remove needs_term.")
            yield Contradiction("sanction.no-term", "sanctions", one.id, "longest", because, remedy, name_clauses(one))


def _find_bodies(rulebook: Rulebook) -> Iterator[Contradiction]:
    for one in rulebook.bodies:
        if one.size is not None and one.size < 1:
            because = phrase("{body} has {size} members: nobody sits in it.", body=as_own(one.title), size=one.size)
            remedy = phrase("Give it at least one.")
            yield Contradiction("body.nobody", "bodies", one.id, "size", because, remedy, name_clauses(one))
        elif one.size is not None and one.all_members:
            because = phrase(
                "{body} is all members, and it has {size}: it grows and shrinks with them.",
                body=as_own(one.title),
                size=one.size,
            )
            remedy = phrase("Remove size or all_members.")
            yield Contradiction(
                "body.size-of-all", "bodies", one.id, "size", because, remedy, name_clauses(one), fatal=False
            )


def _find_own_appeals(rulebook: Rulebook) -> Iterator[Contradiction]:
    for one in rulebook.procedures:
        if one.appeal_to and one.appeal_to == one.decided_by:
            body = rulebook.find_body(one.appeal_to)
            because = phrase(
                "In {procedure}, {body} hears appeals against itself.",
                procedure=as_own(one.title),
                body=as_own(one.appeal_to if body is None else body.title),
            )
            remedy = phrase("Let another body hear the appeal.")
            yield Contradiction(
                "procedure.own-appeal",
                "procedures",
                one.id,
                "appeal_to",
                because,
                remedy,
                name_clauses(one, body),
                fatal=False,
            )
