"""What the public entry tells beside its panel: contacts and limits are the bureau's figures."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.domain.terms import N_
from app.security.here import db, settings
from models.bureau import Bureau, Contact

PAPERS = (
    {"label": N_("法人授权委托书（附件1）"), "note": N_("经办人为本单位人员"), "url": "/forms/letter-1"},
    {"label": N_("法人授权委托书（附件2）"), "note": N_("经办人为招标代理机构人员"), "url": "/forms/letter-2"},
    {"label": N_("密码重置申请"), "note": N_("盖章后交窗口办理"), "url": "/forms/password-reset"},
)


def contacts() -> list[Contact]:
    """Everybody who may be asked, by bureau."""
    query = select(Contact).join(Contact.bureau).options(contains_eager(Contact.bureau))
    return list(db().scalars(query.order_by(Bureau.sort, Bureau.code, Contact.sort, Contact.id)))


def contacts_of(bureau: Bureau | None) -> list[Contact]:
    """Those of one bureau, in their order."""
    return [one for one in contacts() if bureau is not None and one.bureau_id == bureau.id]


def entry_facts() -> dict[str, Any]:
    """For templates over console/entry.html."""
    return {
        "contacts": contacts(),
        "forms": PAPERS,
        "limits": {
            "enterprise": settings().enterprise_review_days,
            "project": settings().project_review_days,
        },
    }
