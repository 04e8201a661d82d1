"""Statistics in the browser: the public and members, quarters that are over, CSV; nothing changes afterwards."""

import csv
import io
import re

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.installation.releases import Quarter, StatisticsRelease
from tests.web.conftest import As
from tests.web.scenes import MEMBER, STRANGER

PUBLIC = "/caucus/statistics/public/"


def find_quarters(page: str) -> list[str]:
    return re.findall(r'<option value="(\d{4}-Q\d)"', page)


def test_anybody_sees_a_table_beside_each_chart_and_no_small_number(caucus: Opened, db: None) -> None:
    page = Client().get(PUBLIC).content.decode()
    assert page.count("<table") == page.count("<svg") == 3
    assert "median" not in page
    assert not re.search(r"<td>[1-4]</td>", page)


def test_members_see_how_long_stages_took_only_when_signed_in(as_person: As) -> None:
    assert as_person(MEMBER).get("/caucus/statistics/").status_code == 200
    assert Client().get("/caucus/statistics/").status_code == 302


def test_quarter_that_is_not_over_or_never_was_is_not_found(as_person: As) -> None:
    shown = find_quarters(as_person(STRANGER).get(PUBLIC).content.decode())
    assert shown
    year, number = shown[0].split("-Q")
    running = Quarter(int(year), int(number)).next().name
    for quarter in (running, "1999-Q1", "nonsense"):
        assert Client().get(PUBLIC, {"quarter": quarter}).status_code == 404
        assert Client().get(f"{PUBLIC}{quarter}.csv").status_code == 404


def test_release_is_kept_as_it_was_made(caucus: Opened, db: None) -> None:
    quarter = find_quarters(Client().get(PUBLIC).content.decode())[0]
    kept = StatisticsRelease.objects.get(quarter=quarter)
    kept.figures["tables"][0]["total"] = 777
    kept.save()
    assert "<td>777</td>" in Client().get(PUBLIC).content.decode()
    assert StatisticsRelease.objects.count() == 1


def test_csv_says_what_is_hidden(caucus: Opened, db: None) -> None:
    quarter = find_quarters(Client().get(PUBLIC).content.decode())[0]
    kept = StatisticsRelease.objects.get(quarter=quarter)
    kept.figures["tables"][0]["rows"][0][1] = None
    kept.save()
    rows = list(csv.DictReader(io.StringIO(Client().get(f"{PUBLIC}{quarter}.csv").content.decode())))
    assert rows[0] == {"quarter": quarter, "table": "reports", "row": "named", "count": "", "hidden": "True"}
    assert {one["table"] for one in rows} == {"reports", "outcomes", "deadlines"}


@pytest.mark.parametrize(
    ("here", "after"), [(Quarter(2025, 4), Quarter(2026, 1)), (Quarter(2026, 1), Quarter(2026, 2))]
)
def test_quarters_follow_one_another(here: Quarter, after: Quarter) -> None:
    assert here.next() == after
    assert after.previous() == here
