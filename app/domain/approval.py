"""One 立项 in whatever spelling: the key of a document number and the authority that gave it. Nothing is looked up."""

import hashlib
import re

from app.domain import spelling

# 澄发改投〔2026〕30号 is told apart by its letters, its year and its serial; all other marks only part them.
_PART = re.compile(r"[0-9]+|[^\W0-9_]+")
_LABEL = re.compile(r"^(立项|批准|批复|核准|备案|项目)*(文号|文件号|证号|编号)[:：]")
_PAPER = re.compile(r"(?<=[0-9])[号號](文件|文)?|[号號](文件|文)?\W*$")
_SERIAL_WORD = re.compile(r"第(?=[0-9])")
_YEAR_WORD = re.compile(r"(?<![0-9])([0-9]{4})年度?")
# What one office is called in full and in short; only what no two offices of one place share.
_OFFICES = (
    (re.compile("发展(和|与|及)?改革(委员会|委)|发展改革委|发改委员会"), "发改委"),
    (re.compile("发展(和|与|及)?改革局"), "发改局"),
    (re.compile("经济(和|与|及)?信息化(委员会|委)"), "经信委"),
    (re.compile("工业(和|与|及)?信息化局"), "工信局"),
    (re.compile("住房(和|与|及)?城乡建设局"), "住建局"),
    (re.compile("人民政府"), "政府"),
)
_PROVINCE = re.compile("^(江苏省|江苏)(?=.{2,}?[市县区])")


def approval_key(document_number: str | None, authority: str | None) -> str | None:
    """SHA-256 of the normalised 文号 and authority; None while either says nothing."""
    if not document_number or not authority:
        return None
    number, _, office = normalise_approval(document_number, authority).partition("|")
    return hashlib.sha256(f"{number}|{office}".encode()).hexdigest() if number and office else None


def normalise_approval(document_number: str, authority: str) -> str:
    """The key text of one 立项: spellings of the same document number and authority give the same text.

    One approval document carries one number (SPEC §3.5), so width, blanks, kinds of bracket and dash, signs around it,
    第 and noughts before the serial, 年 behind the year, 号 and letter case must not make two of it.
    """
    return f"{_number(document_number)}|{_authority(authority)}"


def _number(text: str) -> str:
    plain = _LABEL.sub("", spelling.alike(text))
    plain = _YEAR_WORD.sub(r"\1-", _SERIAL_WORD.sub("-", _PAPER.sub("-", plain)))
    parts = _PART.findall(plain)
    return "-".join(part.lstrip("0") or "0" if part.isdecimal() and part.isascii() else part for part in parts)


def _authority(text: str) -> str:
    plain = "".join(mark for mark in spelling.alike(text) if mark.isalnum())
    for full, short in _OFFICES:
        plain = full.sub(short, plain)
    return _PROVINCE.sub("", plain)
