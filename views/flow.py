"""The flow chart in words of the reader's language."""

from typing import Any

from flask_babel import gettext as _

from app.domain import flow
from app.domain.sorting import sort_key
from app.domain.terms import TERMS, Action, Kind, Status, submit_word
from app.domain.workflow import SYSTEM
from views.words import state


def chart(kind: Kind, title: str) -> dict[str, Any]:
    """What templates/console/flow.html draws."""
    arrows = [_arrow(kind, arrow) for arrow in flow.arrows_of(kind)]
    boxes = [
        {
            "name": name, "word": state_word(name), "x": flow.PLACES[name][0], "y": flow.PLACES[name][1],
            "width": flow.BOX_WIDTH, "height": flow.BOX_HEIGHT,
        }
        for name in flow.states_of(kind)
    ]  # fmt: skip
    told = [f"{state_word(a['source'])} → {state_word(a['target'])}{_('：')}{a['word']} {a['who']}" for a in arrows]
    return {
        "kind": str(kind), "title": title, "text": _("；").join(told), "width": flow.WIDTH,
        "height": flow.height_of(kind), "boxes": boxes, "arrows": arrows,
    }  # fmt: skip


def state_word(name: str) -> str:
    """A state's word; 删除 for where a deleted draft goes."""
    return _("删除") if name == flow.GONE else state(TERMS[Status(name)])


def deed_word(kind: Kind, action: Action, source: str) -> str:
    """What is done, as the button says it."""
    if action == Action.SUBMIT and kind != Kind.UNIT_WORK:
        return _(submit_word(kind, source))
    return _(TERMS[action])


def who_word(roles: frozenset[str]) -> str:
    """Who does it."""
    return _("、").join(sorted((_(TERMS[role]) if role != SYSTEM else _("系统") for role in roles), key=sort_key))


def _arrow(kind: Kind, arrow: flow.Arrow) -> dict[str, Any]:
    words = [deed_word(kind, action, arrow.source) for action, _by in arrow.deeds]
    roles: frozenset[str] = frozenset().union(*(by for _action, by in arrow.deeds))
    return {
        "source": arrow.source, "target": arrow.target, "actions": " ".join(action for action, _by in arrow.deeds),
        "points": " ".join(f"{x},{y}" for x, y in arrow.points), "x": arrow.at[0], "y": arrow.at[1],
        "anchor": arrow.anchor, "word": _("、").join(words), "who": who_word(roles),
    }  # fmt: skip
