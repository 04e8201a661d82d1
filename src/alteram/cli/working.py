"""What commands that work on an organisation share: its folder, the person who acts, and the log brought up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from alteram.bootstrap import Opened, open_folder
from alteram.core.kernel.identifiers import PersonId, parse_identifier

Home: TypeAlias = Annotated[
    Path, typer.Option("--home", envvar="ALTERAM_HOME", help="The organisation's folder.", show_default=True)
]
Actor: TypeAlias = Annotated[str, typer.Option("--as", help="Who acts: the identifier of a person.")]
HOME = Path("alteram-data")


@contextmanager
def at_work(home: Path) -> Iterator[Opened]:
    """Open the organisation in `home`; when done, put what was recorded into the log, so that receipts are there."""
    opened = open_folder(home)
    try:
        yield opened
        opened.integrator.run()
    finally:
        opened.close()


def parse_actor(text: str) -> PersonId:
    """Return the person named on the command line. Raises: MalformedError."""
    return PersonId(parse_identifier(text))
