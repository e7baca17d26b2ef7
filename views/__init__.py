"""Every page there is, in the order of the menu. A view that is not listed here is not reachable."""

from typing import Any, NamedTuple

from flask import current_app
from flask_babel import lazy_gettext as _

from views.account_requests import AccountRequestView
from views.accounts.roles import RoleView
from views.accounts.users import UserView
from views.api.changes import ChangesApiView
from views.api.document import DocumentView
from views.api.projects import ProjectApiView
from views.api_keys import ApiKeyView
from views.attachments import AttachmentView
from views.blank_forms import BlankFormView
from views.calls import CallView
from views.counter import CounterView
from views.enterprises import EnterpriseView
from views.excel.exports import ExportView
from views.excel.imports import ImportView
from views.excel.reports import ReportView
from views.forms import category, district
from views.health import blueprint as health
from views.help import HelpView
from views.home import HomeView
from views.inbox import InboxView
from views.kept import ReturnedFormView
from views.login import AuthDBView, LocaleView, UtilView
from views.lookup import LookupApiView, LookupView
from views.mandates import MandateView
from views.matters import MatterView
from views.organizations import OrganizationView
from views.password import PasswordView
from views.pending_acts import PendingActView
from views.projects import ProjectView
from views.reference.calendar import CalendarView
from views.reference.notices import NoticeTemplateView
from views.reference.tables import (
    BureauView,
    ContactView,
    DictionaryView,
    MatterItemView,
    MatterRuleView,
    RegionView,
    RequiredDocumentView,
    ReturnReasonView,
)
from views.registers.audit import AuditView
from views.registers.notices import NoticeView
from views.registers.numbers import NumberView
from views.registers.pushes import PushView
from views.registration import RegistrationView
from views.reviews import ReviewView
from views.saved_views import SavedViewView
from views.sent_words import reworded
from views.simulator import MunicipalSimulatorView, ProvinceSimulatorView, SmsSimulatorView
from views.styleguide import StyleguideView
from views.unit_works import UnitWorkView
from views.verify import VerifyView
from views.worklist import WorklistView
from views.workloads import WorkloadView


class Entry(NamedTuple):
    """One line of the menu; `group` names the heading it stands under, empty: above all of them."""

    view: type[Any]
    name: str
    label: Any
    icon: str
    group: str = ""


GROUPS = {
    "records": _("登记"),
    "review": _("审核与报送"),
    "statistics": _("报表与数据"),
    "desk": _("办事"),
    "reference": _("基础数据"),
    "system": _("系统管理"),
    "demo": _("演示"),
}
WITHOUT_MENU = (
    UtilView,
    RegistrationView,
    PasswordView,
    HelpView,
    BlankFormView,
    LookupView,
    LookupApiView,
    VerifyView,
    ProjectApiView,
    ChangesApiView,
    DocumentView,
    AttachmentView,
    SavedViewView,
    ReturnedFormView,
    StyleguideView,
)
MENU = (
    Entry(WorklistView, "worklist", _("待办"), "fa-inbox"),
    Entry(WorkloadView, "workloads", _("在办情况"), "fa-user-clock"),
    Entry(CounterView, "counter", _("窗口核验"), "fa-stamp"),
    Entry(CallView, "calls", _("来电查询"), "fa-headset"),
    Entry(AuditView, "audit", _("审计日志"), "fa-shield-halved"),
    Entry(EnterpriseView, "enterprises", _("企业信息"), "fa-id-card", "records"),
    Entry(ProjectView, "projects", _("项目信息"), "fa-building", "records"),
    Entry(MatterView, "matters", _("事项"), "fa-list-check", "records"),
    Entry(UnitWorkView, "unit_works", _("单体信息"), "fa-cubes", "records"),
    Entry(OrganizationView, "organizations", _("建设单位"), "fa-building-user", "records"),
    Entry(NumberView, "numbers", _("编号登记簿"), "fa-book", "records"),
    Entry(PendingActView, "pending_acts", _("待复核"), "fa-user-check", "review"),
    Entry(AccountRequestView, "account_requests", _("账号办理"), "fa-user-lock", "review"),
    Entry(ReviewView, "reviews", _("审核记录"), "fa-clipboard-check", "review"),
    Entry(MandateView, "mandates", _("授权委托书"), "fa-file-signature", "review"),
    Entry(PushView, "pushes", _("报送台账"), "fa-paper-plane", "review"),
    Entry(NoticeView, "notices", _("短信通知"), "fa-comment-sms", "review"),
    Entry(ReportView, "reports", _("登记月报"), "fa-table", "statistics"),
    Entry(ExportView, "exports", _("导出任务"), "fa-file-export", "statistics"),
    Entry(ImportView, "imports", _("历史导入"), "fa-file-import", "statistics"),
    Entry(InboxView, "inbox", _("消息"), "fa-envelope", "desk"),
    Entry(BureauView, "bureaus", _("主管部门"), "fa-sitemap", "reference"),
    Entry(RegionView, "regions", _("行政区划"), "fa-map", "reference"),
    Entry(DictionaryView, "dictionaries", _("数据字典"), "fa-book", "reference"),
    Entry(RequiredDocumentView, "required_documents", _("附件要求"), "fa-paperclip", "reference"),
    Entry(ReturnReasonView, "return_reasons", _("退回原因"), "fa-rotate-left", "reference"),
    Entry(MatterItemView, "matter_items", _("事项材料"), "fa-paperclip", "reference"),
    Entry(MatterRuleView, "matter_rules", _("事项设置"), "fa-list-check", "reference"),
    Entry(CalendarView, "calendar", _("工作日历"), "fa-calendar-days", "reference"),
    Entry(UserView, "users", _("用户"), "fa-users", "system"),
    Entry(RoleView, "roles", _("角色"), "fa-user-shield", "system"),
    Entry(ApiKeyView, "api_keys", _("接口密钥"), "fa-key", "system"),
    Entry(ContactView, "contacts", _("联系人"), "fa-phone", "system"),
    Entry(NoticeTemplateView, "notice_templates", _("通知模板"), "fa-comment-dots", "system"),
)
DEMO_MENU = (
    Entry(SmsSimulatorView, "simulator_sms", _("短信模拟"), "fa-comment-sms", "demo"),
    Entry(ProvinceSimulatorView, "simulator_province", _("省厅模拟"), "fa-landmark", "demo"),
    Entry(MunicipalSimulatorView, "simulator_municipal", _("市审批模拟"), "fa-city", "demo"),
)


def register_all(appbuilder: Any) -> None:
    """Hand all views to FAB; called by the factory inside the application's context."""
    current_app.register_blueprint(health)
    current_app.jinja_env.globals.update(district=district, category=category, reworded=reworded)
    appbuilder.indexview = appbuilder._indexview = appbuilder.add_view_no_menu(HomeView)
    appbuilder.sm.auth_view = appbuilder.add_view_no_menu(AuthDBView)
    appbuilder.bm.locale_view = appbuilder.add_view_no_menu(LocaleView)
    for view in WITHOUT_MENU:
        appbuilder.add_view_no_menu(view)
    is_demo = current_app.extensions["yht"].settings.profile == "demo"
    for entry in MENU + (DEMO_MENU if is_demo else ()):
        group = {"category": entry.group, "category_label": GROUPS[entry.group]} if entry.group else {}
        appbuilder.add_view(entry.view, entry.name, label=entry.label, icon=entry.icon, **group)
