"""Columns that no form asks for, posted beside those that it does: none is ever kept."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from tests.web.belongings import WHY, changed, contents, make_belongings, tables, user_of
from tests.web.doors import Door, doors, fill
from tests.web.test_foreign_ids import real_ids

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]

# Each stands nowhere else, so that wherever one is found, a form let it in.
TEXT, NUMBER, DAY = "zq-planted", "87654321", "2177-07-07"
MARKS = (TEXT, NUMBER, DAY)


@dataclass
class Form:
    """One form of a page: where it is sent, and what a person would send with it."""

    action: str = ""
    method: str = "get"
    names: set[str] = field(default_factory=set)
    values: dict[str, list[str]] = field(default_factory=dict)


class Forms(HTMLParser):
    """Reads a page's forms and fills each as a person might: the first choice, sensible words."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        if not self.forms:
            return
        form, name = self.forms[-1], given.get("name", "")
        if tag == "option" and self._select and given.get("value"):
            form.values.setdefault(self._select, [given["value"]])
        self._select = name if tag == "select" else self._select
        if not name or tag not in ("input", "select", "textarea", "button"):
            return
        form.names.add(name)
        if tag == "textarea":
            form.values[name] = [WHY]
        elif tag == "button" or given.get("type") in ("radio", "checkbox"):
            form.values.setdefault(name, [given.get("value", "on")])
        elif tag == "input":
            form.values[name] = [given.get("value") or words_for(name)]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def words_for(name: str) -> str:
    soon = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=20)
    for end, value in (("_day", soon.day), ("_month", soon.month), ("_year", soon.year)):
        if name.endswith(end):
            return str(value)
    return {"email": "somebody.new@walk.invalid", "reference": "SAR-2026-014"}.get(name, WHY[:60])


def planted(door: Door, form: Form) -> dict[str, str]:
    """Return every column of the app's and the gateway's models that the form does not ask for."""
    app = door.name.split(":")[0]
    found: dict[str, str] = {}
    for model in apps.get_models():
        if model._meta.app_label not in (app, "gateway", "accounts"):
            continue
        for column in model._meta.get_fields():
            for name in {column.name, getattr(column, "attname", column.name)} - form.names:
                kind = column.get_internal_type() if hasattr(column, "get_internal_type") else ""
                if kind.startswith("Date"):
                    found[name] = DAY
                elif "Integer" in kind or "Auto" in kind or "Foreign" in kind:
                    found[name] = NUMBER
                elif kind == "BooleanField":
                    found[name] = "1"
                else:
                    found[name] = TEXT
    return found


def posts(client: Any, door: Door, address: str) -> Iterator[Form]:
    """Return the forms of a page that are sent back to itself or to a door of the same app."""
    page = client.get(address)
    if page.status_code != 200 or "text/html" not in page["Content-Type"]:
        return
    forms = Forms()
    forms.feed(page.content.decode().split('id="main-content"')[-1])
    for form in forms.forms:
        if form.method == "post":
            form.action = form.action or address
            yield form


def stray() -> set[str]:
    """Return the tables in which anything planted stands."""
    like = " OR ".join(f"t::text LIKE '%%{each}%%'" for each in MARKS)
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name} t WHERE {like})" for name in tables()
    )
    with connection.cursor() as cursor:
        cursor.execute(asked.replace("%%", "%"))
        return {name for (name,) in cursor.fetchall()}


WALKERS = ["amira-khan", "joan-obi", "priya-nair", "sign-children", "wen-li", "fiona-clark", "leanne-harlow", "dean-walsh"]  # fmt: skip
# Signing in and out, and acts that prove again who one is, have tests of their own.
_LEFT = ("accounts:", "home", "tour")


def test_no_form_keeps_what_it_does_not_ask_for(
    used_town: Any, as_persona: Callable[[str], Any]
) -> None:
    known, kept, sent, wrong = make_belongings(used_town), set(), 0, []
    for persona in WALKERS:
        client, role = as_persona(persona), user_of(persona).roles[0]
        for door in doors():
            if door.name.startswith(_LEFT) or not door.mark.admits(role):
                continue
            for form in list(posts(client, door, fill(door, real_ids(door, known)))):
                before, user = contents(), user_of(persona)
                client.post(form.action, planted(door, form) | form.values)
                sent += 1
                if touched := changed(before):
                    kept.add(door.name)
                    if strays := stray() & touched:
                        wrong.append(f"{persona}: {door.name} kept something planted in {strays}")
                after = user_of(persona)
                if (after.organisation, after.roles) != (user.organisation, user.roles):
                    wrong.append(f"{persona}: {door.name} changed who they are")
    assert not wrong, "\n".join(wrong)
    # Forms that changed something are those that this proves anything of.
    assert sent > 40 and len(kept) > 12, (sent, sorted(kept))


def test_the_walk_finds_a_form_that_keeps_too_much(
    used_town: Any, as_persona: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a form that saves whatever is posted is found by the same look."""
    from wholeplace.web.reasons.models import ReviewStep

    assert not stray()
    ReviewStep.objects.update(done=TEXT)
    assert stray() == {"reasons_reviewstep"}
    forms = Forms()
    forms.feed(
        '<form method="post"><input type="hidden" name="version" value="3"><select name="a">'
        '<option value=""></option><option value="b">B</option></select>'
        '<input type="radio" name="c" value="1"><input type="radio" name="c" value="2"></form>'
    )
    assert forms.forms[0].values == {"version": ["3"], "a": ["b"], "c": ["1"]}
