"""What the documents say is so: tables equal the code, names exist, links lead somewhere.

`YHT_TEST_WRITE_DOCS=1` writes the tables anew, in place.
"""

import ast
import os
import re
from pathlib import Path

import pytest

from app.domain.permissions import PERMISSIONS
from app.domain.terms import TERMS, Role
from config import ROOT
from tests.architecture.tables import TABLES, drawn, redrawn, written

DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
NAMES = [path.relative_to(ROOT).as_posix() for path in DOCUMENTS]
DECISIONS = sorted((ROOT / "docs" / "adr").glob("*.md"))
README = ROOT / "README.md"
SECURITY = ROOT / "docs" / "security.md"
SECTIONS = ("## Context", "## Decision", "## Consequences")
TEST_NAME = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PATH = re.compile(r"`((?:\.ci|app|docs|models|reports|tests|translations|views)/[\w./-]*)`")
PACKAGE = re.compile(r"^(?!-|#)([A-Za-z0-9-]+)", re.MULTILINE)


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_a_table_says_what_the_code_says(path: Path) -> None:
    if os.environ.get("YHT_TEST_WRITE_DOCS") == "1":
        path.write_text(redrawn(path.read_text(encoding="utf-8")), encoding="utf-8")

    tables = written(path.read_text(encoding="utf-8"))

    for name, text in tables.items():
        assert text == drawn(name), f"{path.name}: run with YHT_TEST_WRITE_DOCS=1 to write its tables anew"


def test_each_table_stands_in_some_document() -> None:
    found = [name for path in DOCUMENTS for name in written(path.read_text(encoding="utf-8"))]

    assert sorted(found) == sorted(TABLES)


def test_each_role_is_introduced_and_has_rights() -> None:
    introduced = section(README, "Who works with it")

    assert [role for role in Role if f"| {TERMS[role]} `{role}` |" not in introduced] == []
    assert set(PERMISSIONS) == set(Role)


def test_each_dependency_has_its_reason() -> None:
    asked = {
        name.lower()
        for file in ("requirements.in", "requirements-dev.in")
        for name in PACKAGE.findall(text(ROOT / file))
    }

    reasons = dict(re.findall(r"^\| `([\w-]+)` \| (.+) \|$", section(README, "Why each dependency"), re.MULTILINE))

    assert set(reasons) == asked
    assert [name for name, reason in reasons.items() if len(reason) < 10] == []


def test_the_layout_names_every_part_and_nothing_else() -> None:
    """Each folder and each file above `tests`; the names inside a folder are indented by two."""
    tree = re.search(r"```text\n(.*?)```", section(README, "Layout"), re.DOTALL)
    assert tree

    listed = set(paths_of(tree[1]))

    assert [path for path in listed if not (ROOT / path).exists()] == []
    assert listed >= {f"app/{path.name}" for path in (ROOT / "app").glob("*.py") if path.name != "__init__.py"}
    assert listed >= {f"app/{path.name}" for path in (ROOT / "app").iterdir() if is_folder(path)}


def test_the_commands_to_type_are_on_the_first_screen() -> None:
    first_screen = text(README).splitlines()[:30]

    assert "make run" in first_screen
    assert "make test" in first_screen


def test_the_reader_is_told_how_long_each_takes() -> None:
    assert "`make run` answered after" in text(README)


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_a_test_that_is_named_exists(path: Path) -> None:
    named = TEST_NAME.findall(text(path))

    assert [f"{file}::{name}" for file, name in named if name not in functions_of(ROOT / file)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_a_path_that_is_named_exists(path: Path) -> None:
    assert [name for name in PATH.findall(text(path)) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=NAMES)
def test_a_link_leads_to_a_file_of_ours(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", text(path))

    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_number_and_its_three_parts(path: Path) -> None:
    lines = text(path).splitlines()

    assert lines[0].startswith(f"# {path.stem[:4]} ")
    assert [line for line in lines if line.startswith("## ")] == list(SECTIONS)


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    assert [path.stem[:4] for path in DECISIONS] == [f"{n:04}" for n in range(1, len(DECISIONS) + 1)]
    assert [
        path.name for path in DECISIONS if f"(adr/{path.name})" not in text(ROOT / "docs" / "CONTRIBUTING.md")
    ] == []


@pytest.mark.parametrize("trap", [f"F{n}" for n in range(1, 19)] + [f"B{n}" for n in range(1, 11)])
def test_each_trap_is_closed_in_a_file_and_shown_by_a_test(trap: str) -> None:
    row = re.search(rf"^\| {trap} \|.*$", text(SECURITY), re.MULTILINE)

    assert row, f"{trap} has no row"
    assert PATH.search(row[0]), f"{trap} names no file"
    assert TEST_NAME.search(row[0]), f"{trap} names no test"


def test_the_changelog_opens_with_the_version_at_hand() -> None:
    version = re.search(r'^version = "([^"]+)"', text(ROOT / "pyproject.toml"), re.MULTILINE)
    first = re.search(r"^## (\S+)", text(ROOT / "CHANGELOG.md"), re.MULTILINE)

    assert version and first and first[1] == version[1]


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def section(path: Path, title: str) -> str:
    """What stands under a heading, up to the next of the same rank."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text(path), re.MULTILINE | re.DOTALL)
    assert found, f"{path.name} has no section {title}"
    return found[1]


def paths_of(tree: str) -> list[str]:
    """The paths that an indented tree lists; what follows two spaces or more is a remark."""
    folders: list[str] = []
    paths = []
    for line in tree.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        for name in re.split(r"\s{2,}", line.strip())[0].split():
            folders[depth:] = [name.rstrip("/")]
            paths.append("/".join(folders[: depth + 1]))
    return paths


def is_folder(path: Path) -> bool:
    return path.is_dir() and path.name != "__pycache__"


def functions_of(path: Path) -> set[str]:
    if not path.exists():
        return set()
    return {node.name for node in ast.walk(ast.parse(text(path))) if isinstance(node, ast.FunctionDef)}
