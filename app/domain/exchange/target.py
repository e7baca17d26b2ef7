"""The systems that a record goes to, and what they call things: the officer's table of codes that differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.terms import N_

Codes = Mapping[str, Mapping[str, str]]

# The province's lists are of 2014: what the edition of 2018 added goes up to the heading it was taken from.
OF_2014: Codes = {
    "use_code": {
        "101": "100", "102": "100", "103": "100", "104": "100", "105": "100",
        "019": "099", "020": "015", "021": "018",
    },
    "structure_code": {"016": "099"},
    "id_type": {"2": "3", "3": "2"},  # J17 has passport and officer's card the other way round
}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """One system; `system` is the tag of its region codes (行政区划, 别名)."""

    system: str
    label: str
    codes: Codes = field(default_factory=dict)

    @property
    def push(self) -> str:
        """The kind of the outbox rows that are for it."""
        return f"{self.system}_push"


# The city's lists are those of 2014, too (W15, W17); it takes the kinds of papers as we have them.
OF_THE_CITY: Codes = {name: codes for name, codes in OF_2014.items() if name != "id_type"}

PROVINCE = Target("province", N_("省厅"), OF_2014)
MUNICIPAL = Target("municipal", N_("市审批系统"), OF_THE_CITY)
TARGETS: Mapping[str, Target] = {target.system: target for target in (PROVINCE, MUNICIPAL)}
