"""What was written so far of an organisation that is not founded yet: kept in the session of whoever writes it."""

from typing import Any, Final

import msgspec
from django.http import HttpRequest

from alteram.adapters.rulebooks import NOWHERE, find_country, load_rulebook, move_rulebook, shipped_names
from alteram.adapters.rulebooks.library import read_shipped
from alteram.bootstrap.rulebooks import read_rulebook
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId
from alteram.core.rules import Rulebook
from alteram.installation.founding import Plan
from alteram.installation.people_lists import ListedPerson, parse_people, tell_people
from alteram.installation.setup_code import is_setup_code

_CODE, _DRAFT = "founding_code", "founding_draft"
OWN_FILE: Final = "rulebook.yaml"


class Draft(msgspec.Struct, kw_only=True):
    """All of it; empty where nothing was written yet."""

    name: str = ""
    organisation: str = ""
    kind: str = ""
    jurisdiction: str = ""
    time_zone: str = ""
    founder: str = ""
    founder_name: str = ""
    founder_email: str = ""
    shipped: str = ""
    country: str = ""
    subdivision: str = ""
    own: str = ""
    rewritten: str = ""
    """The file of the rulebook that ships with other standards to build on, where others were chosen."""
    people: str = ""
    offices: dict[str, str] = {}
    bodies: dict[str, list[str]] = {}

    @property
    def secretary(self) -> ListedPerson:
        """Return who founds it."""
        return ListedPerson(PersonId(self.founder), self.founder_name, self.founder_email)

    def list_people(self) -> str:
        """Return the list of people as it stands, at first with the founder alone."""
        return self.people or tell_people([self.secretary])

    def find_people(self) -> tuple[ListedPerson, ...]:
        """Return who stands in the list, as far as it can be read, the founder among them."""
        people, _problems = parse_people(self.list_people())
        return people if any(one.person == self.founder for one in people) else (self.secretary, *people)

    def find_country(self) -> str:
        """Return whose public holidays count: as was chosen, else by the time zone, else nobody's."""
        return self.country or find_country(self.time_zone) or NOWHERE

    def find_text(self) -> str:
        """Return the file of the rulebook that was chosen, as far as it goes."""
        if self.own or self.rewritten:
            return self.own or self.rewritten
        return read_shipped("rulebooks", self.shipped).decode() if self.shipped in shipped_names("rulebooks") else ""

    def keep_text(self, text: str) -> None:
        """Keep that file with other standards to build on."""
        if self.own:
            self.own = text
        else:
            self.rewritten = text

    def find_rulebook(self) -> Rulebook | None:
        """Return the rulebook that was chosen, where one was and it can be read."""
        try:
            if self.own:
                return read_rulebook(self.own.encode(), OWN_FILE)
            return self._find_shipped() if self.shipped in shipped_names("rulebooks") else None
        except AlteramError:
            return None

    def _find_shipped(self) -> Rulebook:
        rulebook = read_rulebook(self.rewritten.encode(), OWN_FILE) if self.rewritten else load_rulebook(self.shipped)
        return move_rulebook(
            rulebook,
            time_zone=self.time_zone or rulebook.calendar.time_zone,
            country=self.find_country(),
            subdivision=self.subdivision,
            jurisdiction=self.jurisdiction,
        )

    def build_plan(self, rulebook: Rulebook) -> Plan:
        """Return what is to be founded."""
        people, _problems = parse_people(self.list_people())
        return Plan(
            organisation=self.organisation,
            name=self.name,
            kind=self.kind,
            jurisdiction=self.jurisdiction,
            time_zone=self.time_zone,
            secretary=self.secretary,
            rulebook=rulebook,
            people=people,
            offices={office: PersonId(person) for office, person in self.offices.items()},
            bodies={body: [PersonId(one) for one in sitting] for body, sitting in self.bodies.items()},
        )


def read_draft(request: HttpRequest) -> Draft | None:
    """Return what was written so far; None for whoever did not show the setup code, or showed one replaced since."""
    if not is_setup_code(read_code(request)):
        return None
    kept: Any = request.session.get(_DRAFT, {})
    try:
        return msgspec.convert(kept, Draft)
    except msgspec.ValidationError:
        return Draft()


def read_code(request: HttpRequest) -> str:
    """Return the code that whoever founds has shown; nothing, where they showed none."""
    return str(request.session.get(_CODE, ""))


def keep_draft(request: HttpRequest, draft: Draft) -> None:
    """Keep what was written."""
    request.session[_DRAFT] = msgspec.to_builtins(draft)


def begin_draft(request: HttpRequest, code: str) -> None:
    """Let whoever showed the code go on."""
    request.session[_CODE] = code


def drop_draft(request: HttpRequest) -> None:
    """Forget it: it was founded."""
    for key in (_CODE, _DRAFT):
        request.session.pop(key, None)
