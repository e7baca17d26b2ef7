"""A simulated peer served on its own socket while a test needs it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from app.cli.simulating import Simulator

Peer = TypeVar("Peer", bound=Simulator)


@contextmanager
def serving(simulator: Peer) -> Iterator[Peer]:
    """Answers until the block ends; its thread and socket are gone afterwards."""
    thread = threading.Thread(target=simulator.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield simulator
    finally:
        simulator.shutdown()
        simulator.server_close()
        thread.join()
