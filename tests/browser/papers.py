"""What the people of the browser tests write into the forms: plainly 演示, codes from GB 11714's private range."""

from app.domain.identifiers import org_code_check_character

FIRST_PASSWORD = "11111"
NEW_PASSWORD = "demo paper kite over river"


def org_code(number: int) -> str:
    """A code that no real organization has."""
    body = f"PDY{number:05d}"
    return f"{body}-{org_code_check_character(body)}"


def registration(code: str, mobile: str = "13800000042") -> dict[str, object]:
    """注册, of a company."""
    return {
        "org_code": code,
        "name": f"江阴演示建设有限公司（{code}）",
        "unit_kind": "enterprise",
        "contact_name": "演示联系人",
        "contact_mobile": mobile,
        "privacy_consent": True,
    }


ENTERPRISE: dict[str, object] = {
    "registration_type_code": "0159",
    "license_number": "320281000099999",
    "region_code": "320281",
    "address": "江阴市演示街道演示路42号",
    "postal_code": "214400",
    "legal_representative": "演示法人",
    "legal_representative_id_type": "1",
    "legal_representative_id_number": "320281190001010010",
    "registered_capital_10k": "5000",
    "currency_code": "1",
    "established_on": "2003-05-12",
    "contact_mobile": "13800000042",
}
ENTERPRISE_SCANS = {"org_code_certificate": "演示组织机构代码证.pdf", "business_license": "演示营业执照.pdf"}

PROJECT: dict[str, object] = {
    "name": "演示滨江产业园一期工程",
    "category_code": "01",
    "construction_nature_code": "001",
    "use_code": "304",
    "contact_name": "演示经办人",
    "contact_mobile": "13800000043",
    "region_code": "320281",
    "address": "江阴市演示街道演示路以东",
    "approval_kind": "approval",
    "approval_level_code": "004",
    "approval_document_number": "澄发改投〔2025〕演示042号",
    "approval_authority": "江阴市发展和改革委员会",
    "approved_on": "2025-10-09",
    "investment_10k_cny": "18650",
    "funding_nature_code": "101",
    "floor_area_m2": "42300",
    "scale": "新建厂房两幢。",
    "planned_start_on": "2031-03-01",
    "planned_finish_on": "2033-09-30",
}
PROJECT_SCANS = {"approval_document": "演示立项批文.pdf"}

MANDATE: dict[str, object] = {
    "mandate_form": "own_staff",
    "agent_name": "演示经办人",
    "agent_id_type": "1",
    "agent_id_number": "320282190001010025",
    "agent_mobile": "13800000043",
    "valid_from": "2025-10-09",
    "valid_to": "2099-12-31",
    "signed_on": "2025-10-09",
    "stamps": ("legal_representative", "unit_seal", "agent"),
}

UNIT_WORK = {
    "name": "演示 1 号厂房", "category_code": "01", "use_code": "700", "structure_code": "014",
    "investment_10k_cny": "18950.5", "floor_area_m2": "12000", "floors_above": "1", "scale": "单层钢结构厂房",
}  # fmt: skip
