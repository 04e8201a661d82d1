"""A rulebook that ships, used somewhere else: its days are those of that place, and nothing else in it changes."""

from datetime import date

import msgspec
import pytest

from alteram.adapters.rulebooks import (
    NOWHERE,
    find_country,
    find_subdivisions,
    list_countries,
    load_rulebook,
    move_rulebook,
    shipped_names,
)
from alteram.core.kernel.calendars import CalendarError


def is_free(name: str, day: date, **place: str) -> bool:
    calendar = move_rulebook(load_rulebook(name), **{"time_zone": "UTC", "country": NOWHERE, **place}).calendar
    return bool(calendar.why_not_working(day))


@pytest.mark.parametrize("name", ["caucus", "small-club"])
def test_rulebook_stays_the_same_where_it_was_written_for(name: str) -> None:
    rules = load_rulebook(name)
    assert move_rulebook(rules, time_zone="Pacific/Auckland", country="NZ", jurisdiction="Elsewhere") is rules


@pytest.mark.parametrize("name", shipped_names("rulebooks"))
def test_nothing_but_its_days_and_whose_law_it_is_changes(name: str) -> None:
    rules = load_rulebook(name)
    moved = move_rulebook(rules, time_zone="Europe/Paris", country="FR", jurisdiction="France")
    back = msgspec.structs.replace(moved, calendar=rules.calendar, jurisdiction=rules.jurisdiction)
    assert back == rules
    assert moved.jurisdiction == "France"
    assert (moved.calendar.valid_from, moved.calendar.valid_until) == (
        rules.calendar.valid_from,
        rules.calendar.valid_until,
    )


def test_holidays_of_the_other_country_count_and_those_of_this_one_no_longer() -> None:
    waitangi, bastille = date(2026, 2, 6), date(2026, 7, 14)
    assert is_free("small-club", waitangi, time_zone="Pacific/Auckland", country="NZ")
    assert not is_free("small-club", waitangi, country="FR")
    assert is_free("small-club", bastille, country="FR")
    assert not is_free("small-club", bastille)


def test_statutory_shut_down_goes_with_its_country_and_a_recess_of_the_rules_stays() -> None:
    between = date(2026, 12, 29)
    assert is_free("small-club", between, time_zone="Pacific/Auckland", country="NZ")
    assert not is_free("small-club", between, country="FR")
    assert is_free("caucus", between, country="FR")


def test_weekend_is_that_of_the_country() -> None:
    friday, sunday = date(2026, 3, 6), date(2026, 3, 8)
    assert is_free("small-club", friday, country="EG")
    assert not is_free("small-club", sunday, country="EG")
    assert not is_free("small-club", friday, country="FR")
    assert is_free("small-club", sunday, country="FR")
    assert is_free("small-club", sunday)


def test_part_of_a_country_has_holidays_of_its_own() -> None:
    epiphany = date(2026, 1, 6)
    assert is_free("small-club", epiphany, country="DE", subdivision="BY")
    assert not is_free("small-club", epiphany, country="DE")
    assert "BY" in find_subdivisions("DE")
    assert find_subdivisions("XX") == ()


@pytest.mark.parametrize(
    ("zone", "country"), [("Europe/Paris", "FR"), ("Pacific/Auckland", "NZ"), ("UTC", ""), ("Middle/Earth", "")]
)
def test_country_is_found_by_its_time_zone(zone: str, country: str) -> None:
    assert find_country(zone) == country


@pytest.mark.parametrize(
    "place",
    [{"country": "XX"}, {"country": ""}, {"time_zone": "Middle/Earth"}, {"country": "DE", "subdivision": "ZZ"}],
)
def test_place_that_is_not_known_is_an_error_with_a_remedy(place: dict[str, str]) -> None:
    with pytest.raises(CalendarError) as caught:
        is_free("small-club", date(2026, 1, 1), **place)
    assert caught.value.remedy


def test_every_country_that_is_offered_can_be_chosen() -> None:
    rules = load_rulebook("small-club")
    for code, name in list_countries():
        assert move_rulebook(rules, time_zone="UTC", country=code).calendar.name == name
