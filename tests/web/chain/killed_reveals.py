"""A process that reveals again and again, and is killed at a random moment. Run by the tests.

Reads its orders from the arguments: how many kills, the seed, and the order in which a reveal
works (`right`, or `wrong`: shown before it is recorded, to prove that the test can fail).
Writes one JSON list to standard output: for each kill, the marks of what was shown.
"""

import contextlib
import json
import os
import random
import signal
import sys
import time
from typing import Any

from tests.agreements.worlds import agreement, clause, person, reason, request, rules_of

from wholeplace.agreements import SealedItem, reveal
from wholeplace.foundation.sealed import Sealed

_MOST_SHOWN, _LONGEST_SECONDS = 6, 0.01
OFFENCE = {"label": "Burglary", "start_on": "2026-03-17", "end_on": "", "attributes": {}}


RULES = rules_of(agreement("family", clause(level="detail")))


def main() -> None:
    kills, seed, order = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wholeplace.web.site.settings")
    import django

    django.setup()
    chance = random.Random(seed)
    shown = [_kill_one(number, chance, order) for number in range(kills)]
    sys.stdout.write(json.dumps(shown))


def _kill_one(number: int, chance: random.Random, order: str) -> list[str]:
    """Let a child reveal until it is killed; return what it had shown by then."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with contextlib.suppress(BaseException):
            _reveal_for_ever(number, writing, order)
        os._exit(1)
    os.close(writing)
    # A few reveals, then a moment more: on a busy machine too, the blow falls anywhere in one.
    wanted = chance.randint(0, _MOST_SHOWN)
    with os.fdopen(reading, "rb") as stream:
        lines = [stream.readline() for _ in range(wanted + 1)]
        time.sleep(chance.uniform(0, _LONGEST_SECONDS))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status), "the child ended before it was killed"
        lines += stream.readlines()
    return [each.decode().strip() for each in lines if each.endswith(b"\n") and each.strip()]


def _reveal_for_ever(number: int, writing: int, order: str) -> None:
    from wholeplace.web.chain.trail import DjangoAuditTrail

    trail = DjangoAuditTrail()
    trail.append({"kind": "test.connected"})
    os.write(writing, b"\n")
    item = SealedItem("k", "police", "police-data", "crime.offence", "p1", Sealed(OFFENCE), ())
    count = 0
    while True:
        mark = f"kill-{number}-{count}"
        kept = _Late() if order == "wrong" else trail
        seen = reveal(RULES, request(why=reason("p1")), [person()], [item], kept, page=mark)
        assert seen.items, "nothing was revealed"
        os.write(writing, f"{mark}\n".encode())
        if order == "wrong":
            trail.append(kept.event)
        count += 1


class _Late:
    """A trail that puts off writing until after the reveal: what must never be."""

    event: dict[str, Any]

    def append(self, event: Any) -> str:
        self.event = dict(event)
        return ""


if __name__ == "__main__":
    main()
