"""The flow chart is drawn on paper that has room for it."""

from app.domain import flow
from app.domain.workflow import TABLES


def test_no_words_of_the_chart_stand_upon_another():
    """Boxes of words, by the width of their longest form, neither leave the paper nor touch a state's box."""
    for kind in TABLES:
        places = [flow.PLACES[name] for name in flow.states_of(kind)]
        for arrow in flow.arrows_of(kind):
            x, y = arrow.at
            assert 0 < x < flow.WIDTH and 0 < y < flow.height_of(kind)
            assert not any(left < x < left + flow.BOX_WIDTH and top < y < top + flow.BOX_HEIGHT for left, top in places)
