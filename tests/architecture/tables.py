"""The tables of README.md and docs/security.md, drawn from the code they speak of."""

import ast
import importlib
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

import click

from app.cli import COMMANDS
from app.domain import journey, matters, pushes, workflow
from app.domain.permissions import PERMISSIONS
from app.domain.terms import TERMS, Action, Kind, Role, submit_word
from app.domain.workflow import SYSTEM, Transition
from app.seeds import demo_data
from app.seeds.data_bureaus import BUREAUS
from config import PREFIX, ROOT, Settings
from models import Model
from models.types import EncryptedJson, EncryptedText
from reports.monthly.definitions import DEFINITIONS, GENERAL
from tests.architecture.inputs import inputs

MARKER = re.compile(r"<!-- table: ([a-z-]+) -->\n(.*?)<!-- /table -->", re.DOTALL)
CODE = ("app", "models", "reports", "views")
PROPERTIES_OF_SETTINGS = {"scan_max_mb", "trusted_hosts", "data_key"}  # read in config.py itself


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [headers, ["---"] * len(headers), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def code(words: Iterable[str]) -> str:
    """Names set as code; a dash for none."""
    return " ".join(f"`{word}`" for word in words) or "—"


def settings() -> str:
    """Every setting, its default as a reader would type it."""
    rows = [
        [f"`{PREFIX}{name.upper()}`", _default(field.default), str(field.description)]
        for name, field in Settings.model_fields.items()
    ]
    return table(["setting", "default", "what it is"], rows)


def _default(value: object) -> str:
    if isinstance(value, Path):
        return f"`{value.relative_to(ROOT)}/`"
    if isinstance(value, bool):
        return f"`{value}`".lower()
    return f"`{value}`" if value not in ("", ()) else "—"


def idle_settings() -> str:
    """Settings that are read and checked, while nothing acts on them yet."""
    source = "".join(path.read_text(encoding="utf-8") for folder in CODE for path in Path(ROOT, folder).rglob("*.py"))
    used = {name for name in Settings.model_fields if re.search(rf"\.{name}\b", source)} | PROPERTIES_OF_SETTINGS
    idle = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields if name not in used]
    return f"{code(idle)}\n"


def life_cycle(kind: Kind) -> str:
    """One row per transition: where, what, who, whither, and what must hold."""
    rows = [_transition(kind, row) for row in workflow.TABLES[kind]]
    return table(["in state", "act", "by", "leads to", "provided that"], rows)


def _transition(kind: Kind, row: Transition) -> list[str]:
    act = submit_word(kind, row.source) if row.action == Action.SUBMIT else TERMS[row.action]
    target = f"{TERMS[row.target]} `{row.target}`" if row.target else "gone, but for its audit event"
    needs = ", ".join(need.name.replace("_", " ") for need in row.needs)
    by = "、".join(_who(role) for role in sorted(row.by))
    return [f"{TERMS[row.source]} `{row.source}`", f"{act} `{row.action}`", by, target, needs or "—"]


def _who(role: str) -> str:
    return "系统 `system`" if role == SYSTEM else f"{TERMS[role]} `{role}`"


def permissions() -> str:
    """Resources × roles, the verbs in the cells."""
    resources = dict.fromkeys(resource for rights in PERMISSIONS.values() for resource in rights)
    rows = [
        [f"`{resource}`", *(code(sorted(PERMISSIONS[role].get(resource, ()))) for role in Role)]
        for resource in sorted(resources)
    ]
    return table(["resource", *(TERMS[role] for role in Role)], rows)


def accounts() -> str:
    """Who can sign in to the demo."""
    bureaus = {office.code: office.name for office in BUREAUS}
    staff = [
        [f"`{person.username}`", "、".join(TERMS[role] for role in person.roles), bureaus[person.bureau_code]]
        for person in demo_data.STAFF
    ]
    applicants = [
        [f"`{values['org_code']}`", TERMS[Role.APPLICANT], f"{values['name']} ({FAR[str(values['org_code'])]})"]
        for values in demo_data.ORGANIZATIONS
    ]
    return table(["account", "role", "works for"], staff + applicants)


FAR = {
    demo_data.APPROVED: "enterprise approved, projects in every state",
    demo_data.UNDER_REVIEW: "enterprise under review",
    demo_data.NEW: "registered, initial password not yet changed",
}


def commands() -> str:
    """`yht` and its commands, in their own words."""
    rows = []
    for name in sorted(COMMANDS):
        module, _, attribute = COMMANDS[name].partition(":")
        rows += _command(name, getattr(importlib.import_module(module), attribute))
    return table(["command", "what it does"], rows)


def _command(name: str, command: click.Command) -> list[list[str]]:
    if isinstance(command, click.Group):
        return [row for sub in sorted(command.commands) for row in _command(f"{name} {sub}", command.commands[sub])]
    options = "".join(f" [{option.opts[0]}]" for option in command.params if isinstance(option, click.Option))
    return [[f"`yht {name}{options}`", " ".join((command.help or "").split())]]


def layers() -> str:
    """The import contract, top to bottom, each module in the words of its own first line."""
    with Path(ROOT, "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    found = next(contract["layers"] for contract in contracts if contract["name"] == "Imports point down")
    rows = [
        [str(place), f"`{module}`", first_line(module)]
        for place, layer in enumerate(found, 1)
        for module in re.split(r"\s*[:|]\s*", layer)
    ]
    return table(["layer", "module", "what it is for"], rows)


def first_line(module: str) -> str:
    """The first line of a module's docstring."""
    path = Path(ROOT, *module.split("."))
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return (ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or "").splitlines()[0]


def encrypted() -> str:
    """Columns that the database holds closed."""
    found = [
        [f"`{owner.name}`", f"`{column.name}`", str(column.comment or "—")]
        for owner in Model.metadata.sorted_tables
        for column in owner.columns
        if isinstance(column.type, EncryptedText | EncryptedJson)
    ]
    return table(["table", "column", "what it holds"], sorted(found))


def report_definitions() -> str:
    """What each column of 登记月报 means, then what holds for all of them."""
    rows = [[definition.heading, definition.meaning] for definition in DEFINITIONS]
    return table(["指标", "口径"], [*rows, *(["总则", sentence] for sentence in GENERAL)])


def waits() -> str:
    """State by state: what comes next, who can move it on, and by which acts."""
    rows = [row for kind in workflow.TABLES for row in _waits_of(kind)]
    return table(["record", "in state", "waits for", "moved on by"], [*rows, *_waits_of_matters()])


def _waits_of(kind: Kind) -> list[list[str]]:
    found = []
    for status in dict.fromkeys(step.source for step in workflow.TABLES[kind]):
        places = [place for k, place in journey.NEXT if k == kind and place in _places_of(kind, status)]
        next_steps = " / ".join(dict.fromkeys(journey.NEXT[kind, place].sentence for place in places))
        moves = [step for step in workflow.TABLES[kind] if step.source == status and step.target != status]
        found.append([f"`{kind}`", f"{TERMS[status]} `{status}`", next_steps, _movers(moves)])
    return found


def _places_of(kind: Kind, status: str) -> set[journey.Place]:
    standing, flags = journey.Standing, (False, True)
    ways = [standing(missing_count=n, originals_checked=c, unlocked=u, handed_over=h, push=p)
            for n in (0, 1) for c in flags for u in flags for h in flags for p in ("", "refused")]  # fmt: skip
    return {journey.place_of(kind, status, way) for way in ways}


def _movers(moves: Iterable[Transition]) -> str:
    by: dict[str, dict[str, None]] = {}
    for move in moves:
        for role in sorted(move.by):
            by.setdefault(role, {})[str(move.action)] = None
    return "<br>".join(f"{_who(role)}: {code(acts)}" for role, acts in by.items()) or "—"


def _waits_of_matters() -> list[list[str]]:
    found = []
    for status, word in matters.STATUS_WORDS.items():
        acts = dict.fromkeys(str(act) for (source, act) in matters.TRANSITIONS if source == status)
        clerk = [act for act in acts if act != matters.MatterAction.CLOSE]
        closes = " `system`: `close` (void number)" if len(clerk) < len(acts) else ""
        by = f"{_who(Role.MATTER_CLERK)}: {code(clerk)}" if clerk else "—"
        found.append(["`matter`", f"{word} `{status}`", "—" if not clerk else TERMS[Role.MATTER_CLERK], by + closes])
    return found


def waits_beside() -> str:
    """Pushes and acts that wait for a second person: their states, and what ends each."""
    rows = [
        ["`push`", f"{word} `{state}`", "sent again by " + _who(Role.ADMINISTRATOR) if pushes.REPLAY[state] is None
         else str(pushes.REPLAY[state])]
        for state, word in pushes.STATES.items()
    ]  # fmt: skip
    for resource in ("pending_acts", "account_requests"):
        holders = [role for role in Role if "confirm" in PERMISSIONS[role].get(resource, ())]
        acts = sorted({verb for role in holders for verb in PERMISSIONS[role][resource]} - {"list", "show", "add"})
        by = "、".join(_who(role) for role in holders)
        rows.append([f"`{resource}`", "`pending`", f"{by}: {code(acts)}; lapses by itself after its working days"])
    return table(["what", "in state", "ended by"], rows)


TABLES: dict[str, Callable[[], str]] = {
    "settings": settings,
    "idle-settings": idle_settings,
    "enterprise-life-cycle": lambda: life_cycle(Kind.ENTERPRISE),
    "project-life-cycle": lambda: life_cycle(Kind.PROJECT),
    "unit-work-life-cycle": lambda: life_cycle(Kind.UNIT_WORK),
    "waits": waits,
    "waits-beside": waits_beside,
    "permissions": permissions,
    "accounts": accounts,
    "commands": commands,
    "layers": layers,
    "encrypted": encrypted,
    "report-definitions": report_definitions,
    "inputs": lambda: table(["kind", "as it comes", "what the console makes of it", "test"], inputs()),
}


@cache
def drawn(name: str) -> str:
    """The table as the code has it."""
    return TABLES[name]()


def written(text: str) -> dict[str, str]:
    """The tables of a document by name."""
    return dict(MARKER.findall(text))


def redrawn(text: str) -> str:
    """The document with each of its tables as the code has it."""
    return MARKER.sub(lambda found: f"<!-- table: {found[1]} -->\n{drawn(found[1])}<!-- /table -->", text)
