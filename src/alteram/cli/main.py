"""`alteram`: loads the one command that was asked for, so that `alteram verify` needs neither database nor network."""

import json
import sys
from importlib import import_module

import typer

from alteram.cli.showing import BAD_INPUT, DONE

#: Each command with the module that holds it, as `app` (a group of commands) or `run` (a single one).
COMMANDS = {
    "init": "founding",
    "rulebook": "rulebooks",
    "pack": "packs",
    "history": "histories",
    "matter": "matters",
    "exhibit": "exhibits",
    "disclosure": "disclosing",
    "verify": "verify",
    "log": "log",
    "key": "keys",
    "witness": "witness",
    "rebuild": "rebuilding",
    "requirements": "catalogues",
    "acts": "catalogues",
    "serve": "serving",
    "invite": "inviting",
    "demo": "demo",
}
_EPILOG = (
    "Exit status: 0 done, 1 refused or a check that failed, 2 bad input. Every command answers in JSON with --json."
)


def build_app(only: str | None = None) -> typer.Typer:
    """Return the command line, with the command `only` or with all of them."""
    app = typer.Typer(
        name="alteram",
        no_args_is_help=True,
        add_completion=False,
        epilog=_EPILOG,
        rich_markup_mode=None,
        context_settings={"max_content_width": 120},
    )
    app.callback()(_describe)
    for name, module_name in COMMANDS.items():
        if only in {None, name}:
            module = import_module(f"alteram.cli.{module_name}")
            group = getattr(module, "app", None)
            if group is None:
                app.command(name)(getattr(module, f"run_{name}"))
            else:
                app.add_typer(group, name=name)
    return app


def _describe() -> None:
    """Complaints and charges under rules that rule, in a record anyone can check."""


def main() -> None:
    """Run the command line."""
    asked = sys.argv[1] if len(sys.argv) > 1 else None
    try:
        status = build_app(asked if asked in COMMANDS else None)(standalone_mode=False)
    except typer.Abort:
        sys.exit(130)
    except Exception as error:
        # typer does not publish the class of what it says of a command that was written wrongly.
        told = getattr(error, "format_message", None)
        if told is None:
            raise
        _tell_usage(str(told()), getattr(getattr(error, "ctx", None), "command_path", "alteram"))
        status = BAD_INPUT
    sys.exit(status or DONE)


def _tell_usage(problem: str, command: str) -> None:
    """Say what is wrong with how a command was written, to a machine as JSON."""
    spaces = 'Put quotes around what has spaces: -f text="It was so". ' if "unexpected extra" in problem else ""
    remedy = "" if problem.startswith("Usage:") else f"{spaces}See {command} --help"
    if "--json" in sys.argv:
        sys.stdout.write(json.dumps({"error": {"code": "usage", "problem": problem, "remedy": remedy}}) + "\n")
    else:
        sys.stderr.write(f"{problem} {remedy}".rstrip() + "\n")
