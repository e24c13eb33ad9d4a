"""A file of five million rows, bad ones and an open quote among them, stays small in memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.intake.contracts import HEADER, claim

LOAD = """
import json, resource, sys
from pathlib import Path
from tests.intake.contracts import SmallPlace, claims, everything
from wholeplace.foundation.folders import DataFolder
from wholeplace.intake import load_inbox
report = load_inbox(SmallPlace({"claims": claims()}), DataFolder(Path(sys.argv[1])), everything)
(file,) = report.files
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([file.rows_read, file.accepted, file.rejected, file.unreadable, peak]))
"""


@pytest.mark.heavy
@pytest.mark.parametrize("open_quotes", [0, 3])
def test_five_million_rows_stay_under_four_gigabytes(tmp_path: Path, open_quotes: int) -> None:
    inbox = tmp_path / "data" / "inbox" / "jobcentre"
    inbox.mkdir(parents=True)
    good = [",".join(claim(n)[name] for name in HEADER.split(",")) for n in range(9_999)]
    bad = ",".join(claim(9_999, dob="31/02/1990")[name] for name in HEADER.split(","))
    block = "\n".join([*good, bad]) + "\n"
    with (inbox / "claims_2026-10-01.csv").open("w", encoding="utf-8") as stream:
        stream.write(HEADER + "\n")
        for number in range(500):
            broken = block.replace("Stone", '"Stone', 1) if number < open_quotes else block
            stream.write(broken)
    command = [sys.executable, "-c", LOAD, str(tmp_path / "data")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    read, accepted, rejected, unreadable, peak_mb = json.loads(done.stdout)
    assert (read, rejected, unreadable) == (5_000_000, 500, open_quotes)
    assert accepted == read - rejected - unreadable
    assert peak_mb < 4_000
