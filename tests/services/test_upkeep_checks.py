"""Trees without loops, regions that do not vanish under anybody's feet, codes that hold together."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Invalid
from app.domain.permissions import Actor
from app.domain.terms import Role
from app.services import upkeep
from app.services.kept import KEPT
from models.bureau import Bureau
from models.dictionary import DictionaryEntry, RequiredDocument, ReturnReason
from models.region import Region
from tests import builders
from tests.builders import LIMITS, NOW
from tests.databases import on_sqlite

pytestmark = on_sqlite


@pytest.fixture
def root(session: Session) -> Actor:
    return builders.staff(session, Role.ADMINISTRATOR, bureau="320200")


@pytest.fixture
def change(session: Session, root: Actor) -> Callable[..., Any]:
    """Change some values of a row."""

    def act(resource: str, row: Any, **different: object) -> Any:
        kept = KEPT[resource]
        form = {**upkeep.values_of(kept, row), **different}
        return upkeep.change(session, root, kept, row.id, form, upkeep.version_of(kept, row), now=NOW, limits=LIMITS)

    return act


@pytest.fixture
def add(session: Session, root: Actor) -> Callable[..., Any]:
    return lambda resource, **values: upkeep.add(session, root, KEPT[resource], values, now=NOW, limits=LIMITS)


def said(refused: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {problem.field: str(problem.sentence) for problem in refused.value.problems}


def bureau(session: Session, code: str) -> Bureau:
    return builders.a_bureau(session, code)


def region(session: Session, code: str) -> Region:
    return session.scalars(select(Region).where(Region.code == code)).one()


# Bureaus ------------------------------------------------------------------------------------------------


def test_a_bureau_does_not_stand_below_itself_or_its_own(session: Session, change: Callable[..., Any]) -> None:
    jiangyin, yixing = bureau(session, "320281"), bureau(session, "320282")
    change("bureaus", yixing, parent_id=jiangyin.id)

    for parent in (jiangyin.id, yixing.id):
        with pytest.raises(Invalid) as refused:
            change("bureaus", jiangyin, parent_id=parent)
        assert said(refused) == {"parent_id": "上级部门不能是本部门或其下级。"}

    assert bureau(session, "320281").parent_id == bureau(session, "320200").id


def test_there_is_one_root_and_it_stays_the_root(session: Session, change: Callable[..., Any]) -> None:
    with pytest.raises(Invalid) as orphaned:
        change("bureaus", bureau(session, "320281"), parent_id="")
    with pytest.raises(Invalid) as lowered:
        change("bureaus", bureau(session, "320200"), parent_id=bureau(session, "320281").id)

    assert said(orphaned) == {"parent_id": "请选择上级部门。"}
    assert said(lowered) == {"parent_id": "市级主管部门没有上级。"}


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("320202", "没有这个现行的区划，请先在行政区划中维护。"),
        ("329999", "没有这个现行的区划，请先在行政区划中维护。"),
        ("320281", "这个区划已由江阴市住房和城乡建设局受理。"),
    ],
)
def test_a_bureau_works_on_a_region_in_force_that_is_nobody_elses(
    session: Session, change: Callable[..., Any], code: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        change("bureaus", bureau(session, "320282"), region_code=code)

    assert said(refused) == {"region_code": sentence}


def test_a_bureau_that_does_not_exist_is_no_parent(session: Session, change: Callable[..., Any]) -> None:
    with pytest.raises(Invalid) as refused:
        change("bureaus", bureau(session, "320282"), parent_id=999_999)

    assert list(said(refused)) == ["parent_id"]


# Regions ------------------------------------------------------------------------------------------------

NEW_REGION = {"code": "320299", "name": "演示区", "parent_code": "320200", "valid_from": "2026-01-01"}
REGION_FAULTS = {
    "an end before the beginning": ({"valid_to": "2025-12-31"}, "valid_to", "不能早于"),
    "no parent": ({"parent_code": ""}, "parent_code", "请填写上级区划代码"),
    "an unknown parent": ({"parent_code": "329900"}, "parent_code", "没有这个上级区划"),
    "below itself": ({"parent_code": "320299"}, "parent_code", "不能是本区划"),
    "its own successor": ({"successor_code": "320299"}, "successor_code", "不能是本区划"),
    "an unknown successor": ({"successor_code": "329900"}, "successor_code", "没有这个接续区划"),
    "a code of five": ({"code": "32029"}, "code", "6 位区划代码"),
}


@pytest.mark.parametrize(("different", "field", "sentence"), REGION_FAULTS.values(), ids=REGION_FAULTS.keys())
def test_a_region_that_does_not_hold_together_is_refused(
    add: Callable[..., Any], different: dict[str, object], field: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add("regions", **{**NEW_REGION, **different})

    assert sentence in said(refused)[field]


@pytest.mark.parametrize("start", ["1980-01-01", "2016-02-19", "2000-01-01"])
def test_two_periods_of_one_code_do_not_overlap(add: Callable[..., Any], start: str) -> None:
    with pytest.raises(Invalid) as refused:
        add("regions", code="320202", name="崇安区", parent_code="320200", valid_from=start, valid_to="2030-01-01")

    assert said(refused) == {"valid_from": "这个代码在 1980-01-01 至 2016-02-19 已有效，有效期不能重叠。"}


def test_a_code_may_come_back_later(session: Session, add: Callable[..., Any]) -> None:
    add("regions", code="320202", name="崇安区", parent_code="320200", valid_from="2027-01-01")

    assert len(session.scalars(select(Region).where(Region.code == "320202")).all()) == 2


def test_regions_make_no_loop(session: Session, change: Callable[..., Any]) -> None:
    with pytest.raises(Invalid) as refused:
        change("regions", region(session, "320200"), parent_code="320281")

    assert said(refused) == {"parent_code": "上级区划不能是本区划或其下级。"}


def test_a_region_in_use_ends_only_with_a_successor(session: Session, change: Callable[..., Any]) -> None:
    binhu = region(session, "320211")

    with pytest.raises(Invalid) as refused:
        change("regions", binhu, valid_to="2026-11-22")
    change("regions", binhu, valid_to="2026-11-22", successor_code="320213")

    assert said(refused) == {"successor_code": "有部门或在办项目使用这个区划，停用前请填写接续区划。"}
    assert binhu.valid_to == date(2026, 11, 22)


def test_a_region_may_end_today_and_one_that_nobody_uses_at_any_time(
    session: Session, change: Callable[..., Any]
) -> None:
    change("regions", region(session, "320211"), valid_to="2026-11-23")
    change("regions", region(session, "320100"), valid_to="2020-01-01")

    assert region(session, "320100").valid_to == date(2020, 1, 1)


def test_a_region_without_a_bureau_goes_on_while_projects_are_open_there(
    session: Session, change: Callable[..., Any], add: Callable[..., Any]
) -> None:
    case = builders.a_case(session)
    add("regions", **NEW_REGION)
    record = builders.draft_project(session, case.applicant)
    record.region_code = "320299"
    session.commit()

    with pytest.raises(Invalid) as refused:
        change("regions", region(session, "320299"), valid_to="2026-11-01")

    assert list(said(refused)) == ["successor_code"]


def test_other_systems_codes_are_kept_with_the_region(session: Session, change: Callable[..., Any]) -> None:
    xinwu = region(session, "320214")

    change("regions", xinwu, province_code="", municipal_code="320292")

    session.refresh(xinwu)
    assert {alias.system: alias.code for alias in xinwu.aliases} == {"municipal": "320292"}


# Code tables --------------------------------------------------------------------------------------------

NEW_CODE = {"kind": "use_code", "code": "998", "label_zh": "演示", "label_en": "Demo", "edition": "2018"}
CODE_FAULTS = {
    "a parent that is none": ({"parent_code": "77"}, "parent_code", "没有这个所属代码"),
    "a parent where none belongs": ({"kind": "id_type", "parent_code": "01"}, "parent_code", "没有所属代码，请清空"),
    "a new piece of the number": ({"kind": "category_code"}, "code", "由编号规则固定"),
    "a mark in the code": ({"code": "9-8"}, "code", "只能用数字和字母"),
    "no English": ({"label_en": ""}, "label_en", "请填写"),
    "an unknown table": ({"kind": "colour"}, "kind", "从列表中选择"),
}


@pytest.mark.parametrize(("different", "field", "sentence"), CODE_FAULTS.values(), ids=CODE_FAULTS.keys())
def test_a_code_that_fits_no_table_is_refused(
    add: Callable[..., Any], different: dict[str, object], field: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add("dictionaries", **{**NEW_CODE, **different})

    assert sentence in said(refused)[field]


def test_the_last_code_in_use_is_not_switched_off(session: Session, change: Callable[..., Any]) -> None:
    codes = session.scalars(select(DictionaryEntry).where(DictionaryEntry.kind == "approval_level_code")).all()
    for entry in codes[:-1]:
        change("dictionaries", entry, is_active=False)

    with pytest.raises(Invalid) as refused:
        change("dictionaries", codes[-1], is_active=False)

    assert said(refused) == {"is_active": "至少要有一项启用。"}
    assert codes[-1].is_active


def test_the_last_return_reason_is_not_switched_off(session: Session, change: Callable[..., Any]) -> None:
    reasons = session.scalars(select(ReturnReason)).all()
    for reason in reasons[:-1]:
        change("return_reasons", reason, is_active=False)

    with pytest.raises(Invalid) as refused:
        change("return_reasons", reasons[-1], is_active=False)

    assert said(refused) == {"is_active": "至少要有一项启用。"}


DOCUMENT = {"record_kind": "project", "slot": "demo", "label_zh": "演示", "label_en": "Demo", "min_count": "1"}
DOCUMENT_FAULTS = {
    "fewer than the fewest": ({"min_count": "3", "max_count": "2"}, "max_count", "不能少于最少份数"),
    "none at all": ({"min_count": "0", "max_count": "0"}, "max_count", "不能小于 1"),
    "a project's by kind of unit": ({"max_count": "1", "unit_kind": "government"}, "unit_kind", "不分单位性质"),
    "a project's waived": ({"max_count": "1", "waived_with_uscc": "y"}, "waived_with_uscc", "企业信息的材料"),
    "a tag in Chinese": ({"max_count": "1", "slot": "材料"}, "slot", "小写英文字母"),
}


@pytest.mark.parametrize(("different", "field", "sentence"), DOCUMENT_FAULTS.values(), ids=DOCUMENT_FAULTS.keys())
def test_a_document_is_asked_in_a_way_that_can_be_met(
    session: Session, add: Callable[..., Any], different: dict[str, object], field: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add("required_documents", **{**DOCUMENT, **different})

    assert sentence in said(refused)[field]
    assert session.scalars(select(RequiredDocument).where(RequiredDocument.label_zh == "演示")).all() == []
