"""Inputs of a mandate (法人授权委托书) as the counter records it from the letter (notice, annexes 1 and 2)."""

from app.domain.fields.across import DocumentNumber, NotBefore
from app.domain.fields.field import ALWAYS, Field, FieldKind, Table, When
from app.domain.terms import N_, TERMS, MandateForm

_LETTER, _AGENT, _AGENCY = N_("委托书"), N_("受委托人"), N_("招标代理机构")
_BY_AGENCY = When("mandate_form", (MandateForm.TENDER_AGENCY.value,))
FORMS = tuple((form.value, TERMS[form]) for form in MandateForm)
K = FieldKind  # keeps a field on one line

MANDATE = Table(
    "mandate",
    at_once=True,
    fields=(
        Field("mandate_form", N_("委托书形式"), K.CHOICE, _LETTER, "wide", ALWAYS, choices=FORMS),
        Field("agent_name", N_("受委托人姓名"), K.NAME, _AGENT, "third", ALWAYS, max_length=50, min_length=2),
        Field("agent_id_type", N_("证件类型"), K.CODE, _AGENT, "third", ALWAYS, dictionary="id_type"),
        Field(
            "agent_id_number",
            N_("证件号"),
            K.ID_NUMBER,
            _AGENT,
            "third",
            ALWAYS,
            max_length=30,
            personal=True,
        ),
        Field(
            "agent_mobile",
            N_("受委托人手机"),
            K.MOBILE,
            _AGENT,
            "third",
            ALWAYS,
            max_length=11,
            personal=True,
        ),
        Field(
            "agency_name",
            N_("代理机构名称"),
            K.TEXT,
            _AGENCY,
            "half",
            _BY_AGENCY,
            max_length=200,
            min_length=2,
        ),
        Field("agency_code", N_("代理机构代码"), K.SERIAL, _AGENCY, "half", _BY_AGENCY, max_length=18),
        Field("valid_from", N_("委托日期起"), K.DATE, _LETTER, "third", ALWAYS),
        Field("valid_to", N_("委托日期止"), K.DATE, _LETTER, "third", ALWAYS),
        Field("signed_on", N_("签署日期"), K.DATE, _LETTER, "third", ALWAYS, not_future=True),
    ),
    checks=(
        NotBefore("valid_from", "valid_to", N_("委托止日 %(later)s 早于起日 %(earlier)s，请改正。")),
        DocumentNumber("agent_id_number", "agent_id_type"),
    ),
)
