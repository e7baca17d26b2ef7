"""A view of the test's own over real projects, with services small enough to see through."""

from collections.abc import Callable
from typing import Any

from flask import Response
from flask_appbuilder import action
from sqlalchemy.orm import Session, selectinload

from app.domain.errors import Invalid, Problem, Refused, say
from models.engine import begin_write
from models.organization import Organization
from models.project import Project
from models.types import blind_index
from models.user import User
from tests.app_fixtures import MONDAY, ConsoleClient, settled
from views.base import EagerInterface, TrustedModelView, db, on_rows

REFUSAL = "名称以「不」开头的项目不能办理。"


class ProbeView(TrustedModelView):
    """Projects under another address."""

    datamodel = EagerInterface(Project, list_options=(selectinload(Project.organization),))
    route_base = "/probes"
    class_permission_name = "projects"
    kind = "project"
    list_columns = ["name", "organization.name", "status"]
    show_columns = ["name", "address"]
    search_columns = ["name", "address", "planned_start_on"]
    order_columns = ["name"]
    add_columns = ["name", "address"]
    edit_columns = ["name", "address"]

    @action("submit", "提交审核")
    def submit(self, row: Project) -> None:
        begin_write(db())
        row.remarks = "touched"
        if row.name.startswith("不"):
            db().flush()
            raise Refused(say(REFUSAL))
        db().commit()

    @action("approve", "审核通过")
    def approve(self, row: Project) -> None:
        raise AssertionError("no applicant gets here")

    @action("withdraw", "撤回", multiple=False)
    @on_rows
    def withdraw(self, rows: list[Project]) -> Response:
        return Response(",".join(row.name for row in rows))

    def create_row(self, values: dict[str, Any]) -> Project:
        raise Invalid([Problem("address", say("地址「%(text)s」不存在。", text=values["address"]))])

    def update_row(self, row: Project, values: dict[str, Any], version: int) -> Project:
        begin_write(db())
        row.name, row.address = values["name"], values["address"]
        if row.name.startswith("不"):
            db().flush()
            raise Refused(say(REFUSAL))
        db().commit()
        return row

    def delete_row(self, row: Project) -> None:
        begin_write(db())
        db().delete(row)
        db().commit()


def an_organization(session: Session, code: str) -> Organization:
    organization = Organization(
        org_code=code, name=f"演示单位 {code}", unit_kind="government", contact_name="演示联系人",
        contact_mobile="13800000000", contact_mobile_index=blind_index("13800000000"), privacy_notice_version="1",
        privacy_consented_at=MONDAY, registered_at=MONDAY,
    )  # fmt: skip
    return settled(session, organization)


def a_project(session: Session, owner: User, name: str) -> Project:
    project = Project(
        organization_id=owner.organization_id, name=name, address="演示路1号", created_by_id=owner.id,
        created_at=MONDAY, updated_at=MONDAY,
    )  # fmt: skip
    return settled(session, project)


class Stage:
    """Two organizations, A signed in, with two projects of A and one of B."""

    def __init__(self, session: Session, make_user: Callable[..., User], browser: ConsoleClient) -> None:
        from app.domain.terms import Role

        self.session, self.browser = session, browser
        owners = []
        for code in ("PDY00001-X", "PDY00002-8"):
            organization = an_organization(session, code)
            owners.append(make_user(code, Role.APPLICANT, organization_id=organization.id))
        self.owner, self.stranger = owners
        self.mine = [a_project(session, self.owner, name) for name in ("甲一", "不甲二")]
        self.theirs = a_project(session, self.stranger, "乙一")
        browser.sign_in("PDY00001-X")

    def fresh(self, project: Project) -> Project:
        self.session.rollback()
        found = self.session.get(Project, project.id)
        assert found is not None
        return found


__all__ = ["REFUSAL", "ProbeView", "Stage"]
