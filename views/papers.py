"""Papers that people hold in their hands: PDF of a record, its return sheet, the counter's receipt, the number.

The same labels and values as on the screens, always in Chinese; personal values masked as there.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from flask import abort, make_response, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access, permission_name
from flask_babel import force_locale
from flask_babel import gettext as _

from app.domain.number import parse
from app.domain.terms import TERMS, Kind, Status
from app.papers.blocks import Block, Code, Items, Paper, Plate, Prose, Rows, Signatures
from app.papers.typeset import drawings, pdf, qr
from app.security.here import now, settings
from app.services import lookups, originals, returns, verify
from models.attachment import Attachment
from models.counter_visit import CounterVisit
from models.project import Project
from views import entry
from views.base import db
from views.cells import local_day, local_time
from views.forms import category, district
from views.interface import as_key
from views.words import state

ISSUER = "一号通"
BLANK = "_" * 20  # to be filled in by hand
INLINE = "sandbox; default-src 'none'; frame-ancestors 'self'"


class PrintsPapers:
    """Mixin of the record views: `/paper/<pk>/<sheet>`; a sheet that the record does not have is not there."""

    kind: Kind
    route_base: str

    @expose("/paper/<pk>/<sheet>", methods=["GET"])
    @has_access
    @permission_name("show")
    def paper(self, pk: str, sheet: str) -> Any:
        """The sheet as PDF, shown in the browser; with `page` that page of it as a drawing, to be printed at once."""
        view: Any = self
        row, maker = view.scoped(pk), SHEETS.get(sheet)
        with force_locale("zh"):
            made = maker(view, row) if maker is not None else None
            if made is None:
                abort(404)
            if "page" in request.args:
                return _drawing(made, as_key(request.args["page"]) or 0)
            return inline_pdf(made, f"{made.title}-{row.name}")

    def papers_of(self, item: Any) -> list[dict[str, str]]:
        """What can be printed of the record now."""
        names = {"form": FORM_TITLES[self.kind](), "notice": _("一次性告知单"), "receipt": _("原件核验回执")}
        names["certificate"] = _("项目统一编号通知单")
        there = ["form"]
        there += ["notice"] if item.status == Status.RETURNED and self._sheet(item) else []
        if isinstance(item, Project):
            there += ["receipt"] if lookups.around(db(), item).was_checked else []
            there += ["certificate"] if item.number else []
        return [{"label": names[sheet], "url": f"{self.route_base}/paper/{item.id}/{sheet}"} for sheet in there]

    def _sheet(self, item: Any) -> list[dict[str, Any]]:
        view: Any = self
        sheet: list[dict[str, Any]] = view.return_sheet(item)
        return sheet


FORM_TITLES: dict[Kind, Callable[[], str]] = {
    Kind.PROJECT: lambda: _("项目登记表"), Kind.ENTERPRISE: lambda: _("企业信息表"),
}  # fmt: skip


def _form(view: Any, row: Any) -> Paper:
    """项目登记表, 企业信息表: every value as the page has it, the scans that count, room to sign and stamp."""
    sections = [
        Rows([(label, str(value) or "—") for label, _name, value, _wide in rows], title)
        for title, rows in ((_(heading), rows) for heading, rows in view.value_rows(row))
        if rows
    ]
    scans = [
        (slot["label"], "、".join(one["original_name"] for one in slot["attachments"])) for slot in view.slots(row)
    ]
    blocks: list[Block] = [_who(row), *sections, Rows([(a, b or _("没有上传")) for a, b in scans], _("扫描件"))]
    blocks += [Prose(_("本单位对所填内容和所附材料的真实性负责。")), Signatures([_("经办人签字："), _("单位盖章：")])]
    return _paper(FORM_TITLES[view.kind](), row, blocks)


def _notice(view: Any, row: Any) -> Paper | None:
    """一次性告知单 of a return: everything that is to be changed, at once."""
    sheet = view.return_sheet(row) if row.status == Status.RETURNED else []
    if not sheet:
        return None
    items = [(one["label"], f"{one['reason']}：{one['instruction']}") for one in sheet]
    review = returns.last_return(db(), row)
    blocks = [
        _who(row),
        Rows([(_("退回日期"), local_day(review.decided_at) if review else BLANK)]),
        Items((_("序"), _("对象"), _("原因和修改要求")), items, _("需要修改的内容，共 %(n)s 项", n=len(items))),
        Prose(_("以上为一次性告知的全部内容。请登录系统逐项修改，改好后重新提交审核。")),
        _counter(row),
        Signatures([_("经办人签字："), _("告知人：")]),
    ]
    return _paper(_("一次性告知单"), row, blocks)


def _receipt(view: Any, row: Any) -> Paper | None:
    """原件核验回执: who came, what was seen then or before; its code tells what became of it."""
    visit = originals.last_visit(db(), row) if isinstance(row, Project) else None
    if visit is None:
        return None
    facts = [(_("核验时间"), local_time(visit.visited_at)), (_("核验人"), visit.received_by.display_name)]
    facts.append((_("办事人"), visit.presented_by))
    letter = visit.mandate
    if letter is not None:
        facts.append((_("委托期限"), _("%(first)s 至 %(last)s", first=letter.valid_from, last=letter.valid_to)))
    else:
        facts.append((_("委托书"), _("法定代表人本人到场，不持委托书")))
    code = str(verify.receipt_code(row, visit.visited_at))
    blocks = [
        _who(row), Rows(facts, _("核验")),
        Items((_("序"), _("扫描件"), _("核验结果")), _seen(view, row, visit), _("原件")),
        _code(code, _("扫码查看本回执现在的情况，或在 %(address)s 输入：", address=address_of(""))),
        Signatures([_("经办人签字："), _("窗口人员签字：")]),
    ]  # fmt: skip
    return _paper(_("原件核验回执"), row, blocks)


def _seen(view: Any, row: Project, visit: CounterVisit) -> list[tuple[str, str]]:
    """What was found at the visit, then what still counts from an earlier one."""
    found = originals.visit(db(), row)
    told = [(_label(view, row, one.attachment), _finding(one)) for one in found]
    now_seen = {originals.place_of(one.attachment) for one in found}
    scans = [scan for scan in originals.scans_to_check(db(), row) if originals.place_of(scan) not in now_seen]
    before = originals.latest_checks(db(), row, scans)
    for scan in scans:
        check = before.get(scan.id)
        if check is not None and check.checked_at < visit.visited_at:
            on = local_day(check.checked_at)
            told.append((_label(view, row, scan), _("%(finding)s（%(on)s 核验）", finding=_finding(check), on=on)))
    return told


def _certificate(view: Any, row: Any) -> Paper | None:
    """项目统一编号通知单: the number in its parts, whose it is, and its code."""
    if not isinstance(row, Project) or row.number is None:
        return None
    code = str(verify.certificate_code(row))
    facts = [(_("发号日期"), local_day(row.numbered_at)), (_("状态"), _state(row))]
    blocks: list[Block] = [
        Plate(_segments(row.number)), _who(row), Rows(facts, _("编号")),
        _code(code, _("扫码核对编号现在的状态，或在 %(address)s 输入：", address=address_of(""))),
        Prose(_("凭此编号办理勘察设计合同备案、施工图审查、招投标、项目备案、安全监督、质量监督和施工许可证。")),
    ]  # fmt: skip
    return _paper(_("项目统一编号通知单"), row, blocks)


SHEETS: dict[str, Callable[[Any, Any], Paper | None]] = {
    "form": _form, "notice": _notice, "receipt": _receipt, "certificate": _certificate,
}  # fmt: skip


def _who(row: Any) -> Rows:
    """Whose record it is, and at which bureau."""
    organization = row.organization
    facts = [(_("名称"), row.told_name)] if isinstance(row, Project) else []
    facts += [(_("建设单位"), organization.name), (_("组织机构代码"), organization.org_code)]
    return Rows([*facts, (_("受理机构"), row.bureau.name if row.bureau else "—"), (_("状态"), _state(row))])


def _counter(row: Any) -> Rows:
    """Where the bureau's counter is, when it is open and whom to ring up; what nobody has filled in is left to fill."""
    known = entry.contacts_of(row.bureau)
    where = next((one for one in known if one.counter_address), known[0] if known else None)
    facts = [
        (_("窗口地址"), (where.counter_address if where else None) or BLANK),
        (_("窗口工作时间"), (where.counter_hours if where else None) or BLANK),
        (_("联系电话"), where.phones if where else BLANK),
    ]
    return Rows(facts, _("受理窗口"))


def _state(row: Any) -> str:
    return _("已发号") if getattr(row, "number", None) and row.status == Status.APPROVED else state(TERMS[row.status])


def _paper(title: str, row: Any, blocks: list[Any]) -> Paper:
    bureau = row.bureau.name if row.bureau else ""
    made = _("%(time)s 由一号通生成", time=local_time(now()))
    return Paper(title, ISSUER, "　".join(part for part in (bureau, made) if part), blocks)


def _segments(number: str) -> list[tuple[str, str]]:
    """The plate's parts with their words; a number from before us stands alone."""
    if len(number) != 16 or not number.isdecimal():
        return [(number, _("编号"))]
    parts = parse(number)
    words = (district(parts.region), parts.day.isoformat(), category(parts.category), _("当日序号"))
    return list(zip(parts.segments(), words, strict=True))


def _label(view: Any, row: Project, scan: Attachment) -> str:
    return str(view.targets_anew(row).get(scan.slot, scan.slot))


def _finding(check: Any) -> str:
    return _(TERMS[check.result]) + (f"：{check.note}" if check.note else "")


def _code(code: str, caption: str) -> Code:
    return qr(address_of(code), caption, code)


def _drawing(made: Paper, number: int) -> Any:
    """One page as SVG; nothing at all after the last one, which is how a printing page learns of it."""
    pages = drawings(made)
    if number < 1:
        abort(404)
    if number > len(pages):
        return make_response("", 204)
    return as_file(pages[number - 1], "image/svg+xml", f"{made.title}-{number}.svg", "inline")


def inline_pdf(made: Paper, name: str) -> Any:
    """The paper as PDF, shown in the browser under its name."""
    return as_file(pdf(made), "application/pdf", f"{name}.pdf", "inline")


def as_file(content: bytes, mimetype: str, name: str, way: str) -> Any:
    """A paper as an answer: its name in any script (RFC 6266), and nothing in it may run."""
    answer = make_response(content)
    answer.mimetype = mimetype
    plain = "paper" + name[name.rindex(".") :]
    answer.headers["Content-Disposition"] = f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    answer.headers["Content-Security-Policy"] = INLINE
    return answer


def address_of(code: str) -> str:
    """Where the code is looked up; without one the page that asks for it."""
    return f"{settings().public_url.rstrip('/')}/verify/{code}"
