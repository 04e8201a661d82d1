"""Counts of what was tried: one for all processes and across restarts, bounded, and readable by nobody."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from alteram.core.kernel.identifiers import PersonId
from alteram.installation.counting import Count, sweep, take_one, take_turn
from alteram.installation.limiting import Limiter
from alteram.installation.signing_in import invite
from tests.patience import HANGS
from tests.web.scenes import CAUCUS
from tests.web.serving import served

LOGIN = "/accounts/login/"
HOUR = timedelta(hours=1)


def _try(address: str) -> str:
    with httpx.Client(base_url=address, timeout=HANGS) as client:
        client.get(LOGIN)
        form = {"login": "member@caucus.invalid", "password": "a wrong guess"}
        token = {"csrfmiddlewaretoken": client.cookies["csrftoken"]}
        return client.post(LOGIN, data=form | token, headers={"Origin": address}).text


def test_attempts_are_counted_for_all_processes_together_and_across_a_restart(
    caucus_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(caucus_folder, tmp_path, dirs_exist_ok=True)
    with served(tmp_path, workers=2) as address:
        pages = [_try(address) for _ in range(11)]
    assert ["tried too often" in one for one in pages] == [False] * 10 + [True]
    with served(tmp_path, workers=1) as address:
        assert "tried too often" in _try(address)


def test_last_of_so_many_is_counted_and_one_more_is_not(db: None) -> None:
    found = [take_one("links", "1", most=5, within=HOUR) for _ in range(6)]
    assert found == [True] * 5 + [False]
    assert take_one("links", "2", most=5, within=HOUR)


def test_one_that_was_refused_is_not_counted_itself(db: None) -> None:
    take_one("links", "1", most=1, within=HOUR)
    before = Count.objects.get().value
    assert not take_one("links", "1", most=1, within=HOUR)
    assert Count.objects.get().value == before


def test_what_is_older_than_the_time_counts_no_more(db: None) -> None:
    take_one("links", "1", most=1, within=HOUR)
    Count.objects.update(value=[(timezone.now() - HOUR - timedelta(seconds=1)).timestamp()])
    assert take_one("links", "1", most=1, within=HOUR)


def test_two_limiters_are_one(db: None) -> None:
    assert [Limiter(burst=2, a_second=1).take(7, at=100.0) for _ in range(3)] == [0, 0, 1.0]
    assert Limiter(burst=2, a_second=1).take(8, at=100.0) == 0


def test_calls_come_back_one_by_one_and_never_more_than_the_burst(db: None) -> None:
    def take(at: float) -> float:
        return take_turn("token", "1", burst=2, a_second=0.5, at=at)

    assert [take(0.0), take(0.0)] == [0, 0]
    assert take(1.9) == pytest.approx(0.1)
    assert take(2.0) == 0
    assert [take(1000.0), take(1000.0)] == [0, 0]
    assert take(1000.0) == 2.0


def test_cache_keeps_the_first_value_until_it_ends(db: None) -> None:
    assert cache.add("k", [1.5], 60)
    assert not cache.add("k", [2.5], 60)
    assert cache.get("k") == [1.5]
    Count.objects.update(expires_at=timezone.now())
    assert cache.get("k", "nothing") == "nothing"
    assert cache.add("k", [3.5], 60)
    assert cache.delete("k")
    assert not cache.delete("k")


def test_count_names_nobody_and_no_address(db: None) -> None:
    invite(CAUCUS, PersonId("member"), "member@caucus.invalid")
    client = Client(REMOTE_ADDR="203.0.113.9", headers={"X-Forwarded-For": "203.0.113.9"})
    client.post(LOGIN, {"login": "member@caucus.invalid", "password": "a wrong guess"})
    kept = str(list(Count.objects.values()))
    assert "login_failed" in kept
    assert "member" not in kept
    assert "203.0.113.9" not in kept


def test_sweep_drops_what_has_ended_and_of_too_many_those_that_end_first_and_no_other_kind(db: None) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)

    def keep(kind: str, key: str, seconds: int) -> None:
        Count.objects.create(key=key, kind=kind, value=0, expires_at=now + timedelta(seconds=seconds))

    keep("login_failed", "mine", 5)
    for number in range(4):
        keep("reset_password", f"flood{number}", 100 + number)
    keep("reset_password", "ended", 0)
    sweep("reset_password", now, most=3)
    assert set(Count.objects.values_list("key", flat=True)) == {"mine", "flood1", "flood2", "flood3"}
