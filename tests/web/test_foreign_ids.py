"""What is somebody else's is answered like what is not there, on every door that takes an id."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.web.belongings import NOBODY, WHY, changed, contents, make_belongings, user_of
from tests.web.doors import Door, doors, fill

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

# Of these, everybody may know that they are there.
_KNOWN_TO_ALL = {"agreement_id", "dpia_ref", "report_id", "organisation", "provider", "dataset", "mark", "secret", "place", "source", "target", "areas", "code", "service_id", "thing_id", "topic_id", "rest", "pair_id", "fund_id", "pool_id", "cost_id", "business_case_id", "deal_id", "entry_number", "board_id", "public_ask", "site_id", "renewal_fund"}  # fmt: skip
# Money is the partnership's: whoever may open these pages at all may open each case, fund and pool.
# A practitioner may say why they look at anybody, and an officer may read anybody's trail: both
# take a person's number, and a sealed person is nobody there (tests/web/flags/test_sealed.py).
# Everybody who works at hubs sees who of their colleagues is at one.
_OPEN_TO_ROLES = {"people:reason", "audit:person", "reasons:break-glass", "hubs:hand-over"}

_COUNCIL_COUNTS = {"wen-li", "beth-moor", "daniel-reyes", "fiona-clark", "grace-holt", "walk-council-analyst"}  # fmt: skip
_DRAFTERS = {"fiona-clark", "priya-nair", "sign-children", "sign-gp", "sign-housing", "sign-nhs", "sign-swanhall", "walk-nhs-officer"}  # fmt: skip
# Who gave a reason for Leanne or works with her, and officers, who look after everybody's flags.
_TEAM = {"amira-khan", "helen-marsh", "jo-adeyemi"}
_HER_WORKERS = {"marcus-bell", "nadia-price", "rosa-finch", "dean-walsh"} | _TEAM
_OF_REFERRAL = {"amira-khan", "helen-marsh", "walk-council-colleague", "walk-council-lead"}
_ASKED = {"amira-khan", "helen-marsh", "dean-walsh"}
_OFFICERS = {"priya-nair", "walk-nhs-officer", "walk-charity-officer"}
# By hand, from what each page is for: whose the thing at its address is.
_WHOSE: dict[str, set[str]] = {
    "accounts:confirm": {"dean-walsh"},
    "accounts:end-place": {"dean-walsh"},
    "accounts:": {"alex-stone"},
    "reasons:reply": {"dean-walsh"},
    "reasons:close": {"dean-walsh"},
    "reasons:read": {"walk-council-lead"},
    "reasons:waiting": {"dean-walsh"},
    "reasons:second": {"amira-khan", "priya-nair", "sign-children", "tom-ellis", "walk-council-lead"},
    "reasons:review": {"sign-police"},
    "reasons:record": {"amira-khan", "priya-nair", "walk-nhs-officer"},
    "reasons:answer": {"joan-obi", "sign-nhs", "walk-nhs-officer"},
    "reasons:take-on": {"joan-obi", "sign-nhs", "walk-nhs-officer"},
    "reasons:ask": {"dean-walsh"} | _TEAM,
    "reasons:": {"amira-khan"},
    "residents:request": {"priya-nair"},
    "residents:mark": {"priya-nair", "sign-children"},
    "residents:give-code": _HER_WORKERS | _OFFICERS,
    "residents:new-mark": _HER_WORKERS | _OFFICERS,
    "exports:": _COUNCIL_COUNTS,
    # Of the council's own programme, contracts and asks; the walk has nobody of these roles elsewhere.
    "outcomes:": {"fiona-clark", "grace-holt", "uma-desai", "kit-lowe", "beth-moor", "daniel-reyes"},
    "commissioning:": {"daniel-reyes", "grace-holt"},
    "asks:": {"fiona-clark", "daniel-reyes", "grace-holt", "beth-moor", "kit-lowe"},
    "hubs:handed": {"amira-khan", "jo-adeyemi"},
    "hubs:take-on": {"jo-adeyemi"},
    "hubs:choice": _COUNCIL_COUNTS,
    "hubs:title": _COUNCIL_COUNTS,
    "hubs:remove": _COUNCIL_COUNTS,
    "hubs:restore": _COUNCIL_COUNTS,
    "hubs:": {"amira-khan"},
    "agreements:": _DRAFTERS,
    "flags:": _HER_WORKERS | _OFFICERS,
    "people:": _HER_WORKERS,
    "linkage:": {"sam-okoro"},
    "teams:refer": _HER_WORKERS,
    "teams:referral": _OF_REFERRAL,
    "teams:referral-step": _OF_REFERRAL,
    "teams:edit-referral": _OF_REFERRAL,
    "teams:identify": _OF_REFERRAL,
    "teams:say": {"leanne-harlow"},
    "teams:meeting-series": {"amira-khan"},
    "teams:meeting-series-step": {"amira-khan"},
    **{
        f"teams:meeting{each}": _ASKED
        for each in (
            "", "-step", "-invitation", "-pack", "-room", "-door", "-minutes", "-agree", "-item",
            "-item-step",
        )
    },
    "teams:": _TEAM | {"walk-council-lead"},
}  # fmt: skip
WALKERS = [
    "amira-khan", "dean-walsh", "helen-marsh", "jo-adeyemi", "walk-council-colleague", "walk-council-lead",
    "priya-nair", "walk-nhs-officer", "walk-charity-officer", "sign-charity", "sign-police",
    "sam-okoro", "wen-li", "walk-police-analyst", "alex-stone", "walk-nhs-administrator",
    "leanne-harlow", "walk-resident",
]  # fmt: skip
# One body for every form: whatever a door asks for is among it.
BODY = {
    "version": "1", "step": "end", "event": "withdraw", "what": "withdrawn", "answer": "confirm",
    "note": WHY, "words": WHY, "why": WHY, "text": WHY, "done": WHY, "purpose": "safeguarding",
    "decision": "justify", "outcome": "justified", "move": "withdraw", "clause": "", "how": "photo",
    "roles": ["practitioner"], "password": "three unlikely words", "code": "123456",
}  # fmt: skip


def whose(door: Door, holders: set[str]) -> set[str]:
    if door.name.startswith("retention:"):
        return holders
    return _WHOSE.get(door.name) or _WHOSE[f"{door.name.split(':')[0]}:"]


def ids_of(door: Door) -> list[str]:
    known = _KNOWN_TO_ALL - {"place"} if door.name == "accounts:end-place" else _KNOWN_TO_ALL
    return [each for each in door.arguments if each not in known]


def nonsense(argument: str, value: str) -> str:
    """Return an id of the same shape that is nobody's."""
    if argument == "person_id":
        return NOBODY
    if value.isdigit():
        return "98765432"
    return re.sub(r"[0-9A-Za-z]", lambda each: "e" if each[0] != "e" else "d", value)


def plain(response: Any, given: dict[str, str]) -> tuple[int, str, str]:
    """Return status, where it leads and the body, without ids and what differs at every request."""
    body = response.content.decode("utf-8", "replace")
    location = str(response.get("Location", ""))
    # A short number stands in every page by chance.
    for value in sorted((each for each in given.values() if len(each) > 4), key=len, reverse=True):
        body, location = body.replace(value, "X"), location.replace(value, "X")
    body = re.sub(r'value="\w{64}"|nonce="[^"]+"', "", body)
    return response.status_code, location, body


def real_ids(door: Door, known: dict[str, str]) -> dict[str, str]:
    app = door.name.split(":")[0]
    return {each: known.get(f"{app}:{each}", known.get(each, "")) for each in door.arguments}


def holders_of(known: dict[str, str]) -> set[str]:
    """Return those of the walkers whose organisation holds something of whom the request is about."""
    from wholeplace.web.retention.models import ErasureRequest

    partners = {each[0] for each in ErasureRequest.objects.get(pk=known["erasure_id"]).anchors}
    return {each for each in WALKERS if user_of(each).organisation in partners} | {"priya-nair"}


def alike(client: Any, door: Door, known: dict[str, str], method: str) -> bool:
    """Return whether the real id and one that is nobody's are answered alike."""
    real = real_ids(door, known)
    other = real | {each: nonsense(each, real[each]) for each in ids_of(door)}
    answers = []
    for given in (real, other):
        given_body = BODY if method == "post" else {}
        answers.append(plain(getattr(client, method)(fill(door, given), given_body), given))
        if method == "post":
            client.get("/account/")  # whatever the form told is told on the next page
    return answers[0] == answers[1]


def doors_with_ids() -> list[Door]:
    return [each for each in doors() if ids_of(each) and each.name not in _OPEN_TO_ROLES]


def test_what_is_anothers_is_as_if_it_were_not_there(
    used_town: Any, as_persona: Callable[[str], Any]
) -> None:
    from wholeplace.web.gateway.models import Notice

    known = make_belongings(used_town)
    Notice.objects.filter(pk=known["notice_id"]).update(
        user_id=str(user_of("walk-council-lead").pk)
    )
    holders, tried, wrong = holders_of(known), 0, []
    for persona in WALKERS:
        client, role = as_persona(persona), user_of(persona).roles[0]
        before = contents()
        for door in doors_with_ids():
            if not door.mark.admits(role) or persona in whose(door, holders):
                continue
            for method in ("get", "post"):
                tried += 1
                if not alike(client, door, known, method):
                    wrong.append(f"{persona}: {method} {door.name}")
        if touched := changed(before):
            wrong.append(f"{persona} changed {touched}")
    assert not wrong, "\n".join(wrong)
    assert tried > 300


def test_the_same_walk_tells_owners_and_others_apart(
    used_town: Any, as_persona: Callable[[str], Any]
) -> None:
    """The control: to whoever it belongs the same addresses answer, and the same forms change."""
    known = make_belongings(used_town)
    told, done = set(), set()
    for persona, role in (
        ("joan-obi", "practitioner"), ("amira-khan", "lead-practitioner"), ("wen-li", "analyst"),
        ("priya-nair", "data-protection-officer"), ("sign-police", "signatory"),
        ("alex-stone", "administrator"), ("dean-walsh", "practitioner"),
    ):  # fmt: skip
        client = as_persona(persona)
        if persona == "dean-walsh":
            user_of(persona).__class__.objects.filter(persona=persona).update(is_active=True)
            client = as_persona(persona)
        for door in doors_with_ids():
            if not door.mark.admits(role) or persona not in whose(door, {"priya-nair"}):
                continue
            if not alike(client, door, known, "get"):
                told.add(door.name)
        for door in doors_with_ids():
            if not door.mark.admits(role) or persona not in whose(door, {"priya-nair"}):
                continue
            if door.name.startswith(("accounts:", "agreements:")):
                continue
            before = contents()
            client.post(fill(door, real_ids(door, known)), BODY)
            if changed(before):
                done.add(door.name)
    assert {
        "accounts:person", "agreements:draft", "exports:show", "flags:person", "people:person",
        "reasons:answer", "reasons:follow", "reasons:record", "reasons:reply", "reasons:review",
        "reasons:second", "residents:mark", "residents:request", "retention:request",
    } <= told  # fmt: skip
    assert {"exports:step", "reasons:close", "reasons:withdraw", "retention:decide"} <= done, done
