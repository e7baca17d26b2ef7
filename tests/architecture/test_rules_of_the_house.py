"""House rules that a reader can run: sizes, who writes what, what no page and no file contains.

Linters and the import contracts hold the rest; an exception stands here with its reason.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.fields import ENTERPRISE, PROJECT, REGISTRATION, UNIT_WORK
from app.seeds.data_codes import CODES
from app.seeds.data_use_codes import REGISTRATION_TYPES, USE_CODES
from config import ROOT
from tests.architecture.reading import FOLDERS, at, called, found, name_of, sources, tree_of

LONGEST_FILE = 400
LONGEST_BODY = 40
PROTECTED = frozenset({"status", "number", "organization_id"})
WRITERS = {
    ("status", "app/services/lifecycle.py"),
    ("status", "app/services/number.py"),  # of the register's row: a number is issued or void
    ("status", "app/services/matters.py"),  # of a matter, which has a table of its own
    ("status", "app/services/unit_filings.py"),  # of a filing of unit works, by its own table
    ("number", "app/services/number.py"),
}
BY_NAME = {  # where a column is set by a name that is worked out
    "app/services/editing.py": "the inputs of the rule set, none of which is protected",
    "app/services/unit_works.py": "the inputs of the rule set, judged a line above",
    "app/services/upkeep.py": "the inputs of the rule set, judged a line above",
    "models/sorting.py": "sort keys, which stand beside the names that they follow",
    "views/base.py": "lists of columns of a view class",
}
CATCHES_ALL = {
    "app/outbox/deliver.py": "whatever breaks one message must not stop the others",
    "app/services/sweeping.py": "whatever breaks one row must not stop the others",
    "app/worker.py": "whatever breaks one sweep must not stop those behind it",
    "reports/reading_child.py": "whatever a stranger's file does to a parser, the answer is a refusal",
    "views/errors.py": "whatever broke the page, at the first try or the second, is told by its handler",
}
COMMITS = ("app/services", "app/security", "app/outbox", "app/seeds", "app/cli")
COUNTS_SECONDS = ("app/security", "app/cli")  # limits and supervision measure durations, they judge no date
CLOCK = "app/domain/clock.py"
READS_CLOCK = {"now", "utcnow", "today", "time"}
MACHINE = re.compile(
    r"(?<![\w.])/(?:root|home|Users|work)/\w"
    r"|pypi\.(?:org|python)|pythonhosted\.(?:org|com)|(?<!-)--(?:extra-)?index-url[= ]|(?<!-)--trusted-host[= ]"
    r"|/(?:simple|artifactory|devpi|nexus)/"
)
TEXT = {".py", ".md", ".toml", ".in", ".txt", ".html", ".css", ".js", ".svg", ".po", ".cfg", ".mako", ".ini", ""}


# Sizes -------------------------------------------------------------------------------------------


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    pages = [*(ROOT / "app" / "templates").rglob("*.html"), *(ROOT / "app" / "static").rglob("*.js")]

    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in sources(*FOLDERS, "tests") + pages}

    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    """Its body, without signature and docstring."""
    long = []
    for path, node in found(ast.FunctionDef, *FOLDERS):
        assert isinstance(node, ast.FunctionDef) and node.end_lineno
        body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
        if node.end_lineno - body[0].lineno >= LONGEST_BODY:
            long.append(f"{at(path, node)} {node.name}")

    assert long == []


def test_a_module_says_first_what_it_is_for() -> None:
    assert [name_of(path) for path in sources(*FOLDERS, "tests") if not ast.get_docstring(tree_of(path))] == []


# Who writes what -----------------------------------------------------------------------------------


def test_nothing_but_the_life_cycle_sets_a_status_and_nothing_but_the_issue_a_number() -> None:
    """A row begins its life in a constructor; from there on only these two modules move it."""
    written = [
        (target.attr, name_of(path), at(path, target))
        for kind in (ast.Assign, ast.AugAssign, ast.AnnAssign)
        for path, node in found(kind, *FOLDERS)
        for target in attributes_set(node)
        if target.attr in PROTECTED
    ]

    assert [place for column, file, place in written if (column, file) not in WRITERS] == []
    assert {(column, file) for column, file, _ in written} == WRITERS


def attributes_set(node: ast.AST) -> Iterator[ast.Attribute]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]  # type: ignore[attr-defined]
    for target in targets:
        parts = target.elts if isinstance(target, ast.Tuple) else [target]
        yield from (part for part in parts if isinstance(part, ast.Attribute))


def test_no_statement_sets_a_status_or_number_past_the_life_cycle() -> None:
    """`update(...).values(status=...)`; the outbox moves its own rows, which are no records."""
    past = [
        at(path, node)
        for path, node in found(ast.Call, "app/services", "app/security", "app/cli", "app/seeds", "views", "reports")
        if called(node) == "values" and PROTECTED & {word.arg for word in node.keywords} and not inserts(node)
    ]

    assert past == []


def inserts(call: ast.AST) -> bool:
    return any(called(node) == "insert" for node in ast.walk(call))


def test_a_column_is_set_by_a_computed_name_in_few_places() -> None:
    places = {
        name_of(path)
        for path, node in found(ast.Call, *FOLDERS)
        if called(node) == "setattr" and not isinstance(node.args[1], ast.Constant)
    }

    assert places <= set(BY_NAME)


@pytest.mark.parametrize("table", [ENTERPRISE, PROJECT], ids=lambda table: str(table.name))
def test_no_input_is_a_column_that_only_the_life_cycle_writes(table: object) -> None:
    open_inputs = {field.name for field in table.fields if not field.locked}  # type: ignore[attr-defined]

    assert open_inputs & (PROTECTED | {"id", "version", "bureau_id", "submission_id", "numbered_at"}) == set()


def test_pages_models_and_readers_never_commit() -> None:
    places = [at(path, node) for path, node in found(ast.Call, *FOLDERS) if called(node) == "commit"]

    assert [place for place in places if not place.startswith(COMMITS)] == []


def test_what_is_caught_is_named_or_raised_again() -> None:
    swallowed = []
    for path, node in found(ast.ExceptHandler, *FOLDERS):
        assert isinstance(node, ast.ExceptHandler)
        catches_all = node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"}
        raises = isinstance(node.body[-1], ast.Raise)
        if catches_all and not raises and name_of(path) not in CATCHES_ALL:
            swallowed.append(at(path, node))

    assert swallowed == []


def test_the_time_is_given_never_taken() -> None:
    taken = [
        at(path, node)
        for path, node in found(ast.Call, *FOLDERS)
        if isinstance(node, ast.Call) and reads_the_clock(node.func) and name_of(path) != CLOCK
    ]

    assert [place for place in taken if not place.startswith(COUNTS_SECONDS)] == []


def reads_the_clock(function: ast.expr) -> bool:
    if not isinstance(function, ast.Attribute) or function.attr not in READS_CLOCK:
        return False
    return isinstance(function.value, ast.Name) and function.value.id in {"datetime", "date", "time"}


# Inputs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [REGISTRATION, ENTERPRISE, PROJECT, UNIT_WORK], ids=lambda table: str(table.name))
def test_each_code_that_is_asked_for_has_its_table(table: object) -> None:
    loaded = {
        *CODES,
        *(("use_code",) if USE_CODES else ()),
        *(("registration_type_code",) if REGISTRATION_TYPES else ()),
    }

    asked = {field.dictionary for field in table.fields if field.dictionary}  # type: ignore[attr-defined]

    assert asked - loaded == set()


# Every file --------------------------------------------------------------------------------------------


def test_working_days_come_from_the_settings_and_nowhere_else() -> None:
    """A forgotten argument would quietly count the built-in days; without a default the type checker finds it."""
    built = {name_of(path) for path, node in found(ast.Call, *FOLDERS) if called(node) == "TimeLimits"}
    assumed = [
        at(path, node)
        for path, node in found(ast.FunctionDef, *FOLDERS)
        if isinstance(node, ast.FunctionDef)
        for given, default in _defaults(node.args)
        if given.annotation is not None and "TimeLimits" in ast.unparse(given.annotation) and default is not None
    ]

    assert (built, assumed) == ({"app/security/here.py"}, [])


def _defaults(given: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    positional = [*given.posonlyargs, *given.args]
    missing: list[ast.expr | None] = [None] * (len(positional) - len(given.defaults))
    yield from zip(positional, [*missing, *given.defaults], strict=True)
    yield from zip(given.kwonlyargs, given.kw_defaults, strict=True)


def test_no_file_knows_a_machine_or_a_package_host() -> None:
    knowing = {
        name_of(path): match[0] for path in texts() if (match := MACHINE.search(path.read_text(encoding="utf-8")))
    }

    assert knowing == {}


def test_no_source_leaves_a_mark_for_later() -> None:
    mark = re.compile(r"#\s*(?:TODO|FIXME|XXX|HACK)\b")

    assert [name_of(path) for path in texts() if mark.search(path.read_text(encoding="utf-8"))] == []


def texts() -> Iterator[Path]:
    """The files of the repository that people read."""
    folders = (*FOLDERS, "tests", "translations", "docs", ".ci")
    inside = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    for path in [*ROOT.iterdir(), *inside]:
        if path.is_file() and path.suffix in TEXT and "__pycache__" not in path.parts:
            yield path
