"""Review: comments and readiness by each party, and the way to a fixed text and back."""

import datetime as dt
from typing import Any

import pytest
from tests.web.agreements.lives import (
    ID,
    SIGNATORIES,
    begin,
    draft_data,
    fix,
    person,
    review,
    sign_all,
    standing_of,
)

from wholeplace.foundation.errors import NotFoundError, UnsafeActionError
from wholeplace.web.accounts.place import read_place
from wholeplace.web.agreements.drafts import (
    StaleDraftError,
    draft_path,
    fixed_path,
    open_draft,
    save_draft,
)
from wholeplace.web.agreements.reviewing import (
    fix_draft,
    move_draft,
    reopen,
    resolve_comment,
    say_ready,
    write_comment,
)
from wholeplace.web.agreements.standing import sign_agreement
from wholeplace.web.gateway.models import RecordedSignOff

pytestmark = pytest.mark.django_db


def test_a_draft_with_faults_goes_to_nobody(cast: Any, larkbridge: Any) -> None:
    begin(larkbridge, dpia="")
    with pytest.raises(UnsafeActionError, match="faults"):
        review(larkbridge)


def test_parties_comment_reply_and_close(cast: Any, larkbridge: Any) -> None:
    begin(larkbridge)
    review(larkbridge)
    nurse, homes, owner = person("sign-nhs"), person("sign-housing"), person("priya-nair")
    made = write_comment(larkbridge, nurse, ID, "Too much?", "nurse-arrears")
    write_comment(larkbridge, owner, ID, "Let us see", reply_to=made.pk)
    assert open_draft(larkbridge, ID).facts.open_comments == 1
    for wrong in ({"clause": "no-such"}, {"reply_to": 999_999}):
        with pytest.raises(NotFoundError):
            write_comment(larkbridge, nurse, ID, "x", **wrong)
    with pytest.raises(UnsafeActionError):
        write_comment(larkbridge, nurse, ID, "  ")
    with pytest.raises(UnsafeActionError):
        write_comment(larkbridge, person("sign-police"), ID, "We are no party")
    with pytest.raises(UnsafeActionError):
        resolve_comment(larkbridge, homes, ID, made.pk)
    resolve_comment(larkbridge, nurse, ID, made.pk)
    assert open_draft(larkbridge, ID).facts.open_comments == 0
    page = cast("sign-housing").get(f"/agreements/drafts/{ID}/").content.decode()
    assert "Too much?" in page and "Let us see" in page and "Closed by Dr Mary Quill" in page


def test_a_text_is_fixed_only_once_every_party_is_ready_and_comments_are_closed(
    cast: Any, larkbridge: Any
) -> None:
    begin(larkbridge)
    review(larkbridge)
    priya = person("priya-nair")
    made = write_comment(larkbridge, person("sign-nhs"), ID, "Wait")
    for persona in ("sign-children", "sign-housing"):
        say_ready(larkbridge, person(persona), ID, 1)
    with pytest.raises(UnsafeActionError, match=r"comments are still open.*every party"):
        fix_draft(larkbridge, priya, ID, 1)
    say_ready(larkbridge, person("sign-nhs"), ID, 1)
    with pytest.raises(UnsafeActionError, match="open"):
        fix_draft(larkbridge, priya, ID, 1)
    resolve_comment(larkbridge, priya, ID, made.pk)
    text_hash = fix_draft(larkbridge, priya, ID, 1)
    assert not draft_path(larkbridge, ID).exists()
    assert fixed_path(larkbridge, ID).exists()
    standing = standing_of(larkbridge)
    assert (standing.hash, standing.state) == (text_hash, "unsigned")
    with pytest.raises(NotFoundError):
        open_draft(larkbridge, ID)


def test_nobody_says_that_their_own_words_are_ready(cast: Any, larkbridge: Any) -> None:
    begin(larkbridge)
    review(larkbridge)
    with pytest.raises(UnsafeActionError, match="Somebody else of your organisation"):
        say_ready(larkbridge, person("priya-nair"), ID, 1)


def test_readiness_is_of_one_text(cast: Any, larkbridge: Any) -> None:
    begin(larkbridge)
    review(larkbridge)
    say_ready(larkbridge, person("sign-nhs"), ID, 1)
    move_draft(larkbridge, person("sign-housing"), ID, "changes", 1)
    save_draft(larkbridge, person("priya-nair"), ID, 1, draft_data(title="Dry homes"), "Changed")
    with pytest.raises(StaleDraftError):
        review(larkbridge, version=1)
    review(larkbridge, version=2)
    assert open_draft(larkbridge, ID).facts.ready == frozenset()
    with pytest.raises(StaleDraftError):
        say_ready(larkbridge, person("sign-nhs"), ID, 1)


def test_going_back_to_a_draft_makes_signatures_void_for_good(cast: Any, larkbridge: Any) -> None:
    begin(larkbridge)
    first = fix(larkbridge)
    sign_agreement(larkbridge, person("sign-nhs"), ID, first)
    with pytest.raises(UnsafeActionError):
        reopen(larkbridge, person("sign-police"), ID, "reopen")
    with pytest.raises(UnsafeActionError, match="reason"):
        reopen(larkbridge, person("sign-housing"), ID, "decline", " ")
    assert reopen(larkbridge, person("sign-housing"), ID, "decline", "Not this field") == 1
    assert ID not in larkbridge.rules(larkbridge.today).agreements
    assert open_draft(larkbridge, ID).row.comments.get().text == "Not this field"
    comment = open_draft(larkbridge, ID).row.comments.get()
    resolve_comment(larkbridge, person("priya-nair"), ID, comment.pk)
    assert fix(larkbridge) == first, "the same words have the same hash"
    assert standing_of(larkbridge).signed == (), "and still nobody has signed"
    assert RecordedSignOff.objects.filter(agreement_id=ID, voided_at=None).count() == 0


def test_what_every_party_has_signed_goes_back_to_nobody(cast: Any, larkbridge: Any) -> None:
    begin(larkbridge)
    sign_all(larkbridge, fix(larkbridge))
    with pytest.raises(UnsafeActionError):
        reopen(larkbridge, person("priya-nair"), ID, "reopen")
    assert standing_of(larkbridge).is_in_force


def test_a_place_folder_with_faults_fixes_nothing(cast: Any, larkbridge: Any) -> None:
    begin(larkbridge)
    review(larkbridge)
    for persona in SIGNATORIES.values():
        say_ready(larkbridge, person(persona), ID, 1)
    fault = larkbridge.folder / "agreements" / "wrong.yaml"
    fault.write_text("id: other\n")
    with pytest.raises(UnsafeActionError, match="place folder has faults"):
        fix_draft(larkbridge, person("priya-nair"), ID, 1)
    fault.unlink()
    fix_draft(larkbridge, person("priya-nair"), ID, 1)
    read_place(larkbridge.folder)


def test_a_withdrawn_draft_is_taken_up_again(cast: Any, larkbridge: Any) -> None:
    begin(larkbridge)
    priya = person("priya-nair")
    move_draft(larkbridge, priya, ID, "withdraw", 1)
    assert open_draft(larkbridge, ID).state == "withdrawn"
    with pytest.raises(UnsafeActionError):
        save_draft(larkbridge, priya, ID, 1, draft_data(title="X"), "Changed")
    move_draft(larkbridge, priya, ID, "restore", 1)
    assert open_draft(larkbridge, ID).state == "draft"


def test_the_one_in_force_serves_until_the_last_party_signs_its_new_version(
    cast: Any, larkbridge: Any
) -> None:
    begin(larkbridge)
    sign_all(larkbridge, fix(larkbridge))
    begin(larkbridge, id="damp-homes-v2", supersedes=ID, version="2.0")
    text_hash = fix(larkbridge, "damp-homes-v2")
    for persona in ("sign-children", "sign-housing"):
        sign_agreement(larkbridge, person(persona), "damp-homes-v2", text_hash)
        assert standing_of(larkbridge).is_in_force
    sign_agreement(larkbridge, person("sign-nhs"), "damp-homes-v2", text_hash)
    assert standing_of(larkbridge).state == "superseded"
    assert standing_of(larkbridge, "damp-homes-v2").is_in_force
    from wholeplace.web.agreements.standing import suspend_agreement

    suspend_agreement(larkbridge, person("sign-nhs"), "damp-homes-v2", "A breach is looked into")
    assert standing_of(larkbridge).state == "superseded", "what was replaced never comes back"
    future = larkbridge.today + dt.timedelta(days=5000)
    assert larkbridge.rules(future).standings[ID].state in ("superseded", "ended")


def test_the_pages_lead_through_review_to_signing(cast: Any, larkbridge: Any) -> None:
    begin(larkbridge)
    base = f"/agreements/drafts/{ID}"
    priya, move = cast("priya-nair"), {"draft_version": "1"}
    priya.post(f"{base}/move/", {**move, "act": "send"})
    nurse = cast("sign-nhs")
    nurse.post(f"{base}/comment/", {"text": "Why detail?", "clause": "nurse-arrears"})
    html = priya.get("/agreements/").content.decode()
    assert "Answer the comments: Damp homes" in html
    for persona in SIGNATORIES.values():
        assert "Comment, or say that you are ready" in cast(persona).get("/").content.decode()
        cast(persona).post(f"{base}/move/", {**move, "act": "ready"})
    comment = open_draft(larkbridge, ID).row.comments.get()
    priya.post(f"{base}/resolve/", {"comment": comment.pk})
    answer = priya.post(f"{base}/move/", {**move, "act": "freeze"})
    assert answer["Location"] == f"/agreements/{ID}/"
    for persona in SIGNATORIES.values():
        assert "Read and sign: Damp homes" in cast(persona).get("/").content.decode()
    assert "Read and sign" not in cast("sign-police").get("/agreements/").content.decode()
    for page in ("", "text/", "preview/", "history/", "changes/"):
        assert cast("sign-nhs").get(f"/agreements/{ID}/{page}").status_code == 200
    html = nurse.get(f"/agreements/{ID}/history/").content.decode()
    assert "Fixed the text for signing" in html and "Priya Nair" in html
    assert "Why detail?" not in html


@pytest.mark.parametrize("page", ["", "text/", "preview/", "changes/", "versions/", "file/"])
def test_pages_of_an_unfinished_draft_open(cast: Any, larkbridge: Any, page: str) -> None:
    from wholeplace.web.agreements.drafts import start_draft

    start_draft(
        larkbridge, person("priya-nair"), {"id": ID, "clauses": "none", "parties": [3]}, "x"
    )
    answer = cast("priya-nair").get(f"/agreements/drafts/{ID}/{page}")
    assert answer.status_code == 200
