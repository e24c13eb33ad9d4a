"""What a linter cannot hold of the house style, held here."""

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
SOURCE = PROJECT / "src" / "wholeplace"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
# Django asks for the name of this one.
NAMED_BY_OTHERS = {SOURCE / "web" / "database" / "lazy" / "base.py"}
BANNED_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "managers",
    "base",
}
LONGEST_MODULE_LINES = 400
LONGEST_FUNCTION_LINES = 60


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_short_and_rightly_named(path: Path) -> None:
    assert path.stem not in BANNED_NAMES or path in NAMED_BY_OTHERS
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_MODULE_LINES


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_functions_are_short(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    too_long = [
        f"{node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION_LINES
    ]
    assert not too_long


def test_only_the_gateway_opens_sealed_values() -> None:
    allowed = {"foundation/sealed.py", "agreements/gateway.py"}
    callers = {
        str(path.relative_to(SOURCE))
        for path in MODULES
        if "open_sealed" in path.read_text("utf-8") or "_Sealed__value" in path.read_text("utf-8")
    }
    assert callers <= allowed


def test_every_sql_file_says_what_it_reads() -> None:
    files = sorted(path for path in SOURCE.rglob("*.sql") if path.parent.name == "sql")
    assert files, "derived tables are .sql files"
    for path in files:
        text = path.read_text("utf-8")
        for key in ("grain", "reads"):
            assert re.search(rf"^-- {key}:", text, re.MULTILINE), (
                f"{name_of(path)} has no {key} line"
            )


def test_the_project_speaks_of_itself_alone() -> None:
    """No machine path, package registry or address of a download stands in the project."""
    pattern = re.compile(r"/work/|/root/|/home/\w+/|pypi\.org|registry\.npmjs|files\.pythonhosted")
    skip = {"node_modules", "demo", "__pycache__", "vendor"}
    wrong = []
    for path in PROJECT.rglob("*"):
        parts = path.relative_to(PROJECT).parts
        is_hidden_folder = any(part.startswith(".") and part != ".ci" for part in parts[:-1])
        if not path.is_file() or is_hidden_folder or skip & set(parts) or path == Path(__file__):
            continue
        if (
            path.suffix in {".png", ".parquet", ".xlsx", ".ico", ".woff2"}
            or path.stat().st_size > 2_000_000
        ):
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        if pattern.search(text):
            wrong.append(name_of(path))
    assert not wrong
