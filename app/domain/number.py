"""The sixteen digits of a project (项目统一编号): how they are read and written. Nothing is issued here."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from app.domain import spelling
from app.domain.errors import Refused, Sentence, say
from app.domain.terms import N_

LIMIT = 99  # two digits: the capacity of one region, day and category (SPEC §3.7)
CATEGORIES = ("01", "02", "99")  # 项目分类, the tail of the number says no more
IMPORTED_MAX = 20  # the national tables hold 项目编号 in varchar(20)
_SHAPE = re.compile(r"([0-9]{6})([0-9]{6})([0-9]{2})([0-9]{2})")
_IMPORTED = re.compile(rf"[0-9A-Za-z-]{{1,{IMPORTED_MAX}}}")

# What may be odd about a number that was issued elsewhere, before us.
NOT_SIXTEEN_DIGITS = "not_sixteen_digits"
NO_SUCH_DAY = "no_such_day"
DAILY_SEQUENCE = "daily_sequence"  # the last four digits count the day, no category in them
UNKNOWN_CATEGORY = "unknown_category"
SEQUENCE_ZERO = "sequence_zero"
OTHER_REGION = "other_region"  # the digits name another region than the record
OTHER_CATEGORY = "other_category"
OTHER_DAY = "other_day"
AFTER_START = "after_start"  # given elsewhere although the bureau was on unified numbers already


@dataclass(frozen=True, order=True)
class ProjectNumber:
    """项目统一编号 as issued here: 6 digits of region, YYMMDD, category, 01 to 99."""

    region: str
    day: date
    category: str
    sequence: int

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{6}", self.region):
            raise ValueError("region is six digits")
        if self.category not in CATEGORIES:
            raise ValueError("category is one of 01, 02, 99")
        if not 1 <= self.sequence <= LIMIT:
            raise ValueError("sequence is 1 to 99")
        if not 2000 <= self.day.year <= 2099:
            raise ValueError("a number writes its year with two digits, from 2000 on")

    def __str__(self) -> str:
        return "".join(self.segments())

    def segments(self) -> tuple[str, str, str, str]:
        """The four parts as every page shows them: 区划, 日期, 分类, 序号."""
        return self.region, f"{self.day:%y%m%d}", self.category, f"{self.sequence:02d}"


@dataclass(frozen=True)
class ImportedNumber:
    """A number from history, kept as it is; `flags` says what is odd, a part that cannot be read is None."""

    text: str
    region: str | None
    day: date | None
    category: str | None
    sequence: int | None
    flags: tuple[str, ...]


def canonical_number(text: str) -> str:
    """What was typed or scanned, half width and without the blanks and dots between the segments."""
    return spelling.bare(text).replace(".", "")


def typed_number(text: str) -> str:
    """The number in what was pasted with the words and signs around it: sixteen digits if they stand there once."""
    plain = canonical_number(spelling.query(text))
    found = re.findall(r"(?<![0-9])[0-9]{16}(?![0-9])", canonical_number(text))
    return found[0] if len(found) == 1 else plain


def length_fault(text: str) -> Sentence | None:
    """What to say of digits alone that are too many or too few for a number of ours."""
    digits = typed_number(text)
    if not (digits.isascii() and digits.isdigit()) or len(digits) == 16:
        return None
    return say(N_("项目统一编号应为 16 位数字，您输入的是 %(length)s 位。"), length=len(digits))


def parse(text: str) -> ProjectNumber:
    """An issued number, strictly sixteen half-width digits; raises Refused."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise Refused(say(N_("项目统一编号应为 16 位数字。")), "project_number")
    region, digits, category, sequence = shape.groups()
    day = _day(digits)
    if day is None or category not in CATEGORIES or sequence == "00":
        message = N_("没有这样的项目统一编号，请逐位核对：6 位区划、6 位日期、2 位分类、2 位序号。")
        raise Refused(say(message), "project_number")
    return ProjectNumber(region, day, category, int(sequence))


def parse_any(text: str) -> ImportedNumber | None:
    """A number from before us, other tails and lengths flagged (DOMAIN §1.1); None when it is no number."""
    number = spelling.telephone(text)
    if not _IMPORTED.fullmatch(number):
        return None
    shape = _SHAPE.fullmatch(number)
    if shape is None:
        return ImportedNumber(number, None, None, None, None, (NOT_SIXTEEN_DIGITS,))
    region, digits, category, sequence = shape.groups()
    day = _day(digits)
    flags = [NO_SUCH_DAY] if day is None else []
    if category == "00":
        return ImportedNumber(number, region, day, None, int(sequence), (*flags, DAILY_SEQUENCE))
    if category not in CATEGORIES:
        flags.append(UNKNOWN_CATEGORY)
    if sequence == "00":
        flags.append(SEQUENCE_ZERO)
    return ImportedNumber(number, region, day, category, int(sequence), tuple(flags))


def is_ours_to_issue(number: ImportedNumber, today: date) -> bool:
    """Could our own counter still come to this number? Then it must not be taken from outside."""
    return not number.flags and number.day is not None and number.day >= today


def _day(digits: str) -> date | None:
    try:
        return date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        return None


def next_sequence(last: int | None) -> int:
    """The sequence after `last` (None: the day's first); raises Refused when all 99 are used up."""
    following = (last or 0) + 1
    if following > LIMIT:
        raise Refused(say(N_("当日该区划该类别编号已用完，请下一工作日发号。")), "numbers_used_up")
    return following


def gaps_in(given: Collection[int], last: int) -> list[int]:
    """The sequences up to `last`, or to the highest given, that are not among the given."""
    known = set(given)
    return [sequence for sequence in range(1, max(known | {last}) + 1) if sequence not in known]
