"""`wholeplace serve`: the pages."""

import gc
import os
import signal
import socket
import sys
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from wholeplace.cli.options import PLACE
from wholeplace.foundation.errors import WholeplaceError

__all__ = ["find_port", "prepare_database", "serve", "serve_place"]

_TRIED_PORTS = 50
# Each thread holds one connection to the database, so their number is capped.
_THREADS = 4


@click.command()
@PLACE
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 16))
def serve(place: Path, host: str, port: int, workers: int) -> None:
    """Serve the pages of a place."""
    from wholeplace.web.gateway.wiring import open_place

    opened = open_place(place)
    _ = opened.place
    prepare_database()
    serve_place(opened.folder, host, find_port(host, port), workers)


def prepare_database() -> None:
    """Start the database where it is ours, and bring its tables up to date.

    Raises:
        WholeplaceError: if it does not answer, or cannot be brought up to date.
    """
    from django.db import OperationalError

    from wholeplace.web.database.migrate import is_up_to_date, migrate

    try:
        if not is_up_to_date():
            migrate()
    except OperationalError as error:
        # The engine's own words name the server and the role, and no more than that.
        raise WholeplaceError(
            "The database does not answer.",
            " ".join(str(error).split()),
            "Start it, or mend WHOLEPLACE_DATABASE_URL.",
        ) from error


def find_port(host: str, wanted: int) -> int:
    """Return the port wanted, or the next free one, saying so.

    Raises:
        WholeplaceError: if none of the next ones is free, or the address is not this machine's.
    """
    for port in range(wanted, min(wanted + _TRIED_PORTS, 65_536)):
        if _is_free(host, port):
            if port != wanted:
                click.echo(f"Port {wanted} is taken; using {port}.", err=True)
            return port
    raise WholeplaceError(
        "The pages cannot be served.",
        f"No port from {wanted} to {wanted + _TRIED_PORTS - 1} is free at {host}.",
        "Name another with --port, or another address with --host.",
    )


def serve_place(folder: Path, host: str, port: int, workers: int = 1) -> None:
    """Serve a place until the process is told to stop (Ctrl+C or SIGTERM)."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from wholeplace.web.gateway.wiring import open_place

    opened = open_place(folder)
    if opened.place.place.invented:
        os.environ["WHOLEPLACE_PERSONAS"] = "1"
    _let_go_of_database()
    # What the building of a town left behind is thrown away here. Workers are forks: one that
    # threw it away itself would wait for threads of the engines that it does not have, and crash.
    gc.collect()
    gc.freeze()
    server = Granian(
        "wholeplace.web.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_THREADS,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    )
    # Connecting loads this codec. A worker is forked while the thread below connects, and would
    # inherit the lock of a half-loaded module: whatever asks for it there would wait for ever.
    import_module("encodings.idna")
    telling = threading.Thread(target=_tell_when_ready, args=(host, port), daemon=True)
    telling.start()
    server.serve()


def _let_go_of_database() -> None:
    """Close this process's connections; the workers open their own."""
    from django.db import connections

    from wholeplace.web.chain.connection import close_trail_connection

    connections.close_all()
    close_trail_connection()


def _tell_when_ready(host: str, port: int) -> None:
    shown = f"[{host}]" if ":" in host else host
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with socket.create_connection((host, port), timeout=1):
                break
        except OSError:
            time.sleep(0.1)
    else:
        return
    click.echo(f"Serving on http://{shown}:{port} (stop with Ctrl+C)")
    sys.stdout.flush()


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def stop_on_signal(*_: Any) -> None:
    """Turn SIGTERM into an ordinary exit, so that what runs at exit runs."""
    sys.exit(128 + signal.SIGTERM)
