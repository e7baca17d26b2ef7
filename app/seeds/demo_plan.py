"""What is planned for one project of the demo: whose it is, what it is, how often it is sent back, where it stands."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from app.seeds.demo_projects import FAULTS, Fault
from app.seeds.demo_world import PLACES

BY_REVIEWER = 0.7  # of the returns; the others happen at the counter


class Stop(StrEnum):
    """How far a project has come by now."""

    DRAFT = "draft"
    WITHDRAWN = "withdrawn"
    SUBMITTED = "submitted"
    CLAIMED = "claimed"
    RELEASED = "released"
    TRANSFERRED = "transferred"
    CHECKED = "checked"
    RETURNED = "returned"
    VOIDED = "voided"
    APPROVED = "approved"
    HANDED_OVER = "handed_over"
    # Handed over, and then:
    NUMBER_VOIDED = "number_voided"
    NUMBER_UNLOCKED = "number_unlocked"
    NUMBER_RELOCKED = "number_relocked"
    NUMBER_CORRECTED = "number_corrected"
    VOID_ASKED = "void_asked"
    VOID_REFUSED = "void_refused"
    VOID_LAPSED = "void_lapsed"
    UNLOCK_ASKED = "unlock_asked"


@dataclass(frozen=True)
class Plan:
    """One project's life: whose it is, what it is, when it begins, how often it is sent back, where it stands."""

    owner: str
    name: str
    values: Mapping[str, object]
    begins: datetime
    stop: Stop
    rounds: int = 0
    document: str = ""  # what its approval document is called; else after the project
    chance: random.Random = field(default_factory=lambda: random.Random(0))

    @property
    def region(self) -> str:
        return str(self.values["region_code"])

    def desk(self, post: str) -> str:
        """The account that does this work at the bureau of the project's region; 江阴 has two reviewers."""
        second = "2" if post == "reviewer" and self.region == "320281" and len(self.name) % 3 == 0 else ""
        return f"{post}{second}.{PLACES[self.region].account}"

    def faults(self) -> list[list[Fault]]:
        """What the reviewer finds in each round, another thing each time; none: the original tells at the counter."""
        found = list(FAULTS)
        self.chance.shuffle(found)
        picked = [found[3 * n : 3 * n + self.chance.randrange(1, 3)] for n in range(self.rounds)]
        return [faults if self.chance.random() < BY_REVIEWER else [] for faults in picked]
