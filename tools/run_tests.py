"""Run every check and say plainly what ran, what failed, and what could not run and why.

    python tools/run_tests.py [check | tests | docs] …     # all of them when none is named

Nothing is skipped silently: tests that lack a program are listed with the one command that provides it.
With --require-all, or ALTERAM_REQUIRE_ALL set, a test that lacks something fails instead.
"""

import argparse
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
RESULTS = ROOT / "var" / "test"
JUNIT = RESULTS / "junit.xml"
#: Two processes. A file's tests run in one of them: else what a file sets up once, such as a server, is set up twice.
SHARING = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
#: The least share of lines and branches that tests must run, in per cent. Raise them, never lower them.
FLOORS = {"core": 95, "operations": 58}
#: Longer than the whole run takes on a slow machine: a hanging step ends and says so.
TIME_LIMIT = 4 * 60 * 60
#: How much of why a test failed the last lines repeat, in characters; the whole stands where it failed.
WHY_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Step:
    """One program to run. It passes when it exits with status 0."""

    name: str
    group: str
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """How a step went."""

    step: str
    passed: bool
    seconds: float
    output: str


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that could not run, and what would provide it."""

    why: str
    provided_by: str
    tests: int


def build_steps() -> tuple[Step, ...]:
    """Return every step, in the order of the table."""
    return (
        Step("format", "check", ("ruff", "format", "--check", ".")),
        Step("lint", "check", ("ruff", "check", ".")),
        Step("types", "check", ("mypy",)),
        Step("imports", "check", ("lint-imports",)),
        Step("spelling", "check", ("codespell",)),
        Step("tests", "tests", ("pytest", *SHARING, "--cov", "--cov-report=", f"--junitxml={JUNIT}", "-q")),
        *(Step(f"coverage of {part}", "tests", _coverage(part, floor)) for part, floor in FLOORS.items()),
        Step(
            "documentation",
            "docs",
            ("sphinx-build", "-W", "--keep-going", "-q", "-b", "html", "docs", "docs/_build/html"),
        ),
    )


def _coverage(part: str, floor: int) -> tuple[str, ...]:
    return ("coverage", "report", f"--include=src/alteram/{part}/*", f"--fail-under={floor}", "--skip-covered")


def build_environment(given: Mapping[str, str], *, require_all: bool = False) -> dict[str, str]:
    """Return the environment of the steps. Bytecode is kept: tests start hundreds of programs that would compile it."""
    environment = {**given, "PATH": f"{BIN}:{given.get('PATH', '')}"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if require_all:
        environment["ALTERAM_REQUIRE_ALL"] = "1"
    return environment


def run_step(step: Step, environment: dict[str, str]) -> Result:
    """Run a step to its end, or to the time limit, and tell at once when it failed."""
    started = time.monotonic()
    command = [str(BIN / step.command[0]), *step.command[1:]]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", timeout=TIME_LIMIT, check=False,
        )  # fmt: skip
        passed, output = done.returncode == 0, done.stdout
    except FileNotFoundError:
        passed, output = False, f"{command[0]} is missing: run `make` first.\n"
    except subprocess.TimeoutExpired as error:
        passed, output = False, f"{_text(error.stdout)}\nstopped after {TIME_LIMIT} seconds\n"
    result = Result(step.name, passed, time.monotonic() - started, output)
    _tell(result, command)
    return result


def _text(output: bytes | str | None) -> str:
    return output.decode(errors="replace") if isinstance(output, bytes) else output or ""


def _tell(result: Result, command: Sequence[str]) -> None:
    if result.passed:
        print(f"  {result.step}: passed in {result.seconds:.0f} s", flush=True)
        return
    print(f"\n--- {result.step} FAILED: {' '.join(command)}\n{result.output.rstrip()}\n---\n", flush=True)


def run_steps(steps: Sequence[Step], environment: dict[str, str]) -> list[Result]:
    """Run the checks two at a time, which need one core each, then the rest in turn."""
    checks = [step for step in steps if step.group == "check"]
    rest = [step for step in steps if step.group != "check"]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda step: run_step(step, environment), checks))
    return results + [run_step(step, environment) for step in rest]


def read_skips(junit: Path) -> tuple[Skip, ...]:
    """Return what the tests could not run, from pytest's own report; skips of one reason count together."""
    if not junit.exists():
        return ()
    return tuple(Skip(*_split_reason(reason), count) for reason, count in sorted(Counter(_skip_reasons(junit)).items()))


def _skip_reasons(junit: Path) -> Iterator[str]:
    tree = ET.parse(junit)  # noqa: S314 - pytest wrote it a moment ago
    for skipped in tree.iter("skipped"):
        yield skipped.get("message") or skipped.text or "no reason given"


def _split_reason(reason: str) -> tuple[str, str]:
    """Split "cannot run: WHY; COMMAND", the form of tests/needs.py."""
    why, _, provided_by = reason.removeprefix("cannot run: ").partition("; ")
    return why, provided_by or "(nothing: it is skipped on purpose)"


def count_tests(junit: Path) -> str:
    """Return how many tests ran and failed, in words."""
    if not junit.exists():
        return "no report was written"
    suites = list(ET.parse(junit).iter("testsuite"))  # noqa: S314 - pytest wrote it a moment ago
    total, skipped, bad = (
        sum(int(suite.get(name, "0")) for suite in suites for name in names)
        for names in (("tests",), ("skipped",), ("failures", "errors"))
    )
    return f"{total - skipped:,} ran, {bad:,} failed, {skipped:,} could not run"


def read_failures(junit: Path) -> tuple[str, ...]:
    """Return the tests that failed, each with the first line of why, from pytest's own report."""
    if not junit.exists():
        return ()
    cases = ET.parse(junit).iter("testcase")  # noqa: S314 - pytest wrote it a moment ago
    return tuple(_tell_failure(case, bad) for case in cases for bad in (*case.iter("failure"), *case.iter("error")))


def _tell_failure(case: ET.Element, bad: ET.Element) -> str:
    why = next(iter((bad.get("message") or bad.text or "").splitlines()), "no reason given")
    return f"{case.get('classname')}::{case.get('name')}: {why[:WHY_LENGTH]}"


def build_table(results: Sequence[Result], remarks: dict[str, str]) -> str:
    """Return what ran, how long it took, and how it went, one line each."""
    width = max(len(result.step) for result in results)
    return "\n".join(
        f"  {result.step:{width}}  {result.seconds:6.1f} s  {'passed' if result.passed else 'FAILED'}"
        f"  {remarks.get(result.step, '')}".rstrip()
        for result in results
    )


def build_remarks(results: Sequence[Result]) -> dict[str, str]:
    """Return what the table says beside a result: counts of tests, and coverage against its floor."""
    remarks = {}
    for result in results:
        if result.step == "tests":
            remarks[result.step] = count_tests(JUNIT)
        if result.step.startswith("coverage of "):
            total = next((line.split()[-1] for line in result.output.splitlines() if line.startswith("TOTAL")), "none")
            remarks[result.step] = f"{total} of lines and branches, at least {FLOORS[result.step.split()[-1]]}%"
    return remarks


def build_report(results: Sequence[Result], skips: Sequence[Skip], failures: Sequence[str] = ()) -> str:
    """Return the last lines of a run."""
    lines = ["", "What ran", build_table(results, build_remarks(results)), ""]
    if any(result.step == "tests" for result in results):
        lines += ["Failed", *(f"  {line}" for line in failures or ("nothing",)), ""]
        lines += ["Could not run", *_tell_skips(skips), ""]
    failed = [result.step for result in results if not result.passed]
    lines.append(f"FAILED: {', '.join(failed)}" if failed else "All that ran passed.")
    return "\n".join(lines)


def _tell_skips(skips: Sequence[Skip]) -> Iterator[str]:
    for skip in skips:
        yield f"  {skip.why} ({skip.tests} test{'s' if skip.tests > 1 else ''}); provided by: {skip.provided_by}"
    if not skips:
        yield "  nothing: every test found what it needs"
    yield "  the long fault tests are a run of their own: make faults"


def main(arguments: Sequence[str]) -> int:
    """Run the groups that were named. Returns the exit status."""
    steps = build_steps()
    parser = argparse.ArgumentParser(description="Run every check and say what could not run.")
    parser.add_argument(
        "groups", nargs="*", choices=[[], *dict.fromkeys(step.group for step in steps)], metavar="GROUP"
    )
    parser.add_argument("--require-all", action="store_true", help="a test that lacks something fails")
    options = parser.parse_args(arguments)
    environment = build_environment(os.environ, require_all=options.require_all)
    RESULTS.mkdir(parents=True, exist_ok=True)
    JUNIT.unlink(missing_ok=True)
    chosen = [step for step in steps if not options.groups or step.group in options.groups]
    results = run_steps(chosen, environment)
    print(build_report(results, read_skips(JUNIT), read_failures(JUNIT)))
    return 0 if all(result.passed for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
