"""Addresses of the matrix with rows of the stage in them."""

from models.enterprise import Enterprise
from models.project import Project
from tests.views.matrix import FILES, PIECES, TARGETS, WITH_VERSION
from tests.views.world import World


def address_of(world: World, rule: str, key: int | None = None) -> str:
    """The rule with the owner's row in it, or with another key."""
    path = rule
    for piece, value in PIECES.items():
        path = path.replace(piece, value)
    if rule in FILES:
        path = path.replace("<path:filename>", FILES[rule])
    path = path.replace("<pk>", str(key or target_of(world, rule)))
    assert "<" not in path, f"matrix.py does not say what stands for the rest of {path}"
    return path


def target_of(world: World, rule: str) -> int | None:
    name = next((name for prefix, name in TARGETS if rule.startswith(prefix)), None)
    if name is None:
        return None
    for keys in (world.own.projects, world.kept):
        if name in keys:
            return keys[name]
    return getattr(world.own, name)


def body_of(world: World, rule: str) -> dict[str, object]:
    """What a form carries without which the address would answer something else."""
    if rule.endswith("/action_post"):
        return {"action": "claim", "rowid": [target_of(world, rule)]}
    if rule == "/inbox/read":
        return {"message": world.own.messages[:1]}
    if any(f"/{step}/" in rule for step in WITH_VERSION) and rule.startswith(("/projects/", "/enterprises/")):
        model = Project if rule.startswith("/projects") else Enterprise
        return {"version": world.row(model, target_of(world, rule) or 0)["version"]}
    return {}
