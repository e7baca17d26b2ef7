"""Checks that look at more than one field, as data. Each speaks only when all it looks at was given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from app.domain import documents, identifiers
from app.domain.errors import Problem, say
from app.domain.fields.codes import CodeTables
from app.domain.terms import N_

USCC_LENGTH = 18


class Check(Protocol):
    """A rule over several fields of one record."""

    def judge(self, values: Mapping[str, object], codes: CodeTables, today: date) -> Problem | None: ...


@dataclass(frozen=True)
class NotBefore:
    """One day must not lie before another; the problem stands at `later`. `message` may show both days."""

    earlier: str
    later: str
    message: str

    def judge(self, values: Mapping[str, object], codes: CodeTables, today: date) -> Problem | None:
        first, last = values.get(self.earlier), values.get(self.later)
        if not isinstance(first, date) or not isinstance(last, date) or last >= first:
            return None
        return Problem(self.later, say(self.message, earlier=first.isoformat(), later=last.isoformat()))


@dataclass(frozen=True)
class WithinParent:
    """A code must belong to the chosen parent code; the parent `any_parent` takes all (DOMAIN §2.2)."""

    field: str
    dictionary: str
    parent: str
    any_parent: str
    message: str

    def judge(self, values: Mapping[str, object], codes: CodeTables, today: date) -> Problem | None:
        code, chosen = values.get(self.field), values.get(self.parent)
        if not isinstance(code, str) or chosen in (None, self.any_parent):
            return None
        belongs_to = codes.parent(self.dictionary, code)
        return None if belongs_to in (None, chosen) else Problem(self.field, say(self.message))


@dataclass(frozen=True)
class CodesAgree:
    """The org code is the one inside the USCC (GB 32100-2015, characters 9 to 17)."""

    org_code: str
    uscc: str

    def judge(self, values: Mapping[str, object], codes: CodeTables, today: date) -> Problem | None:
        org_code, uscc = values.get(self.org_code), values.get(self.uscc)
        if not isinstance(org_code, str) or not isinstance(uscc, str):
            return None
        inside = identifiers.org_code_of_uscc(uscc)
        if inside == org_code:
            return None
        message = N_("组织机构代码与统一社会信用代码不一致：信用代码中的是「%(code)s」，请对照证书检查。")
        return Problem(self.org_code, say(message, code=inside))


@dataclass(frozen=True)
class CodeIsRight:
    """A party's code, of either kind, ends in the check character of its standard."""

    field: str

    def judge(self, values: Mapping[str, object], codes: CodeTables, today: date) -> Problem | None:
        code = values.get(self.field)
        if not isinstance(code, str):
            return None
        if len(code) == USCC_LENGTH:
            fault = identifiers.uscc_fault(code)
        else:
            fault = identifiers.org_code_fault(identifiers.canonical_org_code(code) or code)
        return Problem(self.field, fault) if fault else None


@dataclass(frozen=True)
class DocumentNumber:
    """The number of a personal document has the shape of its kind; a resident's passes GB 11643-1999."""

    number: str
    document_type: str

    def judge(self, values: Mapping[str, object], codes: CodeTables, today: date) -> Problem | None:
        number, kind = values.get(self.number), values.get(self.document_type)
        if not isinstance(number, str) or kind is None:
            return None
        fault = documents.fault(kind, number, today)
        return Problem(self.number, fault) if fault else None
