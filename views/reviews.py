"""审核记录: every decision on a submission, read only; a decision form makes the row."""

from flask_babel import gettext, lazy_gettext
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload, selectinload

from app.domain.terms import N_
from models.enterprise import Enterprise
from models.project import Project
from models.review import Review
from models.user import User
from views.base import READ_ONLY, EagerInterface, TrustedModelView
from views.cells import local_time
from views.lists import ListFilter, between

DECISIONS = {"approve": N_("审核通过"), "return": N_("退回")}
STAGES = {"review": N_("审核"), "counter": N_("窗口核验")}


class ReviewView(TrustedModelView):
    """Decisions on records in scope."""

    kind = record_kind = "review"
    route_base = "/reviews"
    class_permission_name = "reviews"
    exclude_route_methods = READ_ONLY
    datamodel = EagerInterface(
        Review,
        list_options=(
            selectinload(Review.project).load_only(Project.name),
            selectinload(Review.enterprise).load_only(Enterprise.name),
            joinedload(Review.decided_by).load_only(User.display_name),
        ),
    )  # fmt: skip
    filter_bar = (
        ListFilter(
            "decision", lazy_gettext("决定"), "decision",
            choices=lambda: [(code, gettext(said)) for code, said in DECISIONS.items()],
        ),
        *between("decided", "decided_at", lazy_gettext("办理日期起"), lazy_gettext("办理日期止")),
        ListFilter("reviewer", lazy_gettext("办理人"), "decided_by.display_name", "ct"),
    )  # fmt: skip
    list_title = lazy_gettext("审核记录")
    show_title = lazy_gettext("审核记录")
    base_order = ("id", "desc")
    name_column = "id"
    list_columns = [
        "id",
        "project",
        "enterprise",
        "decision",
        "stage",
        "decided_by.display_name",
        "decided_at",
    ]
    show_columns = [*list_columns, "comment", "return_items"]
    order_columns = ["id", "decided_at"]
    label_columns = {
        "id": lazy_gettext("序号"),
        "project": lazy_gettext("项目"),
        "enterprise": lazy_gettext("企业"),
        "decision": lazy_gettext("决定"),
        "stage": lazy_gettext("环节"),
        "decided_by.display_name": lazy_gettext("办理人"),
        "decided_at": lazy_gettext("时间"),
        "comment": lazy_gettext("意见"),
        "return_items": lazy_gettext("退回事项"),
    }
    formatters_columns = {
        "decision": lambda value: _(DECISIONS.get(value, value)),
        "stage": lambda value: _(STAGES.get(value, value)),
        "decided_at": local_time,
        "return_items": lambda items: "；".join(item.instruction for item in items),
    }

    def title_of(self, item: Review) -> str:
        return str(item.project or item.enterprise)

    def row_step(self, item: Review) -> dict[str, str]:
        return {"label": N_("查看"), "url": self.url_of("show", pk=item.id)}
