"""What commands that work on an organisation share: its folder, the person who acts, and the log brought up to date."""

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from alteram.adapters.witness import NOT_INDEPENDENT, WitnessReport
from alteram.bootstrap import Opened, open_folder
from alteram.cli.showing import tell_problem
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import PersonId, StreamId, parse_identifier
from alteram.operations.entries import Entered, enter
from alteram.operations.integrate import LogError
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StaleReadError, StoreError

Home: TypeAlias = Annotated[
    Path, typer.Option("--home", envvar="ALTERAM_HOME", help="The organisation's folder.", show_default=True)
]
Actor: TypeAlias = Annotated[str, typer.Option("--as", help="Who acts: the identifier of a person.")]
MatterName: TypeAlias = Annotated[str, typer.Argument(help="The matter's name.")]
HOME = Path("alteram-data")


@contextmanager
def at_work(home: Path) -> Iterator[Opened]:
    """Open the organisation in `home`; when done, put what was recorded into the log, so that receipts are there.

    Should that last step fail, what was done stands and the command goes on; standard error says what waits.
    """
    opened = open_folder(home, tell=tell_witnesses)
    try:
        yield opened
        _bring_up_to_date(opened)
    finally:
        opened.close()


@contextmanager
def entering(home: Path, matter: str, actor: str) -> Iterator[Entered]:
    """Open the organisation in `home` as `at_work` does, and the matter as its actor may see it.

    Raises: MalformedError, UnknownMatterError.
    """
    with at_work(home) as opened:
        yield enter(opened.organisation, parse_matter(matter), parse_actor(actor))


def read_now(organisation: Organisation) -> datetime:
    """Return the present, to the second, as entries have it."""
    return organisation.ports.clock().replace(microsecond=0)


def _bring_up_to_date(opened: Opened) -> None:
    """Let receipts be there. What is recorded is durable and acknowledged: nothing here makes it undone."""
    try:
        opened.integrator.run()
        opened.integrator.cosign()
    except StaleReadError:
        # Another process is doing the same at this moment.
        return
    except (LogError, StoreError, OSError) as error:
        code = f" ({error.code})" if isinstance(error, LogError) else ""
        sys.stderr.write(
            f"What is recorded stays recorded, but the log could not take it in; receipts wait{code}.\n"
            f"{tell_problem(error)}\n"
            f"Then finish it: alteram log checkpoint --home {shlex.quote(str(opened.folder))}\n"
        )


def parse_actor(text: str) -> PersonId:
    """Return the person named on the command line. Raises: MalformedError."""
    return PersonId(_parse_named(text, "A person is named by an identifier from the roll, such as m05"))


def parse_matter(text: str) -> StreamId:
    """Return the matter named on the command line. Raises: MalformedError."""
    return StreamId(_parse_named(text, "A matter has a short name, such as row or 2026-07"))


def _parse_named(text: str, what: str) -> str:
    try:
        return parse_identifier(text)
    except MalformedError as error:
        raise MalformedError(
            f"{text!r} cannot be used here.", remedy=f"{what}: lower-case letters, digits, and . _ - between them."
        ) from error


def tell_witnesses(report: WitnessReport) -> None:
    """Say which witnesses did not cosign, and which are no outsiders; on standard error, so that JSON stays JSON."""
    for one in report.outcomes:
        if one.kind != "cosigned":
            sys.stderr.write(f"witness {one.witness}: {one.detail}\n")
        elif not one.independent:
            sys.stderr.write(f"witness {one.witness}: cosigned, {NOT_INDEPENDENT}\n")
