"""Our templates stand in for FAB's: an upgrade that changes one of those must be read before it is taken."""

import hashlib
import re
from importlib.metadata import version
from pathlib import Path

import flask_appbuilder
import pytest
from babel.messages.pofile import read_po

from views.fab_messages import MISSING_IN_FAB

ROOT = Path(__file__).parents[2]
OURS = ROOT / "app" / "templates" / "appbuilder"
THEIRS = Path(flask_appbuilder.__file__).parent / "templates" / "appbuilder"
FAB_VERSION = "5.3.0"

# First 16 hex digits of the SHA-256 of FAB's template that ours replaces.
REPLACED = {
    "baselayout.html": "105fed3336242802",
    "flash.html": "a268376b17b04c6d",
    "footer.html": "7f14fd7e7ee23dcc",
    "general/alert.html": "a1d8f674dcdba297",
    "general/confirm.html": "b40fa102c061f75b",
    "general/lib.html": "d91fc4025d4fc213",
    "general/model/add.html": "321397131fa0a95f",
    "general/model/edit.html": "a10db10430c6aa9f",
    "general/model/list.html": "7c11106ff27fb6d2",
    "general/model/show.html": "67a574db1dc124a2",
    "general/security/login_db.html": "809558f64c446bff",
    "general/widgets/base_list.html": "16fec5c8fa0b3da9",
    "general/widgets/form.html": "640a41d53d00a184",
    "general/widgets/list.html": "2a0fad48fe42239c",
    "general/widgets/roles/list.html": "fbf2cb3dbc25ccb6",
    "general/widgets/roles/show.html": "3d84311595cea9f6",
    "general/widgets/search.html": "36c988fa2af397d9",
    "general/widgets/show.html": "babd5b80d4e383c4",
    "index.html": "3492808dca8bf42e",
    "init.html": "63cd58ec542d996f",
    "navbar.html": "140e7b7ef55a8b66",
    "navbar_menu.html": "c80d05552fa166cf",
    "navbar_right.html": "0a7b39c996f2f3a1",
}

TEMPLATES = sorted((ROOT / "app" / "templates").rglob("*.html"))
NAMES = [path.relative_to(ROOT / "app" / "templates").as_posix() for path in TEMPLATES]


def test_the_pinned_version_of_fab_is_the_one_whose_templates_were_read() -> None:
    assert version("flask-appbuilder") == FAB_VERSION


def test_each_override_is_listed() -> None:
    overrides = {path.relative_to(OURS).as_posix() for path in OURS.rglob("*.html")}

    assert overrides == set(REPLACED)


@pytest.mark.parametrize("name", REPLACED)
def test_a_replaced_template_of_fab_has_not_changed(name: str) -> None:
    digest = hashlib.sha256((THEIRS / name).read_bytes()).hexdigest()

    assert digest[:16] == REPLACED[name], f"{name} changed upstream: compare it, then note its hash"


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_no_template_carries_inline_style_or_handlers(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert not re.search(r"<[^>]*\sstyle\s*=", source)
    assert not re.search(r"<[^>]*\son(click|change|submit|load|input|error|keydown|focus|blur)\s*=", source)
    assert "<style" not in source


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_each_script_of_a_template_has_a_nonce_or_is_data(path: Path) -> None:
    scripts = re.findall(r"<script[^>]*>", path.read_text(encoding="utf-8"))

    assert [tag for tag in scripts if "nonce=" not in tag and "application/json" not in tag] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_no_template_names_another_host(path: Path) -> None:
    source = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")

    assert not re.search(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", source)


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_each_form_that_posts_carries_a_token(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", source, flags=re.DOTALL | re.IGNORECASE)
    token = re.compile(r"csrf_token|csrf_field\(\)|_csrf\(\)|hidden_tag\(\)")

    assert [form[:80] for form in forms if not token.search(form)] == []


def test_what_fab_leaves_untranslated_is_in_our_chinese_catalogue() -> None:
    with (ROOT / "translations" / "zh" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale="zh")

    assert [message for message in MISSING_IN_FAB if not catalogue[message].string] == []
