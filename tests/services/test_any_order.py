"""Acts in any order with a moving clock: one number for one 立项, no dead end, nothing told that was not approved."""

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.terms import Kind, OriginalResult
from app.services import administration, claims, counter, enterprise, originals, project, review, second_person
from app.services.returns import Item
from models.engine import create_engine_for
from models.enterprise import Enterprise
from models.mandate import Mandate
from models.pending_act import PendingAct
from models.project import Project
from models.review import ReturnItem, Review
from tests import builders
from tests.services.any_order import DOCUMENTS, FIELDS, REASON, TheBureau

ONE_OF_TWO = st.integers(0, 1)
SOME = st.integers(0, 5)
HOURS = st.sampled_from([1, 30, 24 * 4, 24 * 12])
KINDS = st.sampled_from([Kind.PROJECT, Kind.PROJECT, Kind.PROJECT, Kind.ENTERPRISE])
MODELS = {Kind.PROJECT: Project, Kind.ENTERPRISE: Enterprise}
OWNERS = {Kind.PROJECT: project, Kind.ENTERPRISE: enterprise}


class AnyOrder(RuleBasedStateMachine):
    """The rules are the acts of people; which record and which person is drawn."""

    template: Path
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        file = self.folder / "order.db"
        for old in self.folder.glob("order.db*"):
            old.unlink()
        shutil.copy(self.template, file)
        self.engine = create_engine_for(f"sqlite:///{file}")
        self.session = Session(self.engine)
        self.bureau = TheBureau(self.session)

    def teardown(self) -> None:
        self.session.close()
        self.engine.dispose()

    def pick(self, kind: Kind, n: int) -> int:
        """One of the records there are, or a key that nobody has."""
        keys = self.session.scalars(select(MODELS[kind].id).order_by(MODELS[kind].id)).all()
        return keys[n % len(keys)] if keys else 0

    def owner(self, kind: Kind, key: int) -> object:
        record = self.session.get(MODELS[kind], key)
        owner = record.organization_id if record is not None else None
        return next(
            (c.applicant for c in self.bureau.cases if c.organization.id == owner), self.bureau.cases[0].applicant
        )

    def reviewer(self, n: int) -> object:
        return self.bureau.fresh(self.bureau.reviewers[n]) or self.bureau.reviewers[1 - n]

    # Whoever registers -----------------------------------------------------------------------------

    @rule(who=ONE_OF_TWO, document=st.sampled_from(DOCUMENTS))
    def drafts(self, who: int, document: str) -> None:
        applicant = self.bureau.cases[who].applicant
        self.bureau.act(lambda session, now: builders.draft_project(
            session, applicant, now=now, approval_document_number=document, name=f"演示项目{document}{who}"))  # fmt: skip

    @rule(kind=KINDS, n=SOME, name=st.sampled_from(FIELDS), value=st.sampled_from(["甲", "7", "12.5"]))
    def saves(self, kind: Kind, n: int, name: str, value: str) -> None:
        key = self.pick(kind, n)
        field = name if kind is Kind.PROJECT else "address"
        self.bureau.act(OWNERS[kind].save, self.owner(kind, key), key, {field: f"演示{value}" if value == "甲" else value},
                        version=None)  # fmt: skip

    @rule(kind=KINDS, n=SOME)
    def submits(self, kind: Kind, n: int) -> None:
        key = self.pick(kind, n)
        items = self.open_items(kind, key)
        self.bureau.act(OWNERS[kind].submit, self.owner(kind, key), key, declared=True,
                        answers=dict.fromkeys(items, "已改"))  # fmt: skip

    def open_items(self, kind: Kind, key: int) -> list[int]:
        column = Review.project_id if kind is Kind.PROJECT else Review.enterprise_id
        return list(self.session.scalars(select(ReturnItem.id).join(Review).where(column == key)))

    @rule(n=SOME)
    def withdraws(self, n: int) -> None:
        key = self.pick(Kind.PROJECT, n)
        self.bureau.act(project.withdraw, self.owner(Kind.PROJECT, key), key)

    @rule(n=SOME)
    def deletes(self, n: int) -> None:
        key = self.pick(Kind.PROJECT, n)
        self.bureau.act(project.delete, self.owner(Kind.PROJECT, key), key)

    # The bureau ----------------------------------------------------------------------------------------

    @rule(kind=KINDS, n=SOME, who=ONE_OF_TWO, act=st.sampled_from(["claim", "release"]))
    def claims_or_releases(self, kind: Kind, n: int, who: int, act: str) -> None:
        self.bureau.act(getattr(review, act), self.reviewer(who), kind, self.pick(kind, n))

    @rule(kind=KINDS, n=SOME, who=ONE_OF_TWO)
    def assigns(self, kind: Kind, n: int, who: int) -> None:
        self.bureau.act(claims.assign, self.bureau.admins[0], kind, self.pick(kind, n),
                        assignee_id=self.bureau.reviewers[who].user_id, reason=REASON)  # fmt: skip

    @rule(kind=KINDS, n=SOME)
    def takes_back(self, kind: Kind, n: int) -> None:
        self.bureau.act(claims.take_back, self.bureau.admins[1], kind, self.pick(kind, n), reason=REASON)

    @rule(n=SOME, differs=st.booleans())
    def checks_originals(self, n: int, differs: bool) -> None:
        key = self.pick(Kind.PROJECT, n)
        record = self.session.get(Project, key)
        if record is None:
            return
        letter = self.session.scalar(select(Mandate.id).where(Mandate.organization_id == record.organization_id))
        if letter is None:
            letter = builders.mandate_of(self.session, record.organization_id, self.bureau.clerk,
                                         valid_to=self.bureau.now.date() + timedelta(days=20)).id  # fmt: skip
        result = OriginalResult.DIFFERS if differs else OriginalResult.MATCH
        found = {
            scan.id: counter.Finding(result, "演示：不符") for scan in originals.scans_to_check(self.session, record)
        }
        self.bureau.act(counter.check_originals, self.bureau.clerk, key, letter, found)

    @rule(kind=KINDS, n=SOME, who=ONE_OF_TWO)
    def approves(self, kind: Kind, n: int, who: int) -> None:
        self.bureau.act(review.approve, self.reviewer(who), kind, self.pick(kind, n))

    @rule(n=SOME, who=ONE_OF_TWO)
    def goes_the_whole_way(self, n: int, who: int) -> None:
        """So that numbers are not rare in a random order."""
        key = self.pick(Kind.PROJECT, n)
        self.submits(Kind.PROJECT, n)
        self.checks_originals(n, differs=False)
        self.bureau.act(review.approve, self.reviewer(who), Kind.PROJECT, key)

    @rule(who=ONE_OF_TWO, document=st.sampled_from(DOCUMENTS))
    def another_goes_the_whole_way(self, who: int, document: str) -> None:
        self.drafts(who, document)
        self.goes_the_whole_way(len(self.session.scalars(select(Project.id)).all()) - 1, who)

    @rule(kind=KINDS, n=SOME, who=ONE_OF_TWO, name=st.sampled_from(FIELDS))
    def returns(self, kind: Kind, n: int, who: int, name: str) -> None:
        item = Item(name if kind is Kind.PROJECT else "address", "wrong_figure", "请改正")
        self.bureau.act(review.return_, self.reviewer(who), kind, self.pick(kind, n), [item])

    @rule(kind=KINDS, n=SOME, name=st.sampled_from(FIELDS), days=st.sampled_from([1, 3, 30]))
    def unlocks(self, kind: Kind, n: int, name: str, days: int) -> None:
        fields = [name if kind is Kind.PROJECT else "address"]
        self.bureau.act(administration.unlock, self.bureau.admins[0], kind, self.pick(kind, n), fields=fields,
                        until=self.bureau.now + timedelta(days=days), reason=REASON)  # fmt: skip

    @rule(kind=KINDS, n=SOME, rarely=st.integers(0, 5))
    def voids(self, kind: Kind, n: int, rarely: int) -> None:
        if rarely:  # else all records are void soon
            return
        self.bureau.act(administration.void, self.bureau.admins[0], kind, self.pick(kind, n), reason=REASON)

    @rule(n=SOME)
    def allows_a_repeat(self, n: int) -> None:
        self.bureau.act(
            administration.allow_duplicate, self.bureau.admins[0], self.pick(Kind.PROJECT, n), reason=REASON
        )

    @rule(n=SOME, agrees=st.booleans())
    def second_person_decides(self, n: int, agrees: bool) -> None:
        keys = self.session.scalars(select(PendingAct.id).where(PendingAct.state == "pending")).all()
        if keys:
            act = second_person.confirm if agrees else second_person.refuse
            self.bureau.act(act, self.bureau.admins[1], keys[n % len(keys)], **({} if agrees else {"note": REASON}))

    @rule(n=SOME)
    def transfers(self, n: int) -> None:
        root = self.bureau.root.bureau_id
        self.bureau.act(administration.transfer, self.bureau.admins[0], Kind.PROJECT, self.pick(Kind.PROJECT, n),
                        bureau_id=root, reason=REASON)  # fmt: skip

    # The world around ------------------------------------------------------------------------------------

    @rule(who=ONE_OF_TWO, active=st.booleans())
    def account_is_switched(self, who: int, active: bool) -> None:
        self.bureau.enabled(self.bureau.reviewers[who], active=active)

    @rule(ended=st.booleans())
    def region_is_merged(self, ended: bool) -> None:
        self.bureau.region_ends(ended=ended)

    @rule(answer=st.sampled_from(["ok", "ok", "no", "away"]))
    def province_answers(self, answer: str) -> None:
        self.bureau.province = lambda: answer
        self.bureau.deliver()

    @rule(hours=HOURS)
    def time_passes(self, hours: int) -> None:
        self.bureau.later(timedelta(hours=hours))

    @invariant()
    def everything_holds(self) -> None:
        self.bureau.check()


def played(template: Path, folder: Path, *, runs: int, steps: int) -> None:
    AnyOrder.template, AnyOrder.folder = template, folder
    bounds = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, database=None, derandomize=os.environ.get("CI") == "true",
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(AnyOrder, settings=bounds)


def test_acts_in_any_order_leave_nothing_stuck_and_nothing_doubled(
    sqlite_template: Path, tmp_path: Path, keyring: None
) -> None:
    played(sqlite_template, tmp_path, runs=5, steps=100)


@pytest.mark.fault
@pytest.mark.slow
def test_ten_thousand_acts_in_any_order(sqlite_template: Path, tmp_path: Path, keyring: None) -> None:
    played(sqlite_template, tmp_path, runs=100, steps=100)
