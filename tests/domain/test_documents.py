"""Numbers of personal documents: every kind that is offered takes its own, dressed as it may come."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import documents
from app.domain.fields import ENTERPRISE
from app.domain.fields.check import clean
from app.domain.fields.codes import CodeTables
from app.seeds.data_codes import CODES as OFFERED
from tests.dressed import dressed

TODAY = date(2026, 11, 23)
KINDS = [code.code for code in OFFERED["id_type"]]
CODES = CodeTables({"id_type": dict.fromkeys(KINDS)})
RIGHT = [
    ("1", "11010519491231002X"), ("2", "南字第01234567号"), ("2", "军字第1234567号"), ("2", "海字第012345号"),
    ("2", "01234567"), ("2", "武警字第0123456号"), ("3", "E12345678"), ("3", "EA1234567"), ("3", "G12345678"),
    ("3", "AB1234567"), ("4", "A123456789"), ("4", "12345678"), ("4", "830000199001010015"), ("5", "C123456(9)"),
    ("5", "AB987654A"), ("5", "H12345678"), ("5", "810000199001010019"), ("6", "公刑字第012345号"), ("6", "012345"),
    *(("9", number) for number in documents.EXAMPLES_OF_OTHER),
]  # fmt: skip
WRONG = [
    ("1", "11010519491231002"), ("2", "南字第号"), ("2", "E12345678A"), ("3", "护照"), ("3", "ABCDEFGH"),
    ("4", "江苏12345678"), ("5", "123"), ("6", "警官"), ("9", "=1+1"),
]  # fmt: skip


def read(kind: str, number: str) -> tuple[object, str]:
    raw = {"legal_representative_id_type": kind, "legal_representative_id_number": number}
    cleaned = clean(ENTERPRISE, raw, codes=CODES, today=TODAY)
    said = {problem.field: str(problem.sentence) for problem in cleaned.problems}
    return cleaned.values.get("legal_representative_id_number"), said.get("legal_representative_id_number", "")


@pytest.mark.parametrize(("kind", "number"), RIGHT)
def test_a_right_number_is_taken(kind: str, number: str) -> None:
    assert read(kind, number) == (number, "")


@pytest.mark.parametrize(("kind", "number"), WRONG)
def test_a_number_of_another_shape_is_told_at_its_input(kind: str, number: str) -> None:
    assert "请对照证件检查" in read(kind, number)[1] or kind == "1"
    assert read(kind, number)[1]


def test_every_kind_that_is_offered_is_known() -> None:
    assert set(KINDS) == {documents.RESIDENT, *documents.DOCUMENTS, "9"}
    assert all(document.fits(document.example) for document in documents.DOCUMENTS.values())


@given(st.sampled_from(RIGHT).flatmap(lambda one: st.tuples(st.just(one), dressed(one[1]))))
def test_a_dressed_number_is_read(case: tuple[tuple[str, str], str]) -> None:
    (kind, number), typed = case

    assert read(kind, typed) == (number, "")
