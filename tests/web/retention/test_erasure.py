"""Erasure from the request to the receipt: files, database, trail, and a backup put back."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from tests.web.town import Town, copy_town, open_town, run_wholeplace

from wholeplace.foundation.deletions import Deletions
from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.foundation.snapshots import Snapshots
from wholeplace.foundation.store import Store, quote_text
from wholeplace.web.retention.sweeping import IMPERSONAL, models_about_people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]


@pytest.fixture
def own_town(town: Town, tmp_path: Path) -> Any:
    """A copy of the town that a test may change, opened in this process."""
    return open_town(copy_town(town, tmp_path / "town"))


def pick(place: Any) -> str:
    rows = place.snapshot_reader.rows(
        "SELECT person_id FROM person_records WHERE person_id NOT IN (SELECT person_id FROM "
        "subject_flags WHERE value <> 'no') "
        "GROUP BY person_id ORDER BY count(DISTINCT partner) DESC, person_id LIMIT 1"
    )
    return str(rows[0]["person_id"])


def approved(place: Any, person_id: str) -> str:
    from wholeplace.web.retention.models import ErasureRequest
    from wholeplace.web.retention.requests import answer, approve, ask_person

    made = ask_person(place, person_id, "request", "Canary words", "1", "council-children")
    for partner in sorted({each[0] for each in made.anchors}):
        version = ErasureRequest.objects.get(pk=made.pk).version
        answer(made.pk, partner, "erase", "", "1", "council-children", version)
    version = ErasureRequest.objects.get(pk=made.pk).version
    approve(made.pk, "2", "council-children", version)
    return str(made.pk)


def test_every_model_is_about_nobody_or_is_swept() -> None:
    handled = {each._meta.label for each in models_about_people()} | {"chain.SubjectKey"}
    known = {each._meta.label for each in apps.get_models(include_auto_created=True)}
    about_nobody = {each for each in IMPERSONAL if each in known}
    assert known - handled - about_nobody == set(), "declare it impersonal, or give it person_id"
    assert not handled & IMPERSONAL


def words_of(place: Any, person_id: str) -> set[bytes]:
    """What stands of a person in the snapshot that stands nowhere else: their numbers."""
    found: set[bytes] = {person_id.encode()}
    for row in place.snapshot_reader.rows(
        "SELECT r.record_id, r.nhs_number, r.nino, r.upn, r.email FROM records AS r JOIN "
        "person_records USING (record_id) WHERE person_id = $id",
        {"id": person_id},
    ):
        found |= {str(value).encode() for value in row.values() if value}
    # An address or number that somebody else's record holds too is theirs as well, and stays.
    shared = place.snapshot_reader.rows(
        "SELECT r.nhs_number, r.nino, r.upn, r.email FROM records AS r JOIN person_records "
        "USING (record_id) WHERE person_id <> $id",
        {"id": person_id},
    )
    return found - {str(value).encode() for row in shared for value in row.values() if value}


def files_that_hold(folder: Path, words: set[bytes]) -> list[Path]:
    held = []
    for path in folder.rglob("*"):
        if not path.is_file() or path.is_symlink() or "inbox" in path.parts:
            continue
        text = path.read_bytes()
        if path.suffix == ".parquet":
            with Store() as store:
                text += repr(
                    store.rows(f"SELECT * FROM read_parquet({quote_text(str(path))})")
                ).encode()
        held += [path] if any(word in text for word in words) else []
    return held


def test_an_erased_person_is_in_no_file_no_table_and_the_trail_stays_whole(own_town: Any) -> None:
    from wholeplace.web.chain.trail import known_pseudonym, subject_pseudonym
    from wholeplace.web.chain.verifying import verify_trail
    from wholeplace.web.gateway.models import Caseload
    from wholeplace.web.retention.carrying_out import carry_out
    from wholeplace.web.retention.models import ErasureRequest
    from wholeplace.web.retention.receipts import list_receipts, verify_deletions

    place, person_id = own_town, pick(own_town)
    words = words_of(place, person_id)
    assert files_that_hold(place.data.path, words)
    subject_pseudonym(person_id)
    Caseload.objects.create(user_id="9", person_id=person_id, snapshot_id="s")
    request = approved(place, person_id)
    done = carry_out(place, request, "1")
    assert files_that_hold(place.data.path, words) == []
    assert not Caseload.objects.filter(person_id=person_id).exists()
    assert known_pseudonym(person_id) is None
    assert verify_trail().is_whole
    assert verify_deletions(place).is_whole
    kept = ErasureRequest.objects.get(pk=request)
    assert (kept.state, kept.person_id, kept.anchors, kept.person_ids, kept.words) == (
        "done", "", [], [], "",
    )  # fmt: skip
    assert (done.ledger_position, done.ledger_hash) != (0, "")
    assert list_receipts(place)[0].request == request
    # The open reader follows at once: nothing of them is held in memory.
    rows = place.snapshot_reader.rows(
        "SELECT 1 FROM person_identity WHERE person_id = $id", {"id": person_id}
    )
    assert rows == []


def test_nobody_approves_their_own_and_every_partner_answers_first(own_town: Any) -> None:
    from wholeplace.web.retention.carrying_out import carry_out
    from wholeplace.web.retention.requests import approve, ask_person

    place = own_town
    before = Deletions(place.data).erased()
    made = ask_person(place, pick(place), "request", "", "1", "council-children")
    with pytest.raises(UnsafeActionError, match="yourself"):
        approve(made.pk, "1", "council-children", 1)
    with pytest.raises(UnsafeActionError, match="answered"):
        approve(made.pk, "2", "council-children", 1)
    with pytest.raises(UnsafeActionError, match="changed"):
        approve(made.pk, "2", "council-children", 7)
    with pytest.raises(UnsafeActionError, match="not approved"):
        carry_out(place, made.pk, "1")
    assert Deletions(place.data).erased() == before


def test_a_partner_that_keeps_its_records_keeps_them(own_town: Any) -> None:
    from wholeplace.web.retention.carrying_out import carry_out
    from wholeplace.web.retention.models import ErasureRequest
    from wholeplace.web.retention.requests import answer, approve, ask_person

    place, person_id = own_town, pick(own_town)
    made = ask_person(place, person_id, "request", "", "1", "council-children")
    partners = sorted({each[0] for each in made.anchors})
    assert len(partners) > 1
    for number, partner in enumerate(partners):
        version = ErasureRequest.objects.get(pk=made.pk).version
        given = ("erase", "") if number else ("keep", "legal-obligation")
        answer(made.pk, partner, *given, "1", "council-children", version)
    version = ErasureRequest.objects.get(pk=made.pk).version
    approve(made.pk, "2", "council-children", version)
    carry_out(place, made.pk, "1")
    left = place.snapshot_reader.rows(
        "SELECT DISTINCT partner FROM person_records WHERE person_id = $id", {"id": person_id}
    )
    assert [row["partner"] for row in left] == partners[:1]


KILLED = """
import os, signal, sys
from pathlib import Path
from wholeplace.web.gateway.wiring import open_place
place = open_place(Path(sys.argv[1]))
from wholeplace.web.retention.carrying_out import carry_out
def step(name):
    if name == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)
carry_out(place, sys.argv[2], "1", step=step)
"""


@pytest.mark.slow
def test_killed_at_any_step_it_goes_on_to_its_end_and_a_backup_brings_nobody_back(
    town: Town, ground: Path
) -> None:
    """With a database of its own: killed at each step, then a backup of before is restored."""
    home = ground / "erasure"
    copy = copy_town(town, home)
    given = {"WHOLEPLACE_PLACE": str(copy.place)}
    script = Path(__file__).with_name("ask_and_approve.py")
    try:
        asked = subprocess.run(
            [sys.executable, str(script), str(copy.place)],
            capture_output=True, text=True, check=False,
            env={**os.environ, **given, "PYTHONPATH": str(Path(__file__).parents[3])},
        )  # fmt: skip
        assert asked.returncode == 0, asked.stderr[-2_000:]
        facts = json.loads(asked.stdout.splitlines()[-1])
        words = {each.encode() for each in facts["words"]}
        backup = home / "backup"
        made = run_wholeplace("backup", "--to", str(backup), "--keys", given=given)
        assert made.returncode == 0, made.stderr
        assert files_that_hold(backup, words)
        for step in ("people", "ledger", "files", "database", "keys", "receipt"):
            done = subprocess.run(
                [sys.executable, "-c", KILLED, str(copy.place), facts["request"], step],
                capture_output=True, text=True, check=False, env={**os.environ, **given},
            )  # fmt: skip
            assert done.returncode == -signal.SIGKILL, done.stderr[-2_000:]
        done = run_wholeplace("erase", "--carry-out", facts["request"], given=given)
        assert done.returncode == 0, done.stderr
        for name in ("partitions", "quarantine", "snapshots", "ledger"):
            assert files_that_hold(copy.data / name, words) == []
        restored = run_wholeplace(
            "restore-backup", "--from", str(backup), "--yes", given=given
        )  # fmt: skip
        assert restored.returncode == 0, restored.stderr
        proved = run_wholeplace("retention", "verify", "--json", given=given)
        assert proved.returncode == 0, proved.stderr
        assert json.loads(proved.stdout)["left"] == {}
        after = home / "after"
        assert run_wholeplace("backup", "--to", str(after), given=given).returncode == 0
        assert files_that_hold(after, words) == []
        shutil.rmtree(backup)
        for snapshot in Snapshots(copy_data(copy).snapshots).list():
            done = run_wholeplace("snapshots", "restore", snapshot.id, given=given)
            assert done.returncode == 0, done.stderr
        assert files_that_hold(copy.data / "snapshots", words) == []
        receipts = run_wholeplace("retention", "receipts", "--json", given=given)
        assert facts["request"] in {each["request"] for each in json.loads(receipts.stdout)}
        proved = run_wholeplace("audit", "verify", given=given)
        assert proved.returncode == 0, proved.stderr
    finally:
        from tests.web.ground import remove_databases

        remove_databases(home)


def copy_data(copy: Town) -> Any:
    from wholeplace.foundation.folders import DataFolder

    return DataFolder(copy.data)
