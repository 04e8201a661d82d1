"""The demonstration, run as a user runs it, and what it leaves checked with other commands."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.evidence_club import need_evidence_programs

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    folder = tmp_path_factory.mktemp("demo") / "left"
    return alteram("demo", "--folder", str(folder)).stdout, folder


def alteram(
    *arguments: str, status: int = 0, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    program = "import sys; from alteram.cli.main import main; sys.argv[0] = 'alteram'; main()"
    command = [sys.executable, "-c", program, *arguments]
    settings = {**os.environ, **(environment or {})}
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout[-2000:] + done.stderr[-2000:]
    return done


def test_the_four_parts_are_told_in_order(demo: tuple[str, Path]) -> None:
    heads = [line for line in demo[0].splitlines() if line[:2] in {"1.", "2.", "3.", "4."}]
    assert [head[0] for head in heads] == ["1", "2", "3", "4"]


def test_what_went_wrong_is_refused_and_the_lawful_way_reaches_the_appeal(demo: tuple[str, Path]) -> None:
    told = demo[0]
    for act in (
        "matter.declined",
        "meeting.called",
        "decision.made",
        "sanction.imposed",
        "mediation.offered",
        "vote.taken",
    ):
        assert f"REFUSED {act}" in told
    assert "earliest lawful time" in told
    assert told.index("REFUSED meeting.called") < told.index("appeal.decided, entry")


def test_the_matter_that_kept_to_the_rules_fails_none(demo: tuple[str, Path]) -> None:
    assert ", 0 FAIL, " in demo[0].partition("What the same assessment says")[2]


def test_the_excerpt_in_the_readme_is_what_is_printed(demo: tuple[str, Path]) -> None:
    excerpt = (ROOT / "README.md").read_text().partition("<!-- demo -->\n")[2].partition("<!-- end -->")[0]
    for line in excerpt.splitlines():
        assert line.strip() in demo[0]


def test_call_is_lodged_in_pieces_its_part_is_proved_and_answered_and_the_leaked_copy_is_traced(
    demo: tuple[str, Path],
) -> None:
    need_evidence_programs()
    told = demo[0]
    assert "Evidence is played without files" not in told
    lines = [
        r"m05  exhibit\.lodged, entry \d+\n +The telephone call of 11 August, the whole of it\n",
        r"in 15 pieces of its lossless form \(flac\)",
        r"m05: before; the rule is met: PASS",
        r"it may be used: Whole, and both speakers agree to its use\.",
        r"m22  bundle\.built, entry \d+",
        r"m03  receipt\.given, entry \d+",
        r"x1, pieces 5 and 6 of the call: What was printed\.",
        r"x2, pieces 3 and 4 of the call: What was said before it\.",
        r"both verify against the whole; the answer lies directly before the excerpt",
        r"m22  copy\.traced, entry \d+",
        r"the copy of m03; the chance of naming anybody wrongly is at most 1 in [\d,]+",
        r"PASS printed\.excerpt: .* lies directly before it\nPASS second verifier: pieces 5 to 6 of 15",
    ]
    assert re.search(".*".join(lines), told, re.DOTALL) is not None


def test_without_programs_the_story_says_what_is_missing_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    without = {"PATH": str(tmp_path / "empty")}
    told = alteram("demo", "--folder", str(tmp_path / "left"), environment=without).stdout
    assert "Evidence is played without files. No program is run on a lodged file" in told
    assert "Install bubblewrap" in told
    assert "exhibit.lodged, entry" in told
    assert "copy.traced" not in told
    assert told.index("Evidence is played without files") < told.index("appeal.decided, entry")
    assert ", 0 FAIL, " in told.partition("What the same assessment says")[2]


def test_every_export_left_behind_verifies(demo: tuple[str, Path]) -> None:
    exports = sorted(demo[1].glob("*.alteram"))
    assert [file.stem for file in exports] == ["conduct", "confidence", "live-conduct", "live-confidence"]
    for file in exports:
        told = json.loads(alteram("verify", str(file), "--policy", str(demo[1] / "policy"), "--json").stdout)
        assert told["verified"]
        assert all(stream["complete"] for stream in told["streams"])


def test_the_log_left_behind_audits_and_has_its_keys(demo: tuple[str, Path]) -> None:
    assert len((demo[1] / "log" / "log.vkey").read_text().splitlines()) == 2
    assert "PASS" in alteram("log", "audit", str(demo[1] / "log")).stdout


def test_verify_needs_neither_database_nor_network_nor_yaml(demo: tuple[str, Path]) -> None:
    blocked = ["pysqlite3", "psycopg", "httpx", "yaml", "holidays", "granian", "django"]
    program = (
        "import sys; sys.modules.update(dict.fromkeys({blocked!r}));"
        "from alteram.cli.main import main; sys.argv = ['alteram', 'verify', {file!r}]; main()"
    ).format(blocked=blocked, file=str(demo[1] / "conduct.alteram"))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
