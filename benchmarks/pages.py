"""How long pages take over HTTP, on the embedded stack, beside a view without gateway and audit.

    python benchmarks/pages.py [--town FOLDER] [--residents 20000] [--seed 7] [--people 200]
                               [--rounds 3] [--json]

Builds the town with `wholeplace demo` (or uses one built before), serves it with `wholeplace
serve`, signs in as practitioners of four partners by the one-click form, types a duty reason
for each person and their household, and then measures, with one keep-alive connection a
persona: the whole-person page, search, the place page and the two trail pages, in
milliseconds from the first byte sent to the last byte read. Half of the people are those with
the longest timelines, half are drawn from all others.

Beside it, in the same run and in turn, the same whole-person page from `bare_pages.py`: once
signed in but without reasons, decisions and audit, and once without Django's middleware too.
The ratio is the median over people of their own ratios.

Checks that every page measured stands in the audit trail. Prints no personal value.
"""

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from browsing import Answer, Browser, serving

BIN = Path(sys.executable).parent / "wholeplace"
VIEWERS = ("amira-khan", "dean-walsh", "joan-obi", "nadia-price")
SEARCHERS = (
    "amira-khan", "tom-ellis", "dean-walsh", "joan-obi", "lin-zhao", "helen-marsh",
    "marcus-bell", "rosa-finch", "nadia-price", "jo-adeyemi",
)  # fmt: skip
WHY = "Measuring how long this page takes to appear, in the invented town."
_PURPOSE = re.compile(r'name="purpose"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="purpose"')
_OPTION = re.compile(r'<option value="([^"]+)"')
_AREAS = re.compile(r"[?&;]areas=([\w-]+)")


def spread(taken: list[float]) -> dict[str, float]:
    """Return the middle, the 95th and the 99th in a hundred, in milliseconds."""
    ordered = sorted(taken)
    at = {name: ordered[min(len(ordered) - 1, int(len(ordered) * share))] for name, share in
          (("p95_ms", 0.95), ("p99_ms", 0.99))}  # fmt: skip
    found = {"median_ms": statistics.median(ordered), **at, "slowest_ms": ordered[-1]}
    return {name: round(value, 1) for name, value in found.items()} | {"pages": len(ordered)}


def expect(answer: Answer, what: str, status: int = 200) -> float:
    if answer.status != status:
        raise SystemExit(f"{what} answered {answer.status} instead of {status}.")
    return answer.taken_ms


def choose_people(reader: Any, count: int) -> tuple[list[str], list[str]]:
    """Return people with the longest timelines, and others in random order."""
    rows = reader.rows(
        "SELECT person_id, count(event_id) AS lines FROM person_areas AS known "
        "LEFT JOIN timeline USING (person_id) WHERE area_set = 'wards' AND recency = 1 "
        "GROUP BY person_id ORDER BY lines DESC, person_id"
    )
    ids = [row["person_id"] for row in rows]
    others = ids[count * 2 :]
    random.Random(1).shuffle(others)
    return ids[: count * 2], others


def open_reasons(
    browsers: dict[str, Browser], ids: list[str], count: int
) -> list[tuple[str, str, str]]:
    """Type a reason for each person until `count` are open; return persona, person, address."""
    opened: list[tuple[str, str, str]] = []
    for number, person_id in enumerate(ids):
        if len(opened) == count:
            break
        persona = VIEWERS[number % len(VIEWERS)]
        address = f"/people/{person_id}/reason/"
        page = browsers[persona].get(address)
        if page.status == 404:  # no agreement lets this persona know of this person
            continue
        expect(page, "the reason page")
        purpose = next(one or other for one, other in _PURPOSE.findall(page.text))
        form = {"purpose": purpose, "text": WHY, "household": "on"}
        answer = browsers[persona].post(address, form)
        expect(answer, "the reason", 302)
        opened.append((persona, person_id, answer.place))
    return opened


def measure_person(
    opened: list[tuple[str, str, str]], browsers: dict[str, Browser], users: dict[str, str],
    peers: dict[str, dict[str, Browser]], rounds: int,
) -> dict[str, Any]:  # fmt: skip
    """Return how long the page took, first and again, and the peers' beside it."""
    first: list[float] = []
    taken: dict[str, list[list[float]]] = {name: [] for name in ("wholeplace", *peers)}
    sizes: dict[str, list[int]] = {name: [] for name in taken}
    for persona, person_id, address in opened:
        purpose = address.partition("for=")[2]
        bare = f"/bare/{person_id}/?{urlencode({'as': users[persona], 'for': purpose})}"
        ways = {"wholeplace": (browsers[persona], address)}
        ways |= {name: (theirs[persona], bare) for name, theirs in peers.items()}
        for name, (browser, where) in ways.items():
            answer = browser.get(where)
            expect(answer, f"the person page of {name}")
            sizes[name].append(len(answer.text))
            if name == "wholeplace":
                first.append(answer.taken_ms)
        mine: dict[str, list[float]] = {name: [] for name in ways}
        for turn in range(rounds):
            for name, (browser, where) in sorted(ways.items(), reverse=bool(turn % 2)):
                mine[name].append(expect(browser.get(where), name))
        for name, times in mine.items():
            taken[name].append(times)
    flat = {name: [each for times in found for each in times] for name, found in taken.items()}
    report: dict[str, Any] = {"first": spread(first)}
    for name, times in flat.items():
        report[name] = spread(times) | {"kilobytes": round(statistics.mean(sizes[name]) / 1000, 1)}
    for name in peers:
        pairs = zip(taken["wholeplace"], taken[name], strict=True)
        ratios = [statistics.median(ours) / statistics.median(theirs) for ours, theirs in pairs]
        report[name]["ratio"] = round(statistics.median(ratios), 2)
    return report


def measure_search(browsers: dict[str, Browser], facts: list[dict[str, str]]) -> list[float]:
    """Return how long searches took; each persona stays below the limit of searches an hour."""
    taken = []
    for number, each in enumerate(facts):
        browser = browsers[SEARCHERS[number % len(SEARCHERS)]]
        page = browser.get("/people/")
        purpose = next(one or other for one, other in _PURPOSE.findall(page.text))
        answer = browser.post("/people/", {**each, "purpose": purpose})
        if answer.status == 429:
            raise SystemExit("The limit of searches an hour is reached; try again in an hour.")
        taken.append(expect(answer, "a search"))
    return taken


def known_facts(reader: Any, count: int) -> list[dict[str, str]]:
    rows = reader.rows(
        "SELECT given_name, family_name, birth_date FROM records "
        "WHERE given_name IS NOT NULL AND family_name IS NOT NULL AND birth_date IS NOT NULL "
        "ORDER BY record_id"
    )
    return [
        {
            "name": f"{row['given_name']} {row['family_name']}",
            "birth_date_day": str(row["birth_date"].day),
            "birth_date_month": str(row["birth_date"].month),
            "birth_date_year": str(row["birth_date"].year),
        }
        for row in random.Random(2).sample(rows, min(count, len(rows)))
    ]


def measure_place(browser: Browser, count: int) -> list[float]:
    page = browser.get("/places/")
    needs = [each for each in _OPTION.findall(page.text) if "/" in each]
    sets = sorted(set(_AREAS.findall(page.text)))
    addresses = [f"/places/?{urlencode({'need': n, 'areas': s})}" for n in needs for s in sets]
    if not addresses:
        raise SystemExit("The place page offered no need to count.")
    return [
        expect(browser.get(addresses[number % len(addresses)]), "the place page")
        for number in range(count)
    ]


def measure_trail(
    browser: Browser, opened: list[tuple[str, str, str]], count: int
) -> dict[str, Any]:
    whole = [expect(browser.get(f"/audit/?page={n % 9 + 1}"), "the trail") for n in range(count)]
    people = [person_id for _, person_id, _ in opened]
    one = [
        expect(browser.get(f"/audit/person/{people[n % len(people)]}/"), "a person's trail")
        for n in range(count)
    ]
    return {"trail": spread(whole), "trail_of_one": spread(one)}


def count_entries(page: str = "") -> int:
    from wholeplace.web.chain.models import Entry

    found = Entry.objects.filter(event__page=page) if page else Entry.objects.all()
    return found.count()


def build(town: Path, residents: int, seed: int) -> None:
    if (town / "larkbridge").exists():
        return
    command = [BIN, "demo", "--residents", residents, "--seed", seed, "--dir", town, "--no-serve"]
    subprocess.run([str(each) for each in command], check=True)


def measure(town: Path, given: argparse.Namespace) -> dict[str, Any]:
    place, data = town / "larkbridge", town / "larkbridge-data"
    os.environ["WHOLEPLACE_DATA"] = str(data)
    from wholeplace.web.gateway.wiring import open_place

    opened_place = open_place(place)
    from wholeplace.web.accounts.models import User

    reader = opened_place.snapshot_reader
    users = {each.persona: str(each.pk) for each in User.objects.exclude(persona="")}
    much, ordinary = choose_people(reader, given.people // 2)
    report: dict[str, Any] = {
        "people_in_snapshot": reader.snapshot.manifest["link"]["people"],
        "load_before": os.getloadavg()[0],
    }
    peer = [sys.executable, str(Path(__file__).parent / "bare_pages.py"), "--place", str(place)]
    commands = {
        "signed in, no gateway, no audit": [*peer, "--port", "{port}"],
        "nothing but the view": [*peer, "--port", "{port}", "--bare"],
    }
    serve = [str(BIN), "serve", "--place", str(place), "--port", "{port}"]
    with ExitStack() as stack:
        port = stack.enter_context(serving(serve, data))
        names = {*VIEWERS, *SEARCHERS, "priya-nair", "wen-li"}
        browsers = {name: Browser(port).be(name) for name in sorted(names)}
        peers = {}
        for name, command in commands.items():
            theirs = stack.enter_context(serving(command, data))
            # The same database and key, so the same session is good for both servers.
            peers[name] = {each: Browser(theirs, dict(browsers[each].cookies)) for each in VIEWERS}
        for name, ids in (("much history", much), ("ordinary", ordinary)):
            opened = open_reasons(browsers, ids, given.people // 2)
            before = count_entries("person")
            report[f"person page, {name}"] = measure_person(
                opened, browsers, users, peers, given.rounds
            )
            report[f"person page, {name}"]["people"] = len(opened)
            added, wanted = count_entries("person") - before, len(opened) * (given.rounds + 1)
            if added != wanted:
                raise SystemExit(f"{wanted} pages were shown and {added} stand in the trail.")
        before = count_entries()
        report["search"] = spread(measure_search(browsers, known_facts(reader, given.searches)))
        report["place page"] = spread(measure_place(browsers["wen-li"], 100))
        report |= measure_trail(browsers["priya-nair"], opened, 50)
        report["events_added_by_them"] = count_entries() - before
        report["entries_in_trail"] = count_entries()
    report["load_after"] = os.getloadavg()[0]
    return report


def tell(report: dict[str, Any]) -> None:
    for name, found in report.items():
        if not isinstance(found, dict):
            print(f"{name}: {found}")
            continue
        parts = found.items() if "median_ms" not in found else [("", found)]
        for part, times in parts:
            if isinstance(times, dict):
                rest = {key: value for key, value in times.items() if not key.endswith("_ms")}
                print(
                    f"{name + (', ' + part if part else ''):62} median {times['median_ms']:7.1f}  "
                    f"p95 {times['p95_ms']:7.1f}  p99 {times['p99_ms']:7.1f} ms  {rest}"
                )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--town", type=Path)
    parser.add_argument("--residents", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--searches", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with ExitStack() as stack:
        town = given.town or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        build(town.resolve(), given.residents, given.seed)
        report = measure(town.resolve(), given)
    if given.json:
        print(json.dumps(report, indent=2))
    else:
        tell(report)


if __name__ == "__main__":
    main()
