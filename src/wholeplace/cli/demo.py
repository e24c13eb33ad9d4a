"""`wholeplace demo`: Larkbridge, built, loaded, signed and served."""

import datetime as dt
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import click

from wholeplace.cli.serve import find_port, prepare_database, stop_on_signal
from wholeplace.foundation.canonical import content_hash, file_hash
from wholeplace.foundation.errors import UnsafeActionError

__all__ = ["demo"]

_RECORD = "demo.json"
_PLACE, _DATA, _TRUTH = "larkbridge", "larkbridge-data", "truth"


@click.command()
@click.option("--residents", default=20_000, show_default=True, type=click.IntRange(200, 2_000_000))
@click.option("--seed", default=7, show_default=True, type=int)
@click.option(
    "--dir", "folder", default=Path("demo"), show_default=True, type=click.Path(path_type=Path)
)
@click.option("--no-serve", is_flag=True, help="Build and load only.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--reset", is_flag=True, help="Build the town again without asking, losing what was changed."
)
def demo(
    residents: int, seed: int, folder: Path, *, no_serve: bool, port: int, reset: bool
) -> None:
    """Build the invented town of Larkbridge, load its extracts and serve it."""
    signal.signal(signal.SIGTERM, stop_on_signal)
    folder = folder.resolve()
    os.environ["WHOLEPLACE_DATA"] = str(folder / _DATA)
    started = time.perf_counter()
    wanted = {"residents": residents, "seed": seed}
    if _must_build(folder, wanted, reset=reset):
        _build(folder, wanted)
    place = folder / _PLACE
    _load(place)
    click.echo(
        f"Larkbridge is ready in {folder} ({time.perf_counter() - started:.1f} s).", err=True
    )
    if not no_serve:
        host = "127.0.0.1"
        _note(folder, is_served=True)
        _serve_afresh(place, host, find_port(host, port))


def _serve_afresh(place: Path, host: str, port: int) -> None:
    """Serve the town by the ordinary command, in the place of this process.

    Building and linking leave engines behind whose threads no fork has: a server's worker that
    came upon one would wait for ever. A new process image has none of them.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    program = [sys.executable, sys.argv[0], "serve", "--place", str(place)]
    os.execv(sys.executable, [*program, "--host", host, "--port", str(port)])  # noqa: S606 - our own


def _must_build(folder: Path, wanted: dict[str, int], *, reset: bool) -> bool:
    """Return whether to build; ask first where a town that was changed would be lost."""
    if not (folder / _PLACE).exists():
        return True
    built = _read_record(folder)
    is_same = built is not None and all(built.get(key) == value for key, value in wanted.items())
    is_whole = built is not None and built.get("is_whole") is True
    if reset or (built is not None and not is_whole):
        return True
    is_edited = built is None or built.get("content") != _content(folder)
    if is_same:
        if is_edited:
            click.echo("The town was edited since it was built; it is kept as it is.", err=True)
        else:
            click.echo("The town is built already.", err=True)
        return False
    if is_edited:
        _ask(f"The town in {folder} was edited since it was built.")
    elif built is not None and built.get("is_served"):
        _ask(
            f"The town in {folder} was served: its accounts, signatures and record of who looked would go."
        )
    return True


def _ask(why: str) -> None:
    if not sys.stdin.isatty():
        raise UnsafeActionError(
            "The town was not built again.",
            why,
            "Use --reset to lose the changes, or --dir for another folder.",
        )
    if not click.confirm(f"{why} Build it again and lose the changes?", err=True):
        raise UnsafeActionError(
            "The town was not built again.", "You said no.", "Nothing was changed."
        )


def _build(folder: Path, wanted: dict[str, int]) -> None:
    from wholeplace.larkbridge import build_town

    _clear(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _write_record(folder, {**wanted, "is_whole": False})
    with _step(f"Building Larkbridge with {wanted['residents']:,} residents"):
        report = build_town(
            folder, residents=wanted["residents"], seed=wanted["seed"], progress=_tell
        )
    # The inbox is full of (invented) records; treated as real ones would be.
    (folder / _DATA).chmod(0o700)
    _write_record(
        folder,
        {
            **wanted,
            "is_whole": True,
            "as_of": report.as_of.isoformat(),
            "content": _content(folder),
        },
    )


def _clear(folder: Path) -> None:
    """Remove a town; never anything that is not one."""
    data = folder / _DATA
    if (data / "database").exists():
        from wholeplace.web.database.cluster import Cluster

        Cluster.of(data / "database").remove()
    for name in (_PLACE, _DATA, _TRUTH):
        if (folder / name).exists():
            shutil.rmtree(folder / name)


def _load(place: Path) -> None:
    """Start the database and run the pipeline; sign, where nothing was ever signed.

    Signatures are made once, for the text as it was built. An agreement that was edited since
    is a text that nobody signed, here as anywhere.
    """
    from wholeplace.web.gateway.wiring import open_place

    with _step("Starting the database"):
        opened = open_place(place)
        prepare_database()
    # Its models can be imported only once the place is open.
    from wholeplace.web.gateway.demonstration import make_personas, sign_everything

    with _step("Making personas and signing agreements"):
        make_personas(opened, read_personas())
        if not any(opened.sign_offs.sign_offs(each.id) for each in opened.agreements):
            sign_everything(opened)
    from wholeplace.pipeline import run_pipeline
    from wholeplace.web.linkage.reviews import list_decisions

    now = dt.datetime.now(dt.UTC)
    report = run_pipeline(
        opened.folder,
        opened.data,
        sign_offs=opened.sign_offs,
        statements=opened.flag_statements,
        decisions=list_decisions(),
        at=now,
        progress=_Progress(),
    )
    for note in report.notes:
        click.echo(f"  note: {note}", err=True)
    click.echo(report.text, err=True)
    opened.refresh_caseloads()
    from wholeplace.web.site.demonstration import make_examples

    folder = opened.folder.parent
    record, content = _read_record(folder), _content(folder)
    make_examples(opened)
    if record is not None and record.get("content") == content:
        # Examples write drafts into the place folder; that is no edit of anybody's.
        _write_record(folder, {**record, "content": _content(folder)})


def read_personas() -> list[dict[str, Any]]:
    """Return the personas of Larkbridge's cast as plain values."""
    from wholeplace.larkbridge import load_cast

    return [asdict(each) if is_dataclass(each) else dict(each) for each in load_cast().personas]


class _Progress:
    """Tells of each stage as it ends: its name, rows and seconds."""

    def start(self, stage: str) -> None:
        """A stage begins."""
        if sys.stderr.isatty():
            click.echo(f"  {stage} …\r", err=True, nl=False)

    def note(self, stage: str, text: str) -> None:
        """Something happened within a stage."""
        if sys.stderr.isatty():
            click.echo(f"  {stage}: {text[:60]:60}\r", err=True, nl=False)

    def finish(self, stage: Any) -> None:
        """A stage ended."""
        how = "taken over" if stage.is_reused else f"{stage.seconds:.1f} s"
        click.echo(f"  {stage.name}: {stage.rows:,} rows, {how}{'':50}"[:79].rstrip(), err=True)


def _tell(text: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"  {text[:70]:70}\r", err=True, nl=False)


@contextmanager
def _step(words: str) -> Iterator[None]:
    started = time.perf_counter()
    click.echo(f"{words} …", err=True)
    yield
    click.echo(f"  done in {time.perf_counter() - started:.1f} s{'':50}"[:70].rstrip(), err=True)


def _content(folder: Path) -> str:
    """Return one hash of what was built: the place folder and the inbox."""
    roots = (folder / _PLACE, folder / _DATA / "inbox")
    found = {
        path.relative_to(folder).as_posix(): file_hash(path)
        for root in roots
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
    return content_hash(found)


def _read_record(folder: Path) -> dict[str, Any] | None:
    try:
        found = json.loads((folder / _RECORD).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _note(folder: Path, **facts: bool) -> None:
    """Add to what is known of a town; its content stays as recorded."""
    known = _read_record(folder)
    if known is not None and any(known.get(key) != value for key, value in facts.items()):
        _write_record(folder, {**known, **facts})


def _write_record(folder: Path, facts: dict[str, Any]) -> None:
    (folder / _RECORD).write_text(json.dumps(facts, indent=2) + "\n", "utf-8")
