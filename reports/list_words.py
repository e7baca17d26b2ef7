"""The words that lists say instead of codes, in the language of one reader: looked up once, told by dictionary."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import number
from app.domain.terms import N_, TERMS, Status, UnitKind
from models.dictionary import DictionaryEntry
from models.region import Region

Say = Callable[[str], str]  # a message id in the reader's language

DECISIONS = {"approve": TERMS[Status.APPROVED], "return": N_("退回")}
STAGES = {"review": N_("审核"), "counter": N_("窗口核验")}
ORIGINS = {"issued": N_("本系统发号"), "imported": N_("历史导入")}
NUMBER_STATES = {"issued": N_("已发号"), "voided": N_("已作废")}
FLAGS: Mapping[str, str] = {
    number.NOT_SIXTEEN_DIGITS: N_("不是 16 位数字，不能分段"),
    number.NO_SUCH_DAY: N_("第 7–12 位不是一个日期"),
    number.DAILY_SEQUENCE: N_("后四位是当日顺序号，不含分类"),
    number.UNKNOWN_CATEGORY: N_("第 13–14 位不是现行分类"),
    number.SEQUENCE_ZERO: N_("序号为 00"),
    number.OTHER_REGION: N_("编号中的区划与项目属地不同"),
    number.OTHER_CATEGORY: N_("编号中的分类与项目分类不同"),
    number.OTHER_DAY: N_("编号中的日期与发号日期不同"),
    number.AFTER_START: N_("发号日期在启用统一编号之后"),
}
OTHER_FLAG = N_("另有异常")  # a tag of a later day is at least told to be there


@dataclass(frozen=True)
class Words:
    """What one reader reads; an unknown code stands for itself."""

    say: Say
    is_chinese: bool
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # dictionary -> code -> word
    regions: Mapping[str, str] = field(default_factory=dict)

    def coded(self, dictionary: str) -> Mapping[str, str]:
        """A code table."""
        return self.labels.get(dictionary, {})

    def said(self, words: Mapping[str, str]) -> dict[str, str]:
        """A list of ours that is fixed in the code."""
        return {str(code): self.say(word) for code, word in words.items()}

    def states(self, *, numbered: bool) -> dict[str, str]:
        """Where a record stands; an approved project reads 已发号."""
        words = self.said({status: TERMS[status] for status in Status})
        return words | ({str(Status.APPROVED): self.say(N_("已发号"))} if numbered else {})

    def unit_kinds(self) -> dict[str, str]:
        return self.said({kind: TERMS[kind] for kind in UnitKind})


def load(session: Session, say: Say, *, is_chinese: bool) -> Words:
    """All dictionaries and districts, two statements."""
    label = DictionaryEntry.label_zh if is_chinese else DictionaryEntry.label_en
    labels: dict[str, dict[str, str]] = {}
    for kind, code, word in session.execute(select(DictionaryEntry.kind, DictionaryEntry.code, label)):
        labels.setdefault(kind, {})[code] = word
    regions = session.execute(select(Region.code, Region.name).order_by(Region.valid_from)).all()
    return Words(say, is_chinese, labels, {code: name for code, name in regions})  # noqa: C416 - rows are no tuples to mypy
