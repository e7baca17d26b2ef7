"""Codes that name organizations, persons and telephones: their check digits and one canonical form of each.

`…_fault` answers what is wrong as a sentence, or None; `canonical_…` maps any spelling to the stored one.
"""

import re
from datetime import date

from app.domain import spelling
from app.domain.errors import Refused, Sentence, say
from app.domain.terms import N_

ORG_CODE_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714-1997
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: without I, O, S, V, Z
USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))  # GB 32100-2015
RESIDENT_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
RESIDENT_ID_CHECKS = "10X98765432"  # GB 11643-1999, indexed by the weighted sum modulo 11

# Which third digits are in use after each prefix of two: MIIT's table of public mobile networks as of
# March 2023. The 14x and 17x that are missing belong to machines and satellites; 194 was not given out.
MOBILE_THIRD_DIGITS = {
    "13": "0123456789",
    "14": "56789",
    "15": "012356789",
    "16": "2567",
    "17": "01235678",
    "18": "0123456789",
    "19": "012356789",
}

_ORG_CODE = re.compile(r"[0-9A-Z]{8}-[0-9X]")
_ORG_CODE_ANY = re.compile(r"[0-9A-Z]{9}")
_USCC = re.compile(rf"[1-9ANY][{USCC_ALPHABET}][0-9]{{6}}[{USCC_ALPHABET}]{{10}}")
_RESIDENT_ID = re.compile(r"[0-9]{17}[0-9X]")
_MOBILE = re.compile(r"1[0-9]{10}")


def _squeezed(text: str) -> str:
    """Half width, upper case, without blanks, hyphens or invisible marks of any kind."""
    return spelling.bare(text).upper()


# 组织机构代码 ------------------------------------------------------------------------------------


def org_code_check_character(body: str) -> str:
    """The ninth character for eight of 0-9A-Z (GB 11714-1997: letters count 10 to 35, modulus 11)."""
    total = sum(int(mark, 36) * weight for mark, weight in zip(body, ORG_CODE_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def is_org_code(text: str) -> bool:
    """Strict form xxxxxxxx-x with the right check character."""
    return bool(_ORG_CODE.fullmatch(text)) and org_code_check_character(text[:8]) == text[9]


def canonical_org_code(text: str) -> str | None:
    """Any spelling as xxxxxxxx-x, None when there are not nine characters of 0-9A-Z.

    It does not judge the check character: history that fails it is kept, and found again by search.
    """
    code = _squeezed(text)
    return f"{code[:8]}-{code[8]}" if _ORG_CODE_ANY.fullmatch(code) else None


def org_code_fault(text: str) -> Sentence | None:
    """What is wrong with a code at entry, where only the strict form will do (notice, step 1)."""
    if is_org_code(text):
        return None
    canonical = canonical_org_code(text)
    if canonical is None or not _ORG_CODE.fullmatch(canonical):
        return say(N_("组织机构代码格式不对，应为 8 位＋短横＋1 位，如 PDY00012-4。"))
    if not is_org_code(canonical):
        return say(N_("组织机构代码校验位不符，请对照证书逐位检查。"))
    return say(N_("组织机构代码请改为「%(code)s」：字母大写、半角，第 8 位后一个短横。"), code=canonical)


def parse_org_code(text: str) -> str:
    """The code itself; raises Refused with the sentence of `org_code_fault`."""
    if fault := org_code_fault(text):
        raise Refused(fault, "org_code")
    return text


# 统一社会信用代码 --------------------------------------------------------------------------------


def uscc_check_character(body: str) -> str:
    """The eighteenth character for the first seventeen (GB 32100-2015, modulus 31)."""
    total = sum(USCC_ALPHABET.index(mark) * weight for mark, weight in zip(body, USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[(31 - total % 31) % 31]


def canonical_uscc(text: str) -> str | None:
    """Any spelling as 18 characters in upper case; None when the shape is not GB 32100's. No check digits."""
    code = _squeezed(text)
    return code if _USCC.fullmatch(code) else None


def org_code_of_uscc(uscc: str) -> str:
    """Characters 9 to 17 are the organization's code without its hyphen (GB 32100-2015)."""
    return f"{uscc[8:16]}-{uscc[16]}"


def uscc_fault(text: str) -> Sentence | None:
    """What is wrong with a credit code in any spelling: shape, its own check, the org code's check inside."""
    code = _squeezed(text)
    if len(code) == 18 and set("IOSVZ") & set(code):
        return say(N_("统一社会信用代码中没有字母 I、O、S、V、Z，请对照证书检查，是否为数字 1、0、5、2。"))
    if not _USCC.fullmatch(code):
        return say(N_("统一社会信用代码格式不对，应为 18 位数字或大写字母，请对照证书检查。"))
    if uscc_check_character(code[:17]) != code[17]:
        return say(N_("统一社会信用代码校验位不符，请对照证书逐位检查。"))
    if not is_org_code(org_code_of_uscc(code)):
        return say(N_("统一社会信用代码第 9 至 17 位（组织机构代码）校验不符，请对照证书逐位检查。"))
    return None


def canonical_login(text: str) -> str:
    """The account name behind what was typed: any spelling of an org code or USCC gives the org code.

    Staff account names come back half width and without blanks. Nine letters with no hyphen could be a name,
    so they count as a code only when the check character agrees, nine digits always.
    """
    trimmed = spelling.address(text)
    uscc = canonical_uscc(trimmed)
    if uscc and uscc_fault(uscc) is None:
        return org_code_of_uscc(uscc)
    code = canonical_org_code(trimmed)
    if code and (is_org_code(code) or code[:8].isdigit()):
        return code
    return trimmed


def is_code_at_login(username: str) -> bool:
    """Whether signing in with this name would mean an organization: no staff account may be called so."""
    return canonical_login(username) != username or is_org_code(username)


# 公民身份号码, 手机 ------------------------------------------------------------------------------


def canonical_resident_id(text: str) -> str:
    """Half width, upper case, no blanks: the form that is stored, indexed and checked."""
    return _squeezed(text)


def resident_id_fault(text: str, today: date) -> Sentence | None:
    """What is wrong with a resident's number (GB 11643-1999).

    The region is not looked up and not tied to the year of birth: people are registered late, and
    districts are renamed.
    """
    if not _RESIDENT_ID.fullmatch(text):
        return say(N_("身份证号应为 18 位：17 位数字加 1 位数字或 X。"))
    born = _birth_date(text[6:14])
    if born is None or born > today:
        return say(N_("身份证号第 7 至 14 位不是有效的出生日期，请对照证件检查。"))
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], RESIDENT_ID_WEIGHTS, strict=True))
    if RESIDENT_ID_CHECKS[total % 11] != text[17]:
        return say(N_("身份证号校验位不符，请对照证件逐位检查。"))
    return None


def _birth_date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def is_mobile(text: str) -> bool:
    """Eleven half-width digits with a prefix in use."""
    return bool(_MOBILE.fullmatch(text)) and text[2] in MOBILE_THIRD_DIGITS.get(text[:2], "")


def canonical_mobile(text: str) -> str | None:
    """Any spelling (blanks, hyphens, +86, full width) as eleven digits; None when it is no mobile number."""
    digits = re.sub(r"^(\+|00)?86(?=1[0-9]{10}$)", "", _squeezed(text))
    return digits if is_mobile(digits) else None


def mobile_fault(text: str) -> Sentence | None:
    """What is wrong with a mobile number at entry."""
    if is_mobile(text):
        return None
    canonical = canonical_mobile(text)
    if canonical:
        message = N_("手机号请改为「%(number)s」：11 位半角数字，不加空格、短横和国家代码。")
        return say(message, number=canonical)
    if _MOBILE.fullmatch(text):
        return say(N_("这个号段收不到短信，请填写能收短信的手机号。"))
    return say(N_("手机号应为 11 位半角数字，如 13800000000。"))
