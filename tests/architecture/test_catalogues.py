"""The catalogues are whole: what the sources say is in them, and each sentence has its English."""

import ast
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from config import ROOT
from tests.architecture.reading import at, name_of, sources, tree_of

CHINESE = re.compile(r"[一-鿿]")
# Chinese letters, and the full-width punctuation that belongs to Chinese sentences.
FOREIGN_TO_ENGLISH = re.compile(r"[　-〿一-鿿＀-￯]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!\{)\{\w+\}(?!\})")

COMMAND = re.compile(r"\$\(BIN\)/pybabel --quiet (extract .*?) -o \S+ ([\w ]+)$", re.M)
UNTRANSLATED = {  # Chinese that no page shows as a sentence
    "app/cli/": "operators' messages on the terminal",
    "app/seeds/": "reference and demo data, with its English beside it where pages show it",
    "app/factory.py": "the name of a language in that language",
    "app/domain/days.py": "signs between two days",
    "app/domain/notices.py": "signature and samples of messages, which are Chinese",
    "app/domain/fields/parse.py": "a sign allowed in telephone numbers",
    "app/domain/fields/text.py": "words that mean nothing was filled in",
    "app/domain/approval.py": "signs and words of approval document numbers and of offices, compared and never shown",
    "app/domain/documents.py": "examples of numbers, which stand on Chinese documents",
    "app/domain/search.py": "a sign that a query is judged by",
    "app/domain/fields/headings.py": "what bureaus call the columns of their own lists",
    "reports/reading_package.py": "the letters of date formats",
    "app/domain/spelling.py": "signs and words around what was typed",
    "app/papers/word.py": "names of fonts",
    "app/outbox/replies.py": "words of the province's replies",
    "app/services/counter.py": "the clerk's instruction, stored in the return sheet as it was given",
    "app/services/report.py": "the name of a workbook's file",
    "app/services/import_table.py": "signs of a written day",
    "views/api/openapi.py": "the document of the interface, read by those who build the other side",
    "views/api/examples.py": "its examples",
    "views/blank_forms.py": "the gaps of a day, on a paper that is Chinese",
    "app/storage/names.py": "a file's name where it came without one",
    "app/storage/store.py": "a wrong setting, told on the terminal",
    "reports/workbook.py": "the name of a typeface",
}
CALLS_IN_TEMPLATES = re.compile(r"\b(?:_|pgettext)\(\s*(?:'[^']*',\s*)?'[^']*'")
NO_TEXT_IN_TEMPLATES = re.compile(r"\{#.*?#\}|removeprefix\('【一号通】'\)|'zh': '中文'", re.S)


def catalogue(language: str) -> Catalog:
    with (ROOT / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def keys(found: list[Message]) -> set[tuple[str | None, str]]:
    return {(message.context, str(message.id)) for message in found}


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> list[Message]:
    """What `make messages` would find now."""
    recipe = COMMAND.search((ROOT / "Makefile").read_text("utf-8").replace("\\\n", " "))
    assert recipe, "the Makefile extracts no messages"
    target = tmp_path_factory.mktemp("messages") / "messages.pot"
    extract = [*shlex.split(recipe[1]), "-o", str(target), *recipe[2].split()]
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", "-q", *extract], cwd=ROOT, check=True)
    with target.open("rb") as file:
        return [message for message in read_po(file) if message.id]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_catalogue_holds_what_the_sources_say_and_no_more(language: str, extracted: list[Message]) -> None:
    said, held = keys(extracted), keys(messages(language))

    assert (sorted(map(str, said - held)), sorted(map(str, held - said))) == ([], []), "run make messages"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_translation_is_a_guess(language: str) -> None:
    assert [message.id for message in messages(language) if message.fuzzy] == []


def test_each_sentence_has_its_english() -> None:
    assert [message.id for message in messages("en") if not message.string] == []


def test_chinese_needs_no_translation_and_english_has_one() -> None:
    """Our ids are the Chinese sentences; the English ones are Flask-AppBuilder's."""
    ours = [message for message in messages("zh") if FOREIGN_TO_ENGLISH.search(str(message.id))]
    words = [m for m in messages("zh") if re.search("[A-Za-z]", PLACEHOLDER.sub("", str(m.id))) and m not in ours]

    assert len(ours) > 500
    assert [message.id for message in ours if message.string] == []
    assert [message.id for message in words if not message.string] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_translation_fills_in_the_same_values(language: str) -> None:
    translated = [(str(m.id), str(m.string)) for m in messages(language) if m.string]

    assert [one for one, other in translated if placeholders(one) != placeholders(other)] == []


def placeholders(text: str) -> Counter[str]:
    """The values of a sentence; a per cent sign that names none would break the sentence when it is filled."""
    named = PLACEHOLDER.findall(text)
    assert "%" not in PLACEHOLDER.sub("", text) or not named, text
    return Counter(named)


def test_english_is_written_without_chinese_signs() -> None:
    """Names too are written in Latin letters: 一号通 is Yihaotong."""
    assert [m.string for m in messages("en") if FOREIGN_TO_ENGLISH.search(str(m.string))] == []


def test_no_chinese_sentence_is_left_out_of_the_catalogue() -> None:
    """A literal that is no message id would stay Chinese on an English page."""
    held = {text for _context, text in keys(messages("en"))}
    left = [
        f"{at(path, node)} {node.value}"
        for path in sources("app", "models", "views", "reports")
        if not name_of(path).startswith(tuple(UNTRANSLATED))
        for node in literals(path)
        if node.value not in held
    ]

    assert left == []


def literals(path: Path) -> Iterator[ast.Constant]:
    """Strings with Chinese letters, save docstrings and the comments of columns."""
    silent: set[int] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Expr) or (isinstance(node, ast.keyword) and node.arg == "comment"):
            value = node.value
            silent |= {id(part) for part in (ast.walk(value) if isinstance(node, ast.keyword) else [value])}
        elif isinstance(node, ast.Constant) and id(node) not in silent and CHINESE.search(str(node.value)):
            yield node


def test_no_chinese_text_stands_in_a_template_unmarked() -> None:
    unmarked = {}
    for path in sorted((ROOT / "app" / "templates").rglob("*.html")):
        rest = CALLS_IN_TEMPLATES.sub("", NO_TEXT_IN_TEMPLATES.sub("", path.read_text("utf-8")))
        if found := re.findall(r"[^<>{}]*[一-鿿][^<>{}]*", rest):
            unmarked[name_of(path)] = found

    assert unmarked == {}
