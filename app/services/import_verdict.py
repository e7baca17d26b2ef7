"""What an import says about each row of a file, and in sum: for the screen, the command and the annotated workbook."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.errors import Problem, Sentence
from app.domain.fields import CodeTables, RegionPeriod, clean
from app.services.import_table import RawRow, RawTable


class Verdict(StrEnum):
    """What becomes of a row."""

    NEW = "new"  # can be stored
    UNCHANGED = "unchanged"  # stands here already, just so
    CONFLICT = "conflict"  # stands here already, otherwise: never overwritten
    BAD = "bad"


WILL_NOT_DO = frozenset({Verdict.CONFLICT, Verdict.BAD})


@dataclass
class Judged:
    """One row with its typed values; `remarks` say what is odd and kept."""

    row: RawRow
    values: dict[str, object]
    problems: list[Problem]
    remarks: list[Problem] = field(default_factory=list)
    verdict: Verdict = Verdict.NEW

    def refuse(self, name: str, sentence: Sentence, verdict: Verdict = Verdict.BAD) -> None:
        """Say no to the row, at the cell of this input."""
        self.problems.append(Problem(name, sentence))
        self.verdict = verdict


@dataclass(frozen=True)
class TableReport:
    """One sheet's rows in their order."""

    table: RawTable
    rows: tuple[Judged, ...]

    def count(self, *verdicts: Verdict) -> int:
        return sum(row.verdict in verdicts for row in self.rows)


@dataclass(frozen=True)
class Report:
    """All of a file, and whether anything was stored."""

    tables: tuple[TableReport, ...]
    stored: int = 0

    def __iter__(self) -> Iterator[Judged]:
        return (row for table in self.tables for row in table.rows)

    @property
    def counts(self) -> Mapping[str, int]:
        """Rows by verdict; every verdict has its figure."""
        counted = Counter(row.verdict for row in self)
        return {str(verdict): counted[verdict] for verdict in Verdict}

    @property
    def is_good(self) -> bool:
        """Nothing stands against storing the whole file."""
        return not any(row.verdict in WILL_NOT_DO for row in self)

    @property
    def has_new(self) -> bool:
        return any(row.verdict is Verdict.NEW for row in self)


def first_look(table: RawTable, row: RawRow, given: Mapping[str, object], codes: CodeTables, today: date) -> Judged:
    """The row under the one rule set, complete as at a submit; what other rows and the database say comes later."""
    outcome = clean(table.kind.table, given, codes=codes, today=today)
    problems = [problem for problem in outcome.problems if problem.field not in row.faults]
    problems += [Problem(name, sentence) for name, sentence in row.faults.items()]
    return Judged(row, outcome.values, problems, list(row.remarks), verdict=Verdict.BAD if problems else Verdict.NEW)


def of_all_times(codes: CodeTables) -> CodeTables:
    """The same tables with every district of history: an old project lies where it was registered."""
    regions = {region.code: RegionPeriod(region.code, date.min) for region in codes.regions}
    return CodeTables(codes.entries, tuple(regions.values()))
