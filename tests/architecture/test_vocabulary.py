"""One word for one thing: every identifier of the vocabulary has its Chinese term, every term one identifier."""

import re
from collections import Counter
from enum import StrEnum
from pathlib import Path

import pytest

from app.domain import terms
from app.domain.permissions import PERMISSIONS
from app.domain.terms import TERMS, Action, Role, Status, submit_word
from app.domain.workflow import LIFE_CYCLES, TABLES
from app.services.facts import READERS

ENUMS = [kind for kind in vars(terms).values() if isinstance(kind, type) and issubclass(kind, StrEnum)][1:]
MEMBERS = [member for kind in ENUMS for member in kind]
CHINESE = re.compile(r"[一-鿿]")
# The same word for an act and the state or thing it leads to, as the manual has it; and for a scope and its owner.
SHARED = {"审核通过", "作废", "建设单位"}


def test_the_vocabulary_has_enums() -> None:
    assert {Role, Status, Action} <= set(ENUMS)


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: f"{type(member).__name__}-{member}")
def test_each_member_has_its_term(member: StrEnum) -> None:
    assert CHINESE.search(TERMS[member])


def test_a_term_stands_for_one_thing() -> None:
    counted = Counter(TERMS.values())

    assert {word for word, count in counted.items() if count > 1} <= SHARED


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: f"{type(member).__name__}-{member}")
def test_an_identifier_is_an_english_word_in_lower_case(member: StrEnum) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", member.value)
    assert member.name == member.value.upper()


def test_submitting_is_called_as_the_manual_calls_it() -> None:
    kinds = terms.Kind

    assert submit_word(kinds.ENTERPRISE, Status.DRAFT) == "递交审核"
    assert submit_word(kinds.PROJECT, Status.DRAFT) == "提交审核"
    assert submit_word(kinds.PROJECT, Status.RETURNED) == "转审核"


def test_each_claim_of_the_life_cycles_is_looked_up_and_no_other() -> None:
    needs = {need.name for table in LIFE_CYCLES.values() for row in table for need in row.needs}

    assert set(READERS) == needs


def test_a_refusal_is_a_chinese_sentence() -> None:
    sentences = {need.sentence for table in TABLES.values() for row in table for need in row.needs}

    assert [sentence for sentence in sentences if not (CHINESE.search(sentence) and sentence.endswith("。"))] == []


@pytest.mark.parametrize("role", Role)
def test_a_right_of_the_matrix_is_one_the_life_cycle_knows(role: Role) -> None:
    """Acts of a life cycle are held exactly by the roles whom the table lets act."""
    kinds = {
        "enterprises": terms.Kind.ENTERPRISE, "projects": terms.Kind.PROJECT, "unit_works": terms.Kind.UNIT_WORK,
    }  # fmt: skip
    for resource, kind in kinds.items():
        held = PERMISSIONS[role].get(resource, frozenset()) & set(Action)
        allowed = {row.action for row in TABLES[kind] if role in row.by}
        assert held == allowed, (resource, role)


def test_no_source_spells_return_as_reject() -> None:
    """退回 is return, 作废 is void, 发号 is issue (SPEC §2)."""
    root = Path(terms.__file__).parents[2]
    words = re.compile(r"\bdef \w*(reject|generate_number|create_number)\w*|class \w*(Reject|Manager\b)")
    sources = [path for folder in ("app/domain", "app/services", "models") for path in (root / folder).rglob("*.py")]

    assert [path.name for path in sources if words.search(path.read_text(encoding="utf-8"))] == []
