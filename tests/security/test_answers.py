"""Every answer: headers, hosts, forgery, redirects, and the page for what went wrong."""

import re
from typing import Any

import pytest
from flask import Flask
from flask_appbuilder import expose

from app.domain.clock import FixedClock
from app.domain.terms import Role
from tests.app_fixtures import ConsoleClient, running
from tests.databases import on_sqlite

NEXT = [
    "//e.example", "///e.example", "/\\e.example", "\\\\e.example", "%09//e.example", "/%09/e.example",
    "https://e.example", "http:e.example", "javascript:alert(1)", "http://h@e.example", "%2f%2fe.example",
    "/%2fe.example",
    "/%252fe.example", "/%5ce.example", "/%255ce.example", "/\t/e.example", " //e.example", "/login/", "/logout/",
    "http://localhost.e.example/", "http://localhost@e.example/", "/\u2044e", "/" + "a" * 600,
]  # fmt: skip


@pytest.fixture
def app(settings: Any, clock: FixedClock) -> Any:
    from tests.security.probe import ProbeView
    from views.base import TrustedApiView, TrustedBaseView, current_actor, db

    class TroubleView(TrustedBaseView):
        route_base = "/trouble"
        default_view = "boom"

        @expose("/boom")
        def boom(self) -> str:
            raise ZeroDivisionError("secret detail")

        @expose("/database")
        def database(self) -> str:
            from sqlalchemy import text

            db().execute(text("SELECT secret_column FROM no_such_table"))
            return ""

    class KeyView(TrustedApiView):
        route_base = "/api/v1/key"
        default_view = "who"

        @expose("/who", methods=["GET", "POST"])
        def who(self) -> str:
            return current_actor().username or "nobody"

    with running(settings, clock, ProbeView, TroubleView, KeyView) as app:
        yield app


@on_sqlite
@pytest.mark.parametrize(
    ("path", "code"),
    [("/", 200), ("/login/", 200), ("/nope", 404), ("/logout/", 405), ("/static/css/console.css", 200),
     ("/static/none", 404), ("/trouble/boom", 500), ("/trouble/database", 503), ("/probes/list/", 302),
     ("/healthz", 200)],
)  # fmt: skip
def test_every_answer_carries_the_headers(client: ConsoleClient, path: str, code: int) -> None:
    answer = client.get(path)
    answer.close()  # a static file stays open otherwise

    assert answer.status_code == code
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert re.search(r"script-src 'self' 'nonce-[\w-]{20,}';", policy)
    assert "unsafe-inline" not in policy.replace("style-src-attr 'unsafe-inline'", "")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Permissions-Policy" in answer.headers


@on_sqlite
def test_scripts_of_a_page_carry_its_nonce_and_no_two_pages_share_one(client: ConsoleClient) -> None:
    nonces = []
    for _ in range(2):
        answer = client.get("/login/")
        nonce = re.search(r"'nonce-([\w-]+)'", answer.headers["Content-Security-Policy"])[1]  # type: ignore[index]
        scripts = re.findall(r"<script(?![^>]*application/json)[^>]*>", answer.get_data(as_text=True))
        assert scripts
        assert all(f'nonce="{nonce}"' in script for script in scripts)
        nonces.append(nonce)

    assert nonces[0] != nonces[1]


@on_sqlite
def test_private_pages_are_not_stored(client_for: Any) -> None:
    browser = client_for(Role.REVIEWER)

    assert browser.get("/probes/list/").headers["Cache-Control"] == "no-store"


@on_sqlite
@pytest.mark.parametrize("path", ["/trouble/boom", "/trouble/database"])
def test_trouble_is_told_without_its_details(client_for: Any, path: str) -> None:
    answer = client_for(Role.REVIEWER).get(path)

    page = answer.get_data(as_text=True)
    assert answer.headers["X-Request-ID"] in page
    for detail in ("secret", "Traceback", "SELECT", "ZeroDivision", "/work"):
        assert detail not in page


def test_the_page_of_an_error_needs_no_database(settings: Any, clock: FixedClock, monkeypatch: Any) -> None:
    with running(settings, clock) as app:
        from app.extensions import db

        browser: ConsoleClient = app.test_client()  # type: ignore[assignment]
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = "some token"
        with app.app_context():
            monkeypatch.setattr(db.engine, "connect", None)
            monkeypatch.setattr(type(db.engine), "raw_connection", None)
            db.engine.pool.dispose()
        from sqlalchemy.exc import OperationalError

        def gone(*_: object, **__: object) -> None:
            raise OperationalError("SELECT 1", {}, Exception("gone"))

        monkeypatch.setattr("app.security.sessions.db", gone)
        answer = browser.get("/")

    assert answer.status_code == 503
    assert "请稍后再试" in answer.get_data(as_text=True)


@on_sqlite
@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "localhost@evil.example"]
)
@pytest.mark.parametrize("path", ["/", "/login/", "/nope"])
def test_a_foreign_host_is_refused_and_never_repeated(client: ConsoleClient, host: str, path: str) -> None:
    answer = client.get(path, headers={"Host": host})

    assert answer.status_code == 400
    assert "evil.example" not in answer.get_data(as_text=True) + str(answer.headers)


@on_sqlite
def test_forwarded_headers_have_no_effect_without_a_named_proxy(app: Flask) -> None:
    seen = []
    app.before_request_funcs[None].append(lambda: seen.append(_address()))

    app.test_client().get("/", headers={"X-Forwarded-For": "10.9.8.7", "X-Forwarded-Host": "evil.example"})

    assert seen == ["127.0.0.1"]


def _address() -> str:
    from app.security.here import address

    return address()


@on_sqlite
def test_a_named_proxy_is_believed(settings: Any, clock: FixedClock) -> None:
    with running(settings.model_copy(update={"trusted_proxies": 1}), clock) as app:
        seen = []
        app.before_request_funcs[None].append(lambda: seen.append(_address()))
        app.test_client().get("/", headers={"X-Forwarded-For": "6.6.6.6, 10.9.8.7"})

    assert seen == ["10.9.8.7"]


# Forgery ----------------------------------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize("token", [None, "", "foreign", "expired"])
def test_a_post_without_our_token_changes_nothing(stage: Any, app: Flask, token: str | None, monkeypatch: Any) -> None:
    path, data = f"/probes/action/submit/{stage.mine[0].id}", {}
    if token == "foreign":
        data["csrf_token"] = app.test_client().token()  # type: ignore[attr-defined]
    elif token == "expired":
        data["csrf_token"] = stage.browser._session_token()
        monkeypatch.setitem(app.config, "WTF_CSRF_TIME_LIMIT", -1)
    elif token is not None:
        data["csrf_token"] = token

    answer = stage.browser.post(path, data=data)

    assert answer.status_code == 400
    assert "页面已过期" in answer.get_data(as_text=True)
    assert stage.fresh(stage.mine[0]).remarks is None


@on_sqlite
@pytest.mark.parametrize(("origin", "code"), [("http://evil.example", 400), ("null", 400), ("http://localhost", 302)])
def test_a_post_from_another_origin_is_refused(stage: Any, origin: str, code: int) -> None:
    path = f"/probes/action/submit/{stage.mine[0].id}"

    assert stage.browser.send(path, headers={"Origin": origin}).status_code == code


@on_sqlite
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_interface_for_keys_never_reads_the_browsers_session(client_for: Any, method: str) -> None:
    browser = client_for(Role.REVIEWER)

    answer = getattr(browser, method)("/api/v1/key/who", headers={"Origin": "http://evil.example"})

    assert answer.get_data(as_text=True) == "nobody"


@on_sqlite
@pytest.mark.parametrize("trick", [{"_method": "DELETE"}, {"X-HTTP-Method-Override": "POST"}])
def test_methods_cannot_be_overridden(stage: Any, trick: dict[str, str]) -> None:
    stage.browser.get(f"/probes/action/submit/{stage.mine[0].id}", query_string=trick, headers=trick)

    assert stage.fresh(stage.mine[0]).remarks is None


@on_sqlite
def test_too_many_parts_and_too_much_text_are_refused(client: ConsoleClient) -> None:
    parts = {f"f{n}": "x" for n in range(1001)}

    assert client.post("/login/", data=parts, content_type="multipart/form-data").status_code == 413
    assert client.post("/login/", data={"username": "x" * 2_000_000}).status_code == 413


@on_sqlite
def test_no_origin_may_read_our_answers(client: ConsoleClient) -> None:
    answer = client.get("/", headers={"Origin": "http://evil.example"})

    assert not any(name.startswith("Access-Control") for name, _ in answer.headers)


# Redirects --------------------------------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize("where", NEXT)
def test_next_never_leads_away(app: Flask, client_for: Any, where: str) -> None:
    signed_in = client_for(Role.REVIEWER)
    stranger: ConsoleClient = app.test_client()  # type: ignore[assignment]

    places = [
        signed_in.get("/login/", query_string={"next": where}).location,
        stranger.send("/login/", {"username": "reviewer.test", "password": "Correct-Horse-7", "next": where},
                      page="/login/").location,
    ]  # fmt: skip

    assert places == ["/", "/"]


@on_sqlite
@pytest.mark.parametrize(
    "where", ["/probes/list/?_flt_2_name=%E7%94%B2", "http://localhost/probes/list/?_flt_2_name=%E7%94%B2"]
)
def test_next_leads_to_a_page_of_ours(client_for: Any, where: str) -> None:
    answer = client_for(Role.REVIEWER).get("/login/", query_string={"next": where})

    assert answer.location == "/probes/list/?_flt_2_name=%E7%94%B2"


@on_sqlite
def test_a_stranger_is_led_to_the_page_after_signing_in(app: Flask, make_user: Any) -> None:
    make_user("reviewer.test", Role.REVIEWER, bureau="320281")
    browser: ConsoleClient = app.test_client()  # type: ignore[assignment]
    led = browser.get("/probes/list/")

    page = browser.get(led.location).get_data(as_text=True)

    assert 'name="next" value="/probes/list/"' in page
