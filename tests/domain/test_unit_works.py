"""Unit works: their codes, and sums that are said when they are not the project's."""

from decimal import Decimal

import pytest

from app.domain.unit_works import differences, unit_code

PROJECT = {"investment_10k_cny": Decimal("300.0000"), "floor_area_m2": Decimal("2000.00"), "length_m": None}


def unit(money: str | None = None, area: str | None = None, length: str | None = None) -> dict[str, object]:
    given = {"investment_10k_cny": money, "floor_area_m2": area, "length_m": length}
    return {name: Decimal(text) if text else None for name, text in given.items()}


@pytest.mark.parametrize(
    ("units", "told"),
    [
        ([], []),
        ([unit()], []),
        ([unit("100", "1500"), unit("200", "500")], []),
        ([unit("100.0001", "1500"), unit("200", "500")], ["投资合计 300.0001 万元，比项目的 300.0000 万元 多"]),
        ([unit("300", "1999.99")], ["建筑面积合计 1999.99 ㎡，比项目的 2000.00 ㎡ 少"]),
        ([unit("1", "1"), unit()], ["投资合计 1.0000", "建筑面积合计 1.00"]),
        ([unit("300", "2000", "5")], []),
    ],
    ids=["none", "nothing filled in", "equal", "more", "less", "both", "no total"],
)
def test_a_sum_that_is_not_the_total_is_said_and_nothing_else(units, told):
    found = [str(sentence) for sentence in differences(PROJECT, units)]

    assert len(found) == len(told)
    assert all(part in sentence for part, sentence in zip(told, found, strict=True)), found


def test_a_code_counts_from_001_to_999():
    assert [unit_code("3202812611230101", n) for n in (1, 999)] == ["3202812611230101-001", "3202812611230101-999"]
    for beyond in (0, 1000):
        with pytest.raises(ValueError, match="1 to 999"):
            unit_code("3202812611230101", beyond)
