"""The pages of data loads and quarantine, over the inbox of a small invented town."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from wholeplace.intake import load_inbox, read_quarantine, read_report
from wholeplace.larkbridge import build_town


@pytest.fixture(scope="module")
def town_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    build_town(folder, residents=300, seed=7)
    return folder


@pytest.fixture
def opened(db: None, settings: Any, town_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    from wholeplace.web.gateway import wiring

    monkeypatch.delenv("WHOLEPLACE_DATA", raising=False)
    monkeypatch.setenv("WHOLEPLACE_PLACE", str(town_folder / "larkbridge"))
    monkeypatch.setattr(wiring, "_open", {})
    settings.STATIC_ROOT = str(town_folder)
    return wiring.open_place(town_folder / "larkbridge")


@pytest.fixture
def loaded(opened: Any) -> Any:
    covered = frozenset({"identity.name", "involvement", "school", "education.attendance"})
    (opened.data.inbox / "charity" / "stray.txt").write_text("x")
    load_inbox(opened.place, opened.data, lambda _: covered)
    return opened


def sign_in(client: Any, role: str) -> Any:
    from wholeplace.web.accounts.models import User

    user = User.objects.create_user(
        f"{role}@example.test",
        name="Robin Page",
        organisation="council-children",
        roles=[role],
        # A persona: real people in some of these roles set up their second step first.
        persona=f"robin-{role}",
    )
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_loads_page_accounts_for_every_file(loaded: Any, client: Any) -> None:
    response = sign_in(client, "data-steward").get(reverse("intake:loads"))
    assert response.status_code == 200
    text = text_of(response)
    report = read_report(loaded.data)
    for file in report.files:
        figures = f"{file.rows_read} {file.accepted} {file.rejected} {file.unreadable}"
        assert file.file in text
        assert figures in text
    assert "charity/stray.txt" in text
    assert "1 file was not read, because no dataset expects it" in text
    assert "no agreement in force lets anyone see crime.offence from police" in text


def test_the_quarantine_page_lists_rows_and_reasons(loaded: Any, client: Any) -> None:
    file = next(each for each in read_report(loaded.data).files if each.rejected)
    address = reverse(
        "intake:quarantine", args=[file.dataset, file.quarantine.removesuffix(".parquet")]
    )
    response = sign_in(client, "data-protection-officer").get(address)
    assert response.status_code == 200
    text = text_of(response)
    for fault in read_quarantine(loaded.data, file, limit=5):
        assert fault.words in text
        assert str(fault.row_number) in text
    reason = file.reasons[0]
    one = client.get(address, {"column": reason.column, "rule": reason.rule})
    assert "Only one reason is shown" in text_of(one)
    assert "No row to show" in text_of(client.get(address, {"page": "9999"}))
    assert client.get(address, {"page": "x" * 50}).status_code == 200


def test_no_value_of_a_rejected_row_reaches_a_page(loaded: Any, client: Any) -> None:
    sign_in(client, "programme-lead")
    dataset = loaded.place.datasets["council-tax"]
    path = (
        loaded.data.inbox / dataset.partner / dataset.file.pattern.replace("{date}", "2026-01-02")
    )
    mark = dataset.file.delimiter
    canary = "Zqx-canary-77"
    header = mark.join(field.name for field in dataset.fields)
    path.write_bytes(f"{header}\n{mark.join([canary] * len(dataset.fields))}\n".encode())
    try:
        load_inbox(
            loaded.place, loaded.data, lambda _: frozenset({"identity", "contact", "finance"})
        )
        file = next(f for f in read_report(loaded.data).files if f.file == path.name)
        assert file.rejected == 1, file.why_refused
        mark = file.quarantine.removesuffix(".parquet")
        page = client.get(reverse("intake:quarantine", args=[file.dataset, mark]))
        assert canary.encode() not in page.content
        assert b"Aaa-aaaaaa-99" in page.content
        assert canary.encode() not in client.get(reverse("intake:loads")).content
    finally:
        path.unlink()


@pytest.mark.parametrize("role", ["practitioner", "analyst", "board-member"])
def test_other_roles_are_refused(loaded: Any, client: Any, role: str) -> None:
    assert sign_in(client, role).get(reverse("intake:loads")).status_code == 403


@pytest.mark.parametrize("mark", ["nothing", "..", "2026-01-01-000000000000"])
def test_an_unknown_file_is_not_found(loaded: Any, client: Any, mark: str) -> None:
    response = sign_in(client, "data-steward").get(f"/data/council-tax/{mark}/")
    assert response.status_code == 404


def test_before_the_first_load_the_page_says_so(opened: Any, client: Any, tmp_path: Path) -> None:
    from wholeplace.foundation.folders import DataFolder

    opened.data = DataFolder(tmp_path / "fresh")
    response = sign_in(client, "data-steward").get(reverse("intake:loads"))
    assert "Nothing has been loaded yet" in text_of(response)
