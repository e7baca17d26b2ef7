"""What other systems' replies mean (DOMAIN §8, J14, W17): a table, and the function that reads a reply by it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from app.domain.errors import Sentence, say
from app.domain.terms import N_
from app.outbox.http import UNREADABLE
from app.outbox.parcel import NO_REASON, DeliveryFailed, presentable

WRONG_PASSWORD = N_("对方系统不认可接口账号（001），请系统管理员检查设置；内容留在待报送队列。")
WRONG_TABLE = N_("对方系统没有这张数据表（002），请系统管理员检查设置；内容留在待报送队列。")
OWN_FAULT = N_("没有发送：%(fault)s")  # what the receiver would refuse is not sent
NOT_SAVED = N_("对方系统没有接收（003）：%(reason)s")
NO_PROJECT = N_("对方系统没有找到对应项目（005）：%(reason)s")
SAVED = "OK"  # at the province
SAVED_BY_CITY = "000"  # W17
DELETED = ("删除成功！", "删除成功")
LATER = timedelta(minutes=10)  # nothing about the record is wrong, and somebody has to mend the set-up first
_CODED = re.compile(r"(00[1235])(?![0-9])[\s:：,，;；、.\-]*(.*)", re.DOTALL)


@dataclass(frozen=True)
class Meaning:
    """`is_about_record`: the record was refused, no repeat will help; otherwise our set-up is wrong."""

    sentence: str
    is_about_record: bool


MEANINGS: Mapping[str, Meaning] = {
    "001": Meaning(WRONG_PASSWORD, False),
    "002": Meaning(WRONG_TABLE, False),
    "003": Meaning(NOT_SAVED, True),
    "005": Meaning(NO_PROJECT, True),
}


def read(reply: str, *, deletion: bool = False, saved: str = SAVED) -> str:
    """The code of an acknowledgement; raises DeliveryFailed for anything else.

    What is no word of the table acknowledges nothing and refuses nothing. A deletion of what is not there is done.
    """
    words = reply.strip()
    if words == saved or (deletion and words in DELETED):
        return saved
    found = _CODED.fullmatch(words)
    if found is None:
        raise DeliveryFailed(say(UNREADABLE), transient=True)
    code, reason = found[1], presentable(found[2])
    if deletion and code == "005":
        return code
    meaning = MEANINGS[code]
    sentence = _sentence(meaning, reason)
    raise DeliveryFailed(
        sentence, transient=not meaning.is_about_record, retry_after=None if meaning.is_about_record else LATER
    )


def code_of(reply: str, *, saved: str = SAVED) -> str:
    """The reply's code for the ledger; empty where it has none."""
    words = reply.strip()
    found = _CODED.fullmatch(words)
    return saved if words == saved or words in DELETED else found[1] if found else ""


def _sentence(meaning: Meaning, reason: str) -> Sentence:
    return say(meaning.sentence, reason=reason or NO_REASON) if meaning.is_about_record else say(meaning.sentence)
