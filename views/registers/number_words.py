"""A number in sentences: what each part says, who gave it on which decision, what became of it."""

from datetime import date

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import or_, select

from app.domain.terms import TERMS, Action
from app.security.here import db
from app.services.number_register import FormerName
from models.hand_over import HandOver
from models.number import NumberRegister
from models.pending_act import PendingAct
from models.region import Region
from models.submission import Submission
from reports.list_words import FLAGS, NUMBER_STATES, ORIGINS, OTHER_FLAG
from views.cells import label, local_day, local_time
from views.forms import label_of, region_name
from views.pending_acts import STATES as ACT_STATES


def state_word(status: str) -> str:
    return _(NUMBER_STATES[status])


def origin_word(origin: str) -> str:
    return _(ORIGINS[origin])


def state_label(status: str) -> Markup:
    """The number's own state: it stays void whatever becomes of the project."""
    css = "state-voided" if status == "voided" else "state-numbered"
    return label(css, state_word(status))


def flags(tags: list[str] | None) -> str:
    """What is odd about a number from before us; a tag of a later day is at least told to be there."""
    return _("；").join(_(FLAGS.get(tag, OTHER_FLAG)) for tag in tags or ())


def parts(row: NumberRegister) -> list[tuple[str, str]]:
    """Digits and what they mean; nothing of a number that has no parts."""
    if row.region_code is None:
        return []
    digits = row.number
    day = row.issued_on
    return [
        (digits[:6], _("区划：%(name)s", name=_region(row.region_code, day))),
        (digits[6:12], _("发号日期：%(day)s", day=local_day(day)) if day else _("日期无法识别")),
        (digits[12:14], _category(row)),
        (digits[14:16], _sequence(row)),
    ]


def _region(code: str, day: date | None) -> str:
    """The district's name on that day; it may have been renamed or merged since."""
    query = select(Region.name).where(Region.code == code)
    if day is None:
        return db().scalar(query.limit(1)) or code
    then = query.where(Region.valid_from <= day, or_(Region.valid_to.is_(None), Region.valid_to >= day))
    name = db().scalar(then.limit(1))
    if name is None:
        return region_name(code)
    today = region_name(code).removeprefix(code).strip()
    return name if today in ("", name) else _("%(name)s（今%(today)s）", name=name, today=today)


def _category(row: NumberRegister) -> str:
    if row.category_code is None:
        return _("与后两位合为当日顺序号，不含分类")
    word = label_of("category_code", row.category_code)
    return _("分类：%(name)s", name=word) if word != row.category_code else _("不是现行分类")


def _sequence(row: NumberRegister) -> str:
    if row.category_code is None:
        return _("当日第 %(n)s 号", n=row.sequence)
    return _("该区划该分类当日第 %(n)s 号", n=row.sequence)


def story(row: NumberRegister) -> list[dict[str, str]]:
    """Each thing that happened to the number: label, sentence, and a link where there is a page about it."""
    told = [_given(row)]
    if row.submission_id is not None:
        told.append(_judged(row.submission_id))
    if row.project_id is not None:
        told.append(_handed_over(row.project_id))
    if row.status == "voided":
        told.append(_voided(row))
    return told


def _given(row: NumberRegister) -> dict[str, str]:
    if row.origin == "imported":
        odd = flags(row.flags)
        words = _("启用本系统以前的编号，%(at)s导入，按原样保留。", at=local_time(row.issued_at))
        return {
            "label": _("来源"),
            "text": words + (_("注意：%(flags)s。", flags=odd) if odd else ""),
            "name": "origin",
        }
    who = row.issued_by.display_name if row.issued_by else _("系统")
    words = _("%(who)s于 %(at)s 审核通过，当即发号。", who=who, at=local_time(row.issued_at))
    link = f"/reviews/show/{row.review_id}" if row.review_id else ""
    return {"label": _("发号"), "text": words, "name": "issued", "url": link, "link": _("审核记录")}


def _judged(submission_id: int) -> dict[str, str]:
    """Which snapshot the decision was on; the snapshot itself stays closed."""
    query = select(Submission.sequence, Submission.submitted_at).where(Submission.id == submission_id)
    sequence, submitted_at = db().execute(query).one()
    words = _("第 %(n)s 次提交的内容，%(at)s 提交。", n=sequence, at=local_time(submitted_at))
    return {"label": _("依据"), "text": words, "name": "submission"}


def _handed_over(project_id: int) -> dict[str, str]:
    given = db().scalar(select(HandOver).where(HandOver.project_id == project_id))
    if given is None:
        return {"label": _("领取"), "text": _("还没有领取。"), "name": "hand_over"}
    words = _(
        "%(who)s于 %(at)s 领取，经办：%(clerk)s。",
        who=given.received_by, at=local_time(given.handed_over_at), clerk=given.handed_over_by.display_name,
    )  # fmt: skip
    return {"label": _("领取"), "text": words, "name": "hand_over"}


def _voided(row: NumberRegister) -> dict[str, str]:
    who = row.voided_by.display_name if row.voided_by else _("系统")
    words = _(
        "%(who)s于 %(at)s 作废。原因：%(reason)s",
        who=who, at=local_time(row.voided_at), reason=row.voided_reason or "",
    )  # fmt: skip
    return {"label": _("作废"), "text": words, "name": "voided"}


def whole(gaps: list[int]) -> str:
    """Whether the day's sequence is whole."""
    if not gaps:
        return _("无缺号")
    return _("缺 %(numbers)s", numbers=_("、").join(f"{gap:02d}" for gap in gaps))


def act_of_two(act: PendingAct) -> dict[str, str]:
    """What one administrator asked for and another decided: both persons, when, and why."""
    decided = local_time(act.decided_at) if act.decided_at else ""
    return {
        "state": act.state,
        "act": _(TERMS[Action(act.action)]),
        "asked_by": act.requested_by.display_name,
        "asked_at": local_time(act.requested_at),
        "outcome": _(ACT_STATES[act.state]),
        "decided_by": act.decided_by.display_name if act.decided_by else "",
        "decided_at": decided,
        "reason": act.reason,
        "note": act.decision_note or "",
    }


def former_name(one: FormerName) -> dict[str, str]:
    """A change of the project owner's name or code: what it was, what it is, and who recorded it."""
    change = one.change
    codes = (change.org_code_before, change.org_code_after)
    return {
        "day": local_day(change.effective_on),
        "before": change.name_before,
        "after": change.name_after,
        "code_before": codes[0] if codes[0] != codes[1] else "",
        "code_after": codes[1] if codes[0] != codes[1] else "",
        "asked_by": one.asked_by or "",
        "recorded_by": change.changed_by.display_name,
        "recorded_at": local_time(change.changed_at),
        "reason": change.reason,
    }
