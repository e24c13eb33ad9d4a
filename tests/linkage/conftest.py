"""One small street of records, built once."""

import os

import pytest
from tests.linkage.street import Street, build_street

# Hypothesis refuses to run while this is set; where it keeps examples is for a profile to say.
os.environ.pop("HYPOTHESIS_DATABASE_FILE", None)


@pytest.fixture(scope="session")
def street() -> Street:
    return build_street(220, seed=3)
