"""导出 of lists: what the person may see as the list shows it, codes in words, text as text, all of it noted."""

import io
from dataclasses import replace
from datetime import datetime

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Refused
from app.domain.matters import Matter
from app.domain.permissions import Actor
from app.domain.terms import Role
from app.listing import Condition
from app.services import export, matters
from app.services.export import Wanted
from models.audit import AuditEvent
from models.project import Project
from reports import list_words
from reports.list_columns import LISTS
from tests import builders
from tests.services import unit_entries
from tests.services.matter_entries import entries

WUXI = [
    "报省状态",
    "项目编号",
    "行政审批编号",
    "项目名称",
    "项目分类",
    "项目属地",
    "建设单位名称",
    "开工日期",
    "竣工日期",
    "单项工程数",
    "施工图审查数",
    "招投标数",
    "合同备案数",
    "安全报监数",
    "质量报监数",
    "施工许可数",
    "竣工备案数",
]
DANGEROUS = ["=1+1", "＝1+1", "+1", "＋1", "-1", "－1", "@x", "＠x", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "#REF!"]


def exported(session: Session, actor: Actor, kind: str = "projects", **different: object) -> Worksheet:
    """The list's sheet, read back from the file."""
    file = io.BytesIO()
    words = list_words.load(session, str, is_chinese=True)
    export.at_once(session, actor, Wanted(kind, **different), file, words, now=builders.NOW)  # type: ignore[arg-type]
    file.seek(0)
    return load_workbook(file).worksheets[0]


def rows(sheet: Worksheet) -> list[dict[str, object]]:
    head, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(head, line, strict=True)) for line in lines]  # type: ignore[arg-type]


@pytest.fixture
def manager(session: Session) -> Actor:
    return builders.staff(session, Role.MANAGER)


def test_the_project_list_has_the_exact_headings_of_wuxi(session, case, manager):
    builders.submitted_project(session, case.applicant)

    sheet = exported(session, manager)

    assert [cell.value for cell in sheet[1]] == WUXI
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:Q2"


def test_codes_read_as_words_numbers_as_text_days_as_days(session, case, manager):
    project = builders.approved_project(session, case)

    sheet = exported(session, manager)

    row, cells = rows(sheet)[0], {WUXI[cell.column - 1]: cell for cell in sheet[2]}
    assert (row["项目分类"], row["项目属地"], row["单项工程数"]) == ("房屋建筑工程", "江阴市", 0)
    assert (row["项目编号"], cells["项目编号"].data_type, cells["项目编号"].number_format) == (project.number, "s", "@")
    assert (row["开工日期"], cells["开工日期"].number_format) == (datetime(2027, 3, 1), "yyyy-mm-dd")


def test_what_became_of_the_number_is_counted(session, case, manager):
    project = builders.approved_project(session, case)
    builders.approved_project(session, case, name="演示另一个项目")
    unit_entries.a_filing(session, case, project, 3)
    clerk = replace(
        builders.staff(session, Role.MATTER_CLERK), matters=frozenset({Matter.TENDER, Matter.PROJECT_FILING})
    )
    seven = {row.matter: row.id for row in matters.of_project(session, project)}
    for matter, number in ((Matter.TENDER, "Z-1"), (Matter.TENDER, "Z-2"), (Matter.PROJECT_FILING, "B-1")):
        matters.record(session, clerk, seven[matter], entries(matter, number), now=builders.NOW)

    found = {row["项目名称"]: row for row in rows(exported(session, manager))}

    row, other = found[project.name], found["演示另一个项目"]
    counted = ("单项工程数", "招投标数", "合同备案数", "施工许可数", "竣工备案数")
    assert [row[name] for name in counted] == [3, 2, 1, 0, 0]
    assert [other[name] for name in counted] == [0, 0, 0, 0, 0]
    assert row["报省状态"] == "待报送"


@pytest.mark.parametrize("text", DANGEROUS, ids=repr)
def test_nothing_becomes_a_formula(session, case, manager, text):
    project = builders.submitted_project(session, case.applicant)
    project.name = text
    session.commit()

    sheet = exported(session, manager)

    cell = sheet.cell(2, WUXI.index("项目名称") + 1)
    assert (cell.data_type, str(cell.value).strip()) == ("s", text.strip())


def test_the_chosen_columns_come_in_the_order_of_the_list(session, case, manager):
    builders.submitted_project(session, case.applicant)

    sheet = exported(session, manager, columns=("investment", "name", "no_such_column", "contact_mobile"))

    assert rows(sheet) == [{"项目名称": session.scalars(select(Project.name)).one(), "总投资（万元）": 18650}]


def test_the_list_is_narrowed_and_ordered_as_on_the_screen(session, case, manager):
    for name in ("演示乙", "演示甲", "演示丙", "演示7", "演示丁"):
        builders.submitted_project(session, case.applicant, name=name)
    builders.draft_project(session, case.applicant, name="演示草稿")

    sheet = exported(
        session, manager, conditions=(Condition("status", "eq", "submitted"),), order="name", is_falling=False
    )

    names = [row["项目名称"] for row in rows(sheet)]
    assert names == ["演示7", "演示丙", "演示丁", "演示甲", "演示乙"]  # by pinyin


def test_the_ticked_rows_alone_and_never_one_out_of_reach(session, case):
    mine, other = (builders.submitted_project(session, case.applicant) for _ in range(2))
    far = builders.submitted_project(session, case.applicant, region_code="320282")
    manager = builders.staff(session, Role.MANAGER)

    sheet = exported(session, manager, keys=(mine.id, far.id))

    assert [row["项目名称"] for row in rows(sheet)] == [mine.name]
    assert other.name not in str(rows(sheet))


def test_an_applicant_gets_its_own_projects_only(session, case):
    own = builders.draft_project(session, case.applicant)
    builders.draft_project(session, builders.a_case(session).applicant)

    assert [row["项目名称"] for row in rows(exported(session, case.applicant))] == [own.name]


RIGHTS = {
    "projects": {Role.APPLICANT, Role.REVIEWER, Role.MANAGER, Role.ADMINISTRATOR},
    "enterprises": {Role.REVIEWER, Role.MANAGER, Role.ADMINISTRATOR},
    "reviews": {Role.REVIEWER, Role.MANAGER, Role.ADMINISTRATOR},
    "numbers": {Role.REVIEWER, Role.MANAGER, Role.ADMINISTRATOR},
}


@pytest.mark.parametrize("kind", RIGHTS)
def test_nobody_else_exports(session, kind):
    for role in set(Role) - RIGHTS[kind]:
        with pytest.raises(Refused):
            exported(session, builders.staff(session, role), kind)


def test_personal_data_is_masked(session, case, manager):
    sheet = exported(session, manager, "enterprises", columns=tuple(c.key for c in LISTS["enterprises"].columns))

    row = rows(sheet)[0]
    assert (row["联系人手机"], row["法定代表人证件号"]) == ("138****0000", "320281********0010")
    assert builders.MOBILE not in str(rows(sheet)) and builders.ID_NUMBER not in str(rows(sheet))


def test_reviews_and_numbers_are_lists_too(session, case, manager):
    project = builders.approved_project(session, case)

    review = next(row for row in rows(exported(session, manager, "reviews")) if row["项目"])
    number = rows(exported(session, manager, "numbers"))[0]

    assert (review["项目"], review["决定"], review["环节"], review["退回事项数"]) == (
        project.name,
        "审核通过",
        "审核",
        0,
    )
    assert (number["项目编号"], number["状态"], number["来源"]) == (project.number, "已发号", "本系统发号")


def test_every_offered_column_can_be_read(session, case, manager):
    builders.approved_project(session, case)

    for name, kind in LISTS.items():
        sheet = exported(session, manager, name, columns=tuple(column.key for column in kind.columns))
        assert [cell.value for cell in sheet[1]] == [column.heading for column in kind.columns]
        assert sheet.max_row > 1


def test_the_trail_says_who_took_which_list_narrowed_how_with_how_many_rows(session, case, manager):
    builders.submitted_project(session, case.applicant)

    exported(session, manager, conditions=(Condition("status", "eq", "submitted"),))

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "export:projects")).one()
    assert (event.actor_id, event.after["rows"], event.after["filters"]) == (
        manager.user_id, 1, ["status eq submitted"],
    )  # fmt: skip


def test_the_second_sheet_says_what_the_columns_mean(session, case, manager):
    file = io.BytesIO()
    words = list_words.load(session, str, is_chinese=True)

    export.at_once(session, manager, Wanted("projects"), file, words, now=builders.NOW)

    lines = dict(load_workbook(file).worksheets[1].iter_rows(values_only=True))  # type: ignore[arg-type]
    assert lines["竣工备案数"] == "系统尚无这类数据，均为 0。"
    assert lines["施工许可数"] == "已登记的办理结果数。"
    assert lines["条件"] == "全部" and lines["导出人"].startswith(manager.name)


def test_the_second_sheet_says_the_conditions_in_words(session, case, manager):
    file = io.BytesIO()
    words = list_words.load(session, str, is_chinese=True)
    asked = (
        Condition("category_code", "eq", "01"), Condition("region_code", "neq", "320281"),
        Condition("status", "eq", "approved"), Condition("submitted_at", "from", "2026-01-01"),
        Condition("q", "find", "演示"),
    )  # fmt: skip

    export.at_once(session, manager, Wanted("projects", asked), file, words, now=builders.NOW)

    lines = dict(load_workbook(file).worksheets[1].iter_rows(values_only=True))  # type: ignore[arg-type]
    assert lines["条件"] == (
        "项目分类：房屋建筑工程；项目属地不是「江阴市」；状态：已发号；提交时间自 2026-01-01 起；查找「演示」"
    )


def test_what_is_asked_goes_into_a_job_and_comes_back():
    wanted = Wanted("projects", (Condition("q", "find", "演示"),), (3, 1), "name", False, ("name",), "en")

    assert Wanted.from_plain(wanted.to_plain()) == wanted
