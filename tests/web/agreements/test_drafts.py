"""Drafts: who may, every save a version, no save over another's, and never a rule."""

from typing import Any

import pytest
from tests.web.agreements.lives import ID, begin, draft_data, person, review

from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.web.accounts.place import folder_state, read_place
from wholeplace.web.agreements.drafts import (
    StaleDraftError,
    draft_path,
    open_draft,
    restore_version,
    save_draft,
    start_draft,
)
from wholeplace.web.agreements.models import Draft
from wholeplace.web.chain.models import Entry

pytestmark = pytest.mark.django_db


def test_a_draft_is_a_file_that_decides_nothing(cast: Any, larkbridge: Any) -> None:
    before, state = larkbridge.rules(larkbridge.today).hash, folder_state(larkbridge.folder)
    begin(larkbridge)
    assert draft_path(larkbridge, ID).read_text("utf-8").startswith("id: damp-homes\n")
    draft_path(larkbridge, "broken").write_text("id: [")
    assert folder_state(larkbridge.folder) == state
    read_place(larkbridge.folder)
    assert larkbridge.rules(larkbridge.today).hash == before
    assert ID not in larkbridge.rules(larkbridge.today).agreements


@pytest.mark.parametrize("persona", ["sign-children", "amira-khan", "sam-okoro", "alex-stone"])
def test_only_officers_who_draft_may_begin(cast: Any, larkbridge: Any, persona: str) -> None:
    with pytest.raises(UnsafeActionError):
        start_draft(larkbridge, person(persona), draft_data(), "Began")
    assert not Draft.objects.exists()
    assert not draft_path(larkbridge, ID).exists()


@pytest.mark.parametrize("taken", ["safeguarding", "../evil", "Damp", "", "a" * 61])
def test_an_id_is_free_and_fit_for_a_file(cast: Any, larkbridge: Any, taken: str) -> None:
    with pytest.raises(UnsafeActionError):
        begin(larkbridge, id=taken)
    assert not Draft.objects.exists()


def test_the_second_editor_is_told_what_changed_and_nothing_is_lost(
    cast: Any, larkbridge: Any
) -> None:
    begin(larkbridge)
    first = draft_data(title="Dry homes")
    first["clauses"][0]["level"] = "existence"
    save_draft(larkbridge, person("priya-nair"), ID, 1, first, "Changed")
    with pytest.raises(StaleDraftError) as told:
        save_draft(larkbridge, person("fiona-clark"), ID, 1, draft_data(why="Other"), "Changed")
    assert told.value.changes == ("“title” was changed", "Clause “nurse-arrears” was changed")
    assert open_draft(larkbridge, ID).data["title"] == "Dry homes"
    assert open_draft(larkbridge, ID).row.version == 2


def test_every_version_is_kept_and_can_be_brought_back(cast: Any, larkbridge: Any) -> None:
    begin(larkbridge)
    priya = person("priya-nair")
    save_draft(larkbridge, priya, ID, 1, draft_data(title="Dry homes"), "Changed")
    save_draft(larkbridge, priya, ID, 2, draft_data(title="Dry homes"), "Nothing")
    assert open_draft(larkbridge, ID).row.version == 2, "the same text is no new version"
    restore_version(larkbridge, priya, ID, 2, 1)
    found = open_draft(larkbridge, ID)
    assert (found.data["title"], found.row.version) == ("Damp homes", 3)
    with pytest.raises(NotFoundError):
        restore_version(larkbridge, priya, ID, 3, 9)


def test_a_text_in_review_is_not_edited(cast: Any, larkbridge: Any) -> None:
    begin(larkbridge)
    review(larkbridge)
    with pytest.raises(UnsafeActionError, match="Nothing was done"):
        save_draft(larkbridge, person("priya-nair"), ID, 1, draft_data(title="X"), "Changed")


def test_what_was_written_by_hand_is_noticed_and_kept(cast: Any, larkbridge: Any) -> None:
    begin(larkbridge)
    review(larkbridge)
    path = draft_path(larkbridge, ID)
    path.write_text(path.read_text("utf-8").replace("Damp homes", "Dry homes"), "utf-8")
    with pytest.raises(StaleDraftError, match="changed"):
        save_draft(larkbridge, person("priya-nair"), ID, 1, draft_data(), "Changed")
    page = cast("priya-nair").get(f"/agreements/drafts/{ID}/").content.decode()
    assert "Dry homes" in page
    row = Draft.objects.get()
    assert (row.version, row.stage) == (2, "draft"), "nobody reviews what they did not see"
    assert row.versions.first().what == "Changed in the place folder"


def test_the_trail_names_each_save_and_no_words(cast: Any, larkbridge: Any) -> None:
    begin(larkbridge)
    save_draft(
        larkbridge, person("priya-nair"), ID, 1, draft_data(why="A secret reason"), "Changed"
    )
    events = [each.event for each in Entry.objects.filter(event__contains={"agreement": ID})]
    assert [each["kind"] for each in events] == [
        "agreement.draft-started",
        "agreement.draft-saved",
    ]
    assert "secret" not in str(events)


def test_no_draft_without_its_event(cast: Any, larkbridge: Any, unwritable_trail: Any) -> None:
    from wholeplace.agreements import AuditUnavailableError

    with unwritable_trail(), pytest.raises(AuditUnavailableError):
        begin(larkbridge)
    assert not Draft.objects.exists()
    assert not draft_path(larkbridge, ID).exists()


ABOUT = {
    "title": "Dry homes",
    "version": "1.0",
    "purposes": ["whole-family-support"],
    "why": "Because.",
    "contact": "a@b.example",
    "dpia": "DPIA-9",
}


def test_the_guided_form_saves_and_tells_each_fault_at_its_place(
    cast: Any, larkbridge: Any
) -> None:
    priya = cast("priya-nair")
    answer = priya.post("/agreements/new/", {"title": "Dry homes", "id": ID})
    assert answer["Location"] == f"/agreements/drafts/{ID}/about/"
    page = priya.post(f"/agreements/drafts/{ID}/about/", {**ABOUT, "draft_version": "1"})
    found = open_draft(larkbridge, ID)
    assert (found.row.version, found.data["title"]) == (2, "Dry homes")
    assert "`starts_on` is missing" in str([each.what for each in found.faults])
    html = page.content.decode()
    assert "What you typed is kept" in html and 'id="id_starts_on_error"' in html
    days = {
        f"{name}_{part}": value
        for name, day in (("starts_on", (1, 1, 2026)), ("ends_on", (1, 1, 2029)), ("review_on", (1, 1, 2027)))
        for part, value in zip(("day", "month", "year"), day, strict=True)
    }  # fmt: skip
    priya.post(f"/agreements/drafts/{ID}/about/", {**ABOUT, **days, "draft_version": "2"})
    party = {"partner": "nhs-community", "lawful_basis": "6(1)(e)", "legal_power": ""}
    answer = priya.post(f"/agreements/drafts/{ID}/parties/add/", {**party, "draft_version": "3"})
    assert answer["Location"] == f"/agreements/drafts/{ID}/parties/1/"
    found = open_draft(larkbridge, ID)
    assert [each["partner"] for each in found.data["parties"]] == [
        "council-children",
        "nhs-community",
    ]


def clause_form(**changes: Any) -> dict[str, Any]:
    return {
        "id": "nurse-arrears",
        "source": "council-housing",
        "recipient": "nhs-community",
        "roles": ["practitioner"],
        "purpose": "whole-family-support",
        "fields_named": ["housing.rent-arrears"],
        "level": "detail",
        "consent": "none",
        "retention_days": "365",
    } | changes


def test_a_second_editor_keeps_what_they_typed_and_is_told(cast: Any, larkbridge: Any) -> None:
    begin(larkbridge)
    first, second = cast("priya-nair"), cast("fiona-clark")
    address = f"/agreements/drafts/{ID}/clauses/0/"
    was = {"draft_version": "1", "was": "nurse-arrears"}
    first.post(f"/agreements/drafts/{ID}/about/", {**ABOUT, "draft_version": "1"})
    page = second.post(address, {**clause_form(), **was}).content.decode()
    assert "Somebody else changed this draft while you were writing" in page
    assert "“title” was changed" in page
    assert 'name="draft_version" value="2"' in page
    again = second.post(address, {**clause_form(), "draft_version": "2", "was": "nurse-arrears"})
    found = open_draft(larkbridge, ID).data
    assert again.status_code in (200, 302)
    assert (found["title"], found["clauses"][0]["level"]) == ("Dry homes", "detail")


def test_a_clause_that_was_moved_or_taken_out_is_never_mistaken_for_another(
    cast: Any, larkbridge: Any
) -> None:
    begin(larkbridge)
    priya, base = cast("priya-nair"), f"/agreements/drafts/{ID}"
    item = {"key": "clauses", "place": "0"}
    priya.post(f"{base}/arrange/", {**item, "how": "copy", "draft_version": "1"})
    priya.post(f"{base}/arrange/", {**item, "how": "down", "draft_version": "2"})
    names = [each["id"] for each in open_draft(larkbridge, ID).data["clauses"]]
    assert names == ["nurse-arrears-2", "nurse-arrears"]
    typed = {**clause_form(), "was": "nurse-arrears", "draft_version": "3"}
    priya.post(f"{base}/clauses/0/", typed)
    levels = [each["level"] for each in open_draft(larkbridge, ID).data["clauses"]]
    assert levels == ["summary", "detail"]
    priya.post(f"{base}/arrange/", {**item, "place": "1", "how": "remove", "draft_version": "4"})
    page = priya.post(f"{base}/clauses/1/", {**typed, "draft_version": "4"}, follow=True)
    assert "Somebody took this clause out" in page.content.decode()
    assert len(open_draft(larkbridge, ID).data["clauses"]) == 1
    assert priya.post(f"{base}/arrange/", {**item, "how": "burn", "draft_version": "5"}).status_code
    assert len(open_draft(larkbridge, ID).data["clauses"]) == 1


def test_a_file_becomes_a_draft_with_its_faults(cast: Any, larkbridge: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    priya = cast("priya-nair")
    text = b"id: from-file\ntitle: From a file\npurposes: [nothing-known]\n"
    priya.post("/agreements/new/file/", {"file": SimpleUploadedFile("a.yaml", text)})
    found = open_draft(larkbridge, "from-file")
    assert "`clauses` is missing" in str([each.what for each in found.faults])
    assert priya.get("/agreements/drafts/from-file/").status_code == 200
    assert priya.get("/agreements/drafts/from-file/about/").status_code == 200
    for bad in (b"id: [", b"\xff\xfe", b"- a\n- b\n", b"id: safeguarding\n"):
        page = priya.post("/agreements/new/file/", {"file": SimpleUploadedFile("a.yaml", bad)})
        assert page.status_code == 200 and "govuk-error-summary" in page.content.decode()
    assert Draft.objects.count() == 1


def test_a_new_version_begins_from_the_old_and_replaces_it(cast: Any, larkbridge: Any) -> None:
    answer = cast("priya-nair").post("/agreements/whole-family-support/renew/")
    assert answer["Location"] == "/agreements/drafts/whole-family-support-v2/"
    found = open_draft(larkbridge, "whole-family-support-v2")
    assert found.faults == ()
    assert (found.data["supersedes"], found.data["version"]) == ("whole-family-support", "4.0")
    page = cast("priya-nair").get(f"{answer['Location']}changes/").content.decode()
    assert "Clauses that are the same" in page


def test_strangers_to_a_draft_cannot_tell_it_from_none(cast: Any, larkbridge: Any) -> None:
    begin(larkbridge)
    for persona in ("sign-nhs", "sign-police"):
        assert cast(persona).get(f"/agreements/drafts/{ID}/").status_code == 404
    review(larkbridge)
    assert cast("sign-nhs").get(f"/agreements/drafts/{ID}/").status_code == 200
    assert cast("sign-police").get(f"/agreements/drafts/{ID}/").status_code == 404
    assert (
        cast("sign-police").post(f"/agreements/drafts/{ID}/comment/", {"text": "x"}).status_code
        == 404
    )
    for persona in ("amira-khan", "sam-okoro"):
        assert cast(persona).get(f"/agreements/drafts/{ID}/").status_code == 403
