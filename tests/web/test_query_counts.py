"""What pages ask of the two databases does not grow with what they tell of: the same at two sizes, and few."""

import re
from itertools import count

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import InterestDeclared, PartyJoined, ReporterAsked, ReportLodged
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.installation.models import DirectoryEntry
from alteram.operations.perform import perform_many
from alteram.operations.recording import Proposal
from tests.web.conftest import As
from tests.web.counting import count_queries
from tests.web.mending import work_out
from tests.web.scenes import MANAGER, MEMBER, RESPONDENT, ROW

_numbers = count()
#: How often a page may at most ask the accounts, and the record.
MOST = 12
PAGES = (
    "",
    "matters/row/",
    "matters/row/acts/",
    "matters/row/timeline/",
    "matters/row/timeline/10/",
    "matters/row/parties/",
    "matters/row/allegations/",
    "matters/row/fair/",
    "matters/row/fair/standards/?pack=ronr-discipline",
    "matters/row/fair/cures/",
    "matters/row/certificates/",
    "matters/row/picture/",
    "matters/row/readings/",
    "matters/row/statements/",
    "matters/row/acts/reporter.asked/",
    "desk/",
    "desk/?show=closed",
    "statistics/",
)


def grow(caucus: Opened, entries: int) -> None:
    """Let the matter, and the list of matters, be longer by so many."""
    asked = (Proposal(ROW, ReporterAsked(text=f"Question {one}?"), MANAGER) for one in range(entries))
    report = ReportLodged(identity="named", about="person", text="And so did they.", people=(RESPONDENT,))
    begun = (Proposal(StreamId(f"more-{next(_numbers)}"), report, MEMBER) for _ in range(entries))
    assert all(perform_many(caucus.organisation, [*asked, *begun]))


def ask(client: Client, caucus: Opened, page: str) -> tuple[int, int]:
    """Return how often a page asks the accounts and the record, with what it is asked for worked out."""
    if page.endswith("fair/cures/"):
        client.get(f"/caucus/{page}")
        work_out(client, f"/caucus/{page}")
    return count_queries(client, caucus, f"/caucus/{page}")


@pytest.mark.parametrize("page", ["matters/row/", "matters/row/parties/", "matters/row/timeline/", "desk/"])
def test_page_asks_no_more_for_the_names_of_more_people(caucus: Opened, as_person: As, page: str) -> None:
    client = as_person(MANAGER)
    found = []
    for number in (2, 30):
        people = [PersonId(f"witness-{number}-{one}") for one in range(number)]
        joined = [Proposal(ROW, PartyJoined(person=one, role="witness"), MANAGER) for one in people]
        offered = [Proposal(ROW, InterestDeclared(nature="none"), one) for one in people]
        assert all(perform_many(caucus.organisation, joined)), number
        perform_many(caucus.organisation, offered)
        DirectoryEntry.objects.bulk_create(
            DirectoryEntry(organisation="caucus", person=one, name=f"Name of {one}") for one in people
        )
        found.append(ask(client, caucus, page))
        shown = client.get(f"/caucus/{page}").content.decode()
        assert "Name of witness-" in shown or page in {"matters/row/", "desk/"}
    assert found[0] == found[1]
    assert max(found[1]) <= MOST, found


@pytest.mark.parametrize("person", [MEMBER, RESPONDENT])
def test_page_of_a_person_asks_no_more_of_more_matters(caucus: Opened, as_person: As, person: PersonId) -> None:
    client, page = as_person(person), f"people/{person}/"
    grow(caucus, 5)
    few = ask(client, caucus, page)
    grow(caucus, 20)
    many = ask(client, caucus, page)
    assert many == few
    assert max(few) <= MOST, few


@pytest.mark.parametrize("person", [MANAGER, RESPONDENT])
def test_certificate_asks_no_more_of_a_larger_record(caucus: Opened, as_person: As, person: PersonId) -> None:
    client, found = as_person(person), []
    for entries in (5, 20):
        grow(caucus, entries)
        caucus.integrator.run()
        issued = client.post("/caucus/matters/row/certificates/", {"to": "The ombudsman"})
        found.append(ask(client, caucus, issued["Location"].removeprefix("/caucus/")))
    assert found[0] == found[1]
    assert max(found[0]) <= MOST, found


def test_period_asks_for_each_quarter_once(caucus: Opened, as_person: As) -> None:
    client = as_person(MEMBER)
    page = client.get("/caucus/statistics/").content.decode()
    quarters = re.findall(r'<option value="(\d{4}-Q\d)"', page)
    one, _ = ask(client, caucus, f"statistics/?quarter={quarters[0]}&until={quarters[0]}")
    three, _ = ask(client, caucus, f"statistics/?quarter={quarters[2]}&until={quarters[0]}")
    assert three == one + 2


@pytest.mark.parametrize("person", [MANAGER, RESPONDENT])
@pytest.mark.parametrize("page", PAGES)
def test_page_asks_no_more_of_a_larger_record(caucus: Opened, as_person: As, page: str, person: PersonId) -> None:
    client = as_person(person)
    grow(caucus, 5)
    few = ask(client, caucus, page)
    grow(caucus, 20)
    many = ask(client, caucus, page)
    assert many == few
    assert max(few) <= MOST, few
