"""How long each step may take, in working days (SPEC §4); the settings may say otherwise."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TimeLimits:
    """Working days per step."""

    enterprise_review: int = 3
    project_review: int = 5
    counter: int = 1
    unit_works: int = 3
    permit_precheck: int = 5


DEFAULT_LIMITS = TimeLimits()
