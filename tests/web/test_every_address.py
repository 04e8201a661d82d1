"""Every page and every call, asked for as everybody: what each is answered is expected, and tells strangers nothing.

A new address is added to the table by `python tools/address_table.py`; then look at what changed in it.
"""

import os
import shutil
from pathlib import Path

import pytest

from alteram.api import calling
from alteram.bootstrap import Opened
from alteram.core.acts import ReportLodged
from alteram.core.kernel.identifiers import StreamId
from alteram.installation import organisations
from alteram.installation.limiting import Limiter
from alteram.operations.perform import perform
from tests.web.scenes import CAUCUS, found_caucus, must
from tests.web.walking import (
    ELSEWHERE,
    LIBRARY,
    OTHER_PARTY,
    OUTSIDERS,
    Address,
    Walker,
    find_addresses,
    read_table,
    walk,
    write_table,
)

pytestmark = pytest.mark.django_db
WRITING = "ALTERAM_WRITE_ADDRESSES"


@pytest.fixture(scope="session")
def elsewhere_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another organisation, made once."""
    folder = tmp_path_factory.mktemp(ELSEWHERE)
    found_caucus(folder, ELSEWHERE).close()
    return folder


@pytest.fixture
def walker(home: Path, caucus_folder: Path, elsewhere_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Walker:
    """The caucus and another organisation served by one installation; in the caucus, a matter of somebody else's."""
    # A machine that is fast enough asks more by one token than anybody may.
    monkeypatch.setattr(calling, "LIMITER", Limiter(burst=1_000_000))
    shutil.copytree(caucus_folder, home, dirs_exist_ok=True)
    shutil.copytree(elsewhere_folder, home / ELSEWHERE)
    caucus: Opened = organisations.get_organisation(CAUCUS)
    organisations.get_organisation(ELSEWHERE)
    report = ReportLodged(identity="named", about="practice", text="It is loud.")
    must(perform(caucus.organisation, StreamId("noise"), report, OTHER_PARTY))
    return Walker()


def show(rows: dict[Address, dict[str, int]]) -> str:
    return "\n".join(f"{one.method} {one.route} {told}" for one, told in rows.items())


def test_everybody_is_answered_as_the_table_says(walker: Walker) -> None:
    found = dict(walk(walker, find_addresses()))
    if os.environ.get(WRITING):
        write_table(found)
    expected = read_table()
    new = {one: told for one, told in found.items() if one not in expected}
    gone = {one: told for one, told in expected.items() if one not in found}
    other = {one: told for one, told in found.items() if one in expected and told != expected[one]}
    assert not new, f"add it by `python tools/address_table.py`, then look at the table:\n{show(new)}"
    assert not gone, f"no longer there; write the table again:\n{show(gone)}"
    there = {one: expected[one] for one in other}
    assert not other, f"answered otherwise than the table says: {show(other)} and not {show(there)}"


def test_nothing_that_anybody_asks_for_is_a_fault_of_ours() -> None:
    faults = {one: told for one, told in read_table().items() if any(status >= 500 for status in told.values())}
    assert not faults, show(faults)


def test_outsiders_find_no_page_of_a_matter() -> None:
    rows = {one: told for one, told in read_table().items() if "matter>" in one.route and "speak-up" not in one.route}
    leaks = {
        one: told
        for one, told in rows.items()
        # Where files arrive in parts, who does not speak the protocol is told so before anything is looked at (412).
        if any(told[actor] not in {401, 404, 405, 412, 422} for actor in OUTSIDERS)
        or told["nobody"] not in {302, 401, 403, 405, 412}
    }
    assert len(rows) > 20
    assert not leaks, show(leaks)


def test_outsiders_cannot_tell_the_matter_from_none(walker: Walker) -> None:
    telling = []
    for address in find_addresses():
        if "matter>" not in address.route or address.route.startswith(LIBRARY):
            continue
        for actor in OUTSIDERS:
            there = walker.ask(address, actor)
            nowhere = walker.ask(address, actor, matter="nowhere")
            same = there.content.replace(b"row", b"") == nowhere.content.replace(b"nowhere", b"")
            if there.status_code != nowhere.status_code or (there.status_code == 404 and not same):
                telling.append((address, actor, there.status_code, nowhere.status_code))
    assert not telling


#: Addresses that need something which the scene does not have, such as a session of a reporter or two rulebooks.
OPEN_TO_NOBODY = (
    "/adjoining",
    "<identifier:exhibit>/check/",
    "accounts/",
    "calendar/<str:secret>.ics",
    "certificates/<digest",
    "disclosure/bundles/<",
    "disclosure/copies/<",
    "disclosure/room/<",
    "disclosure/bundles/<bundle>",
    "disclosure/room/<seq>",
    "files/<seq:seq>",
    "files/<number>",
    "found/",
    "identities/<seq:seq>",
    "jobs/<job>",
    "lodge/<str:job>",
    "paper/report/",
    "redaction/pages/<",
    "rulebook/changes/",
    "rulebook/past/",
    "speak-up/",
    "timeline/<seq:seq>/files/",
    "uploads/<upload>",
)


def test_every_address_is_open_to_somebody_or_said_not_to_be() -> None:
    """Else a part of it is filled in with something that is nowhere: name a value in `walking.VALUES`."""
    nowhere = [
        one.route
        for one, told in read_table().items()
        if one.method == "GET"
        and all(status in {302, 401, 404} for status in told.values())
        and not any(known in one.route for known in OPEN_TO_NOBODY)
    ]
    assert not nowhere
