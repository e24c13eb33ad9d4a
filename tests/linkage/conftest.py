"""One small street of records, built once."""

import pytest
from tests.linkage.street import Street, build_street


@pytest.fixture(scope="session")
def street() -> Street:
    return build_street(220, seed=3)
