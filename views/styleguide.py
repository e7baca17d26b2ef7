"""组件与规则: every part that pages are built of, drawn by the same macros, each with its rule (DESIGN §4)."""

from typing import Any

from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext as _

from app.domain import journey
from app.domain.errors import Invalid
from app.domain.fields import PROJECT
from app.domain.terms import N_, Kind, Status
from app.security.here import now
from app.services import editing
from models.project import Project
from views.base import TrustedBaseView, db
from views.editing import blame
from views.forms import RuleForm
from views.outlooks import steps_in_words

NUMBER = "3202812611180102"  # the notice's own form of a number; any will do
STATES = {
    "draft": N_("尚未提交，可随时修改"),
    "submitted": N_("已锁定，等窗口或审核"),
    "returned": N_("退回单位补正，不计时"),
    "approved": N_("企业信息、单体信息通过"),
    "numbered": N_("项目已有编号；唯一的实心标签"),
    "voided": N_("作废，编号不再使用"),
}
PUSHES = {
    "waiting": N_("排队或正在送，不用管"),
    "received": N_("有对方回执"),
    "refused": N_("必须有人处理，旁边写原因"),
}
COLOURS = (
    ("page", "paper", "wash", "hover", "picked"),
    ("ink", "ink-2", "ink-3", "line", "line-2"),
    ("brand", "brand-strong", "brand-wash", "bar"),
    ("ok", "warn", "bad", "info", "ok-wash", "warn-wash", "bad-wash", "info-wash"),
    ("ch-1", "ch-2", "ch-3", "ch-bad"),
)
WRONG = {"investment_10k_cny": "0", "contact_mobile": "1380000"}
SHOWN = ("contact_name", "contact_mobile", "investment_10k_cny", "planned_start_on", "category_code", "scale")


class StyleguideView(TrustedBaseView):
    """/styleguide/, for staff: no data, only the parts."""

    route_base = "/styleguide"
    default_view = "index"
    class_permission_name = "styleguide"
    method_permission_name = {"index": "list"}

    @expose("/")
    @has_access
    def index(self) -> Any:
        form = _faulty_form()
        return self.render_template(
            "pages/styleguide.html",
            title=_("组件与规则"),
            colours=COLOURS,
            fields=[form[name] for name in SHOWN],
            number=NUMBER,
            pushes=PUSHES,
            states=STATES,
            steps=steps_in_words(journey.steps(Kind.PROJECT, Status.RETURNED, journey.Standing())),
        )


def _faulty_form() -> RuleForm:
    """A project's form with two wrong entries, judged by the rules themselves."""
    form = RuleForm.of(PROJECT).refresh()
    for name, entry in WRONG.items():
        form[name].data = entry
    blame(form, Invalid(editing.problems(db(), Project(), WRONG, now=now())))
    return form
