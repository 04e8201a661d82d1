"""Fields as people write them: what is accepted, and what is answered to what is not."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from alteram.cli.fields import build_act, parse_fields, parse_reported
from alteram.cli.shapes import get_act, tell_act
from alteram.core.acts import Allegation, all_specs
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import PersonId


def build(name: str, *pairs: str, document: str = "") -> Any:
    return build_act(get_act(name), pairs, document)


def refuse(name: str, *pairs: str, document: str = "") -> MalformedError:
    with pytest.raises(MalformedError) as caught:
        build(name, *pairs, document=document)
    return caught.value


REPORT = ("identity=named", "about=person")


def test_people_stand_with_commas_between_or_one_by_one_or_as_json() -> None:
    for given in (["people=m01, m02"], ["people=m01", "people=m02"], ['people=["m01","m02"]']):
        assert build("member.joined", *given).people == ("m01", "m02")


def test_a_text_is_taken_as_it_stands() -> None:
    for text in ("12", "true", '"quoted"', "[sic] he said", "a=b, c", "null", "{"):
        assert build("report.lodged", *REPORT, f"text={text}").text == text


def test_texts_are_not_cut_at_commas() -> None:
    act = build("allegations.stated", "allegations=a1:misconduct", "particulars=On Monday, he threw it.")
    assert act.particulars == ("On Monday, he threw it.",)


def test_a_text_is_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "said.txt").write_text("It was so.\n")
    assert build("report.lodged", *REPORT, f"text=@{tmp_path}/said.txt").text == "It was so.\n"


def test_a_text_of_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "said.txt").write_bytes(b"\xff\xfe")
    assert refuse("report.lodged", *REPORT, f"text=@{tmp_path}/said.txt").remedy == "Save it as UTF-8."


def test_a_file_of_one_byte_more_than_a_mebibyte_is_refused(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("x" * (1 << 20))
    assert len(str(parse_fields(get_act("report.lodged"), [f"text=@{tmp_path}/long.txt"], "")["text"])) == 1 << 20
    (tmp_path / "long.txt").write_text("x" * ((1 << 20) + 1))
    assert "larger than 1 MiB" in refuse("report.lodged", *REPORT, f"text=@{tmp_path}/long.txt").problem


def test_an_allegation_is_its_identifier_and_its_breach() -> None:
    short = build("allegations.stated", "allegations=a1:misconduct,a2:misuse")
    assert short.allegations == (Allegation(id="a1", breach="misconduct"), Allegation(id="a2", breach="misuse"))
    dated = build("allegations.stated", 'allegations={"id":"a1","breach":"misconduct","first_on":"2025-08-11"}')
    assert dated.allegations == (Allegation(id="a1", breach="misconduct", first_on=date(2025, 8, 11)),)


@pytest.mark.parametrize("wrong", ["a1", "a1:b:c", "", '[{"id":"a1"', '["a1"]', '{"allegation":"a1"}'])
def test_an_allegation_that_is_not_whole_is_answered_with_how_to_write_it(wrong: str) -> None:
    refused = refuse("allegations.stated", f"allegations={wrong}")
    assert refused.problem.startswith("allegations cannot be ")
    assert "id:breach" in refused.remedy


@pytest.mark.parametrize(
    "written", ["2025-08-11T20:00+12:00", "2025-08-11T20:00:00+12:00", "2025-08-11 08:00Z", "2025-08-11T08:00:00Z"]
)
def test_a_time_with_its_zone_is_the_same_instant_however_it_is_written(written: str) -> None:
    assert build("extension.asked", f"until={written}", "reasons=Ill").until == datetime(2025, 8, 11, 8, tzinfo=UTC)


@pytest.mark.parametrize("written", ["2025-08-11T20:00", "2025-08-11", "11/08/2025", "next Monday", "", "20:00"])
def test_a_time_without_its_zone_is_refused_with_how_to_write_it(written: str) -> None:
    refused = refuse("extension.asked", f"until={written}", "reasons=Ill")
    assert refused.problem == f"until cannot be {written!r}."
    assert "2025-08-11T20:00+12:00" in refused.remedy


@pytest.mark.parametrize("written", ["11/08/2025", "11.8.2025", "11 August 2025", "2025-08-32"])
def test_a_day_in_a_local_style_is_refused_with_how_to_write_it(written: str) -> None:
    refused = refuse("condition.breached", "instrument=3", "text=Again", f"on={written}")
    assert "2025-08-11" in refused.remedy


def test_yes_and_no_are_what_they_say() -> None:
    spec = get_act("decision.made")
    told = parse_fields(spec, ["states_appeal=yes", "no_comparators=No"], "")
    assert told == {"states_appeal": True, "no_comparators": False}
    assert "yes | no" in refuse("decision.made", "states_appeal=perhaps").remedy


def test_the_number_of_an_entry_is_a_whole_number() -> None:
    assert build("report.withdrawn", "report=7").report == 7
    for wrong in ("seven", "-1", "7.0", "٧", ""):
        assert refuse("report.withdrawn", f"report={wrong}").problem == f"report cannot be {wrong!r}."


def test_a_field_that_is_not_there_is_answered_with_the_one_that_was_meant_and_all_there_are() -> None:
    refused = refuse("report.lodged", *REPORT, "txt=It was so")
    assert refused.problem == "report.lodged has no field 'txt'. Did you mean text?"
    assert "identity  required  named | protected | anonymous" in refused.remedy


def test_every_missing_field_is_named_at_once() -> None:
    assert refuse("report.lodged", "text=It was so").problem == "report.lodged needs identity and about."
    three = refuse("meeting.called", "body=committee", "agenda=Row")
    assert three.problem == "meeting.called needs meeting, at and invited."


def test_a_choice_that_is_none_is_answered_with_the_choices() -> None:
    refused = refuse("report.lodged", "identity=open", "about=person")
    assert (refused.problem, refused.remedy) == ("identity cannot be 'open'.", "Write named | protected | anonymous.")


def test_a_person_that_is_no_identifier_is_answered_in_plain_words() -> None:
    refused = refuse("case-manager.assigned", "person=The Treasurer")
    assert refused.problem == 'person cannot be "The Treasurer".'
    assert "regex" not in refused.problem + refused.remedy


def test_a_field_that_takes_one_value_is_not_given_two() -> None:
    assert "2 times" in refuse("report.lodged", *REPORT, "about=incident", "text=So").problem


def test_a_pair_without_an_equals_sign_is_refused() -> None:
    assert "NAME=VALUE" in refuse("report.lodged", "identity").problem


def test_a_document_and_pairs_go_together_and_pairs_win() -> None:
    act = build("report.lodged", "text=Mine", document='{"identity":"named","about":"person","text":"Theirs"}')
    assert (act.identity, act.text) == ("named", "Mine")
    assert "no field 'who'" in refuse("report.lodged", document='{"who":1}').problem
    assert refuse("report.lodged", document='{"identity":"named","about":"person","text":7}').problem == (
        "text cannot be 7."
    )


def test_an_act_with_a_slip_in_its_name_is_answered_with_those_it_may_be() -> None:
    for slip, meant in (("report.loged", "report.lodged"), ("notice", "notice.served"), ("lodge_report", "report")):
        with pytest.raises(MalformedError) as caught:
            get_act(slip)
        assert meant in caught.value.remedy
    with pytest.raises(MalformedError) as caught:
        get_act("§")
    assert caught.value.remedy == "All of them: alteram acts"


@pytest.mark.parametrize("spec", all_specs(), ids=lambda spec: spec.name)
def test_every_act_can_be_told_with_each_of_its_fields(spec: Any) -> None:
    told = "\n".join(tell_act(spec))
    for field in spec.fields:
        assert f"  {field.name} " in told
    assert told.count("required") >= sum(field.required for field in spec.fields)


def test_what_happened_spans_the_day_or_the_days_given() -> None:
    day = parse_reported("2025-08-11", None, None)
    assert (day.first, day.last) == (
        datetime(2025, 8, 11, tzinfo=UTC),
        datetime(2025, 8, 11, 23, 59, 59, tzinfo=UTC),
    )
    instant = parse_reported("2025-08-11T20:00+12:00", PersonId("m01"), PersonId("m02"))
    assert instant.first == instant.last == datetime(2025, 8, 11, 8, tzinfo=UTC)
    assert (instant.by, instant.agreed_by) == ("m01", ("m02",))
    span = parse_reported("2025-08-11/2025-08-12T08:00:00Z", None, None)
    assert (span.first, span.last) == (datetime(2025, 8, 11, tzinfo=UTC), datetime(2025, 8, 12, 8, tzinfo=UTC))
    for wrong in ("11/08/2025", "yesterday", "2025-08-11T20:00"):
        with pytest.raises(MalformedError, match="neither an instant nor a day"):
            parse_reported(wrong, None, None)
