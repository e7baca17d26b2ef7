"""Waiting for other processes and threads without sleeping longer than needed."""

import time
from collections.abc import Callable


def eventually(claim: Callable[[], object], seconds: float = 60) -> None:
    """Until the claim holds; fails when it does not in time."""
    ends_at = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < ends_at, "it did not happen in time"
        time.sleep(0.05)
