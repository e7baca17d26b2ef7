"""Forms as their pages fill them, with what a person changes."""

from typing import Any

from tests.views.pages import inputs
from tests.views.world import World


def draft(world: World) -> str:
    """The page on which the owner edits its draft."""
    return f"/projects/edit/{world.own.projects['draft']}"


def typed(world: World, path: str = "", **different: Any) -> dict[str, Any]:
    """The form as its page fills it, and what a person changes."""
    return {**inputs(world.page("owner", path or draft(world))), **different}
