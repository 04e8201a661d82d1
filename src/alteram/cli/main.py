"""`alteram`: loads the one command that was asked for, so that `alteram verify` needs neither database nor network."""

import sys
from importlib import import_module

import typer

#: Each command with the module that holds it, as `app` (a group of commands) or `run` (a single one).
COMMANDS = {
    "init": "founding",
    "rulebook": "rulebooks",
    "history": "histories",
    "matter": "matters",
    "verify": "verify",
    "log": "log",
    "key": "keys",
    "witness": "witness",
    "rebuild": "rebuilding",
    "requirements": "catalogues",
    "acts": "catalogues",
    "demo": "demo",
}
_EPILOG = (
    "Exit status: 0 done, 1 refused or a check that failed, 2 bad input. Every command answers in JSON with --json."
)


def build_app(only: str | None = None) -> typer.Typer:
    """Return the command line, with the command `only` or with all of them."""
    app = typer.Typer(name="alteram", no_args_is_help=True, add_completion=False, epilog=_EPILOG, rich_markup_mode=None)
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
    build_app(asked if asked in COMMANDS else None)()
