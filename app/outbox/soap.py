"""SOAP envelopes, built and read by zeep from our own WSDLs. The bytes travel by HttpChannel; zeep opens nothing."""

import logging
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from lxml import etree
from zeep import Client, Settings
from zeep.exceptions import Error
from zeep.loader import parse_xml

from app.domain.errors import say
from app.outbox.http import BUSY, UNREADABLE, HttpChannel, Reply
from app.outbox.parcel import DeliveryFailed

logging.getLogger("zeep").setLevel(logging.WARNING)

PROVINCE_WSDL = Path(__file__).parent / "province.wsdl"
MUNICIPAL_WSDL = Path(__file__).parent / "municipal.wsdl"
OURS = {str(file): file for file in (PROVINCE_WSDL, MUNICIPAL_WSDL)}
_STRICT = Settings(strict=True, forbid_dtd=True, forbid_entities=True, forbid_external=True, xml_huge_tree=False)
_XML = {"Content-Type": "text/xml; charset=utf-8"}


class _NoTransport:
    """What zeep may use of the network: nothing."""

    class session:  # noqa: N801 - zeep reads this attribute
        timeout = 0

    def load(self, url: str) -> bytes:
        """Our WSDLs, and no other address."""
        if url in OURS:
            return OURS[url].read_bytes()
        raise ValueError(f"{url} is not ours to load")

    def post(self, *_: Any, **__: Any) -> NoReturn:
        raise NotImplementedError("envelopes are sent by HttpChannel")

    post_xml = get = post


@lru_cache(maxsize=len(OURS))
def _described(wsdl: Path) -> Client:
    """A WSDL of ours, read once for every peer that is described by it."""
    return Client(str(wsdl), transport=_NoTransport(), settings=_STRICT)


class SoapPeer:
    """One target's operations at one address."""

    def __init__(self, channel: HttpChannel, url: str, wsdl: Path = PROVINCE_WSDL) -> None:
        self._channel = channel
        self._url = url
        self._client = _described(wsdl)

    def call(self, name: str, headers: dict[str, str] | None = None, **arguments: str) -> str:
        """What the operation answers. Raises DeliveryFailed, always transient: no transport decides a case."""
        operation = self._client.service._binding.get(name)
        envelope = self._client.create_message(self._client.service, name, **arguments)
        body = etree.tostring(envelope, xml_declaration=True, encoding="utf-8")
        wanted = {**_XML, "SOAPAction": f'"{operation.soapaction}"', **(headers or {})}
        try:
            reply = self._channel.send("POST", self._url, body, wanted)
        except DeliveryFailed as failure:
            raise DeliveryFailed(failure.sentence, transient=True, retry_after=failure.retry_after) from failure
        return self._read(operation, reply)

    def _read(self, operation: Any, reply: Reply) -> str:
        if reply.status != 200:
            raise DeliveryFailed(say(BUSY, status=reply.status), transient=True, retry_after=reply.retry_after)
        try:
            document = parse_xml(reply.body, self._client.transport, settings=_STRICT)
            answer = operation.process_reply(document)
        except (Error, etree.LxmlError, ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
            raise DeliveryFailed(say(UNREADABLE), transient=True) from error
        if not isinstance(answer, str):
            raise DeliveryFailed(say(UNREADABLE), transient=True)
        return answer
