"""What the address book of an installation knows of people, read from the command line, where there is one."""

from collections.abc import Sequence
from pathlib import Path

from alteram.cli.serving import PORT, prepare_environment
from alteram.core.disclosure.names import Protected
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import OrganisationId, PersonId


def read_address_book(home: Path, organisation: OrganisationId, people: Sequence[PersonId]) -> list[Protected]:
    """Return by what each of these people can be told; by their identifier alone where nothing was served from here.

    Raises: MalformedError where there is an address book, and it cannot be read.
    """
    folder = home.absolute()
    served = next((one for one in (folder, folder.parent) if (one / "installation").is_dir()), None)
    if served is None:
        return [Protected(one, labels=(one,)) for one in people]
    prepare_environment(served, f"http://localhost:{PORT}")
    from django.db import DatabaseError  # noqa: PLC0415 - it reads the environment set above

    from alteram.installation import serving  # noqa: PLC0415 - as above

    serving.set_up()
    from alteram.installation.names_work import find_what_names  # noqa: PLC0415 - Django is set up only now

    try:
        return find_what_names(organisation, people)
    except DatabaseError as error:
        raise MalformedError(
            "The address book of this installation cannot be read.",
            remedy="Serve its pages once with this version: alteram serve",
        ) from error
