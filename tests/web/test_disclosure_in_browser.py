"""The pages of disclosure in a real browser: nothing against WCAG 2.2 AA, with everything that they can show."""

from io import BytesIO

import pytest

from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitDisclosed, ExhibitWithheld, PartyJoined
from alteram.core.kernel.identifiers import PersonId
from tests.web.conftest import As
from tests.web.evidence_scene import OTHER, PAPER, disclose, do, lodge
from tests.web.looking import Shown, examine_all, look_at
from tests.web.scenes import COMPLAINANT, MANAGER, RESPONDENT, ROW
from tests.web.test_disclosure import BUNDLES, ONE, ROOM, build, work
from tests.web.test_disclosure import serve as serve_bundle

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(as_person: As, caucus: Opened) -> list[Shown]:
    """The pages, before and after."""
    for name, text in (("e1", PAPER), ("e2", OTHER), ("e3", PAPER)):
        lodge(caucus, name, text, COMPLAINANT)
    manager, respondent, answers = as_person(MANAGER), as_person(RESPONDENT), {}
    answers["due"] = manager.get(ROOM)
    answers["empty room"] = respondent.get(f"{ROOM}room/")
    do(caucus, ExhibitWithheld(exhibit="e2", person=RESPONDENT, gist="A paper says so too.", reasons="Harm."))
    answers["nothing ticked"] = manager.post(BUNDLES, {})
    manager.post(BUNDLES, {"people": [RESPONDENT, COMPLAINANT], "exhibits": ["e1", "e2"]})
    answers["under way"] = manager.get(BUNDLES)
    work()
    answers["built"] = manager.get(ONE)
    serve_bundle(manager, RESPONDENT, by="file")
    answers["served"] = manager.get(ONE)
    (given,) = caucus.organisation.facts(ROW, fresh=True).matter.all(ExhibitDisclosed)
    handing = f"{ROOM}copies/{given.seq}/"
    answers["to hand over"] = manager.get(handing)
    answers["another key"] = manager.post(f"{handing}sealed/", {"key": "none"})
    disclose(caucus, "e3")
    do(caucus, ExhibitWithheld(exhibit="e1", person=RESPONDENT, gist="A paper says so.", reasons="Harm."))
    answers["not to hand over any more"] = manager.get(handing)
    answers["of which one may not be handed over"] = manager.get(ONE)
    answers["receipt"] = respondent.get("/caucus/matters/row/acts/receipt.given/")
    answers["room"] = respondent.get(f"{ROOM}room/")
    answers["given"] = respondent.get(ROOM)
    do(caucus, PartyJoined(person=PersonId("w"), role="witness", protected=True))
    build(manager)
    answers["bundles"] = manager.get(BUNDLES)
    second = ONE.replace("bundle-1", "bundle-2")
    manager.post(f"{second}names/")
    manager.post(f"{second}serving/", {"people": [RESPONDENT], "by": "page"})
    work()
    answers["names"] = manager.get(second)
    answers["nothing looked through"] = manager.post(f"{ROOM}names/", {"also": "x\n" * 60})
    manager.post(f"{ROOM}names/", {"exhibits": ["e1", "e2"], "also": "Monday"})
    answers["names being looked for"] = manager.get(f"{ROOM}names/")
    work()
    answers["names in what is given"] = manager.get(f"{ROOM}names/")
    answers["tracing"] = manager.get(f"{ROOM}tracing/")
    manager.post(f"{ROOM}tracing/", {"leak": BytesIO(b"The vote was taken.")})
    answers["looked at"] = manager.get(f"{ROOM}tracing/")
    work()
    answers["traced"] = manager.get(f"{ROOM}tracing/")
    return [Shown(name, "somebody", answer.content.decode()) for name, answer in answers.items()]


def test_pages_fail_nobody(shown: list[Shown]) -> None:
    with look_at(shown) as page:
        wrong = examine_all(page, shown)
    assert not wrong, "\n".join(wrong)
