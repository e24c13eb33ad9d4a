"""Reviewing on screen: who sees which pairs, at which level, and what an answer does."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import pytest

from wholeplace.agreements import Viewer
from wholeplace.linkage.review.figures import review_figures
from wholeplace.web.accounts.models import User
from wholeplace.web.chain.models import Entry
from wholeplace.web.linkage.access import Reviewer, visible_doubts
from wholeplace.web.linkage.models import MatchAnchor, MatchAnswer, MatchReview
from wholeplace.web.linkage.reviews import list_decisions, take_answer

pytestmark = pytest.mark.django_db(transaction=True)

SAM, IVY = "sam-okoro", "ivy-marlow"


def viewer(persona: str) -> Viewer:
    user = User.objects.get(persona=persona)
    return Viewer(str(user.pk), user.organisation, user.roles[0])


def doubts(place: Any, persona: str = SAM) -> list[Any]:
    now = dt.datetime.now(dt.UTC)
    return visible_doubts(Reviewer(viewer(persona), place.rules(place.today), now))


def page(client: Any, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()
    said: str = answer.content.decode()
    return said


def address(pair: Any) -> str:
    return f"/matches/pairs/{pair.ref}/"


def post(client: Any, pair: Any, answer: str, version: int = 0, **more: str) -> Any:
    typed = {"answer": answer, "version": str(version), **more}
    return client.post(f"{address(pair)}answer/", typed)


def version_of(pair: Any) -> int:
    found = MatchReview.objects.filter(
        pk__in=MatchAnchor.objects.filter(dataset=pair.left[0], source_id=pair.left[1]).values(
            "review"
        )
    )
    return next((each.version for each in found), 0)


def values_of(place: Any, pair: Any) -> dict[str, set[str]]:
    """Return the names and telephone numbers of a pair's records, by record."""
    rows = place.snapshot_reader.rows(
        "SELECT record_id, given_name, family_name, phone FROM records "
        "WHERE record_id = $l OR record_id = $r",
        {"l": pair.record_l, "r": pair.record_r},
    )
    return {row.pop("record_id"): {each for each in row.values() if each} for row in rows}


def flag(place: Any, person: str, kind: str) -> None:
    """State a flag of a person through the real function."""
    from wholeplace.web.gateway.statements import Saying, state_flag

    officer = User.objects.get(persona="priya-nair")
    speaker = Viewer(str(officer.pk), officer.organisation, "data-protection-officer")
    guardians = (str(User.objects.get(persona="tom-ellis").pk),) if kind == "sealed" else ()
    saying = Saying(
        kind, "yes", "set", why="Somebody must not find them, as their worker says.",
        evidence="In the case file", review_on=place.today + dt.timedelta(days=30),
        guardians=guardians,
    )  # fmt: skip
    state_flag(speaker, person, saying, dt.datetime.now(dt.UTC))


def test_the_list_names_partners_and_nobody(sign_in: Any, signed_town: Any) -> None:
    found = doubts(signed_town)
    assert len(found) > 10, "a town of this size has pairs in doubt"
    assert [each.value for each in found] == sorted((each.value for each in found), reverse=True)
    said = page(sign_in(SAM), "/matches/")
    for pair in found[: review_figures().listed]:
        assert pair.ref in said
        for values in values_of(signed_town, pair).values():
            assert not any(re.search(rf"\b{re.escape(each)}\b", said) for each in values - {"May"})
    assert Entry.objects.filter(event__kind="linkage.queue-viewed").count() == 1


@pytest.mark.parametrize("persona", ["amira-khan", "priya-nair", "wen-li", "leanne-harlow"])
def test_only_stewards_review(sign_in: Any, signed_town: Any, persona: str) -> None:
    pair = doubts(signed_town)[0]
    for each in ("/matches/", address(pair), "/matches/contradictions/", "/matches/quality/"):
        assert sign_in(persona).get(each).status_code == 403


def test_both_records_stand_side_by_side_once_the_sight_is_on_record(
    sign_in: Any, signed_town: Any, unwritable_trail: Any
) -> None:
    pair = doubts(signed_town)[0]
    with unwritable_trail():
        assert sign_in(SAM).get(address(pair)).status_code == 503
    said = page(sign_in(SAM), address(pair))
    for values in values_of(signed_town, pair).values():
        assert all(each.replace("'", "&#x27;") in said for each in values)
    assert "<svg" in said and "All together" in said and "Before comparing" in said
    event = Entry.objects.filter(event__kind="sight").order_by("position").last().event
    assert event["page"] == "doubtful-match" and event["purpose"] == "matching"
    assert event["reason"]["kind"] == "doubtful-match" or all(
        each["reason"]["kind"] == "doubtful-match" for each in event["subjects"]
    )
    assert not any(
        name in json.dumps(event)
        for values in values_of(signed_town, pair).values()
        for name in values
    )


def test_a_sealed_persons_pairs_are_nowhere(sign_in: Any, signed_town: Any) -> None:
    pair = next(each for each in doubts(signed_town) if each.kind == "join")
    assert pair.ref in page(sign_in(SAM), "/matches/")
    flag(signed_town, pair.people[0], "sealed")
    assert pair.ref not in page(sign_in(SAM), "/matches/")
    hidden = sign_in(SAM).get(address(pair))
    nobody = sign_in(SAM).get(f"/matches/pairs/{'0' * 16}-{'1' * 16}/")
    assert hidden.status_code == nobody.status_code == 404
    plain = [
        re.sub(r'value="\w{64}"|nonce="[^"]+"|\w{16}-\w{16}', "", each.content.decode())
        for each in (hidden, nobody)
    ]
    assert plain[0] == plain[1]
    event = Entry.objects.order_by("-position")[0].event
    assert event["page"] == "doubtful-match" and event["alerts"], "the guardians are told"
    assert post(sign_in(SAM), pair, "same").status_code == 404
    assert not MatchReview.objects.exists()


def test_of_a_restricted_person_only_which_way_it_speaks_is_told(
    sign_in: Any, signed_town: Any
) -> None:
    pair = next(each for each in doubts(signed_town) if each.kind == "join")
    flag(signed_town, pair.people[0], "restricted")
    said = page(sign_in(SAM), address(pair))
    for values in values_of(signed_town, pair).values():
        # Of the other person too: side by side with “same”, theirs would tell the hidden one.
        assert not any(re.search(rf"\b{re.escape(each)}\b", said) for each in values - {"May"})
    assert "speaks for one person" in said or "speaks for two people" in said
    assert "<svg xmlns" not in said and "no sum is shown" in said
    assert "only that they are known may be shown" in said


def test_without_an_agreement_there_is_nothing_to_review_and_the_page_says_why(
    sign_in: Any, signed_town: Any
) -> None:
    from wholeplace.agreements.standing.records import Suspension

    pair = next(
        each
        for each in doubts(signed_town)
        if "council-children" not in (each.partner_l, each.partner_r)
    )
    now = dt.datetime.now(dt.UTC)
    signed_town.sign_offs.suspend(Suspension("records-matching", "police", "x", now))
    said = page(sign_in(SAM), "/matches/")
    assert pair.ref not in said
    assert "No agreement in force lets you know of records of" in said
    assert sign_in(SAM).get(address(pair)).status_code == 404


def test_an_answer_is_recorded_first_and_binds_the_next_run(
    sign_in: Any, signed_town: Any, unwritable_trail: Any
) -> None:
    pair = doubts(signed_town)[0]
    with unwritable_trail():
        assert post(sign_in(SAM), pair, "different").status_code == 503
    assert not MatchAnswer.objects.exists() and not list_decisions()
    assert post(sign_in(SAM), pair, "different").status_code == 302
    (decision,) = list_decisions()
    assert (decision.left, decision.right, decision.verdict) == (pair.left, pair.right, "different")
    event = Entry.objects.filter(event__kind="linkage.answered").last().event
    assert event["step"] == "different" and pair.left[1] not in json.dumps(event)
    assert pair.ref not in [each.ref for each in doubts(signed_town)]
    said = page(sign_in(SAM), address(pair))
    assert "Two people" in said and "Take my answer back" in said
    assert sign_in(SAM).post(f"{address(pair)}undo/", {"version": "1"}).status_code == 302
    assert not list_decisions()
    assert MatchAnswer.objects.get().withdrawn_at is not None


def test_an_answer_to_an_older_version_is_refused(sign_in: Any, signed_town: Any) -> None:
    pair = doubts(signed_town)[0]
    assert post(sign_in(SAM), pair, "unsure").status_code == 302
    late = post(sign_in(IVY), pair, "same", version=0)
    assert late.status_code == 409 and "Somebody else answered" in late.content.decode()
    assert post(sign_in(IVY), pair, "same", version=version_of(pair)).status_code == 302
    assert [each.verdict for each in list_decisions()] == ["same"]


def test_nothing_chosen_is_told_at_the_question(sign_in: Any, signed_town: Any) -> None:
    pair = doubts(signed_town)[0]
    answer = sign_in(SAM).post(f"{address(pair)}answer/", {"version": "0"})
    assert answer.status_code == 422
    assert "Select whether they are one person" in answer.content.decode()


def test_two_people_bind_only_where_they_agree(sign_in: Any, signed_town: Any) -> None:
    pair = doubts(signed_town)[0]
    assert post(sign_in(SAM), pair, "same", asks_second="on").status_code == 302
    assert not list_decisions(), "one answer of two binds nothing"
    again = post(sign_in(SAM), pair, "same", version=version_of(pair))
    assert again.status_code == 422, "nobody is their own second reviewer"
    blind = page(sign_in(IVY), address(pair))
    assert "You are not shown what" in blind and "said: one person" not in blind
    assert post(sign_in(IVY), pair, "different", version=version_of(pair)).status_code == 302
    assert not list_decisions(), "they disagree"
    assert "Two reviewers disagree" in page(sign_in(SAM), "/matches/")
    assert "said: one person" in page(sign_in(IVY), address(pair))
    sign_in(IVY).post(f"{address(pair)}undo/", {"version": str(version_of(pair))})
    assert post(sign_in(IVY), pair, "same", version=version_of(pair)).status_code == 302
    assert [each.verdict for each in list_decisions()] == ["same"]


def chain_of_three(place: Any) -> list[Any]:
    """Return three pairs over three anchors, as linkage has them."""
    from wholeplace.linkage.review.queue import read_pair

    found = doubts(place)
    first = found[0]
    other = next(
        each for each in found[1:] if not {each.left, each.right} & {first.left, first.right}
    )
    a, b, c = first.left, first.right, other.left
    pairs = [read_pair(place.snapshot_reader, *sorted(each)) for each in ((a, b), (b, c), (a, c))]
    assert all(pairs)
    return pairs


def test_decisions_that_contradict_each_other_are_told_and_join_nobody(
    sign_in: Any, signed_town: Any
) -> None:
    from wholeplace.linkage.review import bind_decisions

    now = dt.datetime.now(dt.UTC)
    assert "No decisions contradict" in page(sign_in(SAM), "/matches/contradictions/")
    pairs = chain_of_three(signed_town)
    for pair, verdict in zip(pairs, ("same", "same", "different"), strict=True):
        take_answer(viewer(SAM), pair, verdict, 0, now)
    assert "contradict each other" in page(sign_in(SAM), "/matches/")
    said = page(sign_in(SAM), "/matches/contradictions/")
    assert "Contradiction 1" in said and all(pair.ref in said for pair in pairs)
    constraints = bind_decisions(list_decisions())
    assert not constraints.must and len(constraints.cannot) == 1


def test_erasing_either_record_takes_the_review_with_it(signed_town: Any) -> None:
    from wholeplace.web.retention.sweeping import sweep_database

    now = dt.datetime.now(dt.UTC)
    for number, pair in enumerate(doubts(signed_town)[:2]):
        take_answer(viewer(SAM), pair, "same", 0, now)
        gone = (pair.left, pair.right)[number]
        sweep_database(set(), {gone})
        assert not MatchReview.objects.exists()
        assert not MatchAnswer.objects.exists() and not MatchAnchor.objects.exists()


def test_a_sample_is_drawn_labelled_and_says_how_good_links_are(
    sign_in: Any, signed_town: Any
) -> None:
    assert "No sample has been drawn" in page(sign_in(SAM), "/matches/quality/")
    assert sign_in(SAM).post("/matches/quality/draw/").status_code == 302
    drawn = MatchReview.objects.exclude(sample="")
    assert 0.1 < drawn.filter(needs_second=True).count() / drawn.count() < 0.3
    assert "Waiting for your answer" in page(sign_in(SAM), "/matches/")
    # Everybody says what linkage says, but for one link in fifty.
    for number, each in enumerate(drawn.order_by("pk")):
        is_same = (each.outcome == "linked") != (number % 50 == 0)
        each.state = "same" if is_same else "different"
        each.save()
    said = page(sign_in(SAM), "/matches/quality/")
    assert re.search(r"9\d\.\d%, 95% interval 9\d\.\d% to \d+\.\d%", said)
    assert "By sex" in said and "By age" in said and "By area" in said
    assert "fewer than 8" in said or "not shown" in said
    before = drawn.count()
    assert sign_in(SAM).post("/matches/quality/draw/").status_code == 302
    assert MatchReview.objects.count() >= before, "what was answered stands"


def test_what_was_drawn_and_not_answered_goes_with_the_next_sample(
    sign_in: Any, signed_town: Any
) -> None:
    for _ in range(2):
        assert sign_in(SAM).post("/matches/quality/draw/").status_code == 302
    assert MatchReview.objects.values("sample").distinct().count() == 1
    assert MatchAnchor.objects.count() == 2 * MatchReview.objects.count()


def test_the_model_is_told_in_plain_words(sign_in: Any, signed_town: Any) -> None:
    said = page(sign_in(SAM), "/matches/model/")
    assert "How records are matched" in said and "It learnt on" in said
    assert "twins" in said and said.count("<svg") >= 10
    assert sign_in("priya-nair").get("/matches/model/").status_code == 200
    assert sign_in("dean-walsh").get("/matches/model/").status_code == 403


def test_the_commands_say_the_same_without_a_value(
    signed_town: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from wholeplace.cli.link import link

    # The database of the tests is up already, and no command may start another.
    monkeypatch.setattr("wholeplace.cli.serve.prepare_database", lambda: None)
    found = doubts(signed_town)
    take_answer(viewer(SAM), found[0], "same", 0, dt.datetime.now(dt.UTC))
    place = ["--place", str(signed_town.folder)]

    def run(*command: str) -> str:
        done = CliRunner().invoke(link, [*command, *place], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    listed = json.loads(run("review", "queue", "--json"))
    assert listed and found[0].record_l not in json.dumps(listed[0])
    assert all({"value", "kind", "record_l", "datasets"} <= set(each) for each in listed)
    assert "pairs are in doubt" in run("review", "queue")
    assert json.loads(run("review", "decisions", "--json"))["counts"]["one person"] == 1
    assert "No decisions contradict" in run("review", "decisions")
    assert "No sample" in run("review", "quality")
    assert json.loads(run("review", "quality", "--json"))["sample"] is None
    assert json.loads(run("card", "--json"))["comparisons"]
    assert "## What each agreement is worth" in run("card")
    assert "model-card.md" in run("card", "--out", str(tmp_path))
    assert (tmp_path / "charts" / "weights-1.svg").read_text("utf-8").startswith("<svg")
