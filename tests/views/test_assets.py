"""Static files are kept by the browser, and a changed one is fetched."""

import re
from hashlib import sha256

import pytest

from app.assets import LENGTH, fingerprint
from config import ROOT

ADDRESS = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def test_every_static_address_of_a_page_carries_the_fingerprint_of_its_content(client):
    found = ADDRESS.findall(client.get("/login/").text)

    assert found
    for address in found:
        with client.get(address) as answer:
            assert address.partition("?v=")[2] == sha256(answer.data).hexdigest()[:LENGTH], address
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("address", ["/static/css/console.css", "/static/css/console.css?v=000000000000"])
def test_an_address_without_the_right_fingerprint_is_asked_for_again(client, address):
    with client.get(address) as answer:
        assert answer.headers["Cache-Control"] == "no-cache"
    with client.get(address, headers={"If-None-Match": answer.headers["ETag"]}) as again:
        assert again.status_code == 304


def test_fonts_are_kept_for_an_hour(client):
    with client.get("/static/appbuilder/css/webfonts/fa-solid-900.woff2") as answer:
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=3600")


@pytest.mark.parametrize("name", ["none.css", "../factory.py", "../../config.py", "css"])
def test_what_is_no_file_of_the_folder_has_no_fingerprint(name):
    assert fingerprint(str(ROOT / "app" / "static"), name) is None


def test_a_missing_file_is_not_kept(client):
    assert "immutable" not in client.get("/static/none.css?v=000000000000").headers.get("Cache-Control", "")
