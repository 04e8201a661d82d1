"""`alteram verify` on exports whose entries are bounded in time: what a machine is told, and what a person reads."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from typer.testing import CliRunner

from alteram.cli.main import build_app
from alteram.core.tlog import encode_policy
from tests.exports import LOG_KEYS, POLICY, START, TIMESTAMP, Part, build_part

WITNESSES = ["example.com/witness-b", "example.net/witness-a"]


def run(folder: Path, part: Part, *arguments: str) -> str:
    export = folder / "matter.alteram"
    export.write_bytes(part.write())
    done = CliRunner().invoke(build_app("verify"), ["verify", str(export), *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_json_gives_the_bounds_of_each_entry_and_who_says_so(tmp_path: Path) -> None:
    told = json.loads(run(tmp_path, build_part(), "--json"))
    (matter, organisation) = told["streams"]
    assert [one["entry"] for one in matter["recorded"]] == [0, 1, 2]
    assert matter["recorded"][0] == {
        "entry": 0,
        "says": "2026-03-02T09:21:00Z",
        "borne_out": True,
        "not_before": {"at": minute(16), "by": WITNESSES, "witnessed": True},
        "not_after": {"at": minute(23), "by": WITNESSES, "witnessed": True},
    }
    assert matter["recorded"][2]["not_after"]["at"] == TIMESTAMP
    assert len(organisation["recorded"]) == organisation["entries"]


def minute(minutes: int) -> int:
    return int((START + timedelta(minutes=minutes)).timestamp())


def test_person_reads_the_widest_gap_of_each_stream_in_one_line(tmp_path: Path) -> None:
    lines = run(tmp_path, build_part()).splitlines()
    (widest,) = [line for line in lines if "entry 2 between" in line]
    assert widest.strip() == (
        f"recorded within {TIMESTAMP - minute(30)} s at most: entry 2 between 2026-03-02T09:30:00Z and"
        " 2026-03-03T01:06:40Z, says example.com/witness-b, example.net/witness-a"
    )
    assert len([line for line in lines if "recorded within" in line]) == 2


def test_person_is_told_where_nothing_bounds_from_below(tmp_path: Path) -> None:
    told = run(tmp_path, replace(build_part(), older=()))
    assert "recorded by 2026-03-03T01:06:40Z, says example.com/witness-b, example.net/witness-a" in told
    assert "recorded within" not in told


def test_person_is_told_how_many_entries_are_bounded_on_both_sides(tmp_path: Path) -> None:
    part = build_part()
    assert part.older is not None
    told = run(tmp_path, replace(part, older=part.older[-1:]))
    assert "at most for 1 of 3 entries: entry 2 between" in told


def test_person_is_told_where_the_log_alone_says_so_and_where_nothing_does(tmp_path: Path) -> None:
    policy = encode_policy(replace(POLICY, witnesses=(), groups=(), quorum="none"))
    part = build_part()
    alone = replace(part, note=part.log.checkpoint(LOG_KEYS), policy=policy, older=())
    assert "says the log alone" in run(tmp_path, alone)
    untimed = replace(alone, note=part.log.checkpoint(LOG_KEYS[:1]))
    assert "nothing shows when it was recorded" in run(tmp_path, untimed)
