"""Addresses of the matrix with rows of the stage in them."""

from models.enterprise import Enterprise
from models.matter import ProjectMatter
from models.organization import Organization
from models.project import Project
from models.unit_work import UnitFiling
from tests.views.targets import FILES, PIECES, TARGETS, WITH_VERSION
from tests.views.world import World

MODELS = {"/matters": ProjectMatter, "/projects": Project, "/enterprises": Enterprise, "/organizations": Organization}


def address_of(world: World, rule: str, key: int | None = None) -> str:
    """The rule with the owner's row in it, or with another key."""
    path = rule
    if rule.startswith("/api/v1/"):  # a number is no row key
        path = rule.replace("<number>", issued_to(world))
    for piece, value in PIECES.items():
        path = path.replace(piece, value)
    if rule in FILES:
        path = path.replace("<path:filename>", FILES[rule])
    path = path.replace("<pk>", str(key or target_of(world, rule)))
    assert "<" not in path, f"matrix.py does not say what stands for the rest of {path}"
    return path


def issued_to(world: World) -> str:
    """The number of the owner's approved project."""
    return str(world.row(Project, world.own.projects["approved"])["number"])


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
    if rule.startswith("/unitworks/"):
        return {"version": world.row(UnitFiling, world.own.filing)["version"]}
    if any(f"/{step}/" in rule for step in WITH_VERSION) and rule.startswith(tuple(MODELS)):
        model = next(model for start, model in MODELS.items() if rule.startswith(start))
        return {"version": world.row(model, target_of(world, rule) or 0)["version"]}
    return {}
