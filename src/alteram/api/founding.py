"""Founding an organisation with the setup code, which whoever can read it on the machine has. It works once."""

from typing import Annotated
from zoneinfo import available_timezones

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from alteram.adapters.rulebooks import (
    NOWHERE,
    find_country,
    load_rulebook,
    move_rulebook,
    shipped_names,
)
from alteram.api import shapes
from alteram.api.members import need_email
from alteram.api.once import Key, answer, answer_once
from alteram.api.problems import ProblemError, misfit
from alteram.api.shapes import Identifier, called
from alteram.bootstrap.rulebooks import read_rulebook
from alteram.core.kernel.calendars import CalendarError
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId
from alteram.core.rules import Rulebook
from alteram.installation.answers import Holder
from alteram.installation.founding import Plan, find_strangers, found_organisation, is_free_name
from alteram.installation.people_lists import ListedPerson
from alteram.installation.setup_code import is_setup_code

router = Router(tags=["founding"])
_LONGEST = 1 << 20
Line = Annotated[str, Field(min_length=1, max_length=200)]


class Person(shapes.Asked):
    """Somebody who belongs to it: the record knows the identifier only."""

    person: Identifier
    name: Annotated[str, Field(max_length=200)] = ""
    email: Annotated[str, Field(max_length=254)] = ""

    def listed(self) -> ListedPerson:
        """Return them as lists of people hold them."""
        return ListedPerson(PersonId(self.person), self.name, self.email)


class Founding(shapes.Asked):
    """An organisation to be founded. `founder` becomes its first secretary; `rulebook` ships, or `text` is its own.

    The days of one that ships are counted with the public holidays of `country`, else of where the time zone lies.
    """

    code: Annotated[str, Field(max_length=100)]
    organisation: Annotated[Identifier, Field(max_length=40)]
    name: Line
    kind: Line
    jurisdiction: Line
    time_zone: Annotated[str, Field(max_length=64)]
    founder: Person
    rulebook: Annotated[str, Field(max_length=64)] = ""
    text: Annotated[str, Field(max_length=_LONGEST)] = ""
    country: Annotated[str, Field(max_length=20)] = ""
    subdivision: Annotated[str, Field(max_length=20)] = ""
    people: list[Person] = Field(default_factory=list)
    offices: dict[str, Identifier] = Field(default_factory=dict)
    bodies: dict[str, list[Identifier]] = Field(default_factory=dict)


class Founded(Schema):
    """What was founded. `link` signs its founder in, once; empty where they had an account here before."""

    organisation: str
    link: str
    sent: int = called("invited.sent")
    not_sent: list[str] = called("invited.not_sent")


class ShippedRulebook(Schema):
    """A rulebook that ships."""

    name: str
    title: str


class ShippedRulebooks(Schema):
    """The rulebooks that ship."""

    rulebooks: list[ShippedRulebook]


@router.get(
    "/rulebooks", response=ShippedRulebooks, operation_id="list_shipped_rulebooks", summary="Rulebooks that ship"
)
def list_shipped_rulebooks(request: HttpRequest) -> ShippedRulebooks:
    """List the rulebooks that an organisation can be founded with. No token is needed."""
    del request
    names = shipped_names("rulebooks")
    return ShippedRulebooks(rulebooks=[ShippedRulebook(name=one, title=load_rulebook(one).title) for one in names])


@router.post(
    "/organisations", response={201: Founded}, operation_id="found_organisation", summary="Found an organisation"
)
def found(request: HttpRequest, founding: Founding, key: Key = None) -> HttpResponse:
    """Found an organisation, give its people accounts, and send them links. The setup code takes the place of a token.

    With an `Idempotency-Key`, whoever has the code is answered again, though the code is used up.
    """
    del key
    return answer_once(request, Holder(founding.code), lambda: _found(founding))


def _found(founding: Founding) -> HttpResponse:
    if not is_setup_code(founding.code):
        raise ProblemError(401, "setup-code", headers={"WWW-Authenticate": 'Setup-Code realm="alteram"'})
    plan = _build_plan(founding)
    try:
        founded = found_organisation(plan, code=founding.code)
    except AlteramError as error:
        raise misfit("body", f"{error.problem} {error.remedy}") from error
    return answer(Founded.model_validate(founded), 201)


def _build_plan(founding: Founding) -> Plan:
    if not is_free_name(founding.organisation):
        raise misfit("body.organisation", "it is taken, or stands for something else here")
    if founding.time_zone not in available_timezones():
        raise misfit("body.time_zone", "no time zone of the IANA list")
    for one in (founding.founder, *founding.people):
        need_email("body.people", one.email)
    plan = Plan(
        organisation=founding.organisation,
        name=founding.name,
        kind=founding.kind,
        jurisdiction=founding.jurisdiction,
        time_zone=founding.time_zone,
        secretary=founding.founder.listed(),
        rulebook=_read_rulebook(founding),
        people=[one.listed() for one in founding.people],
        offices={office: PersonId(person) for office, person in founding.offices.items()},
        bodies={body: [PersonId(one) for one in sitting] for body, sitting in founding.bodies.items()},
    )
    if find_strangers(plan):
        raise misfit("body.people", f"hold an office or sit in a body, and are not listed: {find_strangers(plan)}")
    return plan


def _read_rulebook(founding: Founding) -> Rulebook:
    if founding.text:
        try:
            return read_rulebook(founding.text.encode("utf-8", "replace"), "rulebook.yaml")
        except AlteramError as error:
            raise misfit("body.text", f"{error.problem} {error.remedy}") from error
    if founding.rulebook not in shipped_names("rulebooks"):
        raise misfit("body.rulebook", "no rulebook that ships; or write one in `text`")
    country = founding.country or find_country(founding.time_zone) or NOWHERE
    try:
        return move_rulebook(
            load_rulebook(founding.rulebook),
            time_zone=founding.time_zone,
            country=country,
            subdivision=founding.subdivision,
            jurisdiction=founding.jurisdiction,
        )
    except CalendarError as error:
        raise misfit("body.country", f"{error.problem} {error.remedy}") from error
