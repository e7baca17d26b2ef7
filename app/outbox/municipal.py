"""市审批流程: a project and its unit works as rows, project first, handed over by SaveTBDataToZx (W17, DOMAIN §8)."""

from collections.abc import Mapping
from typing import Any

from app.domain.exchange import MUNICIPAL, UNIT_TABLE, XM_GCDJB_DTXM, Source
from app.outbox import replies
from app.outbox.province import DELETE, Item, RowPush, project_item

SAVE, REMOVE = "U", "D"


class MunicipalPush(RowPush):
    """What other systems cannot find a project for they refuse (005): so it goes first, and is taken back last."""

    method, saved, target = "SaveTBDataToZx", replies.SAVED_BY_CITY, MUNICIPAL

    @staticmethod
    def items(payload: Mapping[str, Any], regions: Mapping[str, str]) -> list[Item]:
        project = project_item(payload, regions)
        removed = [_unit(payload, code, unit, REMOVE) for code, unit in sorted(payload.get("removed", {}).items())]
        if payload.get("op") == DELETE:
            return [*removed, project]
        units = [_unit(payload, code, unit, SAVE) for code, unit in sorted(payload.get("units", {}).items())]
        return [project, *units, *removed]


def _unit(payload: Mapping[str, Any], code: str, unit: Mapping[str, Any], flag: str) -> Item:
    """One unit work; the column of its area holds the length of a road (W17)."""
    facts = {
        "number": str(payload["number"]),
        "code": code,
        "inner_number": code.rpartition("-")[2],
        "size": str(unit.get("floor_area_m2") or unit.get("length_m") or ""),
        "update_flag": flag,
    }
    return Item(UNIT_TABLE, XM_GCDJB_DTXM, Source(unit, facts), flag == REMOVE)
