"""How long each step may take, in working days (SPEC §4); the settings may say otherwise."""

from dataclasses import dataclass

from app.domain.terms import Kind


@dataclass(frozen=True)
class TimeLimits:
    """Working days per step."""

    enterprise_review: int = 3
    project_review: int = 5
    counter: int = 1
    unit_works: int = 3
    permit_precheck: int = 5
    pending_act: int = 3

    def review_of(self, kind: Kind) -> int:
        """The review of an enterprise, a project or a project's unit works."""
        if kind == Kind.UNIT_WORK:
            return self.unit_works
        return self.enterprise_review if kind == Kind.ENTERPRISE else self.project_review
