"""Historic projects: judged like a submit, all or nothing, a repeat changes nothing, our own numbers stay ours."""

import threading
from datetime import date

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.domain.clock import local_date
from app.domain.errors import Refused
from app.domain.permissions import Actor
from app.domain.terms import Role
from app.services import import_batch
from app.services.import_verdict import Report, Verdict
from models.audit import AuditEvent
from models.number import NumberRegister
from models.outbox import Outbox
from models.project import Project
from tests import builders
from tests.services import import_files as files


@pytest.fixture
def admin(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR)


@pytest.fixture
def code(session: Session) -> str:
    """The code of a registered builder."""
    return builders.registered(session)[0].org_code


def store(session: Session, admin: Actor, data: bytes, **options: bool) -> Report:
    return import_batch.store(session, admin, files.batch(session, data), now=builders.NOW, **options)


def check(session: Session, admin: Actor, *rows: files.Row) -> Report:
    return import_batch.check(session, admin, files.batch(session, files.projects(*rows)), now=builders.NOW)


def count(session: Session, model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def problems(report: Report, place: int = 0) -> dict[str, str]:
    return {problem.field: str(problem.sentence) for problem in list(report)[place].problems}


# Stored as it was --------------------------------------------------------------------------------------


def test_a_historic_project_stands_with_its_number_and_the_day_of_it(session, admin, code):
    report = store(session, admin, files.projects(files.project_row(0, code, project_number="3202811510080101")))

    project = session.scalars(select(Project)).one()
    assert (report.stored, project.status, project.number) == (1, "approved", "3202811510080101")
    assert local_date(project.numbered_at) == date(2015, 10, 8)
    assert (project.organization.org_code, project.category_code, project.approval_kind) == (code, "01", "approval")
    assert project.contact_mobile == builders.AGENT_MOBILE and project.contact_mobile_index


def test_the_register_says_that_the_number_was_imported(session, admin, code):
    store(session, admin, files.projects(files.project_row(0, code, project_number="3202811510080101")))

    row = session.scalars(select(NumberRegister)).one()
    assert (row.origin, row.status, row.flags, row.issued_by_id) == ("imported", "issued", None, None)
    assert (row.region_code, row.issued_on, row.category_code, row.sequence) == (
        "320281", date(2015, 10, 8), "01", 1,
    )  # fmt: skip


FORMATS = {
    "320281151008000001": (["not_sixteen_digits"], "2015-10-08"),
    "3202811510080007": (["daily_sequence"], None),
    "3202811599080101": (["no_such_day"], "2015-10-08"),
    "3202811510080100": (["sequence_zero"], None),
    "3202811510080301": (["unknown_category"], None),
    "3202821510080101": (["other_region"], None),
    "3202811510080201": (["other_category"], None),
    "JY-2015-0042": (["not_sixteen_digits"], "2015-10-08"),
    "3202811602010101": (["after_start"], None),
    "3202811510080102": (["other_day"], "2015-10-09"),
}


@pytest.mark.parametrize("number", FORMATS)
def test_numbers_of_other_formats_are_kept_and_flagged(session, admin, code, number):
    flags, day = FORMATS[number]

    store(session, admin, files.projects(files.project_row(0, code, project_number=number, numbered_on=day)))

    row = session.scalars(select(NumberRegister)).one()
    assert (row.number, row.flags) == (number, flags)


def test_one_event_tells_of_the_file_and_one_of_each_project(session, admin, code):
    data = files.projects(files.project_row(0, code), files.project_row(1, code))

    store(session, admin, data)

    events = session.scalars(select(AuditEvent).where(AuditEvent.action.contains("import"))).all()
    assert sorted(event.action for event in events) == ["import:projects", "project:import", "project:import"]
    whole = next(event for event in events if event.object_type == "import")
    assert whole.after["new"] == whole.after["stored"] == 2 and len(whole.after["file"]) == 64
    assert builders.AGENT_MOBILE not in str([event.after for event in events])


def test_nobody_is_told_and_nothing_is_pushed_about_history(session, admin, code):
    before = count(session, Outbox)

    store(session, admin, files.projects(files.project_row(0, code)))

    assert count(session, Outbox) == before


def test_a_district_of_history_belongs_to_the_bureau_that_took_over(session, code):
    root = builders.staff(session, Role.ADMINISTRATOR, bureau="320200")
    row = files.project_row(0, code, region_code="崇安区", project_number="3202021510080101")

    store(session, root, files.projects(row))

    project = session.scalars(select(Project)).one()
    assert (project.region_code, project.bureau.code) == ("320202", "320213")


def test_the_builder_may_come_with_the_same_file(session, admin):
    row, unit = files.project_row(0, builders.org_code(700)), files.organization_row(700)

    report = store(session, admin, files.projects(row, organizations=[unit]))

    assert report.stored == 2
    assert session.scalars(select(Project)).one().organization.name == "演示历史单位700"


# All or nothing ----------------------------------------------------------------------------------------


def a_hundred(code: str) -> list[dict[str, object]]:
    rows = [files.project_row(n, code) for n in range(100)]
    rows[56]["investment_10k_cny"] = "很多"
    return rows


def test_one_bad_row_of_a_hundred_and_nothing_is_stored(session, admin, code):
    report = store(session, admin, files.projects(*a_hundred(code)))

    assert (count(session, Project), count(session, NumberRegister), report.stored) == (0, 0, 0)
    assert [row.row.number for row in report if row.verdict is Verdict.BAD] == [58]
    assert problems(report, 56) == {"investment_10k_cny": "总投资请填写数字，如 1234.5；单位是万元，不用写。"}
    assert session.scalars(select(AuditEvent.result).where(AuditEvent.action == "import:projects")).one() == "refused"


def test_the_good_rows_are_stored_when_that_is_chosen(session, admin, code):
    report = store(session, admin, files.projects(*a_hundred(code)), only_good=True)

    assert (count(session, Project), report.stored) == (99, 99)


def test_a_trial_run_writes_nothing(session, admin, code):
    before = count(session, AuditEvent)

    report = check(session, admin, files.project_row(0, code))

    assert report.counts["new"] == 1
    assert (count(session, Project), count(session, AuditEvent)) == (0, before)


# Once more ---------------------------------------------------------------------------------------------


def test_a_repeat_of_a_good_file_makes_no_duplicates(session, admin, code):
    data = files.projects(*[files.project_row(n, code) for n in range(5)])
    store(session, admin, data)

    again = store(session, admin, data)

    assert again.counts == {"new": 0, "unchanged": 5, "conflict": 0, "bad": 0}
    assert (count(session, Project), count(session, NumberRegister)) == (5, 5)


def test_what_differs_from_the_record_is_reported_and_never_overwritten(session, admin, code):
    store(session, admin, files.projects(files.project_row(0, code)))

    again = store(session, admin, files.projects(files.project_row(0, code, name="演示改名项目")), only_good=True)

    assert problems(again) == {"name": "与已登记的项目不同，不覆盖。"}
    assert session.scalars(select(Project.name)).one() == "演示历史项目0"


def test_two_imports_at_once_do_not_double(engine: Engine):
    with Session(engine) as session:
        admin, code = builders.staff(session, Role.ADMINISTRATOR), builders.registered(session)[0].org_code
        batch = files.batch(session, files.projects(*[files.project_row(n, code) for n in range(40)]))
    start, reports = threading.Barrier(2), []

    def run() -> None:
        with Session(engine) as own:
            start.wait(10)
            reports.append(import_batch.store(own, admin, batch, now=builders.NOW))

    workers = [threading.Thread(target=run) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    with Session(engine) as session:
        assert count(session, Project) == 40
    assert sorted(report.stored for report in reports) == [0, 40]


# Refused -----------------------------------------------------------------------------------------------

REFUSED = {
    "our own number of today": ({"project_number": "3202812611230101"}, "project_number", "还可能发出"),
    "our own number to come": ({"project_number": "3202812712010101"}, "project_number", "还可能发出"),
    "no number": ({"project_number": "编号一"}, "project_number", "只能由数字"),
    "twenty-one digits": ({"project_number": "1" * 21}, "project_number", "最多 20"),
    "no day to be read": ({"project_number": "JY-42"}, "numbered_on", "请填写发号日期"),
    "a day to come": ({"project_number": "JY-42", "numbered_on": "2027-01-01"}, "numbered_on", "不能晚于今天"),
    "unknown builder": ({"org_code": builders.org_code(9999)}, "org_code", "没有这个建设单位"),
    "another bureau's region": ({"region_code": "宜兴市"}, "region_code", "不在您的办理范围"),
    "a region that nobody handles": ({"region_code": "110101"}, "region_code", "请从列表中选择"),
    "empty": ({"scale": None}, "scale", "请填写建设规模"),
    "formula": ({"scale": "=1+1"}, "scale", "公式"),
    "use of another category": ({"use_code": "014"}, "use_code", "不属于所选的项目分类"),
    "unknown word": ({"construction_nature_code": "随便"}, "construction_nature_code", "从列表中选择"),
    "finish before start": ({"planned_finish_on": "2020-01-01"}, "planned_finish_on", "早于计划开工"),
    "no area": ({"floor_area_m2": None}, "floor_area_m2", "请填写总面积"),
    "script as a mobile": ({"contact_mobile": "<script>"}, "contact_mobile", "手机号"),
    "too long": ({"name": "长" * 201}, "name", "最多 200 字"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_row_is_judged_like_a_submit(session, admin, code, name):
    different, field, sentence = REFUSED[name]

    report = check(session, admin, {**files.project_row(0, code), **different})

    assert sentence in problems(report)[field]
    assert report.counts["bad"] == 1


def test_an_empty_cell_and_a_figure_with_lost_digits_are_told_apart(session, admin, code):
    report = check(session, admin, files.project_row(0, code, project_number=3202811510080101))

    assert "末位可能已丢失" in problems(report)["project_number"]


def test_two_rows_with_one_number_or_one_approval_document_are_one_too_many(session, admin, code):
    first, same_number = files.project_row(0, code), files.project_row(1, code)
    same_number["project_number"] = first["project_number"]
    same_paper = files.project_row(2, code, approval_document_number=first["approval_document_number"])

    report = check(session, admin, first, same_number, same_paper)

    assert [row.verdict for row in report] == [Verdict.NEW, Verdict.BAD, Verdict.BAD]
    assert problems(report, 1) == {"project_number": "与第 2 行重复。"}
    assert problems(report, 2) == {"approval_document_number": "与第 2 行重复。"}


def test_a_document_that_is_numbered_here_is_not_numbered_again(session, case):
    admin = builders.staff(session, Role.ADMINISTRATOR)
    project = builders.approved_project(session, case)
    paper = {"approval_document_number": project.approval_document_number, "name": "演示又一个"}

    report = check(session, admin, files.project_row(0, case.organization.org_code, **paper))

    assert project.number in problems(report)["approval_document_number"]


def test_a_number_that_was_issued_here_is_a_conflict_and_untouched(session, case):
    admin = builders.staff(session, Role.ADMINISTRATOR)
    project = builders.approved_project(session, case)
    number = project.number

    report = check(session, admin, files.project_row(0, case.organization.org_code, project_number=number))

    assert report.counts["new"] == 0
    assert session.scalars(select(Project.number)).all() == [number]


def test_columns_beyond_the_template_are_ignored_and_named(session, admin, code):
    row = files.project_row(
        0, code, status="voided", number="X", organization_id=7, bureau_id=1, duplicate_allowed=True
    )

    batch = files.batch(session, files.projects(row))
    import_batch.store(session, admin, batch, now=builders.NOW)

    assert batch.tables[0].ignored == ("status", "number", "organization_id", "bureau_id", "duplicate_allowed")
    project = session.scalars(select(Project)).one()
    assert (project.status, project.number, project.duplicate_allowed) == ("approved", row["project_number"], False)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_import(session, code, role):
    actor = builders.staff(session, role)
    batch = files.batch(session, files.projects(files.project_row(0, code)))

    with pytest.raises(Refused):
        import_batch.store(session, actor, batch, now=builders.NOW)

    assert count(session, Project) == 0


# The file as a whole -------------------------------------------------------------------------------------


def test_a_workbook_without_the_sheet_is_told_what_is_missing(session):
    with pytest.raises(Refused) as caught:
        files.batch(session, files.workbook({"表一": [{"a": 1}], "表二": [{"a": 1}]}))

    assert str(caught.value.sentence) == "工作簿里没有名为「项目」的工作表，现有：表一、表二。请使用导入模板。"


def test_missing_columns_are_named_in_words(session, code):
    row = files.project_row(0, code)
    del row["scale"], row["address"]

    with pytest.raises(Refused) as caught:
        files.batch(session, files.projects(row))

    assert "项目地点、建设规模" in str(caught.value.sentence)


def test_a_sheet_of_headings_alone_holds_nothing(session, code):
    with pytest.raises(Refused, match="没有数据"):
        files.batch(session, files.projects(dict.fromkeys(files.project_row(0, code))))


@pytest.mark.slow
def test_five_thousand_rows_are_stored_at_once(session, admin, code):
    data = files.projects(*[files.project_row(n, code) for n in range(5_000)])

    report = store(session, admin, data)

    assert (report.stored, count(session, Project)) == (5_000, 5_000)
