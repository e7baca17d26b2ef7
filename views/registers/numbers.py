"""编号登记簿: every number there is, each explained, and the register of a period for inspection."""

from datetime import date
from typing import Any

from flask import make_response, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.clock import local_date
from app.domain.errors import Invalid
from app.domain.terms import N_
from app.security.here import now
from app.services import number_register
from models.bureau import Bureau
from models.number import NumberRegister
from models.organization import Organization
from models.project import Project
from reports.list_words import NUMBER_STATES, ORIGINS
from views.base import READ_ONLY, EagerInterface, TrustedModelView, current_actor, db
from views.cells import coded, local_time, number, told_name
from views.excel.exporting import ExportsRows
from views.forms import codes, label_of, region_name
from views.lists import ListFilter, between, worded
from views.query import check_arguments
from views.registers import number_words as words
from views.words import translate


def _regions() -> list[tuple[str, str]]:
    """The regions of this person's bureaus."""
    query = select(Bureau.region_code).where(Bureau.id.in_(current_actor().bureau_ids))
    found = db().scalars(query.order_by(Bureau.sort, Bureau.code))
    return [(code, region_name(code)) for code in dict.fromkeys(found)]


class NumberView(ExportsRows, TrustedModelView):
    """Numbers in scope; nobody changes one here."""

    kind = record_kind = "number"
    export_kind = "numbers"
    route_base = "/numbers"
    class_permission_name = "numbers"
    exclude_route_methods = READ_ONLY
    datamodel = EagerInterface(
        NumberRegister,
        list_options=(
            joinedload(NumberRegister.project).load_only(Project.name, Project.approved_name, Project.version),
            joinedload(NumberRegister.organization).load_only(Organization.name),
        ),
    )
    search_hint = N_("编号、项目名称、建设单位、组织机构代码")
    filter_bar = (
        ListFilter("region", lazy_gettext("区划"), "region_code", choices=_regions),
        ListFilter("category", lazy_gettext("分类"), "category_code", choices=codes("category_code")),
        ListFilter("status", lazy_gettext("状态"), "status", choices=worded(NUMBER_STATES)),
        ListFilter("origin", lazy_gettext("来源"), "origin", choices=worded(ORIGINS)),
        *between("", "issued_on", lazy_gettext("发号起"), lazy_gettext("发号止")),
    )
    show_template = "registers/number.html"
    list_title = show_title = lazy_gettext("编号登记簿")
    base_order = ("id", "desc")
    name_column = "number"
    list_columns = [
        "number", "project", "organization", "region_code", "issued_on", "category_code", "sequence", "status",
        "origin", "flags",
    ]  # fmt: skip
    show_columns = list_columns
    search_columns = ["number"]
    order_columns = ["number", "issued_on"]
    label_columns = {
        "number": lazy_gettext("项目统一编号"),
        "project": lazy_gettext("项目"),
        "organization": lazy_gettext("建设单位"),
        "region_code": lazy_gettext("区划"),
        "issued_on": lazy_gettext("发号日期"),
        "category_code": lazy_gettext("分类"),
        "sequence": lazy_gettext("序号"),
        "status": lazy_gettext("状态"),
        "origin": lazy_gettext("来源"),
        "flags": lazy_gettext("说明"),
    }
    column_classes = {
        **dict.fromkeys(("number", "issued_on", "region_code", "status", "origin"), "nowrap"),
        "organization": "clip",
    }
    formatters_columns = {
        "number": number,
        "project": told_name,
        "region_code": lambda code: region_name(code) if code else "",
        "category_code": coded("category_code"),
        "sequence": lambda value: f"{value:02d}" if value is not None else "",
        "status": words.state_label,
        "origin": words.origin_word,
        "flags": words.flags,
    }

    def title_of(self, item: NumberRegister) -> str:
        return item.number

    def row_status(self, item: NumberRegister) -> str:
        return item.status

    def row_step(self, item: NumberRegister) -> dict[str, str]:
        return {"label": N_("查看"), "url": self.url_of("show", pk=item.id)}

    def list_acts(self) -> list[dict[str, str]]:
        return [{"name": "inspection", "label": N_("核对与打印"), "url": self.url_of("inspection"), "icon": "fa-print"}]

    def explained(self, item: NumberRegister) -> dict[str, Any]:
        """The number in sentences, for its page."""
        return {
            "parts": words.parts(item),
            "story": words.story(item),
            "whole": words.whole(number_register.gaps_of(db(), item)) if item.origin == "issued" else "",
            "acts": [words.act_of_two(act) for act in number_register.acts_of_two(db(), item)],
            "former": [words.former_name(one) for one in number_register.former_names(db(), current_actor(), item)],
        }

    @expose("/inspection")
    @has_access
    @permission_name("list")
    def inspection(self) -> Any:
        """The register of a period in the order of its numbers, with its check; made to be printed."""
        check_arguments()
        first, last = self._period()
        found, errors = None, {}
        try:
            found = number_register.inspect(db(), current_actor(), first, last)
        except Invalid as invalid:
            errors = {problem.field: translate(problem.sentence) for problem in invalid.problems}
        page = self.render_template(
            "registers/inspection.html", title=_("编号登记簿核对"), found=found, errors=errors,
            first=request.args.get("from", first and first.isoformat()) or "",
            last=request.args.get("to", last and last.isoformat()) or "",
            bureau=db().get(Bureau, current_actor().bureau_id), who=current_actor().name, at=local_time(now()),
            words=words, region_name=region_name, label_of=label_of, most=number_register.MOST_ROWS,
        )  # fmt: skip
        return make_response(page, 422) if errors else page

    def _period(self) -> tuple[date | None, date | None]:
        """What the address says, else this year up to today."""
        today = local_date(now())
        if "from" not in request.args and "to" not in request.args:
            return today.replace(month=1, day=1), today
        return _day(request.args.get("from", "")), _day(request.args.get("to", ""))


def _day(text: str) -> date | None:
    """A day as the address writes it, or None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 < day.year < 2200 else None
