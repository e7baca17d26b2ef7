"""The one table of a run: figure, bound, and whether it holds."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Line:
    """One figure. Without a bound it is only told."""

    where: str
    what: str
    value: float
    bound: float | None
    detail: str = ""

    @property
    def holds(self) -> bool:
        return self.bound is None or self.value <= self.bound

    def __str__(self) -> str:
        verdict = "" if self.bound is None else "holds" if self.holds else "BROKEN"
        bound = "" if self.bound is None else f"{self.bound:g}"
        return f"{self.where:<18} {self.what:<34} {self.value:>9.2f} {bound:>7}  {verdict:<7} {self.detail}"


@dataclass
class Table:
    """Lines as they are measured, and what could not be."""

    lines: list[Line] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def add(self, where: str, what: str, value: float, bound: float | None = None, detail: str = "") -> None:
        """Take a figure down; it is printed at once, so that a long run can be watched."""
        self.lines.append(Line(where, what, value, bound, detail))
        print(self.lines[-1], flush=True)

    def skip(self, what: str, reason: str) -> None:
        """Say why a figure is missing."""
        self.skipped.append(f"{what}: {reason}")
        print(f"skipped: {what}: {reason}", flush=True)

    @property
    def holds(self) -> bool:
        return all(line.holds for line in self.lines)

    def __str__(self) -> str:
        head = f"{'where':<18} {'figure':<34} {'value':>9} {'bound':>7}  {'':<7}"
        return "\n".join([head, "-" * len(head), *map(str, self.lines), *(f"skipped: {s}" for s in self.skipped)])
