"""Sign an example's agreements by its invented signatories, so that it can be run.

    python examples/sign.py --place FOLDER

Only for places whose place.yaml says `invented: true`; elsewhere each partner's own
signatory signs.
"""

import argparse
from pathlib import Path


def main() -> None:
    """Start the place's database, make it ready, and sign."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("--place", type=Path, required=True)
    given = arguments.parse_args()
    from wholeplace.cli.serve import prepare_database
    from wholeplace.web.gateway.wiring import open_place

    opened = open_place(given.place)
    prepare_database()
    # Only now: the site's models can be imported once the place has been opened.
    from wholeplace.web.gateway.demonstration import sign_everything

    print(f"{sign_everything(opened)} signatures recorded.")
    print(f"Next: wholeplace run --place {given.place}")


if __name__ == "__main__":
    main()
