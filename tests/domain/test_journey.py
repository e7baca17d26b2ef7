"""What comes next is said for every place a record can be at."""

import itertools

import pytest

from app.domain import journey
from app.domain.journey import Hand, Place, Standing
from app.domain.limits import TimeLimits
from app.domain.terms import Kind, Status

STATES = [
    (kind, status, standing)
    for kind in (Kind.ENTERPRISE, Kind.PROJECT, Kind.UNIT_WORK)
    for status in Status
    for standing in (
        Standing(missing, sees, checked, unlocked, handed, push)
        for missing, sees, checked, unlocked, handed, push in itertools.product(
            (0, 2), (True, False), (True, False), (True, False), (True, False), ("", "waiting", "received", "refused")
        )
    )
]
STATES += [(kind, Status.RETURNED, Standing(unlock_over=True)) for kind in (Kind.ENTERPRISE, Kind.PROJECT)]


def test_every_state_has_its_next_step():
    reached = {(kind, journey.place_of(kind, status, standing)) for kind, status, standing in STATES}

    assert reached == set(journey.NEXT)
    assert {place for _kind, place in reached} == set(journey.PLACES)


def test_limits_named_by_a_step_are_limits_of_the_settings():
    named = {step.limit for step in journey.NEXT.values() if step.limit}

    assert named <= set(TimeLimits.__dataclass_fields__)


def test_one_step_is_at_hand_until_all_are_done():
    for kind, status, standing in STATES:
        steps = journey.steps(kind, status, standing)
        at_hand = [step for step in steps if step.state in ("now", "back")]

        assert len(at_hand) == (0 if not steps or all(step.state == "done" for step in steps) else 1)


@pytest.mark.parametrize(
    ("status", "standing", "place", "hand"),
    [
        (Status.DRAFT, Standing(missing_count=3), Place.DRAFT, Hand.APPLICANT),
        (Status.DRAFT, Standing(), Place.READY, Hand.APPLICANT),
        (Status.SUBMITTED, Standing(), Place.AT_COUNTER, Hand.AGENT),
        (Status.SUBMITTED, Standing(originals_checked=True), Place.IN_REVIEW, Hand.REVIEWER),
        (Status.SUBMITTED, Standing(sees_counter=False), Place.IN_REVIEW, Hand.REVIEWER),
        (Status.RETURNED, Standing(), Place.RETURNED, Hand.APPLICANT),
        (Status.RETURNED, Standing(unlocked=True), Place.UNLOCKED, Hand.APPLICANT),
        (Status.APPROVED, Standing(), Place.TO_COLLECT, Hand.AGENT),
        (Status.APPROVED, Standing(handed_over=True), Place.NUMBERED, Hand.NOBODY),
        (Status.APPROVED, Standing(push="refused"), Place.PUSH_REFUSED, Hand.APPLICANT),
        (Status.VOIDED, Standing(), Place.VOIDED, Hand.ENDED),
    ],
    ids=lambda value: str(value) if isinstance(value, Place) else "",
)
def test_a_project_is_at_one_place_in_one_hand(status, standing, place, hand):
    assert journey.place_of(Kind.PROJECT, status, standing) == place
    assert journey.next_step(Kind.PROJECT, status, standing).hand == hand


def test_a_draft_says_how_much_is_missing():
    steps = journey.steps(Kind.PROJECT, Status.DRAFT, Standing(missing_count=3))

    assert str(steps[0].note) == "还差 3 项"


def test_a_bureau_without_originals_has_no_counter_step():
    steps = journey.steps(Kind.PROJECT, Status.SUBMITTED, Standing(sees_counter=False))

    assert [step.label for step in steps if step.state == "now"] == ["审核"]
    assert "窗口核验" not in [step.label for step in steps]


def test_a_project_that_the_province_has_is_done():
    steps = journey.steps(Kind.PROJECT, Status.APPROVED, Standing(handed_over=True, push="received"))

    assert {step.state for step in steps} == {"done"}
