"""Conditions as plain data: the search against brute force, days as Shanghai has them, nonsense finds nothing."""

import random
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app import listing, scope
from app.domain.search import folded
from app.domain.terms import Role
from models import search
from models.enterprise import Enterprise
from models.organization import Organization
from models.project import Project
from models.user import User
from tests import builders

MANY_WORDS = ["江阴", "医院", "学校", "1期", "（B）"]
MARKS = "江阴医院学校道路一期二aB1２-（）%_　 "


def some_projects(session: Session, names: list[str], **different: object) -> Organization:
    """Rows past the services, then their grams in bulk."""
    organization, applicant = builders.registered(session, 1, name="演示建设集团")
    given = {
        "organization_id": organization.id, "created_by_id": applicant.user_id, "created_at": builders.NOW,
        "updated_at": builders.NOW, "version": 1, "status": "draft", "submission_count": 0, "is_major": False,
        "duplicate_allowed": False, **different,
    }  # fmt: skip
    session.execute(insert(Project.__table__), [{**given, "name": name} for name in names])
    search.rebuild(session.connection())
    session.commit()
    return organization


def names(session: Session, *conditions: tuple[str, str, str]) -> set[str]:
    return set(session.scalars(select(Project.name).where(*listing.criteria(session, Project, conditions))))


def test_the_search_finds_what_brute_force_finds(session: Session) -> None:
    dice = random.Random(16)
    made = sorted({"".join(dice.choices(MARKS, k=dice.randint(3, 14))) for _ in range(150)})
    some_projects(session, made)

    for _ in range(120):
        name = dice.choice(made)
        start = dice.randrange(len(name))
        query = name[start : start + dice.randint(1, 6)] if dice.random() < 0.7 else "".join(dice.choices(MARKS, k=3))
        wanted = folded(query).strip()
        expected = {each for each in made if wanted and wanted in folded(each)}
        found = names(session, ("q", "find", query))

        assert found >= expected, query
        assert found == expected or "-" in query or " " in folded(query), query


def test_common_and_rare_words_are_found_alike(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "RARE", 2)
    some_projects(session, [f"江阴医院工程{n}" for n in range(9)] + ["江阴学校工程", "医院江阴"])

    assert names(session, ("q", "find", "医院江阴")) == {"医院江阴"}
    assert len(names(session, ("q", "find", "江阴医院工程"))) == 9
    assert names(session, ("q", "find", "江阴桥梁")) == set()


@pytest.mark.parametrize("query", ["演示建设", "建", "集团", "ＹＡＮ"])
def test_a_project_is_found_by_its_builder(session: Session, query: str) -> None:
    some_projects(session, ["yan"])

    assert names(session, ("q", "find", query)) == {"yan"}


def test_a_project_is_found_by_its_builder_s_code_in_any_spelling_and_by_no_other(session: Session) -> None:
    code = some_projects(session, ["甲"]).org_code

    for query in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', '－')} "):
        assert names(session, ("q", "find", query)) == {"甲"}, query
        assert listing.along_grams(session, Project, query) is None  # grams do not hold the code
    assert names(session, ("q", "find", "PDY00099-5")) == set()


@pytest.mark.parametrize("query", ["320281 261118 01 02", "320281·261118·01·02", "３２０２８１２６１１１８", "1801 02"])
def test_a_number_is_found_with_its_separators(session: Session, query: str) -> None:
    some_projects(session, ["甲"], number="3202812611180102", numbered_at=builders.NOW)

    assert names(session, ("q", "find", query)) == {"甲"}


def test_an_enterprise_is_found_by_its_organization(session: Session) -> None:
    _organization, applicant = builders.registered(session, 3, name="演示水务公司")
    record = builders.draft_enterprise(session, applicant)

    for query in ("水务", record.org_code, record.org_code.replace("-", "").lower()):
        found = session.scalars(
            select(Enterprise.id).where(*listing.criteria(session, Enterprise, [("q", "find", query)]))
        )
        assert list(found) == [record.id], query


@pytest.mark.parametrize(
    ("operator", "day", "finds"),
    [("from", "2026-11-23", True), ("from", "2026-11-24", False), ("to", "2026-11-23", True),
     ("to", "2026-11-22", False)],
)  # fmt: skip
def test_days_are_those_of_shanghai(session: Session, operator: str, day: str, finds: bool) -> None:
    late = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)  # one minute before midnight in Shanghai
    some_projects(session, ["甲"], submitted_at=late)

    assert names(session, ("submitted_at", operator, day)) == ({"甲"} if finds else set())


@pytest.mark.parametrize(
    ("column", "operator", "value"),
    [("submitted_at", "from", "2026-02-30"), ("submitted_at", "to", "9999-12-31"), ("due_on", "gt", "x"),
     ("investment_10k_cny", "eq", "NaN"), ("investment_10k_cny", "gt", "1e99"), ("id", "eq", "9" * 40),
     ("category_code", "eq", "' OR 1=1"), ("q", "find", "　")],
)  # fmt: skip
def test_a_value_that_the_column_cannot_hold_finds_nothing(
    session: Session, column: str, operator: str, value: str
) -> None:
    some_projects(session, ["甲"])

    assert names(session, (column, operator, value)) == set()


def test_a_count_ends_at_its_cap(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    some_projects(session, list("甲乙丙丁"))

    assert session.scalar(select(listing.counted(select(Project.id)))) == 4
    monkeypatch.setattr(listing, "COUNT_CAP", 3)
    assert listing.capped_count(session, select(Project.id)) == 3


@pytest.mark.parametrize(
    ("query", "grams_say_all"), [("江阴", True), ("建设", True), ("桥梁", True), ("江阴医院", False), ("b", False)]
)
def test_a_search_of_two_characters_counts_alike_by_grams_and_by_rows(
    session: Session, query: str, grams_say_all: bool
) -> None:
    """For one who sees all bureaus; drafts that are at no bureau yet count in neither."""
    root = builders.staff(session, Role.REVIEWER, bureau="320200")
    dice = random.Random(query)
    some_projects(session, ["".join(dice.choices(MANY_WORDS, k=3)) for _ in range(60)], bureau_id=root.bureau_id)
    session.execute(update(Project).where(Project.id % 3 == 0).values(bureau_id=None))

    keys = listing.found_keys(Project, query, scope.hidden(root, Project))
    found = listing.criteria(session, Project, [("q", "find", query)])
    rows = select(Project.id).where(scope.criteria(root, Project), *found)

    assert (keys is not None) == grams_say_all
    if grams_say_all:
        counted = session.scalar(select(listing.counted(keys)))
        assert counted == session.scalar(select(listing.counted(rows)))
        assert counted or query == "桥梁"


@pytest.mark.parametrize("query", ["演示审核员（梁溪）", "审核员(梁", "（梁溪", "REVIEWER.L"])
def test_a_person_is_found_by_a_piece_of_either_name(session: Session, query: str) -> None:
    person = builders.staff(session, Role.REVIEWER, name="reviewer.liangxi")
    session.execute(update(User).values(display_name="演示审核员（梁溪）"))
    builders.staff(session, Role.REVIEWER, name="somebody.else")

    found = listing.criteria(session, User, [("q", "find", query)])

    assert session.scalars(select(User.id).where(*found)).all() == [person.user_id]
