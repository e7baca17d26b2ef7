"""建设单位: who has registered; for staff, read only."""

from flask_babel import lazy_gettext
from sqlalchemy.orm import load_only

from app.domain.fields import REGISTRATION
from app.domain.terms import N_
from models.organization import Organization
from models.types import mask_mobile
from views.base import READ_ONLY, EagerInterface, TrustedModelView
from views.cells import local_time
from views.forms import choices, word
from views.lists import ListFilter


class OrganizationView(TrustedModelView):
    """Organizations in scope."""

    kind = record_kind = "organization"
    route_base = "/organizations"
    class_permission_name = "organizations"
    exclude_route_methods = READ_ONLY
    datamodel = EagerInterface(
        Organization,
        list_options=(
            load_only(
                Organization.name, Organization.org_code, Organization.uscc, Organization.unit_kind,
                Organization.contact_name, Organization.registered_at,
            ),
        ),
    )  # fmt: skip
    list_title = lazy_gettext("建设单位")
    show_title = lazy_gettext("建设单位")
    base_order = ("id", "desc")
    name_column = "name"
    list_columns = ["name", "org_code", "uscc", "unit_kind", "contact_name", "registered_at"]
    show_columns = [*list_columns, "contact_mobile", "email"]
    search_hint = N_("单位名称、组织机构代码、统一社会信用代码")
    search_columns = ["name", "org_code", "uscc"]
    filter_bar = (
        ListFilter(
            "unit_kind", lazy_gettext("单位性质"), "unit_kind", choices=choices(REGISTRATION.field("unit_kind"))
        ),
    )
    order_columns = ["name", "org_code", "registered_at"]
    label_columns = {
        "name": lazy_gettext("单位名称"),
        "org_code": lazy_gettext("组织机构代码"),
        "uscc": lazy_gettext("统一社会信用代码"),
        "unit_kind": lazy_gettext("单位性质"),
        "contact_name": lazy_gettext("联系人"),
        "contact_mobile": lazy_gettext("手机"),
        "email": lazy_gettext("邮箱"),
        "registered_at": lazy_gettext("注册时间"),
    }
    formatters_columns = {
        "unit_kind": lambda value: word(REGISTRATION.field("unit_kind"), value),
        "contact_mobile": lambda value: mask_mobile(value) if value else "",
        "registered_at": local_time,
    }

    def title_of(self, item: Organization) -> str:
        return item.name

    def row_step(self, item: Organization) -> dict[str, str]:
        return {"label": N_("查看"), "url": self.url_of("show", pk=item.id)}
