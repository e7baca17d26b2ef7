"""The push ledger (报送台账) in words: where a push stands, and from where it may be sent again."""

from collections.abc import Mapping

from app.domain.exchange import TARGETS
from app.domain.terms import N_

STATES: Mapping[str, str] = {
    "queued": N_("待报送"),
    "sending": N_("报送中"),
    "delivered": N_("已接收"),
    "failed": N_("被退回"),
    "expired": N_("逾期未送达"),
    "superseded": N_("已由后次报送代替"),
}
WAITING, RECEIVED, REFUSED = "waiting", "received", "refused"
# Where the record stands with the other system, for whoever asks beyond the ledger.
STANDINGS: Mapping[str, str] = {
    "queued": WAITING,
    "sending": WAITING,
    "delivered": RECEIVED,
    "failed": REFUSED,
    "expired": WAITING,  # nobody refused it
}
OUTCOMES: Mapping[str, str] = {
    "acknowledged": N_("已接收"),
    "refused": N_("被退回"),
    "failed": N_("没有送达"),
    "lost": N_("结果不明"),
}
# Why a push in this state cannot be sent again; None where it can: one that arrived may have been lost there.
REPLAY: Mapping[str, str | None] = {
    "queued": None,
    "sending": N_("正在报送，请稍后再看结果。"),
    "delivered": None,
    "failed": None,
    "expired": None,
    "superseded": N_("已由后一次报送代替，请重新报送后一次。"),
}
NOT_THE_LAST = N_("后面还有新的报送，重新报送这一次会把旧内容盖上去。")
SYSTEMS: Mapping[str, str] = {target.push: target.label for target in TARGETS.values()}
EFFECTS: tuple[str, ...] = (
    N_("按当时审核通过的内容原样再报送一次，编号不变；行政区划、代码对照按现在的设置。"),
    N_("对方已有这个编号的，内容被覆盖，不会出现两条。"),
    N_("内容本身有误的，重新报送还会被退回：请先解锁，改好并审核通过，会自动报送更正。"),
)


def standing(status: str, *, was_acknowledged: bool, is_own_fault: bool) -> str:
    """Waiting, received or refused; empty for what a later push stands for.

    What was received once stays so while it is sent again, and what we found ourselves refuses nothing.
    """
    if status not in STANDINGS:
        return ""
    found = STANDINGS[status]
    if found == WAITING and was_acknowledged:
        return RECEIVED
    return WAITING if found == REFUSED and is_own_fault else found


def version_of(key: str) -> str:
    """The version in a push's key `<system>:<number>:v<version>`."""
    return key.rpartition(":v")[2]
