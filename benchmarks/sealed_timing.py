"""Whether times of answer tell a sealed person from nobody: `python benchmarks/sealed_timing.py PLACE`.

PLACE is the place folder of a demonstration. Asks 2,000 times in turn for sealed people and for
nobody, over the routes that name a person and by search, signed in as a practitioner. Two simple
classifiers look at the times: a threshold, and a logistic regression on the time, its logarithm and
the route, fitted on one half and judged on the other. Prints the area under the ROC curve of each
(0.5 is a guess; the goal is 0.55 at most), and how long flags stated on screen take to read.
"""

import datetime as dt
import json
import random
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

REQUESTS = 2_000
STATEMENTS = 5_000
ROUTES = ("reason", "flags", "person", "search")


def area_under_curve(scores: Any, labels: Any) -> float:
    """Return the share of (sealed, nobody) pairs that the scores put in the right order."""
    order = np.argsort(np.concatenate([scores]), kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    for value in np.unique(scores):
        alike = scores == value
        ranks[alike] = ranks[alike].mean()
    positive = int(labels.sum())
    negative = len(labels) - positive
    return float((ranks[labels == 1].sum() - positive * (positive + 1) / 2) / (positive * negative))


def fit_logistic(features: Any, labels: Any, steps: int = 3_000) -> Any:
    """Return the weights of a logistic regression, by gradient descent."""
    weights = np.zeros(features.shape[1])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-features @ weights))
        weights -= 0.1 * features.T @ (chance - labels) / len(labels)
    return weights


def ask(client: Any, route: str, person: str, facts: dict[str, str]) -> float:
    """Return how long one answer took, in seconds."""
    from wholeplace.web.people.models import Search

    Search.objects.all().delete()
    began = time.perf_counter()
    if route == "search":
        client.post("/people/", facts)
    elif route == "flags":
        client.get(f"/flags/person/{person}/")
    else:
        client.get(f"/people/{person}/" + ("reason/" if route == "reason" else ""))
    return time.perf_counter() - began


def main() -> None:
    """Measure, and print one JSON object."""
    import os

    os.environ["WHOLEPLACE_PERSONAS"] = "1"
    from wholeplace.web.gateway.wiring import open_place

    place = open_place(Path(sys.argv[1]))
    from django.conf import settings
    from django.test import Client

    from wholeplace.web.accounts.models import User
    from wholeplace.web.gateway.models import Caseload

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    user = User.objects.get(persona="helen-marsh")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    Caseload.objects.filter(user_id=str(user.pk)).delete()
    sealed = [
        row["person_id"]
        for row in place.snapshot_reader.rows(
            "SELECT DISTINCT person_id FROM subject_flags WHERE flag = 'sealed' AND value = 'yes'"
        )
    ]
    tara = {"name": "Tara Moss", "birth_date_day": "21", "birth_date_month": "7",
            "birth_date_year": "1990", "purpose": "whole-family-support"}  # fmt: skip
    nobody = {**tara, "name": "Nora Known"}
    dice = random.Random(7)
    for route in ROUTES:
        for _ in range(5):
            ask(client, route, sealed[0], tara)
            ask(client, route, "p000000000000000", nobody)
    rows = []
    for n in range(REQUESTS):
        is_sealed, route = n % 2 == 0, ROUTES[(n // 2) % len(ROUTES)]
        person = dice.choice(sealed) if is_sealed else f"p{dice.getrandbits(60):015x}"
        seconds = ask(client, route, person, tara if is_sealed else nobody)
        rows.append((seconds, ROUTES.index(route), int(is_sealed)))
    print(json.dumps({**judge(rows), **overlay(place)}, indent=2))


def judge(rows: list[tuple[float, int, int]]) -> dict[str, Any]:
    """Return what the classifiers make of the times."""
    times, routes, labels = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    one_hot = np.eye(len(ROUTES))[routes.astype(int)]
    scaled = np.empty_like(times)
    for route in range(len(ROUTES)):
        mine = routes == route
        scaled[mine] = (times[mine] - times[mine].mean()) / (times[mine].std() or 1)
    slopes = one_hot * scaled[:, None]
    features = np.column_stack([one_hot, slopes, np.log(times) - np.log(times).mean()])
    half = np.arange(len(times)) // 8 % 2 == 0
    scores = features[~half] @ fit_logistic(features[half], labels[half])
    by_route = {
        name: round(area_under_curve(times[routes == n], labels[routes == n]), 3)
        for n, name in enumerate(ROUTES)
    }
    return {
        "requests": len(rows),
        "auc_threshold_by_route": by_route,
        "auc_logistic": round(area_under_curve(scores, labels[~half]), 3),
        "median_ms": {
            name: [
                round(1000 * float(np.median(times[(routes == n) & (labels == kind)])), 2)
                for kind in (1, 0)
            ]
            for n, name in enumerate(ROUTES)
        },
    }


def overlay(place: Any) -> dict[str, Any]:
    """Return how long many flags stated on screen take: worked out anew, and asked again."""
    from wholeplace.agreements import Anchor, MemoryFlagStatements, Statement
    from wholeplace.foundation.snapshots import Snapshots
    from wholeplace.people.reader import SnapshotReader
    from wholeplace.people.stated import StatedFlags

    rows = place.snapshot_reader.rows(
        "SELECT DISTINCT person_id, dataset, source_id FROM person_records"
    )
    people: dict[str, set[Anchor]] = {}
    for row in rows:
        people.setdefault(row["person_id"], set()).add(Anchor(row["dataset"], row["source_id"]))
    ids = sorted(people)
    made = [
        Statement(
            str(n), "consent", "yes" if n % 3 else "no", "safeguarding", "police",
            ids[n % len(ids)], frozenset(people[ids[n % len(ids)]]),
            frozenset(people[ids[n % len(ids)]]),
        )
        for n in range(STATEMENTS)
    ]  # fmt: skip
    stated = StatedFlags(MemoryFlagStatements(made), lambda: dt.date(2026, 1, 1))
    reader = SnapshotReader(Snapshots(place.data.snapshots), overlay=stated)
    assert reader.snapshot
    began = time.perf_counter()
    reader.stated()
    anew = time.perf_counter() - began
    began = time.perf_counter()
    for _ in range(1_000):
        reader.stated()
    return {
        "statements": STATEMENTS,
        "worked_out_anew_ms": round(1000 * anew, 1),
        "asked_again_us": round(1000 * (time.perf_counter() - began), 1),
    }


if __name__ == "__main__":
    main()
