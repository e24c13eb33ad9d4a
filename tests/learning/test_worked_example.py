"""The worked example in the documents is run, and prints what stands in it."""

import contextlib
import io
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/how-to/evaluate-an-intervention.md"
BLOCKS = re.compile(r"```python\n(.*?)```\s*```text\n(.*?)```", re.DOTALL)


def run_page(text: str) -> list[tuple[str, str]]:
    """Return, for each block, what stands below it and what it prints."""
    names: dict[str, object] = {"__name__": "worked_example"}
    found = []
    for code, expected in BLOCKS.findall(text):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(code, str(PAGE), "exec"), names)
        found.append((expected, said.getvalue()))
    return found


def test_every_block_prints_what_stands_below_it() -> None:
    text = PAGE.read_text("utf-8")
    found = run_page(text)
    assert len(found) == text.count("```python") == 5
    for expected, said in found:
        assert said == expected
