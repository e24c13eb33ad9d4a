"""Claims of 100,000 invented families, judged rule by rule by the SQL engine.

    python benchmarks/claims.py [--families 100000] [--framework supporting-families 2022]

Makes facts at random, checks them, and compares a sample of 2,000 with the plain reference. Prints
seconds, the most memory that the process held, and how many agree. Goal: under 20 s and 2 GB.
"""

import argparse
import datetime as dt
import random
import resource
import time
from typing import Any

from wholeplace.foundation.store import Store
from wholeplace.outcomes.claims.engine import check_claims, facts_table
from wholeplace.outcomes.claims.facts import FamilyFacts, fact_kinds
from wholeplace.outcomes.claims.judging import judge_claim
from wholeplace.partnership import load_framework

_FIRST = dt.date(2024, 1, 1)


def make_facts(kinds: dict[str, str], number: int, chance: random.Random) -> FamilyFacts:
    """Return one family with every fact at random; one in ten is not known."""
    values: dict[str, Any] = {}
    for name, kind in kinds.items():
        if chance.random() < 0.1:
            values[name] = None
        elif kind == "day":
            values[name] = _FIRST + dt.timedelta(days=chance.randrange(400))
        elif kind == "yes-no":
            values[name] = chance.random() < 0.8
        else:
            values[name] = chance.randrange(6)
    return FamilyFacts(f"F-{number:06d}", values)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=100_000)
    parser.add_argument("--framework", nargs=2, default=("supporting-families", "2022"))
    given = parser.parse_args()
    terms = load_framework(*given.framework).claims
    assert terms is not None, "the framework has claims"
    kinds, chance = fact_kinds(terms), random.Random(7)
    families = [make_facts(kinds, number, chance) for number in range(given.families)]
    started = time.perf_counter()
    with Store(memory_limit_mb=1000, threads=2) as store:
        store.register("claim_facts", facts_table(terms, families))
        checked = check_claims(store, terms)
        seconds = time.perf_counter() - started
        rules = store.value("SELECT count(*) FROM claim_rules")
        valid = store.value("SELECT count(*) FROM claim_verdicts WHERE is_valid")
        verdicts = {row["ref"]: row["is_valid"] for row in store.rows("FROM claim_verdicts")}
    sample = chance.sample(families, min(2000, len(families)))
    agree = sum(judge_claim(terms, each).is_valid == verdicts[each.ref] for each in sample)
    most_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{checked:,} families, {rules:,} rules judged in {seconds:.1f} s; {valid:,} may be claimed")
    print(f"most memory {most_mb:,.0f} MB; {agree:,} of {len(sample):,} agree with the reference")


if __name__ == "__main__":
    main()
