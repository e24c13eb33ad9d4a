"""`wholeplace audit`: a head handed out, countersigned elsewhere, handed back, and held against."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from wholeplace.cli.audit import audit
from wholeplace.foundation.errors import NotFoundError, UnsafeActionError, WholeplaceError
from wholeplace.web.chain.trail import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(signed_town: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that runs `wholeplace audit …` in an empty folder, at the town."""
    monkeypatch.chdir(tmp_path)
    at_the_place = {"verify", "head", "receive"}

    def run_command(*arguments: str) -> Result:
        place = ["--place", str(signed_town.folder)] if arguments[0] in at_the_place else []
        result = CliRunner().invoke(audit, [arguments[0], *place, *arguments[1:]])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run_command


def strike(cluster: Any, statement: str) -> None:
    with cluster.connect("wholeplace_super") as superuser, superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        superuser.execute(statement)


def test_the_whole_way_of_a_head(run: Any, tmp_path: Path, cluster: Any) -> None:
    record("test.first", actor="system")
    assert "Your public key is" in run("key", "--out", "our.key").output
    assert stat.S_IMODE((tmp_path / "our.key").stat().st_mode) == 0o600
    assert run("head", "--out", "head.json").exit_code == 0
    sign = ("countersign", "--head", "head.json", "--partner", "police", "--key", "our.key")
    said = run(*sign, "--out", "back.json").output
    assert "first head you keep" in said
    assert "police keeps a head of" in run("receive", "--head", "back.json").output

    record("test.second", actor="system")
    run("head", "--out", "head.json")
    said = run(*sign, "--out", "again.json").output
    assert "stand in it, unchanged" in said
    assert len(list((tmp_path / "kept-police").glob("head-*.json"))) == 2

    good = run("verify", "--head", "back.json", "--head", "again.json", "--json")
    assert good.exit_code == 0
    told = json.loads(good.output)
    size = json.loads((tmp_path / "again.json").read_text())["head"]["size"]
    assert told["anchors"] == {"police": size}
    assert told["anchored"] == [1, size]
    assert told["unanchored"] is None
    record("test.third", actor="system")
    told = json.loads(run("verify", "--head", "again.json", "--json").output)
    assert told["unanchored"] == [size + 1, size + 1]

    strike(cluster, f"DELETE FROM chain_entry WHERE position >= {size}")
    strike(cluster, "DELETE FROM chain_head")
    strike(cluster, "DELETE FROM chain_countersignature")
    alone = run("verify")
    assert alone.exit_code == 0
    assert "cannot be told" in alone.output
    cut = run("verify", "--head", "again.json")
    assert cut.exit_code == 1
    assert f"Entry {size:,} is gone (against police’s head of" in cut.output
    assert "tell every partner" in cut.output
    assert json.loads(run("verify", "--head", "again.json", "--json").output)["faults"] == [
        {
            "what": "missing",
            "first": size,
            "last": size,
            "against": [f"police’s head of {size:,} entries in again.json"],
        }
    ]


def test_a_partner_finds_a_rewritten_past_by_itself(run: Any, cluster: Any) -> None:
    record("test.first", actor="system")
    run("key", "--out", "our.key")
    run("head", "--out", "head.json")
    sign = ("countersign", "--head", "head.json", "--partner", "police", "--key", "our.key")
    run(*sign)
    size = json.loads(Path("head.json").read_text())["head"]["size"]
    for table in ("chain_entry", "chain_head"):
        strike(cluster, f"DELETE FROM {table}")
    for number in range(size + 5):
        record("test.another-past", actor="system", number=number)
    run("head", "--out", "head.json", "--since", str(size))
    with pytest.raises(UnsafeActionError, match="not all in it, unchanged"):
        run(*sign)


def test_a_head_that_proves_nothing_is_refused_with_the_command_to_ask_for(run: Any) -> None:
    record("test.first", actor="system")
    run("key", "--out", "our.key")
    run("head", "--out", "head.json")
    sign = ("countersign", "--head", "head.json", "--partner", "police", "--key", "our.key")
    run(*sign)
    record("test.second", actor="system")
    run("head", "--out", "head.json")
    with pytest.raises(UnsafeActionError, match="--since"):
        run(*sign)


def test_a_key_is_never_written_over(run: Any) -> None:
    run("key", "--out", "our.key")
    before = Path("our.key").read_text()
    with pytest.raises(WholeplaceError, match="one of this name already"):
        run("key", "--out", "our.key")
    assert Path("our.key").read_text() == before
    assert sorted(path.name for path in Path().iterdir()) == ["our.key"]


def test_the_deployments_key_is_nobody_elses_to_read(run: Any, signed_town: Any) -> None:
    run("head")
    path = signed_town.data.keys / "evidence"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_files_that_are_not_there_are_named(run: Any) -> None:
    with pytest.raises(NotFoundError, match=r"gone\.json could not be read"):
        run("verify", "--head", "gone.json")
    with pytest.raises(WholeplaceError, match="could not be written"):
        run("key", "--out", "no/such/folder/our.key")


def test_a_countersignature_of_nobody_here_is_not_taken(run: Any) -> None:
    run("key", "--out", "our.key")
    run("head", "--out", "head.json")
    run(
        "countersign", "--head", "head.json", "--partner", "stranger", "--key", "our.key",
        "--out", "back.json",
    )  # fmt: skip
    for name in ("back.json", "head.json"):
        with pytest.raises(UnsafeActionError, match="no partner of this place"):
            run("receive", "--head", name)
