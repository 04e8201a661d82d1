"""`alteram invite`: give somebody of the organisation an account, and the first link that signs them in."""

from typing import Annotated

import typer

from alteram.cli.serving import PORT, prepare_environment
from alteram.cli.showing import NO, AsJson, reporting, show, stop
from alteram.cli.working import HOME, Home, parse_actor


def run_invite(
    person: Annotated[str, typer.Argument(help="The identifier of the person, such as m02.")],
    email: Annotated[str, typer.Argument(help="Where mail reaches them, and what they sign in with.")],
    home: Home = HOME,
    organisation: Annotated[str, typer.Option(help="Which organisation, where the folder holds several.")] = "",
    address: Annotated[
        str, typer.Option(help="The address people use.", envvar="ALTERAM_ADDRESS")
    ] = f"http://localhost:{PORT}",
    as_json: AsJson = False,
) -> None:
    """Give somebody who cannot sign in yet an account, and print the link that lets them in once.

    Needed for the first, after `alteram init`: the secretary lets the others in on the page of members. Somebody who
    can sign in already gets no link here: who lost every way in is let in again by two people, on the pages.

    Example: alteram invite m02 secretary@club.example
    """
    with reporting(as_json=as_json):
        who = parse_actor(person)
        prepare_environment(home, address)
        from alteram.installation import serving  # noqa: PLC0415 - it reads the environment set above

        serving.prepare_accounts()
        from alteram.installation.first_link import let_in  # noqa: PLC0415 - Django is set up only now

        link = let_in(organisation, who, email)
    if link is None:
        told = f"REFUSED {who} can sign in already, or has this address in use: no link is shown to anybody else."
        show({"person": who, "link": None}, [told], as_json=as_json)
        stop(NO)
    lines = [f"{who} signs in with this link, once, within three days: {link}", "Serve the pages: alteram serve"]
    show({"person": who, "link": link}, lines, as_json=as_json)
