"""What signing and suspending do to the page of a practitioner who is on it."""

from pathlib import Path
from typing import Any

import pytest
from tests.web.agreements.lives import ID, begin, fix, person

pytestmark = pytest.mark.django_db

NAMED_AT_MOST = 1
WHY = "The school rang about this family and I am planning a visit today"


@pytest.fixture
def signed_town(db: None, town: Any, tmp_path: Path) -> Any:
    """A copy of the town, for drafts and texts are files of its place folder."""
    from tests.web.town import copy_town, open_town

    return open_town(copy_town(town, tmp_path / "town"))


@pytest.fixture
def nurse_on_the_page(signed_town: Any, sign_in: Any) -> Any:
    """Return a function that loads the page of somebody who was referred, as a health visitor."""
    import datetime as dt

    from wholeplace.agreements import Viewer
    from wholeplace.web.accounts.models import User
    from wholeplace.web.gateway.reasons import open_reason

    user = next(
        each
        for each in User.objects.filter(organisation="nhs-community").order_by("id")
        if each.roles[0] == "practitioner"
    )
    # Somebody whom the nurse may know already, and who is hidden by no flag.
    (row, *_) = signed_town.snapshot_reader.rows(
        "SELECT DISTINCT timeline.person_id FROM timeline "
        "INNER JOIN person_identity ON timeline.person_id = person_identity.person_id "
        "WHERE timeline.kind = 'safeguarding.referral' "
        "AND timeline.partner = 'council-children' AND person_identity.partner = 'nhs-community' "
        "AND timeline.person_id NOT IN "
        "(SELECT person_id FROM subject_flags WHERE value <> 'no') ORDER BY timeline.person_id"
    )
    viewer = Viewer(str(user.pk), user.organisation, "practitioner")
    at = dt.datetime.now(dt.UTC)
    open_reason(viewer, row["person_id"], "whole-family-support", WHY, at)
    client = sign_in(user.persona)

    def load() -> str:
        answer = client.get(f"/people/{row['person_id']}/?for=whole-family-support", follow=True)
        assert answer.status_code == 200
        return str(answer.content.decode())

    return load


def seen_by_clause(html: str) -> bool:
    """Return whether the page's sight was logged under the new agreement's clause."""
    from wholeplace.web.chain.models import Entry

    event = Entry.objects.filter(event__contains={"kind": "sight"}).order_by("-position")[0].event
    is_logged = f"{ID}/nurse-referral" in str(event["subjects"])
    # Shown on the timeline, not only named among what cannot be seen.
    is_shown = html.count("Referral to children") > NAMED_AT_MOST
    assert is_shown == is_logged, html.count("Referral to children")
    return is_logged


def test_two_sign_a_third_suspends_while_a_practitioner_is_on_the_page(
    signed_town: Any, nurse_on_the_page: Any
) -> None:
    from wholeplace.web.agreements.standing import (
        lift_suspension,
        sign_agreement,
        suspend_agreement,
    )

    begin(
        signed_town,
        clauses=[
            {
                "id": "nurse-referral",
                "source": "council-children",
                "recipient": "nhs-community",
                "roles": ["practitioner"],
                "purpose": "whole-family-support",
                "fields": ["safeguarding.referral"],
                "level": "summary",
                "retention_days": 365,
            }
        ],
    )
    assert not seen_by_clause(nurse_on_the_page())
    text_hash = fix(signed_town)
    for persona in ("sign-children", "sign-nhs"):
        sign_agreement(signed_town, person(persona), ID, text_hash)
        assert not seen_by_clause(nurse_on_the_page()), "not before the last party has signed"
    sign_agreement(signed_town, person("sign-housing"), ID, text_hash)
    assert seen_by_clause(nurse_on_the_page())
    suspend_agreement(signed_town, person("sign-housing"), ID, "A breach is being looked into")
    assert not seen_by_clause(nurse_on_the_page()), "from the very next request"
    lift_suspension(signed_town, person("sign-housing"), ID)
    assert seen_by_clause(nurse_on_the_page())


def test_the_preview_counts_residents_never_exactly_and_never_few(
    signed_town: Any, sign_in: Any
) -> None:
    from wholeplace.agreements import Level, preview_agreement
    from wholeplace.web.agreements.affected import count_affected
    from wholeplace.web.agreements.drafts import open_draft

    begin(signed_town)
    text = open_draft(signed_town, ID).agreement
    assert text is not None
    counted = []
    for field in ("housing.rent-arrears", "housing.homelessness-application", "identity.name"):
        clause = text.clauses[0].model_copy(update={"fields": (field,), "level": Level.DETAIL})
        wanted = text.model_copy(update={"clauses": (clause,)})
        preview = preview_agreement(
            wanted, signed_town.agreements, signed_town.sign_offs, signed_town.today,
            signed_town.terms,
        )  # fmt: skip
        found = count_affected(signed_town, preview).gained
        if found is not None:
            counted.append(found)
            assert found.shown is None or (found.shown > 7 and found.shown % 5 == 0)
    assert counted
    page = sign_in("priya-nair").get(f"/agreements/drafts/{ID}/preview/").content.decode()
    assert "Residents about whom something more could be seen" in page


def test_examples_are_made_once_through_the_real_functions(signed_town: Any, sign_in: Any) -> None:
    from wholeplace.web.agreements.demonstration import make_examples
    from wholeplace.web.agreements.models import Comment, Draft, DraftVersion

    make_examples(signed_town)
    before = (Draft.objects.count(), DraftVersion.objects.count(), Comment.objects.count())
    make_examples(signed_town)
    assert (Draft.objects.count(), DraftVersion.objects.count(), Comment.objects.count()) == before
    standing = signed_town.rules(signed_town.today).standings["missed-health-visits"]
    assert [each.partner for each in standing.signed] == ["nhs-community"]
    page = sign_in("sign-swanhall").get("/agreements/").content.decode()
    assert "Damp homes and asthma" in page and "say that you are ready" in page
