"""A process that asks for an erasure and has it approved. Run by the tests.

Reads the place folder from its argument; writes one line of JSON: the request, and what stands of
the person that stands nowhere else.
"""

import json
import sys
from pathlib import Path

from tests.web.town import Town, open_town

from wholeplace.cli.serve import prepare_database


def main() -> None:
    from wholeplace.web.gateway.wiring import open_place

    folder = Path(sys.argv[1])
    open_place(folder)
    prepare_database()
    place = open_town(Town(folder.parent))
    from tests.web.retention.test_erasure import approved, pick, words_of

    person_id = pick(place)
    words = sorted(each.decode() for each in words_of(place, person_id))
    facts = {"request": approved(place, person_id), "words": words}
    sys.stdout.write(json.dumps(facts) + "\n")


if __name__ == "__main__":
    main()
