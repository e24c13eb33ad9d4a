"""What every test may rely on: a database of its own, no network, a town, a browser."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as law_settings
from tests.web.browser import launch_chromium
from tests.web.ground import made_ground, remove_databases, sweep_grounds
from tests.web.town import LiveTown, Town, build_town, open_town, serve_town

# Laws are about what holds, never about how fast, so a busy machine must not fail one. Every
# run looks at examples of its own; WHOLEPLACE_THOROUGH=1 looks at many more of them.
law_settings.register_profile("short", deadline=None, database=None, max_examples=30)
law_settings.register_profile("thorough", deadline=None, database=None, max_examples=500)
law_settings.load_profile("thorough" if os.environ.get("WHOLEPLACE_THOROUGH") == "1" else "short")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Told to stop (SIGTERM), end after the test at work: fixtures remove what they made."""

    def stop(*_: Any) -> None:
        if session.shouldstop:
            pytest.exit("told to stop twice", returncode=128 + signal.SIGTERM)
        session.shouldstop = "told to stop"

    signal.signal(signal.SIGTERM, stop)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Block the network: only this machine itself may be reached."""
    from pytest_socket import socket_allow_hosts

    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(scope="session", autouse=True)
def no_database_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Remove the databases of places that tests made in pytest's own folders."""
    yield
    remove_databases(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def ground() -> Iterator[Path]:
    """A folder for this run that other accounts reach; its databases are removed at the end."""
    sweep_grounds()
    with made_ground() as folder:
        yield folder


@pytest.fixture(scope="session")
def cluster(ground: Path) -> Any:
    """One embedded PostgreSQL for the whole run."""
    from wholeplace.web.database.cluster import Cluster

    made = Cluster.of(ground / "database")
    made.ensure_running()
    with made.connect("wholeplace_super") as superuser:
        # Tests kill processes, never the machine, so nothing need reach the disk itself.
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            superuser.execute(f"ALTER SYSTEM SET {name} = off")
        superuser.execute("SELECT pg_reload_conf()")
    return made


@pytest.fixture(scope="session")
def django_db_setup(cluster: Any, django_db_blocker: Any) -> Iterator[None]:
    """Make the tables in our own cluster; tests connect as their owner, so that they may empty them."""
    from django.core.management import call_command
    from django.db import connections

    from wholeplace.web.chain.connection import close_trail_connection

    settings = connections["default"].settings_dict
    settings.update(
        HOST=str(cluster.socket_folder),
        PORT=str(cluster.port),
        NAME=cluster.database,
        USER=cluster.owner_role,
        CONN_MAX_AGE=0,
    )
    with django_db_blocker.unblock():
        call_command("migrate", interactive=False, verbosity=0)
    _empty_only_what_is_full()
    yield
    close_trail_connection()
    with django_db_blocker.unblock():
        connections.close_all()


def _empty_only_what_is_full() -> None:
    """Let the emptying of tables after a test pass over those that are empty, which most are."""
    from django.db import connection

    flush = connection.ops.sql_flush

    def sql_flush(style: Any, tables: Any, **given: Any) -> list[str]:
        asked = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT FROM {connection.ops.quote_name(name)})"
            for name in tables
        )
        with connection.cursor() as cursor:
            cursor.execute(asked)
            full = [name for (name,) in cursor.fetchall()]
        given["allow_cascade"] = True
        return flush(style, full, **given) if full else []

    connection.ops.sql_flush = sql_flush  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def own_trail(request: pytest.FixtureRequest) -> None:
    """Begin each test that uses the database with an empty trail: no rollback undoes a sight."""
    uses = {"db", "transactional_db"} & set(request.fixturenames)
    if not uses and not request.node.get_closest_marker("django_db"):
        return
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("cluster").connect("wholeplace_super") as superuser:
        # Nobody but a superuser can set the triggers aside that make the trail append-only.
        superuser.execute("SET session_replication_role = replica")
        tables = superuser.execute("SELECT tablename FROM pg_tables WHERE tablename ~ '^chain_'")
        for (table,) in tables.fetchall():
            superuser.execute(f'DELETE FROM "{table}"')


@pytest.fixture
def unwritable_trail(django_db_setup: None, cluster: Any) -> Any:
    """Return a context in which no entry can be added to the trail."""
    from contextlib import contextmanager

    @contextmanager
    def refusing() -> Iterator[None]:
        # Replacing the trigger's function waits for no reader of the table.
        with cluster.connect("wholeplace_super") as superuser:
            name = "chain_check_place()"
            row = superuser.execute(f"SELECT pg_get_functiondef('{name}'::regprocedure)").fetchone()
            superuser.execute(
                f"CREATE OR REPLACE FUNCTION {name} RETURNS trigger LANGUAGE plpgsql "
                "AS $$ BEGIN RAISE EXCEPTION 'disk full'; END $$"
            )
            try:
                yield
            finally:
                superuser.execute(row[0])

    return refusing


@pytest.fixture(scope="session")
def town(ground: Path) -> Town:
    """Larkbridge with about 600 residents, built once and run through the pipeline."""
    folder = ground / "town"
    folder.mkdir()
    return build_town(folder, residents=600, seed=7)


@pytest.fixture
def signed_town(db: None, town: Town) -> Any:
    """The town opened in this process: agreements signed and personas made, in this test alone."""
    return open_town(town)


@pytest.fixture
def sign_in(signed_town: Any, client: Any) -> Any:
    """Return a function that signs the test client in as a persona: `sign_in("persona-id")`."""
    from wholeplace.web.accounts.models import User

    def sign_in_as(persona: str) -> Any:
        client.force_login(
            User.objects.get(persona=persona), "django.contrib.auth.backends.ModelBackend"
        )
        return client

    return sign_in_as


@pytest.fixture(scope="session")
def live_town(town: Town, ground: Path) -> Iterator[LiveTown]:
    """The real site, served by the real server over a copy of the town with a database of its own."""
    with serve_town(town, ground / "live") as live:
        yield live


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Headless Chromium; with CI set, its absence is a failure and no reason to skip."""
    with launch_chromium() as running:
        yield running


@pytest.fixture
def browser_page(browser: Any, live_town: LiveTown) -> Iterator[Any]:
    """A fresh browser page whose relative addresses lead to the live town."""
    context = browser.new_context(
        base_url=live_town.url, locale="en-GB", timezone_id="Europe/London"
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()
