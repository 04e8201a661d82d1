"""Statistics in the browser: the public and members, quarters that are over, CSV; nothing changes afterwards."""

import csv
import io
import re

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.installation.asking import build_asking
from alteram.installation.jobs.counting import count_quarter
from alteram.installation.releases import Quarter, StatisticsRelease
from alteram.installation.statistics import find_quarters_over
from tests.web.conftest import As
from tests.web.scenes import MEMBER, STRANGER

PUBLIC = "/caucus/statistics/public/"


def find_quarters(page: str) -> list[str]:
    """Return the quarters that can be chosen, the newest first: each stands there as a beginning and as an end."""
    return [*dict.fromkeys(re.findall(r'<option value="(\d{4}-Q\d)"', page))]


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


def test_quarters_are_shown_side_by_side_and_added_up_where_none_is_hidden(caucus: Opened, db: None) -> None:
    newest, before = find_quarters(Client().get(PUBLIC).content.decode())[:2]
    Client().get(PUBLIC, {"quarter": before})
    for quarter, first, second in ((newest, 7, None), (before, 8, 9)):
        kept = StatisticsRelease.objects.get(quarter=quarter)
        kept.figures["tables"][0]["rows"][:2] = [["named", first], ["protected", second]]
        kept.save()
    for one, other in ((before, newest), (newest, before)):
        page = Client().get(PUBLIC, {"quarter": one, "until": other}).content.decode()
        assert re.search(r"Named</th><td>8</td><td>7</td><td>15</td>", page)
        assert re.search(r"Protected</th><td>9</td><td><span[^>]*>hidden</span></td><td><span[^>]*>hidden", page)
        assert f"{before} – {newest}" in page
        assert "median" not in page


def test_period_has_an_end_and_quarters_that_are_not_over_are_in_none(caucus: Opened, db: None) -> None:
    shown = find_quarters(Client().get(PUBLIC).content.decode())
    year, number = shown[0].split("-Q")
    running = Quarter(int(year), int(number)).next().name
    for quarter, until in ((shown[0], running), (running, shown[0]), (shown[0], "nonsense")):
        assert Client().get(PUBLIC, {"quarter": quarter, "until": until}).status_code == 404
        assert Client().get(f"{PUBLIC}{quarter}.csv", {"until": until}).status_code == 404


def test_csv_of_a_period_has_each_quarter_under_one_heading(caucus: Opened, db: None) -> None:
    newest, before = find_quarters(Client().get(PUBLIC).content.decode())[:2]
    text = Client().get(f"{PUBLIC}{before}.csv", {"until": newest}).content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [*dict.fromkeys(one["quarter"] for one in rows)] == [before, newest]
    assert text.count("quarter,table") == 1


def test_job_counts_each_quarter_that_is_over_once_before_anybody_asks(caucus: Opened, db: None) -> None:
    over = len(find_quarters_over(build_asking("caucus", None)))
    for done in range(1, over + 1):
        count_quarter("caucus", caucus)
        assert StatisticsRelease.objects.count() == done
    count_quarter("caucus", caucus)
    assert StatisticsRelease.objects.count() == over
