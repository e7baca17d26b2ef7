"""What another system says it has: its register, read back by getRecord (W20 §3.4) for a span of days."""

from collections.abc import Iterator, Mapping
from datetime import date

from lxml import etree

from app.domain.errors import say
from app.domain.exchange import PROJECT_TABLE
from app.outbox.http import UNREADABLE
from app.outbox.parcel import DeliveryFailed
from app.outbox.province import Account
from app.outbox.soap import SoapPeer

SUCCESSES = "1"  # which of its logs: what was saved
LONGEST_NUMBER = 20


class Register:
    """Number by number: `U` when it is there, `D` when it was deleted."""

    def __init__(self, peer: SoapPeer, account: Account) -> None:
        self._peer = peer
        self._account = account

    def changed_between(self, first: date, last: date) -> Mapping[str, str]:
        """Flags by number of what changed there, both days included. Raises DeliveryFailed."""
        answer = self._peer.call(
            "getRecord",
            Flag=SUCCESSES,
            BDate=first.isoformat(),
            EDate=last.isoformat(),
            tableName=PROJECT_TABLE,
            user=self._account.user,
            password=self._account.password,
        )
        return dict(_rows(answer))


def _rows(answer: str) -> Iterator[tuple[str, str]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(answer.encode(), parser)
    except (etree.LxmlError, ValueError) as error:
        raise DeliveryFailed(say(UNREADABLE), transient=True) from error
    for data in root.iter("data"):
        number, flag = (data.findtext("PrjNum") or "").strip(), (data.findtext("UpdateFlag") or "").strip()
        if not 0 < len(number) <= LONGEST_NUMBER or flag not in ("U", "D"):
            raise DeliveryFailed(say(UNREADABLE), transient=True)
        yield number, flag
