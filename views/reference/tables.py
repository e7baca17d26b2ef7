"""主管部门、行政区划、数据字典、附件要求、退回原因、联系人: each a list, a page and a form, declared."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext

from app.domain.fields.account import MATTERS
from app.domain.fields.upkeep import DICTIONARY_KINDS, PARENT_KINDS, RECORD_KINDS
from app.domain.matters import KINDS, Matter
from app.domain.terms import N_
from app.services import opening, reached
from app.services.kept import KEPT, MATTER_RULES
from app.services.reached import Reach
from models.bureau import Bureau, Contact
from models.dictionary import DictionaryEntry, RequiredDocument, ReturnReason
from models.matter_rule import MatterItem, MatterRule
from models.region import Region
from views.base import EagerInterface, db
from views.forms import label_of
from views.reference.kept import KeptView
from views.reference.reach import ShowsReach

CONTAINS, EQUAL = "_flt_2_", "_flt_3_"  # places in LiteralConverter's list for words
IS = "_flt_0_"  # and in those for yes or no, and for numbers
IN_USE = (("y", N_("启用")), ("n", N_("停用")))


class BureauView(ShowsReach):
    """/bureaus: the tree that work and scope follow."""

    kept = KEPT["bureaus"]
    record_kind = "bureau"
    route_base = "/bureaus"
    class_permission_name = "bureaus"
    datamodel = EagerInterface(Bureau)
    list_title = show_title = lazy_gettext("主管部门")
    add_title, edit_title = lazy_gettext("新添主管部门"), lazy_gettext("编辑主管部门")
    base_order = ("sort", "asc")
    name_column = "name"
    list_columns = ["name", "parent_id", "region_code", "effective_on", "requires_originals"]
    search_columns = ["name", "code"]
    order_columns = ["name", "effective_on"]

    def list_filters(self) -> list[dict[str, Any]]:
        return [{"name": f"{CONTAINS}name", "label": N_("部门名称")}]

    def reach_of(self, row: Bureau | None, values: Mapping[str, Any]) -> Reach:
        return reached.of_bureau(db(), row, values)

    def shown(self, item: Bureau, column: str) -> Any:
        """One that is not open to project owners yet says so, and what it lacks."""
        value = super().shown(item, column)
        lacks = opening.lacking(db()).get(item.id) if column == "name" else None
        if not lacks:
            return value
        missing = gettext("、").join(gettext(word) for word in lacks)
        return gettext("%(name)s（尚未开放，还缺少：%(missing)s）", name=value, missing=missing)


class RegionView(ShowsReach):
    """/regions: codes with the time they were in force."""

    kept = KEPT["regions"]
    record_kind = "region"
    route_base = "/regions"
    class_permission_name = "regions"
    datamodel = EagerInterface(Region)
    list_title = show_title = lazy_gettext("行政区划")
    add_title, edit_title = lazy_gettext("新添行政区划"), lazy_gettext("编辑行政区划")
    base_order = ("code", "asc")
    name_column = "name"
    as_they_are = frozenset({"code"})
    list_columns = ["name", "code", "parent_code", "valid_from", "valid_to", "successor_code"]
    search_columns = ["name", "code", "parent_code"]
    order_columns = ["name", "code", "valid_from", "valid_to"]

    def list_filters(self) -> list[dict[str, Any]]:
        return [
            {"name": f"{CONTAINS}name", "label": N_("名称")},
            {"name": "_flt_0_code", "label": N_("区划代码")},
        ]

    def reach_of(self, row: Region | None, values: Mapping[str, Any]) -> Reach:
        return reached.of_region(db(), values["code"])


class DictionaryView(KeptView):
    """/dictionaries: the codes of every code table."""

    kept = KEPT["dictionaries"]
    record_kind = "dictionary_entry"
    route_base = "/dictionaries"
    class_permission_name = "dictionaries"
    datamodel = EagerInterface(DictionaryEntry)
    list_title = show_title = lazy_gettext("数据字典")
    add_title, edit_title = lazy_gettext("新添代码"), lazy_gettext("编辑代码")
    base_order = ("kind", "asc")
    name_column = "label_zh"
    defaults = {"is_active": True, "edition": "2018"}
    list_columns = ["label_zh", "label_en", "kind", "code", "parent_code", "edition", "is_active"]
    search_columns = ["kind", "label_zh", "code", "is_active"]
    order_columns = ["kind", "code", "label_zh", "sort"]

    def list_filters(self) -> list[dict[str, Any]]:
        return [
            {"name": f"{EQUAL}kind", "label": N_("字典"), "choices": DICTIONARY_KINDS},
            {"name": f"{CONTAINS}label_zh", "label": N_("中文名称")},
            {"name": f"{IS}is_active", "label": N_("启用"), "choices": IN_USE},
        ]

    def shown(self, item: DictionaryEntry, column: str) -> Any:
        if column == "parent_code" and item.parent_code:
            return label_of(PARENT_KINDS.get(item.kind, ""), item.parent_code)
        return super().shown(item, column)


class RequiredDocumentView(KeptView):
    """/requireddocuments: which scans a record needs."""

    kept = KEPT["required_documents"]
    record_kind = "required_document"
    route_base = "/requireddocuments"
    class_permission_name = "required_documents"
    datamodel = EagerInterface(RequiredDocument)
    list_title = show_title = lazy_gettext("附件要求")
    add_title, edit_title = lazy_gettext("新添附件要求"), lazy_gettext("编辑附件要求")
    base_order = ("sort", "asc")
    name_column = "label_zh"
    defaults = {"min_count": "1", "max_count": "1"}
    list_columns = ["label_zh", "record_kind", "unit_kind", "min_count", "max_count", "waived_with_uscc"]
    search_columns = ["record_kind", "label_zh"]
    order_columns = ["label_zh", "sort"]

    def list_filters(self) -> list[dict[str, Any]]:
        return [
            {"name": f"{EQUAL}record_kind", "label": N_("用于"), "choices": RECORD_KINDS},
            {"name": f"{CONTAINS}label_zh", "label": N_("中文名称")},
        ]


class ReturnReasonView(KeptView):
    """/returnreasons: the bank that reviewers choose from."""

    kept = KEPT["return_reasons"]
    record_kind = "return_reason"
    route_base = "/returnreasons"
    class_permission_name = "return_reasons"
    datamodel = EagerInterface(ReturnReason)
    list_title = show_title = lazy_gettext("退回原因")
    add_title, edit_title = lazy_gettext("新添退回原因"), lazy_gettext("编辑退回原因")
    base_order = ("sort", "asc")
    name_column = "label_zh"
    defaults = {"is_active": True}
    list_columns = ["label_zh", "label_en", "sort", "is_active"]
    search_columns = ["label_zh", "is_active"]
    order_columns = ["label_zh", "sort"]

    def list_filters(self) -> list[dict[str, Any]]:
        return [
            {"name": f"{CONTAINS}label_zh", "label": N_("中文名称")},
            {"name": f"{IS}is_active", "label": N_("启用"), "choices": IN_USE},
        ]


class MatterRuleView(KeptView):
    """/matterrules: what the root bureau decides about each of the seven matters."""

    kept = MATTER_RULES
    record_kind = "matter_rule"
    route_base = "/matterrules"
    class_permission_name = "matter_rules"
    exclude_route_methods = frozenset({"download", "add", "delete", "action", "action_post"})
    datamodel = EagerInterface(MatterRule)
    list_title = show_title = lazy_gettext("事项设置")
    edit_title = lazy_gettext("编辑事项设置")
    base_order = ("id", "asc")
    name_column = "matter"
    list_columns = ["matter", "waits_for_province"]
    order_columns = []

    def title_of(self, item: MatterRule) -> str:
        return gettext(KINDS[Matter(item.matter)].word)

    def list_acts(self) -> list[dict[str, Any]]:
        """There are seven, none more and none less."""
        return []


class MatterItemView(KeptView):
    """/matteritems: the checklists of the matters."""

    kept = KEPT["matter_items"]
    record_kind = "matter_item"
    route_base = "/matteritems"
    class_permission_name = "matter_items"
    datamodel = EagerInterface(MatterItem)
    list_title = show_title = lazy_gettext("事项材料")
    add_title, edit_title = lazy_gettext("新添事项材料"), lazy_gettext("编辑事项材料")
    base_order = ("id", "asc")
    name_column = "label_zh"
    defaults = {"is_required": True, "is_active": True}
    list_columns = ["label_zh", "label_en", "matter", "is_required", "sort", "is_active"]
    search_columns = ["label_zh", "matter"]
    order_columns = ["label_zh", "sort"]

    def list_filters(self) -> list[dict[str, Any]]:
        return [
            {"name": f"{IS}matter", "label": N_("事项"), "choices": MATTERS},
            {"name": f"{CONTAINS}label_zh", "label": N_("中文名称")},
        ]


class ContactView(KeptView):
    """/contacts: whom to ask, as the home page says it."""

    kept = KEPT["contacts"]
    record_kind = "contact"
    route_base = "/contacts"
    class_permission_name = "contacts"
    exclude_route_methods = frozenset({"download", "action", "action_post"})
    datamodel = EagerInterface(Contact)
    list_title = show_title = lazy_gettext("联系人")
    add_title, edit_title = lazy_gettext("新添联系人"), lazy_gettext("编辑联系人")
    base_order = ("sort", "asc")
    name_column = "person"
    list_columns = ["person", "bureau_id", "phones", "qq", "qq_group", "sort"]
    search_columns = ["person", "phones"]
    order_columns = ["person", "sort"]

    def list_scope(self) -> str:
        return gettext("公布在首页，由各部门管理员维护。")

    def list_filters(self) -> list[dict[str, Any]]:
        return [
            {"name": f"{CONTAINS}person", "label": N_("联系人")},
            {"name": f"{CONTAINS}phones", "label": N_("联系电话")},
        ]
