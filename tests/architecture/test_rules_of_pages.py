"""House rules for pages: each names its resource, asks no other host, and makes no markup of data."""

import ast
import re
from pathlib import Path

from config import ROOT
from tests.architecture.reading import found, name_of

ANOTHER_HOST = re.compile(r"(?:https?:)?//[\w-]+\.[\w.-]+")
NAMESPACE = "http://www.w3.org/"  # names of vocabularies, which nothing fetches


def test_a_page_that_asks_for_a_right_names_the_resource() -> None:
    """Without a name the framework would use the class's, and rename the right with the class."""
    classes = {node.name: (path, node) for path, node in found(ast.ClassDef, "views") if isinstance(node, ast.ClassDef)}
    trusted = {name for name in classes if {"TrustedBaseView", "TrustedModelView"} & ancestors(name, classes)}
    pages = [name for name in trusted if sets(classes[name][1], "route_base")]

    nameless = [name for name in pages if asks_for_a_right(name, classes) and not names_its_resource(name, classes)]

    assert len(pages) > 10
    assert nameless == []


Classes = dict[str, tuple[Path, ast.ClassDef]]


def ancestors(name: str, classes: Classes) -> set[str]:
    if name not in classes:
        return set()
    bases = {base.id for base in classes[name][1].bases if isinstance(base, ast.Name)}
    return bases.union(*(ancestors(base, classes) for base in bases))


def asks_for_a_right(name: str, classes: Classes) -> bool:
    family = [classes[one][1] for one in {name, *ancestors(name, classes)} if one in classes]
    return any(isinstance(node, ast.Name) and node.id == "has_access" for one in family for node in ast.walk(one))


def names_its_resource(name: str, classes: Classes) -> bool:
    family = ({name} | ancestors(name, classes)) & set(classes)
    return any(sets(classes[one][1], "class_permission_name") for one in family)


def sets(node: ast.ClassDef, attribute: str) -> bool:
    assigned = [target for line in node.body if isinstance(line, ast.Assign) for target in line.targets]
    return any(isinstance(target, ast.Name) and target.id == attribute for target in assigned)


def test_no_page_or_script_names_another_host() -> None:
    """The browser asks nobody but us (SPEC §8)."""
    files = [
        path
        for folder in ("app/templates", "app/static")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".html", ".js", ".css", ".svg"}
    ]

    named = {
        name_of(path): hosts
        for path in files
        if (hosts := ANOTHER_HOST.findall(path.read_text(encoding="utf-8").replace(NAMESPACE, "")))
    }

    assert len(files) > 40
    assert named == {}


def test_scripts_make_no_markup_of_text() -> None:
    """Text is put in as text, and what stood in a button is put back as the nodes that it was."""
    makes = re.compile(r"\b(?:innerHTML\s*\+?=(?!=)|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function)")
    scripts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "app" / "static" / "js").rglob("*.js")}

    assert [name_of(path) for path, script in scripts.items() if makes.search(script)] == []


def test_only_whole_widgets_go_into_a_page_unescaped() -> None:
    """A widget has escaped its own values; `| safe` after anything else would let data be markup."""
    widget = re.compile(r"(?:\bwidget|\bbelow|widgets\.get\('\w+'\))\([^{}]*\)\s*\|\s*safe\b")
    unsafe = {}
    for path in (ROOT / "app" / "templates").rglob("*.html"):
        rest = widget.sub("", path.read_text(encoding="utf-8"))
        if left := re.findall(r"[^{}]*\|\s*safe\b(?!_)", rest):
            unsafe[name_of(path)] = left

    assert unsafe == {}
