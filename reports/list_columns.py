"""Which columns a list export offers, what each means, and where its value comes from (DOMAIN §7)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.domain import pushes
from app.domain.fields import PROJECT, from_plain
from app.domain.matters import Matter
from app.domain.terms import N_
from models.bureau import Bureau
from models.enterprise import Enterprise
from models.matter import MatterRecord, ProjectMatter
from models.number import NumberRegister
from models.organization import Organization
from models.outbox import Outbox
from models.project import Project, told
from models.review import ReturnItem, Review
from models.types import mask_id, mask_mobile
from models.unit_work import UnitFiling, UnitWork
from models.user import User
from reports.list_words import DECISIONS, FLAGS, NUMBER_STATES, ORIGINS, OTHER_FLAG, STAGES, Words
from reports.workbook import Form

Say = Callable[[Words], Callable[[Any], Any]]  # from the reader's words to what a stored value reads
RECORDED = N_("已登记的办理结果数。")
NOT_YET = N_("系统尚无这类数据，均为 0。")


@dataclass(frozen=True)
class ListColumn:
    """One column: its heading, its form, the SQL value behind it (none: always `fixed`) and how that is said."""

    key: str
    heading: str
    form: Form = Form.TEXT
    width: float = 14
    source: Any = None
    say: Say | None = None
    meaning: str = ""
    fixed: Any = None


@dataclass(frozen=True)
class ListKind:
    """One list that can be exported."""

    name: str
    resource: str  # of the permissions
    title: str
    model: type[Any]
    columns: tuple[ListColumn, ...]
    chosen: tuple[str, ...]  # the columns offered ticked
    joins: tuple[tuple[Any, Any], ...] = ()  # (table, on)
    approved: Any = None  # the column that keeps what was approved of a row that is being changed

    def of_keys(self, keys: Iterable[str]) -> list[ListColumn]:
        """The columns of these keys in the order of the list; the chosen ones when none of them is known."""
        wanted = set(keys) & {column.key for column in self.columns} or set(self.chosen)
        return [column for column in self.columns if column.key in wanted]


def coded(dictionary: str) -> Say:
    def say(words: Words) -> Callable[[Any], Any]:
        return _told(words.coded(dictionary))

    return say


def _told(table: Mapping[str, str]) -> Callable[[Any], Any]:
    return lambda code: table.get(code, code)


def _fixed(table: Mapping[str, str]) -> Say:
    return lambda words: _told(words.said(table))


def _flags(words: Words) -> Callable[[Any], Any]:
    said, other, between = words.said(FLAGS), words.say(OTHER_FLAG), words.say(N_("；"))
    return lambda tags: between.join(said.get(tag, other) for tag in tags) if tags else None


def _region(words: Words) -> Callable[[Any], Any]:
    return _told(words.regions)


def _yes_no(words: Words) -> Callable[[Any], Any]:
    yes, no = words.say(N_("是")), words.say(N_("否"))
    return lambda value: yes if value else no


def _masked(mask: Callable[[str | None], str]) -> Say:
    return lambda words: mask


def _records(key: str, heading: str, *matters: Matter) -> ListColumn:
    """How many records these matters have left on the project."""
    of_matters = ProjectMatter.matter.in_([str(matter) for matter in matters])
    counted = select(func.count(MatterRecord.id)).join(
        ProjectMatter, ProjectMatter.id == MatterRecord.project_matter_id
    )
    counted = counted.where(MatterRecord.project_id == Project.id, of_matters)
    return ListColumn(key, heading, Form.COUNT, 12, counted.correlate(Project).scalar_subquery(), meaning=RECORDED)


def _unit_works() -> Any:
    counted = select(func.count(UnitWork.id)).join(UnitFiling, UnitFiling.id == UnitWork.filing_id)
    return counted.where(UnitFiling.project_id == Project.id).correlate(Project).scalar_subquery()


def _push_state() -> Any:
    """Where the latest push to the province stands."""
    push = select(Outbox.status).where(Outbox.project_id == Project.id, Outbox.kind == "province_push")
    push = push.where(Outbox.status != "superseded").order_by(Outbox.id.desc()).limit(1)
    return push.correlate(Project).scalar_subquery()


C, F = ListColumn, Form
MASKED = N_("只显示前后几位。")

# The exact headings of Wuxi's project list (DOMAIN §7), then what else a bureau asks for.
WUXI: tuple[ListColumn, ...] = (
    C(
        "push_state", N_("报省状态"), width=12, source=_push_state(), say=_fixed(pushes.STATES),
        meaning=N_("最近一次向省厅报送的状态；没有报送过的为空。"),
    ),
    C("number", N_("项目编号"), width=20, source=Project.number, meaning=N_("项目统一编号；未发号的为空。")),
    C(
        "investment_project_code", N_("行政审批编号"), width=26, source=Project.investment_project_code,
        meaning=N_("国家投资项目代码，没有的为空。"),
    ),
    C("name", N_("项目名称"), width=44, source=Project.name),
    C("category", N_("项目分类"), width=16, source=Project.category_code, say=coded("category_code")),
    C("region", N_("项目属地"), width=12, source=Project.region_code, say=_region),
    C("builder", N_("建设单位名称"), width=36, source=Organization.name, meaning=N_("导出时的单位名称。")),
    C("start", N_("开工日期"), F.DATE, 12, Project.planned_start_on, meaning=N_("计划开工日期。")),
    C("finish", N_("竣工日期"), F.DATE, 12, Project.planned_finish_on, meaning=N_("计划竣工日期。")),
    C("unit_works", N_("单项工程数"), F.COUNT, 12, _unit_works(), meaning=N_("填写的单体数，含草稿。")),
    _records("drawing_reviews", N_("施工图审查数"), Matter.DRAWING_REVIEW),
    _records("tenders", N_("招投标数"), Matter.TENDER),
    _records("contracts", N_("合同备案数"), Matter.SURVEY_DESIGN_CONTRACT, Matter.PROJECT_FILING),
    _records("safety", N_("安全报监数"), Matter.SAFETY_SUPERVISION),
    _records("quality", N_("质量报监数"), Matter.QUALITY_SUPERVISION),
    _records("permits", N_("施工许可数"), Matter.CONSTRUCTION_PERMIT),
    C("completions", N_("竣工备案数"), F.COUNT, 12, meaning=NOT_YET, fixed=0),
)  # fmt: skip

PROJECTS = ListKind(
    "projects", "projects", N_("项目清单"), Project,
    joins=((Organization, Organization.id == Project.organization_id), (Bureau, Bureau.id == Project.bureau_id)),
    chosen=tuple(column.key for column in WUXI),
    approved=Project.approved_content,
    columns=(
        *WUXI,
        C("status", N_("状态"), width=10, source=Project.status, say=lambda w: _told(w.states(numbered=True))),
        C("org_code", N_("建设单位代码"), width=14, source=Organization.org_code),
        C("bureau", N_("受理机构"), width=28, source=Bureau.name),
        C("address", N_("项目地点"), width=40, source=Project.address),
        C("document", N_("立项文号"), width=28, source=Project.approval_document_number),
        C("authority", N_("立项批复机关"), width=28, source=Project.approval_authority),
        C("level", N_("立项级别"), width=10, source=Project.approval_level_code, say=coded("approval_level_code")),
        C("approved_on", N_("立项批复日期"), F.DATE, 12, Project.approved_on),
        C(
            "nature", N_("建设性质"), width=10, source=Project.construction_nature_code,
            say=coded("construction_nature_code"),
        ),
        C("use", N_("工程用途"), width=18, source=Project.use_code, say=coded("use_code")),
        C("is_major", N_("是否重点项目"), width=10, source=Project.is_major, say=_yes_no),
        C("investment", N_("总投资（万元）"), F.MONEY, 16, Project.investment_10k_cny),
        C("area", N_("总面积（㎡）"), F.AREA, 16, Project.floor_area_m2),
        C("length", N_("总长度（m）"), F.AREA, 14, Project.length_m),
        C("submitted_at", N_("提交时间"), F.INSTANT, 17, Project.submitted_at, meaning=N_("最近一次提交。")),
        C("numbered_at", N_("发号时间"), F.INSTANT, 17, Project.numbered_at),
        C("due_on", N_("审核期限"), F.DATE, 12, Project.due_on),
    ),
)  # fmt: skip

ENTERPRISES = ListKind(
    "enterprises", "enterprises", N_("企业清单"), Enterprise,
    joins=((Bureau, Bureau.id == Enterprise.bureau_id),),
    chosen=(
        "name", "org_code", "uscc", "unit_kind", "status", "region", "address", "legal_representative",
        "contact_name", "contact_mobile", "submitted_at", "decided_at",
    ),
    columns=(
        C("name", N_("单位名称"), width=40, source=Enterprise.name),
        C("org_code", N_("组织机构代码"), width=14, source=Enterprise.org_code),
        C("uscc", N_("统一社会信用代码"), width=22, source=Enterprise.uscc),
        C("unit_kind", N_("单位性质"), width=12, source=Enterprise.unit_kind, say=lambda w: _told(w.unit_kinds())),
        C("status", N_("状态"), width=10, source=Enterprise.status, say=lambda w: _told(w.states(numbered=False))),
        C("bureau", N_("受理机构"), width=28, source=Bureau.name),
        C("region", N_("注册所在地"), width=12, source=Enterprise.region_code, say=_region),
        C("address", N_("营业地址"), width=40, source=Enterprise.address),
        C(
            "registration_type", N_("企业登记注册类型"), width=20, source=Enterprise.registration_type_code,
            say=coded("registration_type_code"),
        ),
        C("license_number", N_("营业执照注册号"), width=20, source=Enterprise.license_number),
        C("legal_representative", N_("法定代表人"), width=12, source=Enterprise.legal_representative),
        C(
            "legal_id", N_("法定代表人证件号"), width=22, source=Enterprise.legal_representative_id_number,
            say=_masked(mask_id), meaning=MASKED,
        ),
        C("capital", N_("注册资本（万元）"), F.MONEY, 16, Enterprise.registered_capital_10k),
        C("currency", N_("币种"), width=10, source=Enterprise.currency_code, say=coded("currency_code")),
        C("established_on", N_("成立日期"), F.DATE, 12, Enterprise.established_on),
        C("contact_name", N_("联系人"), width=12, source=Enterprise.contact_name),
        C(
            "contact_mobile", N_("联系人手机"), width=14, source=Enterprise.contact_mobile, say=_masked(mask_mobile),
            meaning=MASKED,
        ),
        C("submitted_at", N_("递交时间"), F.INSTANT, 17, Enterprise.submitted_at),
        C("due_on", N_("审核期限"), F.DATE, 12, Enterprise.due_on),
        C("decided_at", N_("审核时间"), F.INSTANT, 17, Enterprise.decided_at),
    ),
)  # fmt: skip

REVIEWS = ListKind(
    "reviews", "reviews", N_("审核记录清单"), Review,
    joins=(
        (Project, Project.id == Review.project_id), (Enterprise, Enterprise.id == Review.enterprise_id),
        (User, User.id == Review.decided_by_id),
    ),
    chosen=("id", "project", "enterprise", "number", "decision", "stage", "reviewer", "decided_at", "items", "comment"),
    columns=(
        C("id", N_("序号"), F.COUNT, 8, Review.id),
        C("project", N_("项目"), width=40, source=Project.name),
        C("enterprise", N_("企业"), width=40, source=Enterprise.name),
        C("number", N_("项目编号"), width=20, source=Project.number),
        C("decision", N_("决定"), width=10, source=Review.decision, say=_fixed(DECISIONS)),
        C("stage", N_("环节"), width=10, source=Review.stage, say=_fixed(STAGES)),
        C("reviewer", N_("办理人"), width=12, source=User.display_name),
        C("decided_at", N_("办理时间"), F.INSTANT, 17, Review.decided_at),
        C(
            "items", N_("退回事项数"), F.COUNT, 10,
            select(func.count()).where(ReturnItem.review_id == Review.id).correlate(Review).scalar_subquery(),
        ),
        C("comment", N_("意见"), F.PROSE, 50, Review.comment),
    ),
)  # fmt: skip

NUMBERS = ListKind(
    "numbers", "numbers", N_("编号登记簿"), NumberRegister,
    joins=(
        (Project, Project.id == NumberRegister.project_id),
        (Organization, Organization.id == NumberRegister.organization_id),
    ),
    chosen=(
        "number", "project", "builder", "region", "issued_on", "category", "sequence", "status", "origin", "flags",
        "issued_at", "voided_at", "voided_reason",
    ),
    columns=(
        C("number", N_("项目编号"), width=20, source=NumberRegister.number),
        C("project", N_("项目名称"), width=44, source=told(Project.name)),
        C("builder", N_("建设单位名称"), width=36, source=Organization.name),
        C("region", N_("区划"), width=12, source=NumberRegister.region_code, say=_region),
        C("issued_on", N_("发号日期"), F.DATE, 12, NumberRegister.issued_on, meaning=N_("编号第 7 至 12 位。")),
        C("category", N_("项目分类"), width=16, source=NumberRegister.category_code, say=coded("category_code")),
        C("sequence", N_("序号"), F.COUNT, 8, NumberRegister.sequence),
        C("status", N_("状态"), width=10, source=NumberRegister.status, say=_fixed(NUMBER_STATES)),
        C("origin", N_("来源"), width=12, source=NumberRegister.origin, say=_fixed(ORIGINS)),
        C("flags", N_("说明"), width=30, source=NumberRegister.flags, say=_flags),
        C("issued_at", N_("发号时间"), F.INSTANT, 17, NumberRegister.issued_at),
        C("voided_at", N_("作废时间"), F.INSTANT, 17, NumberRegister.voided_at),
        C("voided_reason", N_("作废原因"), F.PROSE, 40, NumberRegister.voided_reason),
    ),
)  # fmt: skip

LISTS: Mapping[str, ListKind] = {kind.name: kind for kind in (PROJECTS, ENTERPRISES, REVIEWS, NUMBERS)}


def as_approved(kind: ListKind, columns: Sequence[ListColumn], row: Sequence[Any], picture: Any) -> Sequence[Any]:
    """A row of the database (key first) with the approved values in place of those that nobody has reviewed."""
    fields = from_plain(PROJECT, picture["fields"])
    told = list(row)
    for place, column in enumerate((c for c in columns if c.source is not None), start=1):
        name = getattr(column.source, "key", None)
        if name in fields and getattr(column.source, "class_", None) is kind.model:
            told[place] = fields[name]
    return told


def values_of(columns: Sequence[ListColumn], words: Words) -> Callable[[Sequence[Any]], list[Any]]:
    """What turns a row of the database (key first, then one value per sourced column) into a row of the sheet."""
    places: list[tuple[int | None, Any]] = []
    place = 0
    for column in columns:
        if column.source is None:
            places.append((None, column.fixed))
        else:
            place += 1
            places.append((place, column.say(words) if column.say else None))
    plain, said = [(at, how) for at, how in places], [(n, at, how) for n, (at, how) in enumerate(places) if at and how]

    def convert(row: Sequence[Any]) -> list[Any]:
        values = [how if at is None else row[at] for at, how in plain]
        for number, _, how in said:
            if values[number] is not None:
                values[number] = how(values[number])
        return values

    return convert
