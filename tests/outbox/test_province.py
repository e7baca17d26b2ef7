"""报送省厅: what goes over the wire, what counts as an acknowledgement, what is a refusal, what is neither."""

import time
import tracemalloc
from collections.abc import Iterator

import pytest
import zeep

from app.cli.province_simulator import Mode, ProvinceSimulator
from app.domain.clock import FixedClock
from app.outbox.parcel import DeliveryFailed, Parcel
from app.outbox.wire import ENVELOPES, Wire
from tests.outbox.conftest import START
from tests.outbox.provinces import NUMBER, a_province, a_sender, parcel

ENVELOPE = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    '<SaveTBDataToStResponse xmlns="http://tempuri.org/"><SaveTBDataToStResult>{}</SaveTBDataToStResult>'
    "</SaveTBDataToStResponse></s:Body></s:Envelope>"
)


@pytest.fixture
def province() -> Iterator[ProvinceSimulator]:
    with a_province(FixedClock(START)) as simulator:
        yield simulator


def answering(body: bytes, status: str = "200 OK", length: int | None = None):
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/xml\r\nContent-Length: {length or len(body)}\r\n\r\n"
    return lambda connection: connection.sendall(head.encode() + body)


def stored(province: ProvinceSimulator) -> dict[str, str]:
    (delivery,) = province.register.deliveries()
    return delivery["row"]


def failure(sender, sent: Parcel) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as failed:
        sender(sent)
    return failed.value


def test_a_version_arrives_as_the_standard_has_it(province):
    assert a_sender(province.url)(parcel()) == "OK"

    assert stored(province) == {
        "PrjNum": NUMBER, "PrjInnerNum": "7", "PrjName": "演示中学迁建工程", "PrjTypeNum": "01",
        "BuildCorpName": "演示建设单位", "BuildCorpCode": "PDY00001-X",
        "ProvinceNum": "320000", "CityNum": "320200", "CountyNum": "320281",
        "PrjApprovalNum": "澄发改备〔2026〕12号", "PrjApprovalLevelNum": "004", "BuldPlanNum": "", "ProjectPlanNum": "",
        "AllInvest": "1234.5000", "AllArea": "5600.00", "PrjSize": "教学楼两栋 & 操场 <200 米>",
        "PrjPropertyNum": "001", "PrjFunctionNum": "304", "BDate": "2026-04-01", "EDate": "2027-04-01",
        "CreateDate": "2026-03-02", "UpdateFlag": "U", "sbdqbm": "320200",
    }  # fmt: skip


def test_the_provinces_own_region_codes_and_code_lists_are_used(province):
    a_sender(province.url, **{"320214": "320208"})(parcel(region_code="320214", use_code="103"))

    row = stored(province)
    assert (row["CountyNum"], row["CityNum"], row["PrjFunctionNum"]) == ("320208", "320200", "100")


@pytest.mark.parametrize("envelope", sorted(ENVELOPES))
@pytest.mark.parametrize("letters", ["pascal", "camel"])
@pytest.mark.parametrize(("encoding", "base64"), [("gb18030", True), ("gbk", True), ("utf-8", True), ("utf-8", False)])
def test_every_shape_that_a_target_may_want_arrives_the_same(envelope, letters, encoding, base64):
    wire = Wire(envelope, letters, encoding, base64)
    with a_province(FixedClock(START), wire) as province:
        assert a_sender(province.url, wire)(parcel()) == "OK"
        row = stored(province)

    assert (row["PrjNum"], row["PrjSize"], row["sbdqbm"]) == (NUMBER, "教学楼两栋 & 操场 <200 米>", "320200")


@pytest.mark.parametrize("name", ["㙟里新村", "买买提•演示", "𠮷祥苑", "龘龘"])
def test_names_with_rare_characters_arrive_whole(province, name):
    a_sender(province.url)(parcel(name=name))

    assert stored(province)["PrjName"] == name


def test_a_character_the_target_cannot_take_is_refused_before_anything_is_sent(province):
    sent = parcel(name="𠮷祥苑")

    refusal = failure(a_sender(province.url, Wire(encoding="gbk")), sent)

    assert not refusal.transient
    assert "项目名称中的「𠮷」" in str(refusal)
    assert province.register.deliveries() == []


def test_a_record_the_province_would_refuse_is_not_sent(province):
    refusal = failure(a_sender(province.url), parcel(name=None))

    assert (refusal.transient, str(refusal)) == (False, "没有发送：项目名称不能为空。")
    assert province.register.deliveries() == []


def test_a_repeat_of_a_version_is_one_delivery_and_a_correction_overwrites(province):
    sender = a_sender(province.url)
    sender(parcel())
    sender(parcel())
    sender(parcel(2, name="更正后的名称"))

    assert [(d["key"], d["times"]) for d in province.register.deliveries()] == [
        (f"province:{NUMBER}:v2", 1), (f"province:{NUMBER}:v1", 2),
    ]  # fmt: skip
    assert province.register.deliveries()[0]["row"]["PrjName"] == "更正后的名称"


def test_a_void_number_is_deleted_there_and_need_not_have_been_there(province):
    sender = a_sender(province.url)
    sender(parcel())

    assert sender(parcel(2, "delete")) == "OK"
    assert stored_flags(province) == [(NUMBER, "D")]
    assert sender(parcel(1, "delete", "3202812603020102")) == "005"


def stored_flags(province) -> list[tuple[str, str]]:
    found = province.register.changed_between("2026-01-01", "2026-12-31")
    return [(number, flag) for number, flag, _ in found]


@pytest.mark.parametrize(
    ("code", "is_about_record", "words"),
    [("001", False, "接口账号"), ("002", False, "数据表"), ("003", True, "资料有误"), ("005", True, "对应项目")],
)
def test_a_refusal_of_the_record_is_told_apart_from_a_wrong_set_up(province, code, is_about_record, words):
    province.mode, province.code = Mode.REFUSE, code
    sent = parcel()

    refusal = failure(a_sender(province.url), sent)

    assert refusal.transient is not is_about_record
    assert words in str(refusal)
    assert sent.trace.code == code


@pytest.mark.parametrize("mode", [Mode.FAIL, Mode.DROP, Mode.GARBAGE, Mode.SLOW])
def test_trouble_of_the_transport_decides_nothing(province, mode):
    province.mode, province.seconds = mode, 1.0

    assert failure(a_sender(province.url, deadline=0.5), parcel()).transient


def test_an_answer_that_comes_twice_is_one_delivery(province):
    province.mode = Mode.TWICE
    sender = a_sender(province.url)

    assert sender(parcel()) == "OK"
    assert sender(parcel(2)) == "OK"


@pytest.mark.parametrize(
    "words",
    ["", "ok", "OK?", "OKAY", "000", "成功", "删除成功！", "0030", "success", "OK 3202810000000000", "004 未知"],
)
def test_nothing_but_the_words_of_the_table_is_an_acknowledgement(peer, words):
    with peer(answering(ENVELOPE.format(words).encode())) as server:
        assert failure(a_sender(server.url), parcel()).transient


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"OK", id="no-xml"),
        pytest.param(b"<html><body>OK</body></html>", id="html"),
        pytest.param(ENVELOPE.format("OK").encode()[:-30], id="cut-off"),
        pytest.param(ENVELOPE.format("OK").encode("utf-16"), id="other-encoding-undeclared-inside"),
        pytest.param(b'<?xml version="1.0" encoding="gbk"?>' + "<a>\u5168</a>".encode() + b"\xff", id="wrongly-encoded"),
        pytest.param(ENVELOPE.replace("tempuri.org", "evil.example").format("OK").encode(), id="other-namespace"),
        pytest.param(ENVELOPE.replace("SaveTBDataToSt", "getRecord").format("OK").encode(), id="other-operation"),
        pytest.param(
            b'<!DOCTYPE a [<!ENTITY x "OK">]>' + ENVELOPE.format("&x;").encode(), id="entity"
        ),
        pytest.param(
            b'<!DOCTYPE a SYSTEM "file:///etc/hostname">' + ENVELOPE.format("OK").encode(), id="outer-document-type"
        ),
        pytest.param(("<a>" * 5_000 + "</a>" * 5_000).encode(), id="deep"),
        pytest.param(b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>', id="no-body"),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_answer_acknowledges_nothing(peer, body):
    if body.startswith(b"\xff\xfe"):
        body = body[2:]
    with peer(answering(body)) as server:
        assert failure(a_sender(server.url), parcel()).transient


def test_an_endless_answer_takes_neither_time_nor_memory(peer):
    def endless(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
        while True:
            connection.sendall(b"<a>" * 20_000)

    with peer(endless) as server:
        sender = a_sender(server.url)
        tracemalloc.start()
        began = time.monotonic()
        assert failure(sender, parcel()).transient
        assert time.monotonic() - began < 5
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
        tracemalloc.stop()


def test_an_answer_in_drops_ends_at_the_deadline(peer):
    def dripping(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            connection.sendall(b"<")
            time.sleep(0.1)

    with peer(dripping) as server:
        began = time.monotonic()
        assert failure(a_sender(server.url, deadline=0.6), parcel()).transient
        assert time.monotonic() - began < 3


def test_what_an_attempt_said_and_heard_is_kept_without_password_or_personal_data(province):
    sent = parcel()
    a_sender(province.url)(sent)

    assert "<PrjName>演示中学迁建工程</PrjName>" in sent.trace.sent
    assert (sent.trace.answered, sent.trace.code) == ("OK", "OK")
    assert "not a real password" not in sent.trace.sent
    assert "13800000000" not in sent.trace.sent


def test_a_client_written_from_the_description_alone_reads_back_what_was_pushed(province):
    a_sender(province.url)(parcel())
    client = zeep.Client(f"{province.url}/?wsdl")

    records = client.service.getRecord("1", "2026-03-02", "2026-03-02", "TBProjectInfo", "anybody", "anything")
    again = client.service.SaveTBDataToSt("TBOther", "", "anybody", "anything")

    assert f"<PrjNum>{NUMBER}</PrjNum><UpdateFlag>U</UpdateFlag>" in records
    assert again == "002 数据表名不正确"


@pytest.mark.parametrize(
    "data", ["<PrjNum>", "<PrjNum>!!</PrjNum>", "<!DOCTYPE a><PrjNum/>", "<a>" * 300 + "</a>" * 300]
)
def test_the_simulated_province_refuses_what_it_cannot_read(province, data):
    client = zeep.Client(f"{province.url}/?wsdl")

    assert client.service.SaveTBDataToSt("TBProjectInfo", data, "", "").startswith("003 ")
    assert province.register.deliveries() == []
