"""What is odd in a rulebook: each oddity is told where it is, and not told where it is not."""

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from alteram.adapters.rulebooks import load_pack, load_packs, load_rulebook, shipped_names
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import Phrase
from alteram.core.rules import Rulebook
from alteram.core.rules.linting import AFTERWARDS, CODES, OLD_DAYS, Oddity, find_oddities
from alteram.core.rules.rulebook import ActRule, Clause, Office, Share

TODAY = date(2026, 7, 1)
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "oddities.md"


@pytest.fixture
def club() -> Rulebook:
    """A rulebook with nothing odd in it: that of a club, without what is odd in it as it ships."""
    club = load_rulebook("small-club")
    odd = {one.place for one in find_oddities(club, today=TODAY)}
    assert all(one.startswith("requirements.") for one in odd)
    kept = tuple(one for one in club.demands if f"requirements.{one.id}" not in odd)
    return msgspec.structs.replace(club, demands=kept)


def having(rulebook: Rulebook, **changed: Any) -> Rulebook:
    return msgspec.structs.replace(rulebook, **changed)


def look(rulebook: Rulebook, today: date = TODAY) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in find_oddities(rulebook, today=today):
        found.setdefault(one.code, []).append(one.place)
    return found


def read_rows(start: str) -> list[list[str]]:
    lines = (line for line in PAGE.read_text().splitlines() if line.startswith(start))
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("name", shipped_names("rulebooks"))
def test_what_ships_has_nothing_odd_but_what_the_page_says_is_meant(name: str) -> None:
    read = load_rulebook(name)
    found = {(name, one.code, one.place) for one in find_oddities(read, load_packs(read), today=TODAY)}
    meant = {(row[0], row[1], row[2]) for row in read_rows(f"| {name} |") if row[3]}
    assert found == meant, "mend the rulebook, or say in docs/reference/oddities.md why it stays"


def test_every_code_is_documented_and_no_other() -> None:
    assert {row[0] for row in read_rows("| `")} == CODES


def test_oddity_says_where_it_is_and_what_to_do_in_words_that_can_be_translated(club: Rulebook) -> None:
    odd = having(club, offices=(*club.offices, Office(id="bard", title="Bard")))
    (found,) = find_oddities(odd, today=TODAY)
    assert (found.code, found.place) == ("office.idle", "offices.bard")
    assert isinstance(found.because, Phrase)
    assert isinstance(found.remedy, Phrase)
    assert "Bard" in found.because


def test_clause_that_nothing_names_is_odd_until_something_does(club: Rulebook) -> None:
    spare = Clause(id="9", title="Hearings by the committee", text="The chair presides over the committee.")
    with_spare = having(club, clauses=(*club.clauses, spare))
    assert look(with_spare) == {"clause.unused": ["clauses.9"]}
    chair = msgspec.structs.replace(club.offices[0], clause="9")
    assert "clause.unused" not in look(having(with_spare, offices=(chair, *club.offices[1:])))


def test_clause_with_not_one_word_of_what_names_it_is_odd(club: Rulebook) -> None:
    weather = Clause(id="8", title="Weather", text="Rain is likely in October.")
    rule = ActRule(act="decision.made", by=("chair",), clause="8")
    others = tuple(one for one in club.acts if one.act != "decision.made")
    odd = having(club, clauses=(*club.clauses, weather), acts=(*others, rule))
    assert look(odd)["clause.other-words"] == ["acts.decision.made"]
    mild = msgspec.structs.replace(weather, text="Rain is likely in October; the decision waits.")
    assert "clause.other-words" not in look(having(odd, clauses=(*club.clauses, mild)))


def test_breach_without_any_sanction_is_odd(club: Rulebook) -> None:
    assert look(having(club, sanctions=()))["breach.no-sanction"] == [f"breaches.{one.id}" for one in club.breaches]
    assert "breach.no-sanction" not in look(club)


def test_sanctions_out_of_order_or_with_a_gap_are_odd(club: Rulebook) -> None:
    first, second = club.sanctions[:2]
    assert look(having(club, sanctions=(second, first)))["sanction.order"] == [f"sanctions.{first.id}"]
    higher = msgspec.structs.replace(second, rung=first.rung + 2)
    assert look(having(club, sanctions=(first, higher)))["sanction.rung-missing"] == [f"sanctions.{second.id}"]
    assert look(having(club, sanctions=(first, second))).keys().isdisjoint({"sanction.order", "sanction.rung-missing"})


@pytest.mark.parametrize(
    ("light", "heavy", "odd"),
    [
        (Share(numerator=2, denominator=3, of="cast"), Share(numerator=1, denominator=2, of="cast"), True),
        (Share(numerator=1, denominator=2, of="cast"), Share(numerator=1, denominator=2, of="cast"), False),
        (
            Share(numerator=1, denominator=2, of="cast", more_than=True),
            Share(numerator=1, denominator=2, of="cast"),
            True,
        ),
        (Share(numerator=2, denominator=3, of="present"), Share(numerator=1, denominator=2, of="cast"), False),
        (Share(numerator=1, denominator=2, of="cast"), None, True),
        (None, None, False),
    ],
)
def test_heavier_sanction_with_fewer_votes_is_odd(
    club: Rulebook, light: Share | None, heavy: Share | None, odd: bool
) -> None:
    first, second = club.sanctions[:2]
    changed = (
        msgspec.structs.replace(first, majority=light),
        msgspec.structs.replace(second, majority=heavy, by=first.by),
    )
    assert ("sanction.lighter-majority" in look(having(club, sanctions=changed))) is odd


@pytest.mark.parametrize(
    ("within", "code"),
    [
        (Period(hours=23), "stage.short"),
        (Period(days=0), "stage.short"),
        (Period(hours=24), None),
        (Period(days=1), None),
        (Period(days=184), None),
        (Period(days=185), "stage.long"),
        (Period(months=6), None),
        (Period(months=7), "stage.long"),
        (Period(working_days=131), None),
        (Period(working_days=132), "stage.long"),
        (None, None),
    ],
)
def test_stage_is_odd_below_a_day_and_above_half_a_year(
    club: Rulebook, within: Period | None, code: str | None
) -> None:
    (procedure,) = club.procedures
    stage = msgspec.structs.replace(procedure.stages[0], within=within)
    changed = msgspec.structs.replace(procedure, stages=(stage, *procedure.stages[1:]))
    found = look(having(club, procedures=(changed,)), date(2026, 1, 5))
    place = f"procedures.{procedure.id}.{stage.id}"
    assert {one: places for one, places in found.items() if one.startswith("stage.")} == (
        {code: [place]} if code else {}
    )


def test_act_with_two_rules_is_odd_though_the_parser_refuses_it_in_a_file(club: Rulebook) -> None:
    again = having(club, acts=(*club.acts, club.acts[0]))
    assert look(again) == {"act.two-rules": [f"acts.{club.acts[0].act}"]}


def test_requirement_that_stops_nothing_is_odd_unless_its_kind_comes_afterwards_or_a_pack_asks_it(
    club: Rulebook,
) -> None:
    own = next(one for one in club.demands if one.gates and not one.pack)
    free = msgspec.structs.replace(own, gates=())
    others = tuple(one for one in club.demands if one is not own)
    assert look(having(club, demands=(*others, free)))["requirement.stops-nothing"] == [f"requirements.{own.id}"]
    of_a_pack = msgspec.structs.replace(free, pack="somewhere")
    assert "requirement.stops-nothing" not in look(having(club, demands=(*others, of_a_pack)))


def test_what_comes_afterwards_stops_nothing_anywhere() -> None:
    books = [load_rulebook(one).demands for one in shipped_names("rulebooks")]
    packs = [load_pack(one).demands for one in shipped_names("packs")]
    assert {one.kind for found in (*books, *packs) for one in found if one.gates}.isdisjoint(AFTERWARDS)


def test_title_that_stands_twice_in_one_part_is_odd_and_in_two_parts_is_not(club: Rulebook) -> None:
    first, *others = club.clauses
    alike = msgspec.structs.replace(others[0], title=first.title.upper())
    assert look(having(club, clauses=(first, alike, *others[1:])))["title.twice"] == [f"clauses.{alike.id}"]
    office = msgspec.structs.replace(club.offices[0], title=first.title)
    assert "title.twice" not in look(having(club, offices=(office, *club.offices[1:])))


def test_working_days_that_end_beyond_the_calendar_are_odd_and_those_just_before_are_not(club: Rulebook) -> None:
    (procedure,) = club.procedures
    stage = msgspec.structs.replace(procedure.stages[0], within=Period(working_days=5))
    changed = having(club, procedures=(msgspec.structs.replace(procedure, stages=(stage, *procedure.stages[1:])),))
    last = club.calendar.valid_until
    place = f"procedures.{procedure.id}.{stage.id}"
    assert place in look(changed, last)["calendar.ends"]
    assert "calendar.ends" not in look(changed, last.replace(month=11, day=1))
    days = msgspec.structs.replace(stage, within=Period(days=5))
    plain = having(club, procedures=(msgspec.structs.replace(procedure, stages=(days, *procedure.stages[1:])),))
    assert place not in look(plain, last).get("calendar.ends", [])


def find_pack_codes(rulebook: Rulebook, today: date, **changed: str) -> list[str]:
    packs = [msgspec.structs.replace(one, **changed) for one in load_packs(rulebook)]
    found: tuple[Oddity, ...] = find_oddities(rulebook, packs, today=today)
    return sorted({one.code for one in found if one.code.startswith("pack.")})


def test_pack_in_another_version_or_of_long_ago_is_odd() -> None:
    caucus = load_rulebook("caucus")
    as_of = date.fromisoformat(load_packs(caucus)[0].as_of)
    assert find_pack_codes(caucus, TODAY) == []
    assert find_pack_codes(caucus, TODAY, version="9") == ["pack.other"]
    assert find_pack_codes(caucus, date.fromordinal(as_of.toordinal() + OLD_DAYS)) == []
    assert find_pack_codes(caucus, date.fromordinal(as_of.toordinal() + OLD_DAYS + 1)) == ["pack.old"]


def test_office_that_presides_or_that_a_rule_names_is_not_idle(club: Rulebook) -> None:
    bard = Office(id="bard", title="Bard")
    body = msgspec.structs.replace(club.bodies[0], chair="bard")
    assert "office.idle" in look(having(club, offices=(*club.offices, bard)))
    presiding = having(club, offices=(*club.offices, bard), bodies=(body, *club.bodies[1:]))
    assert "offices.bard" not in look(presiding).get("office.idle", [])
