"""What an act's fields may not be: each refused with our own error, and the nearest value that may be beside it."""

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest

from alteram.core.acts import (
    HIDDEN,
    Allegation,
    AllegationsStated,
    GagImposed,
    GagLifted,
    MalformedActError,
    NoticeServed,
    ReportLodged,
    all_specs,
    build_structural,
    convert_fields,
    encode_fields,
    parse_act,
)
from alteram.core.acts.catalogue import AREAS
from alteram.core.acts.reported import parse_reported
from alteram.core.kernel.canonical import encode_canonical
from alteram.core.kernel.errors import MalformedError

GAG = {"on": "m01", "reasons": "Because."}

REFUSED = [
    ("gag.lifted/1", {"gag": -1}),
    ("gag.lifted/1", {"gag": 100_000_000}),
    ("gag.lifted/1", {"gag": 2**70}),
    ("gag.lifted/1", {"gag": 1.0}),
    ("gag.lifted/1", {"gag": True}),
    ("gag.lifted/1", {"gag": "1"}),
    ("gag.lifted/1", {}),
    ("gag.lifted/1", {"gag": 1, "more": 1}),
    ("gag.lifted/2", {"gag": 1}),
    ("gag.lifted", {"gag": 1}),
    ("gag.imposed/1", {**GAG, "on": "m01\n"}),
    ("gag.imposed/1", {**GAG, "on": "M01"}),
    ("gag.imposed/1", {**GAG, "on": "m01-"}),
    ("gag.imposed/1", {**GAG, "on": "m" * 65}),
    ("gag.imposed/1", {**GAG, "reasons": ""}),
    ("gag.imposed/1", {**GAG, "reasons": "\ud800"}),
    ("gag.imposed/1", {**GAG, "reasons": "x" * 100_001}),
    ("gag.imposed/1", {**GAG, "safe_harbours": []}),
    ("gag.imposed/1", {**GAG, "until": None}),
    ("gag.imposed/1", {**GAG, "until": "2025-08-11T08:00:00.5Z"}),
    ("gag.imposed/1", {**GAG, "until": "2025-08-11T08:00:00.500000Z"}),
    ("gag.imposed/1", {**GAG, "until": "2025-08-11T08:00:00"}),
    ("gag.imposed/1", {**GAG, "until": "2025-08-11T08:00:00+00:00"}),
    ("gag.imposed/1", {**GAG, "until": "2025-08-11T20:00:00+12:00"}),
    ("gag.imposed/1", {**GAG, "until": "0999-12-31T23:59:59Z"}),
    ("gag.imposed/1", {**GAG, "until": "9999-01-01T00:00:00Z"}),
    ("allegations.stated/1", {"allegations": [{"id": "a1", "breach": "b1", "first_on": "9999-12-31"}]}),
    ("allegations.stated/1", {"allegations": [{"id": "a1", "breach": "b1", "first_on": "2025-8-11"}]}),
    ("allegations.stated/1", {"allegations": [{"id": "a1", "breach": "b1", "first_on": None}]}),
    ("allegations.stated/1", {"allegations": [{"id": "a1"}]}),
    ("rulebook.adopted/1", {"rulebook": "a", "version": "1", "digest": "b" * 64 + "\n"}),
    ("rulebook.adopted/1", {"rulebook": "a", "version": "1", "digest": "B" * 64}),
    ("log.succeeded/1", {"origin": "a", "last_size": 2**53, "last_root": "b" * 64}),
]
ACCEPTED = [
    ("gag.lifted/1", {"gag": 0}),
    ("gag.lifted/1", {"gag": 99_999_999}),
    ("gag.imposed/1", {**GAG, "on": "m" * 64}),
    ("gag.imposed/1", {**GAG, "reasons": "x" * 100_000}),
    ("gag.imposed/1", {**GAG, "until": "1000-01-01T00:00:00Z"}),
    ("gag.imposed/1", {**GAG, "until": "9998-12-31T23:59:59Z"}),
    ("allegations.stated/1", {"allegations": [{"breach": "b1", "first_on": "9998-12-31", "id": "a1"}]}),
    ("rulebook.adopted/1", {"rulebook": "a", "version": "1", "digest": "b" * 64}),
    ("log.succeeded/1", {"origin": "a", "last_size": 2**53 - 1, "last_root": "b" * 64}),
]


@pytest.mark.parametrize(("tag", "fields"), REFUSED)
def test_fields_in_another_spelling_are_refused(tag: str, fields: dict[str, Any]) -> None:
    with pytest.raises(MalformedActError):
        parse_act(tag, fields)


@pytest.mark.parametrize(("tag", "fields"), ACCEPTED)
def test_fields_at_the_limit_are_accepted_as_they_stand(tag: str, fields: dict[str, Any]) -> None:
    assert encode_canonical(encode_fields(parse_act(tag, fields))) == encode_canonical(fields)


def test_form_may_spell_an_instant_with_a_fraction_and_it_is_cut() -> None:
    gag = convert_fields(GagImposed, {**GAG, "until": "2025-08-11T08:00:00.9Z"})
    assert gag.until == datetime(2025, 8, 11, 8, tzinfo=UTC)


def test_form_with_an_instant_of_another_zone_is_told_to_write_z() -> None:
    with pytest.raises(MalformedActError, match="Z at the end"):
        convert_fields(GagImposed, {**GAG, "until": "2025-08-11T20:00:00+12:00"})


STANDINGS = [
    {"first": "2025-08-11T08:00:00+01:00"},
    {"first": "2025-08-11T08:00:00.500000Z"},
    {"first": "0999-08-11T08:00:00Z"},
    {"last": "9999-08-11T08:00:00Z"},
    {"first": "2025-08-11T08:00:01Z", "last": "2025-08-11T08:00:00Z"},
    {"by": "m01\n"},
    {"by": None},
    {"agreed_by": []},
    {"absent": ["nothing-of-the-kind"]},
    {"standing": "found"},
    None,
    [],
]


@pytest.mark.parametrize("value", STANDINGS)
def test_standing_in_another_spelling_is_refused(value: Any) -> None:
    with pytest.raises(MalformedError):
        parse_reported(value)


def test_event_that_took_no_time_is_accepted() -> None:
    at = "2025-08-11T08:00:00Z"
    assert parse_reported({"first": at, "last": at}).first == datetime(2025, 8, 11, 8, tzinfo=UTC)


def test_rules_see_that_prose_is_there_and_how_many_texts_never_what_it_says() -> None:
    notice = NoticeServed(to="m05", allegations=("a1",), particulars=("One.", "Two."), jeopardy="A seat.")  # type: ignore[arg-type]  # a plain string stands for a person
    seen = build_structural(notice)
    assert seen.particulars == (HIDDEN, HIDDEN)
    assert seen.jeopardy is HIDDEN
    assert (seen.to, seen.allegations) == (notice.to, notice.allegations)


def test_prose_that_is_absent_stays_absent() -> None:
    notice = NoticeServed(to="m05")  # type: ignore[arg-type]  # a plain string stands for a person
    assert build_structural(notice) is notice


def test_structural_act_of_a_structural_act_is_itself() -> None:
    seen = build_structural(ReportLodged(identity="named", about="person", text="What happened."))
    assert build_structural(seen) == seen


def test_every_act_stands_in_the_order_of_a_matter() -> None:
    places = [AREAS.index(spec.area) for spec in all_specs()]
    assert places == sorted(places)
    assert len(set(places)) == len(AREAS)


def test_acts_of_one_area_stand_in_the_order_of_their_definition() -> None:
    names = [spec.name for spec in all_specs() if spec.area == "intake"]
    assert (names[0], names[-1]) == ("report.lodged", "report.withdrawn")
    lifted, imposed = (
        next(n for n, one in enumerate(all_specs()) if one.type is kind) for kind in (GagLifted, GagImposed)
    )
    assert imposed < lifted


def test_order_of_the_catalogue_does_not_depend_on_what_was_imported_first() -> None:
    program = (
        "import alteram.core.acts.upkeep; from alteram.core.acts import all_specs; print(*(s.tag for s in all_specs()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [spec.tag for spec in all_specs()]


def test_days_of_an_allegation_are_left_out_where_they_are_not_known() -> None:
    stated = AllegationsStated(allegations=(Allegation(id="a1", breach="b1"),))
    assert encode_canonical(encode_fields(stated)) == b'{"allegations":[{"breach":"b1","id":"a1"}]}'
