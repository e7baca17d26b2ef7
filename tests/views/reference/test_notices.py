"""Notices as the administrator words them: all of them in a list, each with a sample, none without its rules."""

from app.domain.notices import NOTICES, OCCASIONS
from tests.views.pages import errors, inputs, value
from tests.views.world import World

PAGE = "/noticetemplates/edit/project:approve"
OWN = "【一号通】贵单位的「%(name)s」已通过，编号 %(number)s。"


def test_every_notice_is_listed_with_its_occasion_and_text(world: World) -> None:
    page = world.page("admin", "/noticetemplates/list/")

    for event, notice in NOTICES.items():
        assert f'data-id="{event}"' in page
        assert OCCASIONS[event] in page and notice.text in page


def test_a_text_is_changed_and_put_back(world: World) -> None:
    saved = world.post("root", PAGE, {**inputs(world.page("root", PAGE)), "text": OWN})
    shown = world.page("root", saved.location)

    assert value(shown, "text") == OWN
    assert value(shown, "sample").startswith("【一号通】贵单位的「演示")

    world.post("root", "/noticetemplates/restore/project:approve")

    assert value(world.page("root", saved.location), "text") == NOTICES["project:approve"].text


def test_a_preview_shows_the_sample_and_its_price_and_saves_nothing(world: World) -> None:
    long = OWN + "请携带授权委托书和立项批文原件到窗口领取，领取后办理后续手续时请出示。" * 2

    answer = world.post("root", PAGE, {**inputs(world.page("root", PAGE)), "text": long, "preview": "1"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 200 and "计 2 条短信" in page
    assert inputs(page)["text"] == long
    assert not world.written()


def test_a_text_that_breaks_a_rule_is_told_at_the_text_and_kept(world: World) -> None:
    bad = "【一号通】%(contact_mobile)s，编号 %(number)s。"

    answer = world.post("root", PAGE, {**inputs(world.page("root", PAGE)), "text": bad})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "没有占位符「contact_mobile」可用" in errors(page)["text"]
    assert inputs(page)["text"] == bad


def test_what_another_saved_meanwhile_is_shown_beside_the_text(world: World) -> None:
    form = inputs(world.page("root", PAGE))
    world.post("root", PAGE, {**form, "text": OWN})

    answer = world.post("root", PAGE, {**form, "text": OWN + "请领取。"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert inputs(page)["text"] == OWN + "请领取。" and f">{OWN}<" in page


def test_a_notice_that_does_not_exist_is_not_found(world: World) -> None:
    for who, path in (("root", "show"), ("root", "edit"), ("admin", "show")):
        assert world.get(who, f"/noticetemplates/{path}/project:sing").status_code == 404


def test_what_is_the_default_already_is_said(world: World) -> None:
    answer = world.post("root", "/noticetemplates/restore/project:return", follow_redirects=True)

    assert "这条通知用的就是默认文字。" in answer.get_data(as_text=True)
