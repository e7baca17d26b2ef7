"""施工许可 pre-check: every condition present, missing or expired, as of the day."""

from sqlalchemy.orm import Session

from app.domain.matters import Matter
from app.domain.precheck import Paper, Presence, is_complete
from app.domain.terms import Role
from app.services import mandate_ends, matters, precheck
from app.services import project as projects
from models.mandate import Mandate
from models.project import Project
from tests import builders
from tests.builders import DAY, NOW
from tests.databases import on_sqlite
from tests.services import two_people
from tests.services.matter_entries import entries
from tests.services.test_matters import a_clerk, matter_of

pytestmark = on_sqlite
TODAY = NOW.date()


def by_word(session: Session, project: Project) -> dict[str, Presence]:
    return {found.condition.word: found.presence for found in precheck.of_project(session, project, now=NOW)}


def test_a_project_gathers_its_papers_one_by_one(session: Session, case: builders.Case) -> None:
    project = builders.approved_project(session, case)
    clerk = a_clerk(session, *Matter)
    assert {word for word, presence in by_word(session, project).items() if presence == "present"} == {
        "立项批准或备案", "法人授权委托书",
    }  # fmt: skip

    for matter, kind, number in (
        (Matter.DRAWING_REVIEW, None, "1"), (Matter.TENDER, "002", "1"), (Matter.TENDER, "003", "2"),
        (Matter.PROJECT_FILING, "301", "1"), (Matter.PROJECT_FILING, "400", "2"),
        (Matter.QUALITY_SUPERVISION, None, "1"), (Matter.SAFETY_SUPERVISION, None, "1"),
    ):  # fmt: skip
        before = by_word(session, project)
        given = entries(matter, number, **({"kind_code": kind} if kind else {}))
        matters.record(session, clerk, matter_of(session, project, matter).id, given, now=NOW)
        gained = [word for word, presence in by_word(session, project).items() if presence != before[word]]
        assert len(gained) == (0 if kind == "002" else 1), "a design tender is no builder"

    project.land_permit_number, project.planning_permit_number = "地字第 1 号", "建字第 1 号"
    session.commit()
    found = precheck.of_project(session, project, now=NOW)
    assert is_complete(found)
    assert found[3].paper == Paper(f"{project.number}-TX-001")


def test_what_has_run_out_is_told_apart_from_what_is_missing(session: Session, case: builders.Case) -> None:
    project = builders.approved_project(session, case)
    clerk = a_clerk(session, *Matter)
    yesterday = (TODAY - DAY).isoformat()
    given = entries(Matter.DRAWING_REVIEW, valid_until=yesterday)
    matters.record(session, clerk, matter_of(session, project, Matter.DRAWING_REVIEW).id, given, now=NOW)
    for letter in session.query(Mandate):
        letter.valid_to = TODAY - DAY
    session.commit()

    assert by_word(session, project)["施工图审查合格"] == Presence.EXPIRED
    assert by_word(session, project)["法人授权委托书"] == Presence.EXPIRED
    assert by_word(session, project)["施工合同备案"] == Presence.MISSING


def test_a_letter_that_was_taken_back_or_has_not_begun_is_not_there(session: Session, case: builders.Case) -> None:
    project = builders.submitted_project(session, case.applicant)
    letter = builders.mandate_of(session, case.organization.id, case.clerk)

    assert by_word(session, project)["法人授权委托书"] == Presence.PRESENT

    mandate_ends.revoke(session, case.clerk, letter.id, now=NOW)

    assert by_word(session, project)["法人授权委托书"] == Presence.REVOKED

    later = {"valid_from": TODAY + 20 * DAY, "valid_to": TODAY + 60 * DAY}
    builders.mandate_of(session, case.organization.id, case.clerk, **later)

    assert by_word(session, project)["法人授权委托书"] == Presence.NOT_YET_VALID


def test_a_permit_that_is_being_changed_counts_as_it_was_approved(session: Session, case: builders.Case) -> None:
    project = two_people.opened(session, builders.approved_project(session, case), "land_permit_number")
    before = by_word(session, project)["用地批准手续"]

    typed = {"land_permit_number": "" if before == "present" else "地字第演示号"}
    projects.save(session, case.applicant, project.id, typed, version=None, now=NOW)

    assert by_word(session, project)["用地批准手续"] == before


def test_what_a_void_number_left_is_no_paper_any_more(session: Session, case: builders.Case) -> None:
    project = builders.approved_project(session, case)
    clerk = a_clerk(session, *Matter)
    row = matter_of(session, project, Matter.DRAWING_REVIEW)
    matters.record(session, clerk, row.id, entries(Matter.DRAWING_REVIEW), now=NOW)
    first, second = (builders.staff(session, Role.ADMINISTRATOR) for _ in range(2))

    two_people.confirm(session, second, two_people.ask_void(session, first, project))

    assert by_word(session, project)["施工图审查合格"] == Presence.REVOKED
