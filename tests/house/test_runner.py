"""The runner of `make test` hides nothing."""

import os
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from tests.measuring import TESTS, UNMEASURED, is_measured
from tests.needs import cannot_run, need_vectors
from tools.run_tests import BIN, Result, Skip, Step, build_environment, build_report, build_steps, read_skips, run_step

REASON = "cannot run: go is missing; sudo apt-get install golang-go"
JUNIT = f"""<testsuites><testsuite tests="4" failures="1" errors="0" skipped="2">
<testcase name="a"><skipped type="pytest.skip" message="{REASON}"/></testcase>
<testcase name="b"><skipped type="pytest.skip" message="{REASON}"/></testcase>
<testcase name="c"><failure message="no"/></testcase><testcase name="d"/></testsuite></testsuites>"""


def passed(step: str) -> Result:
    return Result(step, passed=True, seconds=1.25, output="")


def test_what_could_not_run_is_told_with_the_command_that_provides_it(tmp_path: Path) -> None:
    (tmp_path / "junit.xml").write_text(JUNIT)
    skips = read_skips(tmp_path / "junit.xml")
    assert skips == (Skip("go is missing", "sudo apt-get install golang-go", 2),)
    report = build_report([passed("tests")], skips)
    assert "go is missing (2 tests); provided by: sudo apt-get install golang-go" in report


def test_a_skip_in_another_form_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "junit.xml").write_text(JUNIT.replace(REASON, "odd"))
    assert read_skips(tmp_path / "junit.xml") == (Skip("odd", "(nothing: it is skipped on purpose)", 2),)


def test_one_failed_step_fails_the_run() -> None:
    failed = Result("lint", passed=False, seconds=0, output="")
    assert build_report([passed("format"), passed("types")], ()).endswith("All that ran passed.")
    assert build_report([passed("format"), failed], ()).endswith("FAILED: lint")


def test_a_step_fails_with_its_program_and_its_output_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    result = run_step(
        Step("python", "check", ("python", "-c", "print('what broke'); raise SystemExit(3)")), dict(os.environ)
    )
    assert not result.passed
    assert "what broke" in capsys.readouterr().out


def test_a_program_that_is_missing_fails_its_step() -> None:
    assert not run_step(Step("none", "check", ("no-such-program",)), {}).passed


def test_programs_of_a_run_keep_their_bytecode_and_are_those_of_the_house() -> None:
    given = {"PYTHONDONTWRITEBYTECODE": "1", "PATH": "/bin", "HOME": "/home"}
    assert build_environment(given) == {"PATH": f"{BIN}:/bin", "HOME": "/home"}
    assert build_environment(given, require_all=True)["ALTERAM_REQUIRE_ALL"] == "1"


def test_every_check_of_the_house_is_a_step() -> None:
    names = {step.name for step in build_steps()}
    assert names >= {"format", "lint", "types", "imports", "spelling", "tests", "documentation", "coverage of core"}


def test_what_is_missing_fails_where_everything_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALTERAM_REQUIRE_ALL", "1")
    with pytest.raises(pytest.fail.Exception, match="cannot run: go is missing"):
        cannot_run("go is missing", "sudo apt-get install golang-go")


def test_what_is_missing_is_skipped_with_its_reason_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALTERAM_REQUIRE_ALL", raising=False)
    with pytest.raises(BaseException, match="cannot run: go is missing; sudo") as caught:
        cannot_run("go is missing", "sudo apt-get install golang-go")
    assert type(caught.value).__name__ == "Skipped"


def test_ci_runs_the_same_target_as_a_person_with_everything_required() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert "ALTERAM_REQUIRE_ALL=1 make test" in script
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_vectors_that_no_package_brings_are_told_and_not_required(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALTERAM_REQUIRE_ALL", "1")
    with pytest.raises(BaseException, match="cannot run: the public test vectors") as caught:
        need_vectors("no-such-folder")
    assert type(caught.value).__name__ == "Skipped"


def test_what_is_not_measured_is_there_and_the_rest_is_measured() -> None:
    assert [one for one in UNMEASURED if not list(TESTS.glob(one))] == []
    assert [is_measured(TESTS / one) for one in ("cli/test_log.py", "web/test_founding_served.py")] == [False, False]
    assert [is_measured(TESTS / one) for one in ("operations/test_perform.py", "web/test_api.py")] == [True, True]
    assert is_measured(ROOT / "src" / "alteram" / "core" / "kernel" / "periods.py")
