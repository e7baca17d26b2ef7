"""What a run measures, from the environment; without any it takes everything, which is what the bounds speak of."""

import os
from dataclasses import dataclass, field


def _words(name: str, default: str) -> list[str]:
    return os.environ.get(name, default).replace(",", " ").split()


def _number(name: str, default: int) -> int:
    return int(os.environ.get(name, default))


@dataclass(frozen=True)
class Options:
    """BENCH_SIZES, BENCH_DATABASES, BENCH_ROUNDS, BENCH_APPROVALS, BENCH_PARTS, BENCH_PORT."""

    sizes: list[int] = field(default_factory=lambda: [int(n) for n in _words("BENCH_SIZES", "10000 100000")])
    databases: list[str] = field(default_factory=lambda: _words("BENCH_DATABASES", "sqlite postgresql"))
    rounds: int = field(default_factory=lambda: _number("BENCH_ROUNDS", 21))
    approvals: int = field(default_factory=lambda: _number("BENCH_APPROVALS", 160))
    parts: list[str] = field(default_factory=lambda: _words("BENCH_PARTS", "pages felt approvals report export"))
    first_port: int = field(default_factory=lambda: _number("BENCH_PORT", 8120))
