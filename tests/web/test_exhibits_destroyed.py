"""An exhibit whose keys were destroyed: its name is told to nobody; whoever was just opening it is told why not."""

import pytest

from alteram.bootstrap import Opened
from alteram.core.acts import RecordShredded, SecondKeyGiven
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform
from tests.web.conftest import As
from tests.web.exhibit_scenes import lodge_letter
from tests.web.programs import API, Program, read
from tests.web.scenes import COMPLAINANT, CUSTODIAN, MANAGER, ROW, STRANGER, WHIP, must

pytestmark = pytest.mark.django_db
ROOM = "/caucus/matters/row/exhibits/"
FILE = f"{ROOM}e1/file/"
THERE = f"{API}/matters/row/exhibits/e1"


def destroy(caucus: Opened, seq: int) -> int:
    """Destroy the keys of an entry; return the entry that did."""
    must(perform(caucus.organisation, ROW, SecondKeyGiven(to_act="record.shredded"), WHIP))
    act = RecordShredded(scope="entry", entry=seq, legal_basis="a request for erasure", second=WHIP)
    return must(perform(caucus.organisation, ROW, act, CUSTODIAN))


def test_exhibit_that_was_destroyed_is_as_one_that_never_was_and_the_lists_still_open(
    caucus: Opened, as_person: As
) -> None:
    destroy(caucus, lodge_letter(caucus))
    for person in (MANAGER, COMPLAINANT):
        client = as_person(person)
        assert {client.get(one).status_code for one in (f"{ROOM}e1/", FILE, f"{ROOM}e1/view/")} == {404}
        assert {client.get(one).status_code for one in (ROOM, "/caucus/matters/row/disclosure/")} == {200}
    assert Program(MANAGER).get(THERE).status_code == 404


def test_whoever_opens_it_while_it_is_destroyed_is_told_by_which_entry(
    caucus: Opened, as_person: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    seq = lodge_letter(caucus)
    before, ask = caucus.organisation.facts(ROW, fresh=True), Organisation.facts
    by = destroy(caucus, seq)
    told = f"destroyed by entry {by}"
    # Their request had read the matter just before: what it reads afresh later is as it is now.
    monkeypatch.setattr(
        Organisation,
        "facts",
        lambda self, stream, fresh=False: before if stream == ROW and fresh else ask(self, stream, fresh=fresh),
    )
    page = as_person(MANAGER).get(FILE)
    assert (page.status_code, told in page.content.decode()) == (410, True)
    problem = read(Program(MANAGER).get(f"{THERE}/file"), 410)
    assert problem["type"].endswith("key-destroyed")
    assert told in problem["detail"]
    assert as_person(STRANGER).get(FILE).status_code == 404
    assert Program(STRANGER).get(f"{THERE}/file").status_code == 404
