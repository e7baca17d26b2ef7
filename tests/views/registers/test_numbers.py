"""编号登记簿: every number in its parts and sentences, narrowed, checked and printed, for staff of its bureau."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import number as rules
from app.domain.terms import Role
from app.services import account_requests, counter, rename, second_person
from app.services.accounts import OneTime
from models.number import NumberRegister
from models.project import Project
from reports import list_words
from tests import builders
from tests.app_fixtures import ConsoleClient
from tests.builders import LIMITS, NOW, Case
from tests.databases import on_sqlite
from tests.services import two_people
from tests.views.pages import errors, rows, value
from tests.views.registers.conftest import Counting

ClientFor = Callable[..., ConsoleClient]
READERS = {Role.COUNTER_CLERK, Role.REVIEWER, Role.MANAGER, Role.ADMINISTRATOR}
FLAGS = {
    rules.NOT_SIXTEEN_DIGITS: ("JY2010015", "不是 16 位数字"),
    rules.NO_SUCH_DAY: ("3202811613320101", "不是一个日期"),
    rules.DAILY_SEQUENCE: ("3202811504010012", "当日顺序号"),
    rules.UNKNOWN_CATEGORY: ("3202811504017701", "不是现行分类"),
    rules.SEQUENCE_ZERO: ("3202811504010100", "序号为 00"),
}


def page(browser: ConsoleClient, path: str, code: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == code, (path, answer.status)
    return answer.get_data(as_text=True)


def numbered(session: Session, case: Case, **different: object) -> NumberRegister:
    project = builders.approved_project(session, case, **different)
    return session.scalars(select(NumberRegister).where(NumberRegister.project_id == project.id)).one()


def imported(session: Session, text: str, **different: object) -> NumberRegister:
    """A number from before us, as the import keeps it."""
    read = rules.parse_any(text)
    assert read is not None
    row = NumberRegister(
        number=read.text, region_code=read.region, issued_on=read.day, category_code=read.category,
        sequence=read.sequence, flags=list(read.flags), origin="imported", status="issued", issued_at=NOW, **different,
    )  # fmt: skip
    session.add(row)
    session.commit()
    return row


def voided(session: Session, row: NumberRegister, by: int | None = None) -> None:
    row.status, row.voided_at, row.voided_reason, row.voided_by_id = "voided", NOW, "演示：重复立项", by
    session.commit()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.APPLICANT], ids=str)
@on_sqlite
def test_the_register_is_open_to_those_who_work_with_numbers(client_for: ClientFor, role: Role) -> None:
    browser = client_for(role)

    for path in ("/numbers/list/", "/numbers/inspection"):
        assert browser.get(path).status_code == (200 if role in READERS else 403)


def test_the_list_says_everything_in_words(client_for: ClientFor, db_session: Session, case: Case) -> None:
    row = numbered(db_session, case)

    text = page(client_for(Role.MANAGER), "/numbers/list/")

    assert rows(text) == {row.id: "issued"}
    assert "<b>320281</b><b>261123</b><b>01</b><b>01</b>" in text
    cells = {name: value(text, name) for name in ("region_code", "category_code", "sequence", "status", "origin")}
    assert cells == {
        "region_code": "320281 江阴市", "category_code": "房屋建筑工程", "sequence": "01", "status": "已发号",
        "origin": "本系统发号",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("region=320281", {"first", "second", "old"}),
        ("region=320213", set()),  # not among this person's
        ("category=02", {"second"}),
        ("status=voided", {"second"}),
        ("origin=imported", {"old"}),
        ("origin=issued&status=issued", {"first"}),
        ("from=2026-11-23", {"first", "second"}),
        ("to=2026-11-22", {"old"}),
        ("from=2026-11-24", set()),
        ("from=gestern", set()),
        ("status=nothing", set()),
    ],
)
@on_sqlite
def test_the_list_is_narrowed(
    client_for: ClientFor, db_session: Session, case: Case, asked: str, found: set[str]
) -> None:
    first, second = (
        numbered(db_session, case),
        numbered(db_session, case, category_code="02", use_code="010", length_m="100"),
    )
    voided(db_session, second)
    old = imported(db_session, "3202811504010101", project_id=first.project_id)
    keys = {"first": first.id, "second": second.id, "old": old.id}

    text = page(client_for(Role.MANAGER), f"/numbers/list/?{asked}")

    assert set(rows(text)) == {keys[name] for name in found}


def test_a_number_explains_itself(client_for: ClientFor, db_session: Session, case: Case) -> None:
    row = numbered(db_session, case)

    text = page(client_for(Role.REVIEWER), f"/numbers/show/{row.id}")

    for sentence in ("区划：江阴市", "发号日期：2026-11-23", "分类：房屋建筑工程", "该区划该分类当日第 1 号", "无缺号"):
        assert sentence in text
    assert "于 2026-11-23 10:00 审核通过，当即发号。" in text
    assert "第 1 次提交的内容" in text
    assert f'href="/reviews/show/{row.review_id}"' in text
    assert "还没有领取。" in text


def test_a_number_says_who_took_it(client_for: ClientFor, db_session: Session, case: Case) -> None:
    row = numbered(db_session, case)
    counter.hand_over(db_session, case.clerk, row.project_id or 0, received_by="演示法人", now=NOW)

    assert "演示法人于 2026-11-23 10:00 领取" in page(client_for(Role.REVIEWER), f"/numbers/show/{row.id}")


def test_a_voided_number_says_when_by_whom_and_why(client_for: ClientFor, db_session: Session, case: Case) -> None:
    row = numbered(db_session, case)
    voided(db_session, row, case.reviewer.user_id)

    text = page(client_for(Role.REVIEWER), f"/numbers/show/{row.id}")

    assert "作废。原因：演示：重复立项" in text
    assert case.reviewer.name in text


def test_a_number_names_both_persons_of_every_act_that_takes_two(
    client_for: ClientFor, db_session: Session, case: Case
) -> None:
    row = numbered(db_session, case)
    project = db_session.get_one(Project, row.project_id)
    first, second = (builders.staff(db_session, Role.ADMINISTRATOR, name=name) for name in ("演示提请", "演示复核"))
    two_people.refuse(db_session, second, two_people.ask_unlock(db_session, first, project))
    taken_back = two_people.ask_unlock(db_session, first, project)
    second_person.withdraw(db_session, first, taken_back.id, now=NOW)
    two_people.confirm(db_session, second, two_people.ask_void(db_session, first, project))

    text = page(client_for(Role.REVIEWER), f"/numbers/show/{row.id}")

    said = re.findall(r'data-act="(\w+)".*?</tr>', text, re.S)
    confirmed = re.search(r'data-act="confirmed".*?</tr>', text, re.S)
    assert said == ["confirmed", "withdrawn", "refused"]
    assert confirmed
    for words in ("作废", "演示提请", "演示复核", "2026-11-23 10:00", "2026-11-23 12:00", "演示：立项撤销"):
        assert words in confirmed[0]
    assert "演示：理由不足" in text


def test_a_number_keeps_the_former_names_of_its_project_owner(
    client_for: ClientFor, db_session: Session, case: Case
) -> None:
    row = numbered(db_session, case)
    former = case.organization.name
    first = builders.staff(db_session, Role.ADMINISTRATOR, name="演示提请")
    second = builders.staff(db_session, Role.ADMINISTRATOR, name="演示复核")
    given = {
        "name": "演示更名后单位", "org_code": case.organization.org_code, "uscc": case.organization.uscc or "",
        "effective_on": "2026-11-20", "reason": "演示通知书",
    }  # fmt: skip
    asked = account_requests.ask_rename(
        db_session, first, case.organization.id, given, version=None, now=NOW, limits=LIMITS
    )
    account_requests.confirm(db_session, second, asked.id, OneTime("unused", NOW), "", "", now=NOW)

    text = page(client_for(Role.REVIEWER), f"/numbers/show/{row.id}")

    told = re.search(r"data-former.*?</tr>", text, re.S)
    assert told
    for words in (former, "演示更名后单位", "2026-11-20", "演示通知书", "演示提请", "演示复核"):
        assert words in told[0]


@pytest.mark.parametrize("flag", FLAGS)
@on_sqlite
def test_a_number_from_before_us_says_what_is_odd(client_for: ClientFor, db_session: Session, flag: str) -> None:
    number, sentence = FLAGS[flag]
    row = imported(db_session, number)
    root = client_for(Role.MANAGER, bureau="320200")

    listed, shown = page(root, "/numbers/list/"), page(root, f"/numbers/show/{row.id}")

    assert row.flags == [flag]
    assert sentence in listed
    assert sentence in shown
    assert flag not in listed + shown


def test_every_flag_has_its_words_on_screen_and_in_exports() -> None:
    flags = {value for name, value in vars(rules).items() if name.isupper() and isinstance(value, str)}

    assert flags == set(list_words.FLAGS)
    assert len(set(list_words.FLAGS.values())) == len(flags) == 9


@pytest.mark.parametrize(
    ("flag", "said"), [(flag, said) for flag, said in list_words.FLAGS.items() if flag not in FLAGS]
)
@on_sqlite
def test_what_the_import_found_odd_is_said_too(
    client_for: ClientFor, db_session: Session, flag: str, said: str
) -> None:
    row = imported(db_session, "3202811504010101")
    row.flags = [flag, "of_a_later_day"]
    db_session.commit()

    assert f"{said}；另有异常" in page(client_for(Role.MANAGER, bureau="320200"), "/numbers/list/")


@on_sqlite
def test_a_district_is_called_as_on_that_day(client_for: ClientFor, db_session: Session) -> None:
    row = imported(db_session, "3202021504010101")

    assert "区划：崇安区" in page(client_for(Role.MANAGER, bureau="320200"), f"/numbers/show/{row.id}")


def test_other_bureaus_do_not_find_it(client_for: ClientFor, db_session: Session, case: Case) -> None:
    row = numbered(db_session, case)
    elsewhere = client_for(Role.REVIEWER, bureau="320213")

    assert rows(page(elsewhere, "/numbers/list/")) == {}
    assert elsewhere.get(f"/numbers/show/{row.id}").status_code == 404


def test_an_old_number_without_a_project_is_the_root_s(client_for: ClientFor, db_session: Session) -> None:
    row = imported(db_session, "JY2010015")
    root, here = client_for(Role.MANAGER, bureau="320200"), client_for(Role.REVIEWER)

    assert rows(page(root, "/numbers/list/")) == {row.id: "issued"}
    assert here.get(f"/numbers/show/{row.id}").status_code == 404


def test_the_inspection_says_period_totals_and_who_prints(
    client_for: ClientFor, db_session: Session, case: Case
) -> None:
    first, second = numbered(db_session, case), numbered(db_session, case)
    voided(db_session, second)

    text = page(client_for(Role.MANAGER), "/numbers/inspection")

    assert "江阴市住房和城乡建设局，2026-01-01 至 2026-11-23。" in text
    assert "共 2 号，其中已作废 1 号，历史导入 0 号。" in text
    assert "<strong>无缺号</strong>" in text
    assert "演示 manager.test，2026-11-23 10:00 打印" in text
    assert list(rows(text)) == [first.id, second.id]
    assert "css/inspection.css" in text


@on_sqlite
def test_a_gap_made_by_force_is_named(client_for: ClientFor, db_session: Session, case: Case) -> None:
    row = numbered(db_session, case)
    db_session.add(
        NumberRegister(
            number="3202812611230104", region_code="320281", issued_on=row.issued_on, category_code="01", sequence=4,
            project_id=row.project_id, organization_id=row.organization_id, origin="issued", status="issued",
            issued_at=NOW,
        )
    )  # fmt: skip
    db_session.commit()
    browser = client_for(Role.MANAGER)

    for path in ("/numbers/inspection", f"/numbers/show/{row.id}"):
        assert "缺 02、03" in page(browser, path)


@pytest.mark.parametrize(
    ("asked", "field"),
    [("from=2026-11-23", "to"), ("from=x&to=2026-11-23", "from"), ("from=2020-01-01&to=2026-11-23", "to")],
)
@on_sqlite
def test_a_period_that_is_none_is_told_at_its_input(client_for: ClientFor, asked: str, field: str) -> None:
    text = page(client_for(Role.MANAGER), f"/numbers/inspection?{asked}", 422)

    assert list(errors(text)) == [field]
    assert not re.search(r'data-kind="inspection"', text)
    for name, typed in (part.split("=") for part in asked.split("&")):
        assert f'name="{name}"' in text
        assert f'value="{typed}"' in text


def test_the_list_asks_as_often_whatever_its_length(
    client_for: ClientFor, db_session: Session, case: Case, counted: Counting
) -> None:
    browser = client_for(Role.MANAGER)
    numbered(db_session, case)
    page(browser, "/numbers/list/")
    with counted() as few:
        page(browser, "/numbers/list/")
    for _ in range(3):
        numbered(db_session, case)
    with counted() as many:
        page(browser, "/numbers/list/")

    assert len(few) == len(many) <= 12


def test_after_a_change_of_name_the_register_shows_today_s(
    client_for: ClientFor, db_session: Session, case: Case
) -> None:
    row = numbered(db_session, case)
    administrator = builders.staff(db_session, Role.ADMINISTRATOR)
    form = {
        "name": "演示新名",
        "org_code": case.organization.org_code,
        "effective_on": "2026-11-20",
        "reason": "演示依据",
    }
    rename.rename(db_session, administrator, case.organization.id, form, version=None, now=NOW)

    assert "演示新名" in page(client_for(Role.MANAGER), f"/numbers/show/{row.id}")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("{number}", {"here"}), ("{part}", {"here"}), ("{name}", {"here"}), ("{owner}", {"here"}),
        ("{code}", {"here"}), ("JY2010015", {"history"}), ("jy2010", {"history"}), ("没有这个", set()),
    ],
)  # fmt: skip
def test_a_number_is_found_by_itself_its_project_and_its_project_owner(
    client_for: ClientFor, db_session: Session, case: Case, asked: str, found: set[str]
) -> None:
    row = numbered(db_session, case)
    keys = {"here": row.id, "history": imported(db_session, "JY2010015").id}
    told = {
        "number": row.number, "part": row.number[6:14], "name": row.project.name, "owner": case.organization.name,
        "code": case.organization.org_code.replace("-", "").lower(),
    }  # fmt: skip
    manager = client_for(Role.MANAGER, bureau="320200")

    answer = manager.get("/numbers/list/", query_string={"q": asked.format(**told)})

    assert set(rows(answer.get_data(as_text=True))) == {keys[name] for name in found}
