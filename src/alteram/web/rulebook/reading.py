"""The rules as they are read: clause by clause beside what each makes the machine do, and the stages as a picture."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from msgspec import Struct

from alteram.bootstrap.rulebooks import find_source
from alteram.core.rules import Rulebook, encode_rulebook
from alteram.core.rules.drawing import DrawnStage, draw_stages
from alteram.core.rules.rulebook import Clause, Demand, Pack, Procedure
from alteram.installation.asking import Asking
from alteram.installation.rulebook_proofs import find_proof
from alteram.operations.rulebook_versions import find_packs_of, get_version
from alteram.web.doors import for_people, get_person
from alteram.web.rulebook.stories import ShownViolation, find_stories
from alteram.web.rulebook.wording import tell_item, tell_stage
from alteram.web.wording import tell_act

#: The stories of a proof, by the clause that each names.
Stories: TypeAlias = dict[str, tuple[ShownViolation, ...]]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing the rules make happen: its first line, and what more there is to it."""

    head: str
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldClause:
    """A clause beside what it makes the machine do."""

    clause: Clause
    does: tuple[Told, ...]
    stories: tuple[ShownViolation, ...] = ()
    """How a matter goes wrong under it, where a proof found out."""

    def holds(self, words: str) -> bool:
        """Return whether the clause, or what it does, says all these words."""
        does = (line for one in self.does for line in (one.head, *one.rest))
        text = " ".join((self.clause.id, self.clause.title, self.clause.text, *does)).casefold()
        return all(word in text for word in words.casefold().split())


@dataclass(frozen=True, slots=True)
class ToldPack:
    """A pack with what the rulebook takes from it, each with its source."""

    pack: Pack
    demands: tuple[tuple[Demand, Told], ...]
    stories: tuple[ShownViolation, ...] = ()
    """How its clauses are not kept, where a proof found out."""


@require_safe
@for_people
def show_rulebook(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show a version, the one in force if none is named; with `find`, only the clauses that say these words.

    Clauses that a refuted proof names are marked, with its stories; nothing is marked before a proof was asked for.
    """
    find = request.GET.get("find", "").strip()[:100]
    person, digest = get_person(asking), request.GET.get("version", "")
    version, rulebook = get_version(asking.organisation, person, digest)
    proof = find_proof(asking, person, digest)
    stories = find_stories(proof, rulebook)
    clauses = [_tell_clause(one, rulebook, stories) for one in rulebook.clauses]
    packs = [_tell_pack(one, rulebook, stories) for one in find_packs_of(asking.organisation, rulebook)]
    context = {
        "version": version,
        "rulebook": rulebook,
        "clauses": [one for one in clauses if one.holds(find)],
        "find": find,
        "proof": proof,
        "ways": sum(map(len, stories.values())),
        "elsewhere": [_tell(one) for one in _items(rulebook) if not _is_placed(one, rulebook)],
        "packs": packs,
    }
    return render(request, "web/rulebook/rulebook.html", context)


@require_safe
@for_people
def show_stages(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show each procedure as a picture, and the same as a table."""
    version, rulebook = get_version(asking.organisation, get_person(asking), request.GET.get("version", ""))
    procedures = [(one, draw_procedure(one)) for one in rulebook.procedures]
    return render(
        request, "web/rulebook/stages.html", {"version": version, "rulebook": rulebook, "procedures": procedures}
    )


@require_safe
@for_people
def download_rulebook(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Give a version as a file: as it was written where that is kept, else in its canonical form."""
    version, rulebook = get_version(asking.organisation, get_person(asking), request.GET.get("version", ""))
    source = find_source(asking.opened.folder, version.digest)
    kind = "application/json" if source is None else "application/yaml"
    name = f"{rulebook.id}-{version.digest[:12]}.{'json' if source is None else 'yaml'}"
    return HttpResponse(
        encode_rulebook(rulebook) if source is None else source,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def draw_procedure(procedure: Procedure) -> SafeString:
    """Return the picture of a procedure."""
    stages = [
        DrawnStage(
            stage.title,
            tell_stage(stage),
            _("begins with: %(acts)s") % {"acts": _(", ").join(map(tell_act, stage.entered_by))},
        )
        for stage in procedure.stages
    ]
    title = _("The stages of %(procedure)s, one after another") % {"procedure": procedure.title}
    drawn = draw_stages(stages, name=f"procedure-{procedure.id}", title=title)
    return mark_safe(drawn)  # noqa: S308 - the drawing escapes every word it is given


def _items(rulebook: Rulebook) -> Iterable[Struct]:
    """Yield what stands under clauses, in the order in which it is told."""
    keys = () if rulebook.second_key is msgspec.UNSET else rulebook.second_key
    own = (one for one in rulebook.demands if not one.pack)
    yield from (*rulebook.breaches, *rulebook.acts, *own, *rulebook.procedures, *rulebook.sanctions)
    yield from (*rulebook.bodies, *rulebook.offices, *rulebook.departures, *keys)


def _is_placed(item: Struct, rulebook: Rulebook) -> bool:
    return any(one.id == getattr(item, "clause", "") for one in rulebook.clauses)


def _tell_clause(clause: Clause, rulebook: Rulebook, stories: Stories) -> ToldClause:
    under = (one for one in _items(rulebook) if getattr(one, "clause", "") == clause.id)
    return ToldClause(clause, tuple(_tell(one) for one in under), stories.get(clause.id, ()))


def _tell(item: Struct) -> Told:
    head, *rest = tell_item(item)
    return Told(head, tuple(rest))


def _tell_pack(pack: Pack, rulebook: Rulebook, stories: Stories) -> ToldPack:
    taken = [one for one in rulebook.demands if one.pack == pack.id]
    named = (story for one in pack.clauses for story in stories.get(one.id, ()))
    return ToldPack(pack, tuple((one, _tell(one)) for one in taken), tuple(named))
