"""审核记录: every decision on a submission, read only; a decision form makes the row."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.domain.terms import N_
from app.services import reference
from models.enterprise import Enterprise
from models.project import Project
from models.review import Review
from models.submission import Submission
from models.user import User
from reports.list_words import DECISIONS, STAGES
from views.base import READ_ONLY, EagerInterface, TrustedModelView, db
from views.cells import local_time
from views.excel.exporting import ExportsRows
from views.forms import is_chinese
from views.lists import ListFilter, between, worded
from views.return_words import item_words


class ReviewView(ExportsRows, TrustedModelView):
    """Decisions on records in scope."""

    kind = record_kind = "review"
    export_kind = "reviews"
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
        ListFilter("decision", lazy_gettext("决定"), "decision", choices=worded(DECISIONS)),
        *between("decided", "decided_at", lazy_gettext("办理日期起"), lazy_gettext("办理日期止")),
        ListFilter("reviewer", lazy_gettext("办理人"), "decided_by.display_name", "ct"),
    )  # fmt: skip
    list_title = lazy_gettext("审核记录")
    show_title = lazy_gettext("审核记录")
    show_template = "registers/review.html"
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
    show_columns = list_columns
    order_columns = ["id", "decided_at"]
    label_columns = {
        "id": lazy_gettext("序号"),
        "project": lazy_gettext("项目"),
        "enterprise": lazy_gettext("企业"),
        "decision": lazy_gettext("决定"),
        "stage": lazy_gettext("环节"),
        "decided_by.display_name": lazy_gettext("办理人"),
        "decided_at": lazy_gettext("时间"),
    }
    formatters_columns = {
        "decision": lambda value: _(DECISIONS.get(value, value)),
        "stage": lambda value: _(STAGES.get(value, value)),
        "decided_at": local_time,
    }

    def title_of(self, item: Review) -> str:
        return str(item.project or item.enterprise)

    def row_step(self, item: Review) -> dict[str, str]:
        return {"label": N_("查看"), "url": self.url_of("show", pk=item.id)}

    def told(self, item: Review) -> list[tuple[str, str, Any, bool]]:
        """The decision for its page: what, by whom, on which record and which of its submissions."""
        judged = select(Submission.sequence, Submission.submitted_at).where(Submission.id == item.submission_id)
        sequence, submitted_at = db().execute(judged).one()
        on = _("第 %(n)s 次提交的内容，%(at)s 提交。", n=sequence, at=local_time(submitted_at))
        return [
            (_("决定"), "decision", _(DECISIONS.get(item.decision, item.decision)), False),
            (_("环节"), "stage", _(STAGES.get(item.stage, item.stage)), False),
            (_("办理人"), "decided_by", item.decided_by.display_name, False),
            (_("时间"), "decided_at", local_time(item.decided_at), False),
            (_("项目") if item.project_id else _("企业"), "record", _link(item), True),
            (_("依据"), "submission", on, True),
            (_("意见"), "comment", item.comment, True),
        ]

    def items(self, item: Review) -> list[dict[str, Any]]:
        """The return sheet in words, with what was answered."""
        record = item.project or item.enterprise
        words, reasons = item_words(record), reference.reason_words(db(), english=not is_chinese())
        return [
            {
                "target": words.get(row.target, row.target),
                "reason": reasons.get(row.reason_code, row.reason_code),
                "instruction": row.instruction,
                "answer": row.answer,
                "answered_at": local_time(row.answered_at),
                "was_visible_before": row.was_visible_before,
            }
            for row in item.return_items
        ]


def _link(item: Review) -> Markup:
    base, key = ("projects", item.project_id) if item.project_id else ("enterprises", item.enterprise_id)
    return Markup('<a href="/{}/show/{}">{}</a>').format(base, key, item.project or item.enterprise)
