"""`alteram demo`: the main job, end to end, on a kind of dispute that happens.

Told and assessed; played live; exported; verified by two programs.
"""

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.status import Status

from alteram.adapters.rulebooks import load_history, load_packs, load_rulebook
from alteram.bootstrap import Opened, create, open_folder
from alteram.cli.cures import tell_cures
from alteram.cli.demo_serving import find_demo_port, play_matter_under_way, serve_demo
from alteram.cli.describing import tell_assessment
from alteram.cli.serving import PORT, Port
from alteram.cli.showing import reporting, say, stop
from alteram.cli.story import FINISHED, PARTIES, find_evidence, play_story
from alteram.core.acts import CommandRecorded, OrganisationFounded
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.record import RecordError, verify_excerpt, verify_export
from alteram.core.record.adjoining import adjoin
from alteram.core.rules import Rulebook
from alteram.core.tlog import parse_policy
from alteram.operations.curing import plan_matter
from alteram.operations.exporting import export_matter
from alteram.operations.founding import found
from alteram.operations.histories import enter_history
from alteram.operations.perform import perform
from alteram.operations.questions import assess_matter
from alteram.operations.rulebooks import adopt_rulebook

_HISTORY = "the-night-before"
_SECOND_VERIFIER = Path("conformance") / "verify_export.py"
_SECOND_EXCERPTS = Path("conformance") / "verify_excerpt.py"
_OFFICES = {"leader": "m01", "senior-whip": "m02", "junior-whip": "m03", "minister": "m04", **PARTIES}
_PANEL = [PersonId(f"x{number:02d}") for number in (1, 2, 3)]


class DemoError(AlteramError):
    """The demonstration did not come out as it must."""


def run_demo(
    folder: Annotated[Path, typer.Option(help="Where to leave what it makes; emptied first.")] = Path("var/demo"),
    once: Annotated[
        bool,
        typer.Option(
            help="End without serving the pages, as it does anyway where there is no terminal.", envvar="ONCE"
        ),
    ] = False,
    port: Port = PORT,
) -> None:
    """Play a dispute twice, as it went wrong and as the rules let it go; verify the record of both; serve the pages.

    Example: alteram demo --once
    """
    serving = not once and sys.stdin.isatty() and sys.stdout.isatty()
    with reporting(as_json=False):
        if serving:
            port = find_demo_port(port)  # now, not after all the rest
        if folder.exists():
            shutil.rmtree(folder)
        rules = load_rulebook("caucus")
        create(folder, organisation="caucus", origin="caucus.example/log")
        opened = open_folder(folder)
        try:
            _found(opened, rules)
            _assess_history(opened)
            _play(opened, rules)
            exports = _export(opened)
            _verify(folder, exports)
            if serving:
                _head("5. Served in the browser, with a complaint that is under way")
                play_matter_under_way(opened, rules)
        finally:
            opened.close()
    if serving:
        stop(serve_demo(folder, port))


def _found(opened: Opened, rules: Rulebook) -> None:
    _head("1. A parliamentary caucus of 64 is founded and adopts its rulebook")
    act = OrganisationFounded(
        name="The caucus",
        kind="parliamentary caucus",
        jurisdiction="NZ",
        time_zone="Pacific/Auckland",
        secretary=PersonId("m02"),
    )
    members = [PersonId(f"m{number:02d}") for number in range(1, 65)]
    offices = {office: PersonId(person) for office, person in _OFFICES.items()}
    began = rules.calendar.instant_of(datetime.fromisoformat("2025-02-03T09:00"))
    with _working("Making keys"):
        found(opened.organisation, act, members=members, offices=offices, bodies={"appeal-panel": _PANEL}, now=began)
        whips = CommandRecorded(superior=PersonId("m01"), people=(PersonId("m02"), PersonId("m03"), PersonId("m04")))
        perform(opened.organisation, ORGANISATION_STREAM, whips, act.secretary, now=began)
        packs = load_packs(rules)
        adopted = adopt_rulebook(
            opened.organisation,
            rules,
            act.secretary,
            packs=packs,
            published_on=rules.calendar.local_day(began),
            now=began,
        )
        opened.integrator.run()
    say(f"64 members, {len(offices)} offices; {rules.title}, version {rules.version}, adopted as entry {adopted.seq}.")
    say(f"{len(rules.demands)} requirements rule from now on. The log is {opened.organisation.ports.origin}.")


def _assess_history(opened: Opened) -> None:
    history = load_history(_HISTORY)
    _head(f"2. {history.title}: what is said to have happened, assessed from that alone")
    with _working("Entering and assessing"):
        enter_history(opened.organisation, history, PersonId("m12"), now=history.entered_at)
        opened.integrator.run()
        assessments = {
            stream: assess_matter(opened.organisation, stream, now=history.assessed_at) for stream in history.matters
        }
    for stream, assessment in assessments.items():
        say()
        say(f"Matter {stream}: {len(history.matters[stream])} entries")
        for line in tell_assessment(assessment, every=False):
            say(f"  {line}")
    say()
    say("What could still have been done on the last day of it")
    for stream in assessments:
        for line in tell_cures(plan_matter(opened.organisation, stream, now=history.assessed_at)):
            say(f"  {stream}: {line}")
    for expected in history.expected:
        if not expected.pack and expected.result != assessments[expected.matter].get(expected.demand).result:
            raise DemoError(f"{expected.demand} did not come to {expected.result} in {expected.matter}.")


def _play(opened: Opened, rules: Rulebook) -> None:
    _head("3. The same dispute played live under the rulebook")
    with _working("Looking for what reads evidence"):
        evidence = find_evidence(opened.integrator.run, say, opened.folder)
    play_story(opened.organisation, rules, say, evidence)
    with _working("Putting it into the log"):
        opened.integrator.run()
    assessment = assess_matter(opened.organisation, StreamId("live-confidence"), now=FINISHED)
    say()
    say("What the same assessment says of the matter that kept to the rules")
    for line in tell_assessment(assessment, every=False):
        say(f"  {line}")
    if any(one.finding.result == "FAIL" for one in assessment.requirements):
        raise DemoError("The matter that kept to the rules failed one of them.")


def _export(opened: Opened) -> list[Path]:
    _head("4. Exported, verified by two programs that share no code, and tampered with")
    exports = []
    with _working("Exporting"):
        for stream in opened.organisation.matter_streams():
            file = opened.folder / f"{stream}.alteram"
            with file.open("xb") as target:
                count = export_matter(opened.organisation, StreamId(stream), target)
            say(f"{file}: {count} entries, {file.stat().st_size // 1024} KiB")
            exports.append(file)
    return exports


def _verify(folder: Path, exports: list[Path]) -> None:
    policy = folder / "policy"
    for file in exports:
        with _working(f"Verifying {file.name}"), file.open("rb") as source:
            report = verify_export(source, parse_policy(policy.read_bytes()))
        signed = f"{report.signed_by_author} signed by their author"
        say(f"PASS {file.name}: alteram verify, {report.entries} entries, {signed}")
        _run_second_verifier(_SECOND_VERIFIER, file, policy=policy, expect=0)
    _verify_excerpts(folder, policy)
    tampered = folder / "tampered.copy"
    _flip_a_byte(exports[-1], tampered)
    say(f"One byte of a copy of {exports[-1].name} is flipped:")
    try:
        with tampered.open("rb") as source:
            verify_export(source, parse_policy(policy.read_bytes()))
    except RecordError as error:
        say(f"FAIL alteram verify: {error.problem}")
    else:
        raise DemoError("The flipped byte went unnoticed.")
    _run_second_verifier(_SECOND_VERIFIER, tampered, policy=policy, expect=1)
    tampered.unlink()
    say()
    say(f"Left in {folder} for anyone to check: the exports, the excerpts, log/ with log.vkey, and policy.")


def _verify_excerpts(folder: Path, policy: Path) -> None:
    """Verify the part of the call that was printed and the answer to it, if they were made: they need no export."""
    printed, before = (folder / f"{name}.excerpt" for name in ("printed", "before"))
    if not printed.exists():
        return
    trusted = parse_policy(policy.read_bytes())
    one, other = (verify_excerpt(file.read_bytes(), trusted) for file in (printed, before))
    relation = adjoin(one, other).relation
    say(f"PASS {printed.name}: alteram exhibit verify-excerpt; what {before.name} shows lies directly {relation} it")
    _run_second_verifier(_SECOND_EXCERPTS, printed, before, policy=policy, expect=0)


def _run_second_verifier(program: Path, *files: Path, policy: Path, expect: int) -> None:
    if not program.exists():
        say(f"     (the second verifier is {program} in the source tree; it is not here)")
        return
    command = [sys.executable, str(program), *map(str, files), "--policy", str(policy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = (done.stdout + done.stderr).strip().splitlines()
    line = told[0] if told else "said nothing"
    say(f"{'PASS' if expect == 0 else 'FAIL'} second verifier: {line}")
    if done.returncode != expect:
        raise DemoError(f"The second verifier ended with {done.returncode}, not {expect}.")


def _flip_a_byte(source: Path, target: Path) -> None:
    """Change what a member holds, not its name: a file with a strange name is no export, rather than a false one."""
    data = bytearray(source.read_bytes())
    with zipfile.ZipFile(source) as archive:
        largest = max(archive.infolist(), key=lambda one: one.compress_size)
        data_at = largest.header_offset + len(largest.FileHeader())
    data[data_at + largest.compress_size // 2] ^= 1
    target.write_bytes(data)


def _head(title: str) -> None:
    say()
    say(title)
    say("-" * len(title))


@contextmanager
def _working(what: str) -> Iterator[None]:
    """Show that something is going on, on a terminal; say nothing elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with Status(what, console=console):
        yield
