"""Names of persons, compared as persons read them: two keyboards write one name in several ways."""

import re
import unicodedata

# What keyboards and scanners write for the dot inside a name (阿卜杜拉·买买提); width variants fall together before.
_DOTS = dict.fromkeys(map(ord, "\u0387\u16eb\u2022\u2027\u2219\u22c5\u25cf\u25e6\u2e31\u2e33\u30fb\u00b7"), "·")
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # blanks that count as letters
_HAN = r"[\u2e80-\u2fff\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_STOP_FOR_DOT = re.compile(rf"(?<={_HAN})\s*\.\s*(?={_HAN})")
_BLANKS = re.compile(rf"\s+(?=·)|(?<=·)\s+|(?<={_HAN})\s+|\s+(?={_HAN})")


def same(one: str, other: str) -> bool:
    """Do both name the same person? Nothing at all names nobody."""
    return bool(key(one)) and key(one) == key(other)


def key(name: str) -> str:
    """What is compared: without unseen marks, width and case; one kind of dot; no blanks beside a dot or 汉字."""
    seen = "".join(" " if mark in _FILLERS else mark for mark in name if not _is_unseen(mark))
    folded = unicodedata.normalize("NFKC", seen).translate(_DOTS).casefold()
    dotted = _STOP_FOR_DOT.sub("·", "".join(mark for mark in folded if not _is_unseen(mark)))
    return unicodedata.normalize("NFC", " ".join(_BLANKS.sub("", dotted).split()))


def _is_unseen(mark: str) -> bool:
    is_variation = "\ufe00" <= mark <= "\ufe0f" or "\U000e0100" <= mark <= "\U000e01ef" or "\u180b" <= mark <= "\u180d"
    is_control = unicodedata.category(mark) in ("Cc", "Cf") and not mark.isspace()
    return is_variation or is_control or mark == "\u034f"
