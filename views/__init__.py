"""Every page there is, in the order of the menu. A view that is not listed here is not reachable."""

from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _

from views.attachments import AttachmentView
from views.enterprises import EnterpriseView
from views.health import blueprint as health
from views.help import HelpView
from views.home import HomeView
from views.inbox import InboxView
from views.login import AuthDBView, LocaleView, UtilView
from views.organizations import OrganizationView
from views.password import PasswordView
from views.projects import ProjectView
from views.registration import RegistrationView
from views.reviews import ReviewView
from views.simulator import SmsSimulatorView


def register_all(appbuilder: Any) -> None:
    """Hand all views to FAB; called by the factory inside the application's context."""
    current_app.register_blueprint(health)
    appbuilder.indexview = appbuilder._indexview = appbuilder.add_view_no_menu(HomeView)
    appbuilder.sm.auth_view = appbuilder.add_view_no_menu(AuthDBView)
    appbuilder.bm.locale_view = appbuilder.add_view_no_menu(LocaleView)
    appbuilder.add_view_no_menu(UtilView)
    for public in (RegistrationView, PasswordView, HelpView):
        appbuilder.add_view_no_menu(public)
    appbuilder.add_view_no_menu(AttachmentView)
    appbuilder.add_view(
        EnterpriseView,
        "enterprises",
        label=_("企业信息"),
        icon="fa-id-card",
        category="records",
        category_label=_("登记"),
    )
    appbuilder.add_view(
        ProjectView,
        "projects",
        label=_("项目信息"),
        icon="fa-building",
        category="records",
        category_label=_("登记"),
    )
    appbuilder.add_view(
        OrganizationView,
        "organizations",
        label=_("建设单位"),
        icon="fa-building-user",
        category="records",
        category_label=_("登记"),
    )
    appbuilder.add_view(
        ReviewView,
        "reviews",
        label=_("审核记录"),
        icon="fa-clipboard-check",
        category="review",
        category_label=_("审核与报送"),
    )
    appbuilder.add_view(
        InboxView, "inbox", label=_("消息"), icon="fa-envelope", category="desk", category_label=_("办事")
    )
    if current_app.extensions["yht"].settings.profile == "demo":
        appbuilder.add_view(
            SmsSimulatorView,
            "simulator_sms",
            label=_("短信模拟"),
            icon="fa-comment-sms",
            category="demo",
            category_label=_("演示"),
        )
