"""The sources as the rules of the house read them: files, syntax trees, places."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from config import ROOT

FOLDERS = ("app", "models", "views", "reports")
GENERATED = "app/migrations/versions"  # the tool writes these and nobody edits them after their release


def sources(*folders: str) -> list[Path]:
    return [
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not name_of(path).startswith(GENERATED)
    ]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def found(kind: type[ast.AST], *folders: str) -> Iterator[tuple[Path, ast.AST]]:
    """Every node of a kind, with its file."""
    for path in sources(*folders):
        yield from ((path, node) for node in ast.walk(tree_of(path)) if isinstance(node, kind))


def at(path: Path, node: ast.AST) -> str:
    return f"{name_of(path)}:{getattr(node, 'lineno', 0)}"


def called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
