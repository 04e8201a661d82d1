"""Prepare what `alteram serve` serves, in a process that ends before: whoever only waits need not hold Django.

It writes one JSON object: nothing in it, or where an organisation is founded and the code that shows who may.
"""

import json
import sys

import typer

from alteram.cli.showing import reporting


def main(address: str, *, as_json: bool) -> None:
    """Prepare the installation that the environment names, and tell of it."""
    try:
        with reporting(as_json=as_json):
            from alteram.installation import serving  # noqa: PLC0415 - its errors are told like any other

            serving.prepare()
            sys.stdout.write(json.dumps(_find_founding(address)))
    except typer.Exit as ended:
        raise SystemExit(ended.exit_code) from ended


def _find_founding(address: str) -> dict[str, str]:
    """Return where an organisation is founded and the code for it; nothing where there is one already."""
    from alteram.installation.organisations import find_folders  # noqa: PLC0415 - Django is set up only now
    from alteram.installation.setup_code import get_setup_code  # noqa: PLC0415 - as above

    code = get_setup_code()
    return {} if any(find_folders()) else {"found_at": f"{address}/found/", "setup_code": code}


if __name__ == "__main__":
    main(sys.argv[1], as_json="--json" in sys.argv[2:])
