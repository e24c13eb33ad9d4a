"""The documents keep to what is there: links lead somewhere, commands exist, pictures are drawn."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

PROJECT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    path
    for path in [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")]
    if path.name != "LICENSE"
)


def name_of(path: Path) -> str:
    return str(path.relative_to(PROJECT))


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    broken = [
        link
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
        if not link.startswith(("http:", "https:", "mailto:"))
        and not (path.parent / link).resolve().exists()
    ]
    assert not broken


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_commands_named_in_a_document_exist(path: Path) -> None:
    from wholeplace.cli import wholeplace

    known = set(wholeplace.list_commands(None))  # type: ignore[arg-type]
    spoken = re.findall(r"`(?:\.venv/bin/)?wholeplace ([a-z]+)", path.read_text("utf-8"))
    assert set(spoken) <= known


def test_every_command_helps() -> None:
    from wholeplace.cli import wholeplace

    for name in wholeplace.list_commands(None):  # type: ignore[arg-type]
        answer = CliRunner().invoke(wholeplace, [name, "--help"])
        assert answer.exit_code == 0, name
        assert answer.output.strip()


def test_every_dependency_is_named_with_its_purpose() -> None:
    import tomllib

    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    page = (PROJECT / "docs/explanation/dependencies.md").read_text("utf-8").lower()
    listed = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = [re.split(r"[\[<>=~ ]", each)[0].lower() for each in listed]
    missing = [name for name in names if name not in page]
    assert not missing


def test_every_pin_is_a_version_without_an_address() -> None:
    for line in (PROJECT / "constraints.txt").read_text("utf-8").splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line), line
