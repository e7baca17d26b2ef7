"""角色: who may do what, read from the matrix that runs. Roles are code, so there is nothing to add or edit here."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import g
from flask_appbuilder.models.filters import BaseFilter
from flask_appbuilder.security.sqla.models import Role as FabRole
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.domain import rights
from app.domain.terms import N_, TERMS, Role
from app.services import role_holders
from views.base import READ_ONLY, EagerInterface, TrustedModelView, current_actor, db
from views.interface import InScope

DOES: dict[Role, str] = {
    Role.APPLICANT: N_("登记企业和项目信息，提交审核，回应退回"),
    Role.COUNTER_CLERK: N_("窗口核验原件，登记委托书，发放编号"),
    Role.REVIEWER: N_("认领、审核、退回、移交"),
    Role.MATTER_CLERK: N_("查看已发号的项目，办理各事项"),
    Role.MANAGER: N_("统计和报表，不改记录"),
    Role.ADMINISTRATOR: N_("用户、部门和基础数据，解锁、作废、移交"),
    Role.AUDITOR: N_("查看审计记录，不能兼任系统管理员"),
}


class OfTheMatrix(BaseFilter):
    """The roles that the matrix knows."""

    name = "of the matrix"

    def apply(self, query: Any, value: object) -> Any:
        return query.filter(FabRole.name.in_([role.value for role in Role]))


class RoleView(TrustedModelView):
    """/roles, to read."""

    record_kind = "role"
    route_base = "/roles"
    class_permission_name = "roles"
    exclude_route_methods = READ_ONLY | {"action", "action_post"}
    datamodel = EagerInterface(FabRole)
    base_filters = [["id", InScope, None], ["id", OfTheMatrix, None]]
    list_title = show_title = lazy_gettext("角色")
    show_template = "pages/accounts/role.html"
    base_order = ("id", "asc")
    name_column = "name"
    list_columns = ["name", "does", "held_by"]
    show_columns = ["does", "held_by"]
    label_columns = {
        "name": lazy_gettext("角色"),
        "does": lazy_gettext("职责"),
        "held_by": lazy_gettext("本部门及下级人数"),
    }

    def list_scope(self) -> str:
        return _("角色和权限由程序固定，在「用户」中分配给人。")

    def title_of(self, item: Any) -> str:
        return _(TERMS[Role(item.name)])

    def row_step(self, item: Any) -> dict[str, str]:
        return {"label": N_("查看"), "url": self.url_of("show", pk=item.id)}

    def _values(self, items: list[Any]) -> Iterator[list[Any]]:
        return ([self.shown(item, column) for column in self.list_columns] for item in items)

    def _get_show_widget(self, pk: Any, item: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        widgets = super()._get_show_widget(pk, item, *args, **kwargs)
        drawn = widgets["show"].template_args
        drawn["value_columns"] = [self.shown(item, column) for column in drawn["include_columns"]]
        return widgets

    def shown(self, item: Any, column: str) -> Any:
        if column == "name":
            return self.title_of(item)
        return _(DOES[Role(item.name)]) if column == "does" else str(self._counts().get(item.name, 0))

    def _counts(self) -> Mapping[str, int]:
        if "role_counts" not in g:
            g.role_counts = role_holders.counts(db(), current_actor())
        counts: Mapping[str, int] = g.role_counts
        return counts

    # What the page asks ----------------------------------------------------------------------------------

    def lines_of(self, item: Any) -> list[dict[str, Any]]:
        """What the role may open, in words."""
        return [
            {
                "resource": line.resource,
                "word": _(line.word),
                "everywhere": [_(verb) for verb in line.everywhere],
                "at_the_root": [_(verb) for verb in line.at_the_root],
            }
            for line in rights.lines_of(Role(item.name))
        ]

    def holders_of(self, item: Any) -> list[tuple[int, str, str]]:
        """Key, name and bureau of those who hold it here; an organization's accounts are not listed."""
        return role_holders.of(db(), current_actor(), item.name)
