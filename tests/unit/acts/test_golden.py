"""Wire types only grow: every spelling that was ever written is read as it was meant, and written again as it stood."""

from typing import Any

import msgspec
import pytest

from alteram.core.acts import Act, encode_fields, find_spec, parse_act
from alteram.core.acts.reported import encode_reported, parse_reported
from alteram.core.kernel.canonical import encode_canonical, parse_canonical
from tools import make_act_vectors
from tools.make_act_vectors import find_additions, read_lines

FILES = ("v1.json", "meaning.json", "reported.json")


def cases(name: str) -> list[Any]:
    return [parse_canonical(line) for line in read_lines(name)]


def type_of(tag: str) -> type[Act]:
    spec = find_spec(tag)
    assert spec is not None, f"{tag} was written once: it stays in the catalogue for ever"
    assert spec.tag == tag
    return spec.type


def test_every_line_that_was_ever_written_is_read_and_written_again_byte_for_byte() -> None:
    lines = read_lines("v1.json")
    assert len(lines) > 500
    for line in lines:
        case: Any = parse_canonical(line)
        act = parse_act(case["tag"], case["fields"])
        assert encode_canonical({**case, "fields": encode_fields(act)}) == line


def test_every_standing_that_was_ever_written_is_read_and_written_again_byte_for_byte() -> None:
    lines = read_lines("reported.json")
    assert len(lines) > 20
    for line in lines:
        assert encode_canonical(encode_reported(parse_reported(parse_canonical(line)))) == line


def test_no_tag_and_no_field_disappeared() -> None:
    for case in cases("v1.json"):
        assert case["fields"].keys() <= set(type_of(case["tag"]).__struct_fields__), case["tag"]


def test_field_added_since_may_be_left_out() -> None:
    """The smallest form of v1 lacks whatever was added later: it parses only while that has a default."""
    for case in cases("v1.json"):
        if case["form"] == "smallest":
            parse_act(case["tag"], case["fields"])


def test_field_left_out_means_what_it_meant() -> None:
    for case in cases("meaning.json"):
        spec = find_spec(case["tag"])
        assert spec is not None
        now = {field.name: msgspec.to_builtins(field.default) for field in spec.fields if not field.required}
        assert {name: list(one) if isinstance(one, tuple) else one for name, one in now.items()}.items() >= {
            **case["defaults"]
        }.items(), case["tag"]


def test_field_that_was_confidential_is_confidential_still() -> None:
    for case in cases("meaning.json"):
        spec = find_spec(case["tag"])
        assert spec is not None
        assert {field.name for field in spec.fields if field.confidential} >= set(case["confidential"]), case["tag"]


@pytest.mark.parametrize("name", FILES)
def test_whatever_the_catalogue_has_today_stands_in_the_file(name: str) -> None:
    assert not find_additions(name), "run python -m tools.make_act_vectors"


@pytest.mark.parametrize("name", FILES)
def test_generator_adds_after_what_is_there_and_changes_nothing_of_it(
    name: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = (make_act_vectors.TARGET / name).read_bytes()
    kept = read_lines(name)
    monkeypatch.setattr(make_act_vectors, "TARGET", tmp_path)
    # Only what today's catalogue still spells so can be made again; what an act meant before it grew cannot.
    gone = find_additions(name)[:5]
    old, foreign = [one for one in kept if one not in gone], b'{"fields":{},"form":"of-long-ago","tag":"old.thing/1"}'
    monkeypatch.setattr("sys.argv", ["make_act_vectors"])
    for other in FILES:
        (tmp_path / other).write_bytes(b"[\n" + b",\n".join([*old, foreign] if other == name else []) + b"\n]\n")
    assert make_act_vectors.main() == 0
    after = read_lines(name)
    assert after[: len(old) + 1] == [*old, foreign]
    assert set(after) == {*kept, foreign}
    assert parse_json_file(whole) == [parse_canonical(line) for line in kept]


def parse_json_file(data: bytes) -> Any:
    return msgspec.json.decode(data)
