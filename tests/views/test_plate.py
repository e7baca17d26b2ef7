"""The number explains itself: each segment of the plate has its word, before and after it is issued."""

import re

import pytest

from tests.views.world import World

PLATE = re.compile(r'<ol class="plate[^"]*"[^>]*>(.*?)</ol>', re.DOTALL)


def segments(page: str) -> list[tuple[str, str]]:
    """(digits, word) of the page's one plate."""
    (plate,) = PLATE.findall(page)
    return re.findall(r"<b>([^<]*)</b><small>([^<]*)</small>", plate)


def test_an_issued_number_names_its_district_and_category(world: World) -> None:
    page = world.page("owner", f"/projects/show/{world.own.projects['approved']}")

    (region, district), _day, (code, category), _sequence = segments(page)
    assert (region, district) == ("320281", "江阴市")
    assert {"01": "房屋建筑工程", "02": "市政工程", "99": "其他"}[code] == category


def test_before_it_is_issued_what_is_known_stands_there(world: World) -> None:
    page = world.page("owner", f"/projects/show/{world.own.projects['submitted']}")

    known, day, category, sequence = segments(page)
    assert known == ("320281", "江阴市")
    assert category[1] not in ("", "分类")
    assert (day[1], sequence[1]) == ("发号日期", "审核通过后发号")


@pytest.mark.parametrize("who", ["anonymous", "owner", "reviewer"])
def test_the_look_up_names_them_too(world: World, who: str) -> None:
    number = re.search(r'data-copy="(\d{16})"', world.page("owner", f"/projects/show/{world.own.projects['approved']}"))
    assert number

    assert segments(world.page(who, f"/lookup/?number={number[1]}"))[0] == ("320281", "江阴市")
