"""What a practitioner saw is what the account says, and nobody else reads it."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.web.residents.conftest import WHY, person_of, viewer_as, words_of

from wholeplace.foundation.errors import UnsafeActionError
from wholeplace.people.facts import Facts
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.models import Entry
from wholeplace.web.chain.trail import known_pseudonym, record, subject_pseudonym
from wholeplace.web.residents.exporting import export_for_officer
from wholeplace.web.residents.reading import read_account

pytestmark = pytest.mark.django_db(transaction=True)

JAYDEN = Facts(name="Jayden Harlow", birth_date=dt.date(2012, 5, 9))


def test_what_a_practitioner_saw_is_what_the_account_says(
    signed_town: Any, leanne: str, look: Callable[..., str], open_account: Callable[..., Client]
) -> None:
    look("amira-khan", leanne, "whole-family-support")
    look("rosa-finch", leanne, "homelessness-prevention")
    account = words_of(open_account(leanne).get("/my-record/").content.decode())
    terms = signed_town.terms
    name, sights = known_pseudonym(leanne), 0
    for entry in Entry.objects.filter(event__kind="sight"):
        for part in entry.event["subjects"]:
            if part["subject"] != name:
                continue
            sights += 1
            assert terms.words("partner", entry.event["organisation"]) in account
            for partner, fields in part["seen"].items():
                assert terms.words("partner", partner) in account
                for field, levels in fields.items():
                    for level, facts in levels.items():
                        if level != "existence":
                            words = terms.words("field", field)
                            assert words[1:] in account, f"{field} was seen and is not told"
                        for ref in facts["clauses"]:
                            told = (
                                "wrote down themselves" if ref == "own-data" else ref.split("/")[1]
                            )
                            assert told in account
    assert sights >= 4
    looked = [int(each) for each in re.findall(r"looked (\d+) time", account)]
    assert sum(looked) == sights, "every sight is counted once"


def test_it_names_organisation_and_role_and_never_who_looked(
    leanne: str, look: Callable[..., str], open_account: Callable[..., Client]
) -> None:
    look("rosa-finch", leanne, "homelessness-prevention")
    browser = open_account(leanne)
    for address in ("/my-record/", "/my-record/print/"):
        html = browser.get(address).content.decode()
        assert "Swanhall Homes" in html and "Practitioner" in html
        assert "Rosa" not in html and "Amira" not in html
        assert WHY not in html, "what was typed stays with the reviewer"


def test_ten_looks_on_one_day_are_one_line_that_opens(
    leanne: str, look: Callable[..., str], open_account: Callable[..., Client]
) -> None:
    for _ in range(5):
        look("rosa-finch", leanne, "homelessness-prevention")
    html = open_account(leanne).get("/my-record/").content.decode()
    lines = [words_of(f'id="main-content">{each}</main>') for each in re.findall(r"<summary.*?</summary>", html, re.S)]  # fmt: skip
    assert sum("Swanhall Homes looked" in each for each in lines) == 1


def test_asking_and_being_shown_nothing_is_told(
    leanne: str, look: Callable[..., str], open_account: Callable[..., Client]
) -> None:
    record(
        "sight", actor="9", organisation="charity", role="practitioner", page="person",
        purpose="whole-family-support", reason=None,
        subjects=[{"subject": subject_pseudonym(leanne), "seen": {}, "refused": {"police": {"crime.arrest": {"items": 1, "blocks": ["consent"]}}}}],
    )  # fmt: skip
    page = words_of(open_account(leanne).get("/my-record/").content.decode())
    assert "They asked and were shown nothing" in page


def test_opening_the_account_stands_in_the_trail_and_in_the_account(
    leanne: str, open_account: Callable[..., Client]
) -> None:
    browser = open_account(leanne)
    page = words_of(browser.get("/my-record/").content.decode())
    newest = Entry.objects.order_by("-position")[0].event
    assert newest["kind"] == "my-record.opened"
    assert [each["subject"] for each in newest["subjects"]] == [known_pseudonym(leanne)]
    assert "You looked at this list" in page and "You signed in with a code" in page


def test_nothing_is_shown_when_the_trail_cannot_be_written(
    leanne: str, open_account: Callable[..., Client], unwritable_trail: Any
) -> None:
    browser = open_account(leanne)
    with unwritable_trail():
        for address in ("/my-record/", "/my-record/print/", "/my-record/shared/"):
            assert browser.get(address).status_code == 503


def test_one_resident_reads_nothing_of_another(
    signed_town: Any, leanne: str, look: Callable[..., str], open_account: Callable[..., Client]
) -> None:
    jayden = person_of(signed_town, "jayden")
    record(
        "sight", actor="9", organisation="charity", role="practitioner", page="person",
        purpose="homelessness-prevention", reason=None,
        subjects=[{"subject": subject_pseudonym(leanne), "seen": {}, "refused": {}}],
    )  # fmt: skip
    own, other = open_account(leanne), open_account(jayden, JAYDEN)
    assert "Larkbridge Advice and Food looked" in words_of(own.get("/my-record/").content.decode())
    own.post("/my-record/ask/", {"kind": "question", "text": "Only I may read this"})
    from wholeplace.web.residents.models import ResidentRequest

    asked = ResidentRequest.objects.get()
    assert "Only I may read this" in own.get("/my-record/ask/").content.decode()
    assert "Only I may read this" not in other.get("/my-record/ask/").content.decode()
    other.post("/my-record/ask/withdraw/", {"request": str(asked.pk)})
    asked.refresh_from_db()
    assert asked.state == "received", "another's request is not theirs to take back"
    # There is no address that names whose account is meant, and nothing given changes it.
    for extra in (f"?person={leanne}", f"?person_id={leanne}", f"?user={leanne}"):
        page = words_of(other.get(f"/my-record/{extra}").content.decode())
        assert "Larkbridge Advice and Food looked" not in page


def test_staff_and_strangers_read_no_account(signed_town: Any, leanne: str, client: Client) -> None:
    pages = ("", "print/", "shared/", "ask/")
    for page in pages:
        assert client.get(f"/my-record/{page}").status_code == 302
    for user in User.objects.exclude(persona="").exclude(roles=["resident"]):
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        for page in pages:
            assert client.get(f"/my-record/{page}").status_code == 403, user.persona
        assert client.post("/my-record/file/").status_code == 403


def test_pages_for_staff_are_nobody_elses(
    signed_town: Any, leanne: str, open_account: Callable[..., Client], sign_in: Any
) -> None:
    browser = open_account(leanne)
    pages = (
        "codes/",
        f"codes/{leanne}/",
        "letters/",
        "requests/",
        "left-out/",
        f"left-out/new/{leanne}/",
    )
    for page in pages:
        assert browser.get(f"/my-record/{page}").status_code == 403
    # A practitioner without a reason: somebody, and nobody at all, look alike.
    stranger = sign_in("dean-walsh")
    answers = {
        (answer.status_code, words_of(answer.content.decode()))
        for address in ("codes", "left-out/new")
        for person in (leanne, "no-such-person", "p" * 90)
        for answer in [stranger.get(f"/my-record/{address}/{person}/")]
    }
    assert len(answers) == 1 and next(iter(answers))[0] == 404
    officer = sign_in("priya-nair")
    for address in ("requests/999/", "left-out/999/"):
        assert officer.get(f"/my-record/{address}").status_code == 404


def test_a_persona_without_a_check_is_told_so(sign_in: Any) -> None:
    page = words_of(sign_in("leanne-harlow").get("/my-record/").content.decode())
    assert "Your record is not open" in page and "Nobody has checked yet" in page


def test_the_page_for_paper_holds_everything_and_needs_no_script(
    leanne: str, look: Callable[..., str], open_account: Callable[..., Client]
) -> None:
    look("rosa-finch", leanne, "homelessness-prevention")
    html = open_account(leanne).get("/my-record/print/").content.decode()
    assert "<details" not in html.partition("<main")[2].partition("</main>")[0]
    assert "Saw all that Swanhall Homes wrote down about" in words_of(html)


def test_long_accounts_are_paged_and_nothing_is_lost(
    leanne: str, open_account: Callable[..., Client], signed_town: Any
) -> None:
    from wholeplace.web.chain.trail import DjangoAuditTrail

    trail, name = DjangoAuditTrail(), subject_pseudonym(leanne)
    start = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
    for day in range(60):
        at = (start + dt.timedelta(days=day)).isoformat(timespec="microseconds")
        trail.append(
            {"kind": "sight", "at": at, "page": "person", "actor": "1", "organisation": "police",
             "role": "practitioner", "purpose": "safeguarding", "reason": None,
             "subjects": [{"subject": name, "seen": {}, "refused": {}}], "alerts": []}
        )  # fmt: skip
    browser, seen = open_account(leanne), []
    for page in (1, 2, 3):
        html = browser.get(f"/my-record/?page={page}").content.decode()
        seen += re.findall(r"Lark Valley Police looked (\d+) time", html)
    assert len(seen) == 60


def test_what_is_shared_follows_the_rules_and_tells_nothing_that_is_held(
    signed_town: Any, leanne: str, open_account: Callable[..., Client]
) -> None:
    from wholeplace.agreements import Level
    from wholeplace.agreements.deciding.sharing import sharing_about
    from wholeplace.people.read import read_subjects

    html = open_account(leanne).get("/my-record/shared/").content.decode()
    page, rules = words_of(html), signed_town.rules(signed_town.today)
    subject = read_subjects(signed_town.snapshot_reader, [leanne])[leanne]
    rows = sharing_about(rules, subject, dt.datetime.now(dt.UTC))
    assert {row.clause for row in rows} >= {"safeguarding/police-children"}
    for row in rows:
        agreement, _, clause = row.clause.partition("/")
        assert f"/agreements/{agreement}/#clause-{clause}" in html
        assert row.level <= rules.clauses[row.clause].level
        assert row.source != row.recipient
    assert "What Lark Valley Police may show" in page
    assert any(row.level > Level.NOTHING for row in rows)
    for words in ("Weaver", "14 March 1992", "960101"):
        assert words not in page


def test_the_account_is_written_in_plain_words(
    leanne: str, look: Callable[..., str], open_account: Callable[..., Client]
) -> None:
    """Flesch-Kincaid grade 6 is read at about eleven."""
    browser = open_account(leanne)
    for address in ("/my-record/", "/my-record/shared/", "/my-record/ask/", "/my-record/start/"):
        html = browser.get(address).content.decode()
        main = html.partition('id="main-content"')[2].partition("</main>")[0]
        main = re.sub(r"<(details|form).*?</\1>", " ", main, flags=re.S)
        sentences = re.findall(r"<p[^>]*>(.*?)</p>", main, re.S)
        prose = " ".join(re.sub(r"<[^>]+>", "", each) for each in sentences)
        assert grade(prose) <= 6, f"{address}: grade {grade(prose):.1f}"


def grade(prose: str) -> float:
    """Return the Flesch-Kincaid grade of a text, syllables counted by groups of vowels."""
    sentences = max(1, len(re.findall(r"[.?!](\s|$)", prose)))
    words = re.findall(r"[A-Za-z’']+", prose)
    syllables = sum(
        max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))) for word in words
    )
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def test_the_officer_writes_the_same_as_a_letter(
    sign_in: Any, leanne: str, look: Callable[..., str]
) -> None:
    look("rosa-finch", leanne, "homelessness-prevention")
    officer = sign_in("priya-nair")
    faulty = officer.post("/my-record/letters/", {"person": leanne, "reference": "Leanne Harlow"})
    assert faulty.status_code == 422
    answer = officer.post("/my-record/letters/", {"person": leanne, "reference": "SAR-2026-014"})
    page = words_of(answer.content.decode())
    assert "SAR-2026-014" in page and "Swanhall Homes looked" in page and "Rosa" not in page
    event = Entry.objects.filter(event__kind="my-record.letter").get().event
    assert (
        event["reference"] == "SAR-2026-014" and event["actor"] == viewer_as("priya-nair").user_id
    )
    told = [each.kind for each in read_account(leanne).sightings]
    assert "my-record.letter" in told, "that a letter was written is told too"


def test_only_the_hosts_officer_writes_letters(sign_in: Any, leanne: str) -> None:
    """An account names every partner, so no other partner's officer prints one."""
    officer = sign_in("priya-nair")
    User.objects.filter(persona="priya-nair").update(organisation="nhs")
    given = {"person": leanne, "reference": "SAR-2026-014"}
    assert officer.get("/my-record/letters/").status_code == 404
    assert officer.post("/my-record/letters/", given).status_code == 404
    assert not Entry.objects.filter(event__kind__startswith="my-record.letter").exists()
    offered = officer.get("/my-record/codes/")
    assert offered.status_code == 200 and "/my-record/letters/" not in offered.content.decode()
    email = User.objects.get(persona="priya-nair").email
    with pytest.raises(UnsafeActionError, match="officer of the host"):
        export_for_officer(email, leanne, "SAR-2026-014")


def test_of_somebody_sealed_no_letter_is_written_and_no_code_given(
    signed_town: Any, sign_in: Any
) -> None:
    tara = person_of(signed_town, "tara")
    officer = sign_in("priya-nair")
    answers = set()
    for person in (tara, "no-such-person"):
        answer = officer.post("/my-record/letters/", {"person": person, "reference": "SAR-2026-1"})
        answers.add((answer.status_code, words_of(answer.content.decode()).replace(person, "")))
        facts = {"name": "Tara Moss", "born_on_day": "21", "born_on_month": "7", "born_on_year": "1990", "how": "photo"}  # fmt: skip
        answer = officer.post(f"/my-record/codes/{person}/", facts)
        answers.add((answer.status_code, words_of(answer.content.decode()).replace(person, "")))
    assert len(answers) == 2 and {status for status, _ in answers} == {422}
