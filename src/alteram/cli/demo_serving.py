"""The end of `alteram demo` on a terminal: the pages, with a complaint under way and a sign-in link for each part."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from alteram.bootstrap import Opened
from alteram.cli.serving import prepare_environment
from alteram.cli.showing import say
from alteram.cli.story.present import MATTER, VISITORS, play_present
from alteram.core.rules import Rulebook

#: The demonstration's links work until it ends, and as often as wanted: nothing in it is anybody's.
_USES, _LIFETIME = 10_000, timedelta(days=30)
_HOST = "127.0.0.1"


def play_matter_under_way(opened: Opened, rules: Rulebook) -> None:
    """Play a complaint that waits for the respondent's answer, and put it into the log."""
    organisation = opened.organisation
    play_present(organisation, rules, organisation.ports.clock(), lambda _: None)
    opened.integrator.run()
    say(f"{MATTER}: notice was served two days ago; the respondent has not answered yet.")


def find_demo_port(port: int) -> int:
    """Return the first of ten ports at which nothing listens: another demonstration may be open still."""
    from alteram.installation.serving import ServingError, need_free_port  # noqa: PLC0415 - only one that serves asks

    for one in range(port, min(port + 9, 65535)):
        with suppress(ServingError):
            need_free_port(_HOST, one)
            return one
    last = min(port + 9, 65535)
    need_free_port(_HOST, last)
    return last


def serve_demo(folder: Path, port: int) -> int:
    """Serve the demonstration until told to stop; return the exit status."""
    address = f"http://{_HOST}:{port}"
    prepare_environment(folder, address)
    from alteram.installation.serving import prepare, serve  # noqa: PLC0415 - it reads the environment set above

    prepare()
    links = list(_make_links(address))

    def tell() -> None:
        say()
        say(f"Serving the caucus at {address}. Choose who you are:")
        for part, link in links:
            say(f"  {part:<14} {link}")
        say("Ctrl-C ends it.")

    return serve(_HOST, port, ready=tell)


def _make_links(address: str) -> Iterator[tuple[str, str]]:
    from alteram.installation.models import DirectoryEntry  # noqa: PLC0415 - Django is set up only now
    from alteram.installation.signing_in import invite, make_link  # noqa: PLC0415 - as above

    for person, part in VISITORS:
        account = invite("caucus", person, f"{person}@caucus.invalid")
        DirectoryEntry.objects.filter(organisation="caucus", person=person).update(name=f"The {part.lower()}")
        yield part, f"{address}/sign-in/link/{make_link(account, uses=_USES, lifetime=_LIFETIME)}/"
