"""How clauses are used, and one resident's account, at 100,000 sights of 40 fields each.

Run: python benchmarks/clause_use.py [--sights N]. Starts a database of its own and removes it.
"""

import argparse
import datetime as dt
import json
import os
import random
import tempfile
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

_PARTNERS = 10
_FIELDS = 40
_ACTORS = 200
_PEOPLE = 5_000
_DAYS = 365


def main() -> None:
    """Fill a trail, fold it, fold what came since, read the report, read one account."""
    options = argparse.ArgumentParser()
    options.add_argument("--sights", type=int, default=100_000)
    wanted = options.parse_args().sights
    os.environ["DJANGO_SETTINGS_MODULE"] = "wholeplace.web.site.settings"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["WHOLEPLACE_DATA"] = folder
        os.environ["WHOLEPLACE_PLACE"] = str(files("wholeplace.larkbridge") / "place")
        from wholeplace.web.database.cluster import Cluster

        cluster = Cluster.of(Path(folder) / "database")
        cluster.ensure_running()
        try:
            measure(cluster, wanted)
        finally:
            cluster.remove()


def measure(cluster: Any, wanted: int) -> None:
    """Print seconds of each step."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    connections["default"].settings_dict.update(
        HOST=str(cluster.socket_folder), PORT=str(cluster.port), NAME=cluster.database,
        USER=cluster.owner_role,
    )  # fmt: skip
    call_command("migrate", interactive=False, verbosity=0)
    from wholeplace.agreements.account.sightings import HeldAs, read_sightings
    from wholeplace.web.audit.folding import fold_trail, read_report
    from wholeplace.web.audit.models import ClauseUseDay, RefusalDay
    from wholeplace.web.residents.reading import _entries

    print(f"{wanted:,} sights of {_FIELDS} fields, {_ACTORS} practitioners, {_DAYS} days")
    with told("write them"):
        fill(cluster, 1, wanted)
    with told("fold all of them"):
        fold_trail("Europe/London")
    with told("fold when nothing is new"):
        fold_trail("Europe/London")
    fill(cluster, wanted + 1, 100)
    with told("fold 100 more"):
        fold_trail("Europe/London")
    print(
        f"  rows of use {ClauseUseDay.objects.count():,}, of refusal {RefusalDay.objects.count():,}"
    )
    from wholeplace.agreements import MemorySignOffs, compile_rules
    from wholeplace.agreements.texts.terms import terms_of
    from wholeplace.partnership.vocabulary import load_vocabulary

    terms = terms_of(load_vocabulary())
    rules = compile_rules((), MemorySignOffs(), dt.date(2026, 1, 1), terms)
    for days in (30, 90, 365):
        with told(f"report of {days} days"):
            read_report(
                rules, dt.date(2026, 1, 1) - dt.timedelta(days=days - 1), dt.date(2026, 1, 1)
            )
    with told("one account out of the trail"):
        held = [HeldAs(name_of(7))]
        found = read_sightings(_entries(held), held, (), "Europe/London")
    print(f"  with {len(found)} entries")


class told:  # noqa: N801 - reads as a word
    """Prints the seconds of a block."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        self.began, self.used = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        seconds, own = time.perf_counter() - self.began, time.process_time() - self.used
        print(f"  {self.what}: {seconds:.2f} s, own processor time {own:.2f} s", flush=True)


def fill(cluster: Any, first: int, count: int) -> None:
    """Write sights into the trail past its triggers, which check what is not measured here."""
    with cluster.connect("wholeplace_super") as superuser, superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        if count > 1_000:
            superuser.execute("DROP INDEX chain_entry_event")
        with superuser.cursor().copy(
            "COPY chain_entry (position, event, previous, hash) FROM STDIN"
        ) as copy:
            for position in range(first, first + count):
                copy.write_row(
                    (position, json.dumps(sight(position, count)), "0" * 64, f"{position:064x}")
                )
        if count > 1_000:
            superuser.execute(
                "CREATE INDEX chain_entry_event ON chain_entry USING gin (event jsonb_path_ops)"
            )


def sight(number: int, of: int) -> dict[str, Any]:
    """Return one sight: a household of two, 40 fields, every tenth refused."""
    chance = random.Random(number)
    at = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC) - dt.timedelta(days=_DAYS - 1)
    at += dt.timedelta(days=min(_DAYS - 1, number * _DAYS // of))
    actor = chance.randrange(_ACTORS)
    seen, refused = {}, {}
    for field in range(_FIELDS):
        partner = f"partner-{field % _PARTNERS}"
        if field % 10 == 9:
            refused.setdefault(partner, {})[f"group.field-{field}"] = {"items": 1, "blocks": []}
        else:
            clause = f"agreement-{field % 5}/clause-{field}"
            seen.setdefault(partner, {})[f"group.field-{field}"] = {
                "detail": {"items": 1, "clauses": [clause]}
            }
    return {
        "kind": "sight", "at": at.isoformat(), "page": "person", "actor": str(actor),
        "organisation": f"partner-{actor % _PARTNERS}", "role": "practitioner",
        "purpose": "whole-family-support", "reason": {"id": "r", "kind": "case"}, "alerts": [],
        "subjects": [
            {"subject": name_of(chance.randrange(_PEOPLE)), "seen": seen, "refused": refused},
            {"subject": name_of(chance.randrange(_PEOPLE)), "seen": {}, "refused": {}},
        ],
    }  # fmt: skip


def name_of(person: int) -> str:
    """Return what stands for a person."""
    return f"{person:064x}"


if __name__ == "__main__":
    main()
