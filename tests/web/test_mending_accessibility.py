"""What would mend a matter, before it is asked for, under way, told and broken off: axe finds nothing."""

import pytest

from alteram.installation.background import LongWork
from tests.web.conftest import As
from tests.web.looking import Shown, examine_all, look_at, unfold
from tests.web.mending import work_out
from tests.web.scenes import MANAGER

pytestmark = pytest.mark.django_db
CURES = "/caucus/matters/row/fair/cures/"


def test_no_page_about_cures_fails_anybody(as_person: As) -> None:
    client = as_person(MANAGER)
    answers = {"not asked for": client.get(CURES).content.decode()}
    client.post(CURES)
    LongWork.objects.update(done=2, parts=9)
    answers["under way"] = client.get(CURES).content.decode()
    LongWork.objects.all().delete()
    answers["told"] = work_out(client, CURES)
    LongWork.objects.update(has_failed=True)
    answers["broken off"] = client.get(CURES).content.decode()
    assert "Each by itself" in answers["told"]
    pages = [Shown(name, MANAGER, html) for name, html in answers.items()]
    with look_at(pages) as page:
        wrong = examine_all(page, pages, unfold)
    assert not wrong, "\n".join(wrong)
