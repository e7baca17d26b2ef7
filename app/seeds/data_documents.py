"""Scan slots of FIELDS, and the bank of return reasons."""

from typing import NamedTuple

from app.domain.terms import Kind, UnitKind


class Slot(NamedTuple):
    """A place for scans: which record, which kind of unit (None: all), fewest and most files."""

    record_kind: Kind
    unit_kind: UnitKind | None
    slot: str
    zh: str
    en: str
    fewest: int = 1
    most: int = 1
    waived_with_uscc: bool = False


class Reason(NamedTuple):
    """A ready reason for a return item."""

    code: str
    zh: str
    en: str


def _of_enterprise(unit_kind: UnitKind, slot: str, zh: str, en: str, *, waived: bool = False) -> Slot:
    return Slot(Kind.ENTERPRISE, unit_kind, slot, zh, en, waived_with_uscc=waived)


CODE_CERTIFICATE = ("org_code_certificate", "组织机构代码证", "Organization code certificate")
CODE_OR_CREDIT_CODE_CERTIFICATE = (
    "org_code_certificate",
    "组织机构代码证（或统一社会信用代码证书）",
    "Organization code certificate (or unified social credit code certificate)",
)

SLOTS = (
    _of_enterprise(UnitKind.ENTERPRISE, *CODE_CERTIFICATE, waived=True),
    _of_enterprise(UnitKind.ENTERPRISE, "business_license", "营业执照", "Business licence"),
    _of_enterprise(UnitKind.GOVERNMENT, *CODE_OR_CREDIT_CODE_CERTIFICATE),
    _of_enterprise(UnitKind.INSTITUTION, *CODE_CERTIFICATE, waived=True),
    _of_enterprise(
        UnitKind.INSTITUTION, "institution_certificate", "事业单位法人证书", "Public institution certificate"
    ),
    _of_enterprise(UnitKind.ASSOCIATION, *CODE_CERTIFICATE, waived=True),
    _of_enterprise(UnitKind.ASSOCIATION, "association_certificate", "社会团体法人登记证书", "Association certificate"),
    _of_enterprise(UnitKind.OTHER, *CODE_OR_CREDIT_CODE_CERTIFICATE),
    Slot(
        Kind.PROJECT,
        None,
        "approval_document",
        "立项批文或立项备案材料",
        "Project approval or filing document",
        fewest=1,
        most=10,
    ),
    Slot(Kind.PROJECT, None, "other", "其他材料", "Other documents", fewest=0, most=10),
)

RETURN_REASONS = (
    Reason("not_filled", "未填写或填写不完整", "Missing or incomplete"),
    Reason("wrong_format", "填写不规范", "Not written as required"),
    Reason("differs_from_document", "填报内容与批文或证照不一致", "Differs from the document"),
    Reason("wrong_classification", "项目分类、用途或性质选择有误", "Wrong category, use or nature"),
    Reason("wrong_region", "项目属地选择有误", "Wrong region"),
    Reason("wrong_figure", "投资、面积等数值或单位有误", "Wrong figure or unit"),
    Reason("wrong_date", "日期有误", "Wrong date"),
    Reason("missing_scan", "缺少扫描件", "Scan missing"),
    Reason("illegible_scan", "扫描件不清晰", "Scan illegible"),
    Reason("incomplete_scan", "扫描件缺页", "Scan lacks pages"),
    Reason("wrong_scan", "上传的文件不是要求的材料", "Not the required document"),
    Reason("expired_document", "批文或证照已过有效期", "Document expired"),
    Reason("repeated_approval", "该立项已登记，不得重复登记", "This approval is already registered"),
    Reason("original_differs", "原件与扫描件不符", "Original differs from the scan"),
    Reason("original_missing", "缺少原件", "Original missing"),
    Reason("other", "其他", "Other"),
)

# What matter ④ 项目备案 asks for to begin with: Chinese, English, whether of everybody (DOMAIN §5 leaves it open).
FILING_PAPERS: tuple[tuple[str, str, bool], ...] = (
    ("施工合同", "Construction contract", True),
    ("监理合同", "Supervision contract", True),
    ("中标通知书或直接发包批准", "Award notice or approval of direct award", True),
    ("分包合同", "Subcontracts", False),
    ("履约担保", "Performance guarantee", False),
)
