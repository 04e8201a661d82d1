"""Acts of an organisation that wait for a second person, because its rulebook lets nobody do them alone.

Kept until they are done or withdrawn. They say who, which office, which body; nothing of a matter but its name.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models

from alteram.core.acts import OrganisationActAgreed, convert_fields, encode_fields, find_spec, get_spec
from alteram.core.acts.fields import Act
from alteram.core.kernel.canonical import Json, encode_canonical
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.people_lists import ListedPerson, parse_people, tell_people

#: What the refusal of an act says that somebody else must agree to first.
_MISSING = "second-key.missing"


class AwaitedAct(models.Model):
    """An act that waits, as its form was filled in; `people` is what is to be noted of whoever joins by it."""

    organisation = models.CharField(max_length=64)
    act = models.CharField(max_length=64)
    fields = models.JSONField()
    people = models.TextField(blank=True)
    asked_by = models.CharField(max_length=64)
    asked_at = models.DateTimeField(auto_now_add=True)


@dataclass(frozen=True, slots=True)
class Awaited:
    """The same, with the act itself."""

    number: int
    name: str
    act: Act
    people: tuple[ListedPerson, ...]
    asked_by: PersonId

    def build_agreement(self) -> OrganisationActAgreed:
        """Return the act by which somebody else agrees to just this one."""
        had = {name: getattr(self.act, name) for name in self.act.__struct_fields__}
        return OrganisationActAgreed(
            to_act=self.name,
            person=had.get("person", had.get("superior")),
            office=had.get("office"),
            body=had.get("body"),
            people=had.get("people", had.get("members", ())),
            digest=had.get("digest"),
            matter=had.get("matter"),
        )


def waits_for_another(refused: Refused | None) -> bool:
    """Return whether an act is refused only until somebody else agrees."""
    return refused is not None and refused.code == _MISSING and not refused.also


def await_another(organisation: str, act: Act, people: Sequence[ListedPerson], by: PersonId) -> None:
    """Keep an act until somebody else agreed to it; the same act is kept once."""
    name, fields = get_spec(type(act)).name, encode_fields(act)
    for one in AwaitedAct.objects.filter(organisation=organisation, act=name, asked_by=by):
        if encode_canonical(one.fields) == encode_canonical(fields):
            return
    AwaitedAct.objects.create(
        organisation=organisation, act=name, fields=fields, people=tell_people(people) if people else "", asked_by=by
    )


def find_awaited(organisation: str, number: int | None = None) -> tuple[Awaited, ...]:
    """Return what waits, the oldest first; or that one."""
    found = AwaitedAct.objects.filter(organisation=organisation).order_by("pk")
    if number is not None:
        found = found.filter(pk=number)
    return tuple(_read(one) for one in found)


def forget_awaited(organisation: str, number: int) -> None:
    """Keep it no longer: it is done, or withdrawn."""
    AwaitedAct.objects.filter(organisation=organisation, pk=number).delete()


def _read(row: AwaitedAct) -> Awaited:
    given: dict[str, Json] = row.fields
    spec = find_spec(row.act)
    if spec is None:
        raise ValueError(row.act)  # only names of the catalogue are kept
    act = convert_fields(spec.type, given)
    people, _problems = parse_people(row.people)
    return Awaited(row.pk, row.act, act, people, PersonId(row.asked_by))
