"""Who delivers what: the senders that the settings name. A kind without one stays queued."""

import logging
from typing import Protocol

from app.domain.exchange import MUNICIPAL, PROVINCE
from app.outbox.http import HttpChannel
from app.outbox.municipal import MunicipalPush
from app.outbox.parcel import Channel, Sender
from app.outbox.province import Account, ProvincePush, Regions
from app.outbox.register import Register
from app.outbox.sms import SmsGateway, SmsSettings, http_channel
from app.outbox.soap import MUNICIPAL_WSDL, SoapPeer
from app.outbox.wire import Wire

logger = logging.getLogger(__name__)

REGISTER_DEADLINE = 60.0  # seconds for a month of a register
REGISTER_KILOBYTES = 8 * 1024


class OutboundSettings(SmsSettings, Protocol):
    """The settings that this package reads; config.py has them."""

    @property
    def province_user(self) -> str: ...
    @property
    def province_password(self) -> str: ...
    @property
    def province_envelope(self) -> str: ...
    @property
    def province_letters(self) -> str: ...
    @property
    def province_encoding(self) -> str: ...
    @property
    def province_base64(self) -> bool: ...
    @property
    def municipal_user(self) -> str: ...
    @property
    def municipal_password(self) -> str: ...
    @property
    def municipal_envelope(self) -> str: ...
    @property
    def municipal_letters(self) -> str: ...
    @property
    def municipal_encoding(self) -> str: ...
    @property
    def municipal_base64(self) -> bool: ...


def senders(settings: OutboundSettings, regions: Regions) -> dict[str, Sender]:
    """By kind. Where plain text is not allowed, an http address delivers nothing: refusing each would lose them all."""
    channel = http_channel(settings)
    found: dict[str, Sender] = {}
    if _is_usable(settings, "sms_url"):
        found[Channel.SMS] = SmsGateway(channel, str(settings.sms_url))
    if _is_usable(settings, "province_url"):
        found[Channel.PROVINCE_PUSH] = province_push(settings, channel, regions)
    if _is_usable(settings, "municipal_url"):
        found[Channel.MUNICIPAL_PUSH] = municipal_push(settings, channel, regions)
    return found


def province_push(settings: OutboundSettings, channel: HttpChannel, regions: Regions) -> ProvincePush:
    """The province's sender, as its settings say."""
    peer = SoapPeer(channel, str(settings.province_url))
    account = Account(settings.province_user, settings.province_password)
    return ProvincePush(peer, account, wire=province_wire(settings), regions=regions)


def municipal_push(settings: OutboundSettings, channel: HttpChannel, regions: Regions) -> MunicipalPush:
    """The municipal flow's sender, as its settings say."""
    peer = SoapPeer(channel, str(settings.municipal_url), MUNICIPAL_WSDL)
    account = Account(settings.municipal_user, settings.municipal_password)
    return MunicipalPush(peer, account, wire=municipal_wire(settings), regions=regions)


def registers(settings: OutboundSettings) -> dict[str, Register]:
    """Whose registers can be read back, by the tag of the system."""
    channel = http_channel(settings, deadline=REGISTER_DEADLINE, largest_kilobytes=REGISTER_KILOBYTES)
    found = {}
    if _is_usable(settings, "province_url"):
        account = Account(settings.province_user, settings.province_password)
        found[PROVINCE.system] = Register(SoapPeer(channel, str(settings.province_url)), account)
    if _is_usable(settings, "municipal_url"):
        account = Account(settings.municipal_user, settings.municipal_password)
        found[MUNICIPAL.system] = Register(SoapPeer(channel, str(settings.municipal_url), MUNICIPAL_WSDL), account)
    return found


def province_wire(settings: OutboundSettings) -> Wire:
    """How the province wants its rows."""
    return Wire(
        settings.province_envelope, settings.province_letters, settings.province_encoding, settings.province_base64
    )


def municipal_wire(settings: OutboundSettings) -> Wire:
    """How the municipal flow wants its rows."""
    return Wire(
        settings.municipal_envelope, settings.municipal_letters, settings.municipal_encoding, settings.municipal_base64
    )


def _is_usable(settings: OutboundSettings, name: str) -> bool:
    url = getattr(settings, name)
    if url and settings.profile == "production" and not url.startswith("https://"):
        logger.error("YHT_%s is not https: what is meant for it stays queued", name.upper())
        return False
    return bool(url)
