"""What the data that administrators keep must be beside well written: trees without loops, codes that hold together.

Each check takes the row as it stands (None for a new one) and the new values, and gives at most one problem.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from app.domain.errors import Problem, say
from app.domain.fields.upkeep import FIXED_KINDS, PARENT_KINDS
from app.domain.permissions import Actor
from app.domain.terms import N_, Kind, Status
from app.services import reference
from models.bureau import Bureau
from models.dictionary import DictionaryEntry, ReturnReason
from models.project import Project
from models.region import Region

LAST_PROVINCE_DIGITS = "0000"


class Question(NamedTuple):
    """What a check is asked."""

    session: Session
    actor: Actor
    row: Any
    values: Mapping[str, Any]
    today: date


Check = Callable[[Question], Problem | None]


# Bureaus ------------------------------------------------------------------------------------------------


def bureau_has_its_place(asked: Question) -> Problem | None:
    """One root, no loop."""
    tree = {row[0]: row[1] for row in asked.session.execute(select(Bureau.id, Bureau.parent_id))}
    parent, is_root = asked.values["parent_id"], asked.row is not None and asked.row.parent_id is None
    if is_root:
        return Problem("parent_id", say(N_("市级主管部门没有上级。"))) if parent is not None else None
    if parent is None:
        return Problem("parent_id", say(N_("请选择上级部门。")))
    if parent not in tree:
        return Problem("parent_id", say(N_("没有这个部门，请从列表中选择。")))
    if asked.row is not None and asked.row.id in _upwards(tree, parent):
        return Problem("parent_id", say(N_("上级部门不能是本部门或其下级。")))
    return None


def _upwards(tree: Mapping[Any, Any], start: Any) -> Iterator[Any]:
    """A node and those above it; a loop ends where it began."""
    seen: set[Any] = set()
    at = start
    while at is not None and at not in seen:
        seen.add(at)
        yield at
        at = tree.get(at)


def bureau_works_on_a_region_in_force(asked: Question) -> Problem | None:
    """Its region is in force today and nobody else's; one that ended later may stand until it is changed."""
    code = asked.values["region_code"]
    if asked.row is not None and asked.row.region_code == code:
        return None
    if not any(_covers(period, asked.today) for period in _periods(asked.session, code)):
        return Problem("region_code", say(N_("没有这个现行的区划，请先在行政区划中维护。")))
    other = reference.bureau_of_region(asked.session, code)
    if other is not None:
        return Problem("region_code", say(N_("这个区划已由%(bureau)s受理。"), bureau=other.name))
    return None


def bureau_is_in_reach(asked: Question) -> Problem | None:
    """One's own bureau or one below it."""
    if asked.values["bureau_id"] in asked.actor.bureau_ids:
        return None
    return Problem("bureau_id", say(N_("请选择本部门或下级部门。")))


# Regions ------------------------------------------------------------------------------------------------


def _periods(session: Session, code: str) -> list[Region]:
    return list(session.scalars(select(Region).where(Region.code == code).order_by(Region.valid_from)))


def _covers(period: Region, day: date) -> bool:
    return period.valid_from <= day and (period.valid_to is None or day <= period.valid_to)


def region_periods_are_apart(asked: Question) -> Problem | None:
    """One code stands for one region at a time."""
    start, end = asked.values["valid_from"], asked.values["valid_to"] or date.max
    for other in _periods(asked.session, asked.values["code"]):
        if asked.row is not None and other.id == asked.row.id:
            continue
        if other.valid_from <= end and start <= (other.valid_to or date.max):
            until = other.valid_to.isoformat() if other.valid_to else "—"
            words = N_("这个代码在 %(start)s 至 %(end)s 已有效，有效期不能重叠。")
            return Problem("valid_from", say(words, start=other.valid_from.isoformat(), end=until))
    return None


def region_stands_below_another(asked: Question) -> Problem | None:
    """No orphan and no loop; only a province has nothing above it."""
    code, parent = asked.values["code"], asked.values["parent_code"]
    if parent is None:
        if code.endswith(LAST_PROVINCE_DIGITS):
            return None
        return Problem("parent_code", say(N_("请填写上级区划代码；只有省级没有上级。")))
    tree = {row[0]: row[1] for row in asked.session.execute(select(Region.code, Region.parent_code))}
    if parent not in tree and parent != code:
        return Problem("parent_code", say(N_("没有这个上级区划。")))
    if code in _upwards(tree, parent):
        return Problem("parent_code", say(N_("上级区划不能是本区划或其下级。")))
    return None


def region_successor_is_another(asked: Question) -> Problem | None:
    successor = asked.values["successor_code"]
    if successor is None:
        return None
    if successor == asked.values["code"]:
        return Problem("successor_code", say(N_("接续区划不能是本区划。")))
    if not _periods(asked.session, successor):
        return Problem("successor_code", say(N_("没有这个接续区划。")))
    return None


def region_in_use_goes_on(asked: Question) -> Problem | None:
    """A region that a bureau works on or open projects lie in does not vanish: something takes over."""
    if asked.row is None or asked.values["successor_code"] is not None or not _covers(asked.row, asked.today):
        return None
    end = asked.values["valid_to"]
    if asked.values["valid_from"] <= asked.today and (end is None or end >= asked.today):
        return None
    code = asked.row.code
    open_states = (Status.DRAFT, Status.SUBMITTED, Status.RETURNED)
    has_bureau = exists().where(Bureau.region_code == code)
    has_projects = exists().where(Project.region_code == code, Project.status.in_(open_states))
    if asked.session.scalar(select(or_(has_bureau, has_projects))):
        return Problem("successor_code", say(N_("有部门或在办项目使用这个区划，停用前请填写接续区划。")))
    return None


# Code tables --------------------------------------------------------------------------------------------


def code_may_be_added(asked: Question) -> Problem | None:
    if asked.row is None and asked.values["kind"] in FIXED_KINDS:
        return Problem("code", say(N_("项目分类是编号的一段，由编号规则固定，不能新添。")))
    return None


def code_belongs_to_one_that_exists(asked: Question) -> Problem | None:
    kind, parent = asked.values["kind"], asked.values["parent_code"]
    if parent is None:
        return None
    if kind not in PARENT_KINDS:
        return Problem("parent_code", say(N_("这个字典的代码没有所属代码，请清空。")))
    query = select(DictionaryEntry.id).where(DictionaryEntry.kind == PARENT_KINDS[kind], DictionaryEntry.code == parent)
    if asked.session.scalar(query) is None:
        return Problem("parent_code", say(N_("没有这个所属代码。")))
    return None


def code_is_not_the_last(asked: Question) -> Problem | None:
    """A field that must be filled in keeps something to choose."""
    others = select(DictionaryEntry.id).where(DictionaryEntry.kind == asked.values["kind"])
    return _last_active(asked, DictionaryEntry, others)


def reason_is_not_the_last(asked: Question) -> Problem | None:
    return _last_active(asked, ReturnReason, select(ReturnReason.id))


def _last_active(asked: Question, model: Any, others: Any) -> Problem | None:
    if asked.row is None or asked.values["is_active"] or not asked.row.is_active:
        return None
    if asked.session.scalar(others.where(model.is_active, model.id != asked.row.id).limit(1)) is None:
        return Problem("is_active", say(N_("至少要有一项启用。")))
    return None


def document_is_asked_of_the_right_record(asked: Question) -> Problem | None:
    if asked.values["record_kind"] == Kind.PROJECT:
        if asked.values["unit_kind"] is not None:
            return Problem("unit_kind", say(N_("项目的材料不分单位性质。")))
        if asked.values["waived_with_uscc"]:
            return Problem("waived_with_uscc", say(N_("只有企业信息的材料可以免交。")))
    return None


def document_counts_are_a_range(asked: Question) -> Problem | None:
    if asked.values["max_count"] < asked.values["min_count"]:
        return Problem("max_count", say(N_("最多份数不能少于最少份数。")))
    return None
