"""Which bureaus are not open to project owners yet (尚未开放): added on screen, and nobody there to ask or to review.

Only bureaus that an administrator added here are bound: those that come with the product are published by its notice
with their contacts, and a fresh installation has no staff anywhere before its first administrator has made some.
"""

from flask_appbuilder.security.sqla.models import Role as FabRole
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.domain.errors import Sentence, say
from app.domain.fields import Labels
from app.domain.permissions import may
from app.domain.terms import N_, Action, Role
from app.services.reading import once
from app.services.reference_tables import Office, tables
from models.bureau import Bureau, Contact
from models.user import User

CONTACT, REVIEWER = N_("公布的联系人"), N_("在用的审核人员账号")
REVIEWERS = tuple(str(role) for role in Role if may(frozenset({role}), "projects", Action.APPROVE))


@once
def lacking(session: Session) -> dict[int, tuple[str, ...]]:
    """What each bureau that is not open yet lacks, by its key; no statement while administrators have added none."""
    added = [office.id for office in tables(session).offices if office.is_added_here]
    if not added:
        return {}
    has_contact = exists().where(Contact.bureau_id == Bureau.id)
    reviews = User.roles.any(FabRole.name.in_(REVIEWERS))
    has_reviewer = exists().where(User.bureau_id == Bureau.id, User.active.is_(True), reviews)
    found = {}
    for key, asked, reviewed in session.execute(
        select(Bureau.id, has_contact, has_reviewer).where(Bureau.id.in_(added))
    ):
        missing = [word for word, is_there in ((CONTACT, asked), (REVIEWER, reviewed)) if not is_there]
        if missing:
            found[key] = tuple(missing)
    return found


def closed_regions(session: Session) -> frozenset[str]:
    """The regions that no project owner may choose yet."""
    closed = lacking(session)
    return frozenset(office.region_code for office in tables(session).offices if office.id in closed)


def why_closed(session: Session, office: Office | None) -> Sentence | None:
    """Why nothing is handed in or over to this bureau yet; None when it is open."""
    missing = lacking(session).get(office.id) if office is not None else None
    if office is None or missing is None:
        return None
    words = N_("%(bureau)s尚未开放，还缺少：%(missing)s。请与市级主管部门联系。")
    return say(words, bureau=office.name, missing=Labels(missing))
