"""The command line: `wholeplace <noun> <verb>`.

Thin on purpose: a command reads its arguments, calls a room, and prints. Results go to
standard output, messages to standard error, so that `--json` can be piped. A command's
module is imported only when the command is used.
"""

import sys
from importlib import import_module
from typing import Any

import click

from wholeplace import __version__
from wholeplace.foundation.errors import WholeplaceError

__all__ = ["main"]

_COMMANDS: dict[str, tuple[str, str, str]] = {
    # command: (module, attribute, line of help)
    "account": ("account", "account", "Make the first administrator."),
    "agreements": (
        "agreements",
        "agreements",
        "List, show, explain, export and import agreements.",
    ),
    "audit": ("audit", "audit", "Verify the record of who looked."),
    "backup": ("retention", "backup", "Copy everything that a deployment holds."),
    "check": ("place", "check", "Check a place folder; name every fault at once."),
    "database": ("database", "database", "Start, stop and describe the embedded database."),
    "demo": ("demo", "demo", "Build the invented town of Larkbridge and serve it."),
    "diff": ("place", "diff", "Show where a place departs from its frameworks."),
    "directory": ("directory", "directory", "Import feeds of services, validate, publish."),
    "erase": ("retention", "erase", "Ask that somebody be erased, or carry it out."),
    "frameworks": ("frameworks", "frameworks", "List, show and adopt frameworks."),
    "hubs": ("hubs", "hubs", "List sites for hubs, and choose among them."),
    "init": ("place", "init", "Write a new, commented place folder."),
    "intake": ("intake", "intake", "Load partners' extracts and report on them."),
    "link": ("link", "link", "Score and explain which records are one person."),
    "places": ("places", "places", "Boundaries: import, convert, compare; who is responsible."),
    "money": ("money", "money", "Cost and benefit by agency, funds that end, unit costs."),
    "reasons": ("reasons", "reasons", "Tell of overdue reviews and answers."),
    "restore-backup": (
        "retention",
        "restore_backup",
        "Put a backup back, without whoever was erased.",
    ),
    "retention": ("retention", "retention", "Receipts of deletions, and their proof."),
    "run": ("run", "run", "Run the pipeline and publish a snapshot."),
    "serve": ("serve", "serve", "Serve the pages."),
    "snapshots": ("run", "snapshots", "List and restore snapshots."),
    "teams": ("teams", "teams", "Remind people of what waits for them."),
}


class _Rooms(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, attribute, _ = _COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"wholeplace.cli.{module}"), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, _COMMANDS[name][2]) for name in sorted(_COMMANDS)])


@click.group(cls=_Rooms, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="wholeplace")
def wholeplace() -> None:
    """Join up public services around people and places."""


def main(arguments: list[str] | None = None) -> Any:
    """Run the command line; turn an expected error into plain words and an exit code."""
    try:
        return wholeplace.main(args=arguments, prog_name="wholeplace", standalone_mode=True)
    except WholeplaceError as error:
        for part in (error.what, error.why, error.do_next):
            if part:
                click.echo(part, err=True)
        sys.exit(error.exit_code)
