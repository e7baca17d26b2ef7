"""The SMS gateway's contract, against the simulated gateway on a real socket."""

import pytest

from app.cli.sms_simulator import Mode, SmsGatewaySimulator
from app.outbox.http import HttpChannel
from app.outbox.parcel import Channel, DeliveryFailed, Parcel, presentable
from app.outbox.senders import senders
from app.outbox.sms import (
    SmsGateway,
    fetch_simulated_messages,
    send_url,
    set_simulator_mode,
)
from config import Settings

PARCEL = Parcel("sms:project:return:7", {"mobile": "13800000000", "text": "演示：项目已退回"})


def settings(gateway, profile: str = "demo", **others: str) -> Settings:
    return Settings(sms_url=gateway.url, profile=profile, **others)


def no_regions(_system: str) -> dict[str, str]:
    return {}


def test_accepted_message_gives_the_gateways_reference(gateway, sender):
    reference = sender(PARCEL)

    (message,) = gateway.messages()
    assert reference == message["id"]
    assert (message["mobile"], message["text"], message["times"]) == ("13800000000", "演示：项目已退回", 1)


def test_repeat_of_a_key_is_one_message(gateway, sender):
    first = sender(PARCEL)

    assert sender(PARCEL) == first
    assert [message["times"] for message in gateway.messages()] == [2]


def test_answer_that_comes_twice_is_one_delivery(gateway, sender):
    gateway.mode = Mode.TWICE

    sender(PARCEL)
    sender(Parcel("another", PARCEL.payload))

    assert [message["key"] for message in gateway.messages()] == ["another", PARCEL.key]


@pytest.mark.parametrize(
    ("mode", "transient"),
    [
        pytest.param(Mode.FAIL, True, id="gateway-down"),
        pytest.param(Mode.DROP, True, id="answer-lost"),
        pytest.param(Mode.SLOW, True, id="answer-late"),
        pytest.param(Mode.REFUSE, False, id="number-refused"),
    ],
)
def test_trouble_is_told_apart_from_refusal(gateway, mode, transient):
    gateway.mode = mode
    gateway.seconds = 1.0
    sender = SmsGateway(HttpChannel([gateway.url], loopback=True, deadline=0.4), gateway.url)

    with pytest.raises(DeliveryFailed) as failed:
        sender(PARCEL)

    assert failed.value.transient is transient


def test_unavailable_gateway_says_when_to_come_back(gateway, sender):
    gateway.mode = Mode.FAIL

    with pytest.raises(DeliveryFailed) as failed:
        sender(PARCEL)

    assert failed.value.retry_after.total_seconds() == 5


def test_same_key_for_another_text_is_refused(sender):
    sender(PARCEL)

    with pytest.raises(DeliveryFailed) as failed:
        sender(Parcel(PARCEL.key, {**PARCEL.payload, "text": "演示：另一条"}))

    assert not failed.value.transient


def answer(status: str, body: str) -> bytes:
    content = body.encode()
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content


@pytest.mark.parametrize(
    ("status", "body", "transient"),
    [
        pytest.param("200 OK", "<html>login</html>", True, id="page-of-a-proxy"),
        pytest.param("200 OK", "{}", True, id="no-acknowledgement"),
        pytest.param("200 OK", '{"id": "", "accepted": true}', True, id="empty-reference"),
        pytest.param("200 OK", '{"id": 7, "accepted": true}', True, id="reference-is-no-text"),
        pytest.param("200 OK", '{"id": "a", "accepted": "true"}', True, id="word-instead-of-truth"),
        pytest.param("200 OK", '["id"]', True, id="list"),
        pytest.param("200 OK", '{"accepted": false, "message": "停机"}', False, id="refused-in-the-body"),
        pytest.param("302 Found", "", True, id="redirect"),
        pytest.param("403 Forbidden", "no", False, id="forbidden"),
        pytest.param("404 Not Found", '{"message": 5}', False, id="not-found"),
        pytest.param("408 Request Timeout", "", True, id="request-timeout"),
        pytest.param("429 Too Many Requests", "", True, id="too-many"),
        pytest.param("500 Oops", "", True, id="server-error"),
    ],
)
def test_only_a_valid_acknowledgement_counts(peer, status, body, transient):
    with peer(lambda connection: connection.sendall(answer(status, body))) as server:
        sender = SmsGateway(HttpChannel([server.url], loopback=True, deadline=2), server.url)

        with pytest.raises(DeliveryFailed) as failed:
            sender(PARCEL)

    assert failed.value.transient is transient


def test_gateways_reason_is_shown_without_numbers(peer):
    body = '{"message": "号码 138 0000-0000 停机\\n伪造的一行"}'
    with peer(lambda connection: connection.sendall(answer("400 Bad Request", body))) as server:
        sender = SmsGateway(HttpChannel([server.url], loopback=True, deadline=2), server.url)

        with pytest.raises(DeliveryFailed) as failed:
            sender(PARCEL)

    assert str(failed.value.sentence) == "短信网关拒绝发送（400）：号码 *** 停机 伪造的一行"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("１３８００００００００", "***"),
        ("+86 13800000000 空号", "+*** 空号"),
        ("320281199001010010", "***"),
        ("错误码 40012", "错误码 40012"),
        ("x" * 300, "x" * 200),
    ],
)
def test_foreign_text_is_made_presentable(text, shown):
    assert presentable(text) == shown


@pytest.mark.parametrize("url", ["http://gw", "http://gw/", "http://gw/send"])
def test_setting_names_the_gateway_or_its_send_address(url):
    assert send_url(url) == "http://gw/send"


def test_kind_without_a_target_has_no_sender(gateway):
    assert senders(Settings(profile="demo"), no_regions) == {}
    assert set(senders(settings(gateway), no_regions)) == {Channel.SMS}
    both = settings(gateway, province_url="https://province.example")
    assert set(senders(both, no_regions)) == {Channel.SMS, Channel.PROVINCE_PUSH}


def test_production_leaves_everything_queued_rather_than_send_it_in_clear(gateway):
    assert senders(settings(gateway, "production", province_url="http://province.example"), no_regions) == {}


def test_production_reaches_no_service_on_this_machine(gateway):
    secured = Settings(sms_url=gateway.url.replace("http:", "https:"), profile="production")

    with pytest.raises(DeliveryFailed) as failed:
        senders(secured, no_regions)[Channel.SMS](PARCEL)

    assert failed.value.transient
    assert gateway.messages() == []


def test_staff_page_reads_the_simulators_messages(gateway, sender):
    sender(PARCEL)

    (message,) = fetch_simulated_messages(settings(gateway))
    assert message["text"] == "演示：项目已退回"


def test_staff_page_tells_the_simulator_how_to_behave(gateway):
    set_simulator_mode(settings(gateway), "slow", 0.5)

    assert (gateway.mode, gateway.seconds) == (Mode.SLOW, 0.5)
    with pytest.raises(DeliveryFailed):
        set_simulator_mode(settings(gateway), "explode")


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "::"])
def test_simulator_listens_on_this_machine_only(host):
    with pytest.raises(ValueError, match="only listens on this machine"):
        SmsGatewaySimulator(host, 0)
