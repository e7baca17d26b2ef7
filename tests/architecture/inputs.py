"""The table of docs/inputs.md: each kind of input, spellings of it, and what the console makes of them, computed here."""

import unicodedata
from collections.abc import Callable
from datetime import date

from app.domain import approval, documents, identifiers, number, paper_codes, person_names, spelling
from app.domain.errors import Sentence
from app.domain.fields import PROJECT, REGISTRATION, Field, FieldKind
from app.domain.fields.bad import BadValueError
from app.domain.fields.codes import CodeTables
from app.domain.fields.parse import Context, parse

CONTEXT = Context(CodeTables({}), date(2026, 11, 23))
CODE = "c7-0123456789abcdef0123"
VALUES, SPELLING = "tests/domain/test_fields_values.py::test_value_is_taken", "tests/domain/test_spelling.py::"
DRESSED = f"{SPELLING}test_a_dressed_value_is_read_as_what_is_meant"
REFUSED = "tests/domain/test_fields_values.py::test_value_is_refused_with_a_sentence"
FOUND = "tests/domain/test_search.py::"
LOOKUP = "tests/views/test_lookup.py::"
PASSWORD = "tests/views/test_password.py::"


def _field(kind: FieldKind, **more: object) -> Callable[[str], object]:
    field = Field("input", "此项", kind, max_length=200, **{"digits": 15, "scale": 4, **more})  # type: ignore[arg-type]
    return lambda text: _told(lambda: parse(field, text, CONTEXT))


def _of(table: object, name: str) -> Callable[[str], object]:
    field = table.field(name)  # type: ignore[attr-defined]
    return lambda text: _told(lambda: parse(field, text, CONTEXT))


def _told(read: Callable[[], object]) -> object:
    try:
        return read()
    except BadValueError as refusal:
        return refusal.sentence


def _document(kind: str) -> Callable[[str], object]:
    return lambda text: documents.fault(kind, spelling.identity(text), CONTEXT.today) or spelling.identity(text)


# kind, spelling, what is made of it, the test
ROWS: tuple[tuple[str, str, Callable[[str], object], str], ...] = (
    ("words in one line", "\ufeff演示\u200b⼯程\u00a0一期\t", _field(FieldKind.TEXT), VALUES),
    ("words that turn, vary, or cannot be printed", "演示\u202e工程", _field(FieldKind.TEXT), REFUSED),
    ("", "葛\U000e0100演示", _field(FieldKind.TEXT), REFUSED),
    ("", "演示😀", _field(FieldKind.TEXT), REFUSED),
    ("", "演\ue000示", _field(FieldKind.TEXT), REFUSED),
    ("name of a person", "阿卜杜拉•买买提", _field(FieldKind.NAME), VALUES),
    ("", "演示\u3000经办人", _field(FieldKind.NAME), DRESSED),
    ("", "阿卜杜拉・买买提", person_names.key, "tests/domain/test_person_names.py::test_two_spellings_name_one_person"),
    ("day", "２０２６年3月1日", _field(FieldKind.DATE), f"{SPELLING}test_a_day_is_read_in_the_order_year_month_day"),
    ("", "2026/3/1 0:00:00", _field(FieldKind.DATE), VALUES),
    ("", "3/1/2026", _field(FieldKind.DATE), REFUSED),
    ("money, area, count", "６２，４０５。５", _field(FieldKind.DECIMAL), DRESSED),
    ("", "62,40", _field(FieldKind.DECIMAL), REFUSED),
    ("组织机构代码", "７１５２６７２６—ｘ", _of(REGISTRATION, "org_code"), "tests/domain/test_identifiers.py::test_org_code_in_any_other_form_is_refused_with_a_sentence"),
    ("统一社会信用代码", "9144 0300 7152 6726 xg", _of(REGISTRATION, "uscc"), VALUES),
    ("国家投资项目代码", "2020－320281－47－03－123456", _of(PROJECT, "investment_project_code"), DRESSED),
    ("", "2020 320281 47 03 123456", _of(PROJECT, "investment_project_code"), VALUES),
    ("mobile", "+86 138–0000–0000", _field(FieldKind.MOBILE), f"{SPELLING}test_a_dressed_mobile_is_read_or_the_right_one_is_offered"),
    ("telephone", "\u202d0510 一 86071119\u202c", _field(FieldKind.PHONE), DRESSED),
    ("邮编", "２１４ ４００", _field(FieldKind.POSTAL), DRESSED),
    ("e-mail", "ｎａｍｅ＠example。cn", _field(FieldKind.EMAIL), DRESSED),
    ("web address", "www．example．cn ", _field(FieldKind.URL), DRESSED),
    ("region", "３２０２８１", _field(FieldKind.DIVISION), DRESSED),
    ("身份证", "110105 19491231 002x", _document("1"), "tests/domain/test_documents.py::test_a_dressed_number_is_read"),
    ("军官证", "南字第 01234567 号", _document("2"), "tests/domain/test_documents.py::test_a_right_number_is_taken"),
    ("护照", "护照", _document("3"), "tests/domain/test_documents.py::test_a_number_of_another_shape_is_told_at_its_input"),
    ("香港永久性居民身份证", "c123456（9）", _document("5"), "tests/domain/test_documents.py::test_a_right_number_is_taken"),
    ("account", "７１５２６７２６x", identifiers.canonical_login, "tests/domain/test_identifiers.py::test_login_maps_codes_and_leaves_account_names_alone"),
    ("one-time code", "１２３ ４５６\u200b", spelling.bare, f"{PASSWORD}test_a_code_out_of_its_message_costs_no_try"),
    ("one-time password", "abcd–efgh–jkmn ", spelling.secret, f"{PASSWORD}test_a_one_time_password_out_of_its_message_opens"),
    ("项目统一编号, looked up", "编号：3202812611190101，", number.typed_number, f"{LOOKUP}test_a_number_is_found_as_it_was_copied"),
    ("", "320281261119010", lambda text: number.length_fault(text), f"{LOOKUP}test_too_few_or_too_many_digits_are_counted"),
    ("code of a paper", f"https://yht.example.cn/verify/{CODE}", paper_codes.read, "tests/views/test_papers.py::test_a_code_is_checked_as_it_was_copied"),
    ("", "C7—0123456789ABCDEF 0123", paper_codes.read, "tests/views/test_papers.py::test_a_code_is_checked_as_it_was_copied"),
    ("文号, looked for", "【2026】 30号。", spelling.query, f"{FOUND}test_a_document_number_is_found_by_any_brackets"),
    ("name, looked for", "“阿卜杜拉•买买提”", spelling.query, f"{FOUND}test_what_was_copied_along_does_not_hide_a_name"),
    ("立项, compared", "澄发改投资〖2026〗第030号。", lambda text: approval.normalise_approval(text, "江阴市发展和改革委员会"), "tests/domain/test_number.py::test_spellings_of_one_approval_are_one_key"),
)  # fmt: skip


def seen(text: str) -> str:
    """The text with a name for every mark that cannot be seen in a table."""
    marks = (
        f"U+{ord(mark):04X}" if unicodedata.category(mark) in ("Cf", "Mn", "Co", "Cc") or mark == "\u00a0" else mark
        for mark in text
    )
    return " ".join("".join(marks).split("\n"))


def inputs() -> list[list[str]]:
    """The rows of the table."""
    return [[kind or "″", f"`{seen(text)}`", _made(read(text)), f"`{test}`"] for kind, text, read, test in ROWS]


def _made(value: object) -> str:
    return seen(str(value)) if isinstance(value, Sentence) else f"`{value}`"
