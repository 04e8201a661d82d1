"""Lists of people as organisations have them: a line for each, identifier, name, e-mail address.

The record knows the identifier only. The rest goes into the installation's directory.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import PersonId, parse_identifier

_HEADS = frozenset({"identifier", "name", "email", "e-mail"})
MOST = 100_000
_LONGEST_NAME = 200
#: No line of three columns is longer; what reads them gives up at about a hundred thousand signs.
_LONGEST_LINE = 2000


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """A line of a list."""

    person: PersonId
    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class LineProblem:
    """What is wrong in a line, and what to do about it."""

    line: int
    problem: str


def parse_people(text: str) -> tuple[tuple[ListedPerson, ...], tuple[LineProblem, ...]]:
    """Return the people in a list, and what is wrong in which line; columns stand apart by comma, semicolon or tab.

    A first line that names the columns is passed over, and so are empty lines and lines that begin with `#`.
    """
    people: dict[PersonId, ListedPerson] = {}
    addresses: dict[str, PersonId] = {}
    problems: list[LineProblem] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        if len(line) > _LONGEST_LINE:
            problems.append(LineProblem(number, _("The line is too long.")))
            continue
        columns = _split(line)
        if not columns or (not people and not problems and _names_columns(columns)):
            continue
        read = _read(columns)
        if isinstance(read, str):
            problems.append(LineProblem(number, read))
        elif read.person in people:
            problems.append(LineProblem(number, _("%(person)s stands in an earlier line.") % {"person": read.person}))
        elif read.email and read.email.lower() in addresses:
            told = _("This e-mail address is that of %(person)s already: each needs one of their own.")
            problems.append(LineProblem(number, told % {"person": addresses[read.email.lower()]}))
        else:
            people[read.person] = read
            addresses[read.email.lower()] = read.person
    if len(people) > MOST:
        problems.append(LineProblem(MOST + 1, _("These are too many people for one list.")))
    return tuple(people.values()), tuple(problems)


def tell_people(people: Iterable[ListedPerson]) -> str:
    """Return a list as it can be read again."""
    return "identifier,name,email\n" + "".join(f"{_write(one)}\n" for one in people)


def _split(line: str) -> list[str]:
    if not line.strip() or line.lstrip().startswith("#"):
        return []
    mark = next((one for one in ("\t", ";", ",") if one in line), ",")
    return [one.strip() for one in next(csv.reader([line], delimiter=mark))]


def _names_columns(columns: list[str]) -> bool:
    return not _HEADS.isdisjoint(one.lower() for one in columns)


def _read(columns: list[str]) -> ListedPerson | str:
    """Return who stands in a line, or what is wrong with it."""
    person, name, email = [*columns, "", "", ""][:3]
    if len(columns) > 3 and any(columns[3:]):
        return _("There are more than three columns: identifier, name, e-mail address.")
    try:
        found = PersonId(parse_identifier(person))
    except MalformedError as error:
        return _("%(person)s is not an identifier.") % {"person": person or "–"} + f" {error.remedy}"
    if len(name) > _LONGEST_NAME:
        return _("The name is too long.")
    if email:
        try:
            validate_email(email)
        except ValidationError:
            return _("%(email)s is not an e-mail address.") % {"email": email}
    return ListedPerson(found, name, email)


def _write(one: ListedPerson) -> str:
    columns = (one.person, one.name, one.email)
    return ",".join(
        f'"{text.replace(chr(34), chr(34) * 2)}"' if re.search(r'[",;]', text) else text for text in columns
    )
