"""What other systems ask of a record (DOMAIN §2.1, §8): columns, codes and characters as data, and their check."""

from app.domain.exchange.characters import characters_lost
from app.domain.exchange.column import Column, Source
from app.domain.exchange.project import PROJECT_TABLE, TBPROJECTINFO
from app.domain.exchange.row import Row, faults, row_of, warnings
from app.domain.exchange.target import MUNICIPAL, PROVINCE, TARGETS, Target
from app.domain.exchange.unit_work import UNIT_TABLE, XM_GCDJB_DTXM

__all__ = [
    "MUNICIPAL",
    "PROJECT_TABLE",
    "PROVINCE",
    "TARGETS",
    "TBPROJECTINFO",
    "UNIT_TABLE",
    "XM_GCDJB_DTXM",
    "Column",
    "Row",
    "Source",
    "Target",
    "characters_lost",
    "faults",
    "row_of",
    "warnings",
]  # fmt: skip
