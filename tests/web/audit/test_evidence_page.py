"""The page "Evidence": heads handed out, countersignatures handed back, the record verified."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wholeplace.foundation.evidence import (
    HeadFile,
    countersign_head,
    make_key,
    read_head_file,
    write_head_file,
)
from wholeplace.web.audit import evidence
from wholeplace.web.chain.models import Entry
from wholeplace.web.chain.trail import record
from wholeplace.web.chain.witnesses import list_witnesses

pytestmark = pytest.mark.django_db

PAGE, HEAD, BACK = "/audit/evidence/", "/audit/evidence/head/", "/audit/evidence/countersign/"
AT = dt.datetime(2026, 11, 1, 9, tzinfo=dt.UTC)
KEY = make_key()


def take(client: Any, **since: str) -> HeadFile:
    """Download a head file."""
    answer = client.post(HEAD, since)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="head-')
    return read_head_file(answer.content.decode())


def hand_back(client: Any, file: HeadFile | str) -> Any:
    """Upload a file."""
    text = file if isinstance(file, str) else write_head_file(file)
    upload = SimpleUploadedFile("countersigned.json", text.encode(), "application/json")
    return client.post(BACK, {"file": upload}, follow=True)


def test_whom_it_is_for(sign_in: Any) -> None:
    for persona, status in (("priya-nair", 200), ("sign-police", 200), ("amira-khan", 403)):
        assert sign_in(persona).get(PAGE).status_code == status
    assert sign_in("amira-khan").post(HEAD).status_code == 403
    assert sign_in("priya-nair").post(BACK).status_code == 403
    assert sign_in("priya-nair").get(HEAD).status_code == 405


def test_a_signatory_keeps_a_head_and_the_officer_sees_it(sign_in: Any) -> None:
    client = sign_in("sign-police")
    assert "None yet: no partner keeps a head" in client.get(PAGE).content.decode()
    first = take(client)
    kept = countersign_head(first, "police", KEY, None, AT)
    assert "Your countersignature over" in hand_back(client, kept).content.decode()
    (witness,) = list_witnesses()
    assert (witness.partner, witness.size) == ("police", first.head.size)
    html = sign_in("priya-nair").get(PAGE).content.decode()
    assert f"Entries 1 to {first.head.size}: a partner keeps a head of them" in html
    assert "Lark Valley Police" in html.split("Who keeps a head")[1].split("No head yet")[0]
    # The next file proves by itself that the last one stands.
    second = take(sign_in("sign-police"))
    assert countersign_head(second, "police", KEY, kept, AT).head.size > first.head.size


def test_a_size_that_was_never_handed_back_can_be_asked_for(sign_in: Any) -> None:
    client = sign_in("sign-police")
    first = countersign_head(take(client), "police", KEY, None, AT)
    record("test.more", actor="system")
    assert first.head.size not in take(client).proofs
    second = take(client, since=str(first.head.size))
    assert countersign_head(second, "police", KEY, first, AT)
    for nonsense in ("-1", "x", "9" * 40, "0", "²"):
        assert take(client, since=nonsense).proofs == {}


def test_what_was_handed_out_and_back_stands_in_the_record(sign_in: Any) -> None:
    client = sign_in("sign-police")
    hand_back(client, countersign_head(take(client), "police", KEY, None, AT))
    kinds = list(Entry.objects.order_by("-position").values_list("event__kind", flat=True)[:2])
    assert kinds == ["audit.countersigned", "audit.head-given"]


def test_what_is_no_countersignature_of_theirs_is_refused(sign_in: Any) -> None:
    client = sign_in("sign-police")
    file = take(client)
    cases = {
        "no countersignature": write_head_file(file),
        "another partner": write_head_file(countersign_head(file, "charity", KEY, None, AT)),
        "not a head file": "<script>alert(1)</script>",
        "Choose the countersigned": "",
    }
    for words, text in cases.items():
        answer = hand_back(client, text)
        assert answer.status_code == 422
        html = answer.content.decode()
        assert words in html
        assert "There is a problem" in html
        assert "alert(1)" not in html
    assert client.post(BACK).status_code == 422
    assert list_witnesses() == []


def test_verifying_says_that_it_holds_and_stands_in_the_record(sign_in: Any) -> None:
    html = sign_in("priya-nair").post("/audit/verify/").content.decode()
    assert "The record is whole" in html
    assert Entry.objects.order_by("-position")[0].event["kind"] == "audit.verified"


def test_verifying_names_the_place_of_a_fault(sign_in: Any, cluster: Any) -> None:
    client = sign_in("priya-nair")
    record("test.struck", actor="system")
    with cluster.connect("wholeplace_super") as superuser, superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        row = superuser.execute(
            "UPDATE chain_entry SET event = '{}' WHERE position = "
            "(SELECT max(position) FROM chain_entry) RETURNING position"
        ).fetchone()
    assert row is not None
    html = client.post("/audit/verify/").content.decode()
    assert f"Entry {row[0]:,} was changed after it was written" in html
    assert "tell every partner" in html


def test_a_large_record_is_left_to_the_command(
    sign_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "LARGEST_ON_PAGE", 0)
    monkeypatch.setattr(evidence, "verify_trail", lambda: pytest.fail("it must not be walked"))
    record("test.one", actor="system")
    html = sign_in("priya-nair").post("/audit/verify/", follow=True).content.decode()
    assert "too many to verify while you wait" in html
    assert "wholeplace audit verify" in html
    assert "Verify the record</button>" not in html


def test_the_trail_page_leads_there(sign_in: Any) -> None:
    assert f'href="{PAGE}"' in sign_in("priya-nair").get("/audit/").content.decode()
