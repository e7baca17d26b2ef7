"""What people meant by what they typed or pasted: width, dashes, blanks, brackets, quotes, dots, unseen marks.

One reader for each kind of value; every input and every query passes through one of them, before anything is
measured or compared. A reader only undoes what keyboards, telephones and copied pages do to a text: it never guesses
a figure or a letter.
"""

import re
import unicodedata

# Marks that have no shape of their own, although Unicode does not count them with the format marks.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
# They turn the text behind them around: what was seen on the screen is not what would be left without them.
TURNING = frozenset("\u202b\u202e\u2067")
# Drawn like a hyphen, but not in the category of dashes (Pd).
_DASHES = frozenset("\u02d7\u1173\u2043\u207b\u208b\u2212\u2500\u2501\u2796\u30fc\u3161\u31d0\uff70")
_DOTS = frozenset("\u00b7\u0387\u119e\u16eb\u2022\u2027\u2219\u22c5\u2e31\u2e33\u30fb\u318d\uff65")
_DOUBLE = frozenset('"\u201c\u201d\u201e\u201f\u2033\u2036\u301d\u301e\u301f\u300c\u300d\u300e\u300f')
_SINGLE = frozenset("'\u0060\u00b4\u02bc\u2018\u2019\u201a\u201b\u2032\u2035")
_OPEN, _CLOSE = "\u00ab\u2039\u3008\u300a", "\u00bb\u203a\u3009\u300b"
_ANGLES = {"<": "<", ">": ">"} | dict.fromkeys(_OPEN, "<") | dict.fromkeys(_CLOSE, ">")
# Parts of characters that pages copied out of a PDF hold instead of the character; NFKC knows the other such block.
_RADICALS = str.maketrans(
    "⺁⺇⺌⺎⺏⺐⺑⺒⺓⺛⺝⺟⺠⺣⺩⺪⺬⺮⺶⻁⻂⻄⻅⻆⻉⻋⻒⻓⻔⻗⻘⻙⻚⻛⻜⻝⻠⻢⻣⻤⻥⻦⻧⻨⻩⻫⻬⻮⻯⻰⻳",
    "厂几小兀尣尢尣巳幺旡月母民灬王疋示竹羊虎衤西见角贝车镸长门雨青韦页风飞食饣马骨鬼鱼鸟卤麦黄斉齐齿竜龙龟",
)
_HAN_ONE = re.compile("(?<=[0-9]) ?一 ?(?=[0-9])")  # typed for a dash, as it looks like one
_HAN_BLANK = re.compile(r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff]) (?=[\u3400-\u9fff\U00020000-\U0003ffff])")


# Marks one by one ------------------------------------------------------------------------------------------


def is_unseen(mark: str) -> bool:
    """Whether nothing is drawn for the mark and nobody could mean it: format marks, fillers, variation marks."""
    return mark in _UNSEEN or is_variation(mark) or unicodedata.category(mark) == "Cf"


def is_variation(mark: str) -> bool:
    """Whether the mark only asks for another drawing of the character before it."""
    return "\ufe00" <= mark <= "\ufe0f" or "\U000e0100" <= mark <= "\U000e01ef"


def is_blank(mark: str) -> bool:
    """Whether the mark is a blank of any width, a tab or the end of a line."""
    return mark.isspace() or mark == "\u2800"


def is_dash(mark: str) -> bool:
    """Whether the mark is drawn as a dash or hyphen."""
    return mark in _DASHES or unicodedata.category(mark) == "Pd"


def is_dot(mark: str) -> bool:
    """Whether the mark is drawn as a dot at half height."""
    return mark in _DOTS


def without_unseen(text: str) -> str:
    """The text as it is seen."""
    return "".join(mark for mark in text if not is_unseen(mark))


# Values by their kind --------------------------------------------------------------------------------------


def line(text: str) -> str:
    """Words in one line, in the width they were given: composed, blanks of other widths as ordinary ones."""
    return _words(text, "")


def lines(text: str) -> str:
    """The same with its line breaks, which browsers send as CR LF."""
    return _words(re.sub(r"\r\n?|\u2028|\u2029|\x85", "\n", text), "\n")


def _words(text: str, kept: str) -> str:
    """A turning mark stays, for whoever judges the text to name it."""
    stays = ("\u3000", *kept)
    seen = (mark for mark in _characters(text) if mark in TURNING or is_variation(mark) or not is_unseen(mark))
    blank = (" " if is_blank(mark) and mark not in stays and not _is_control(mark) else mark for mark in seen)
    return "".join(blank).strip()


def _characters(text: str) -> str:
    """Composed, and whole characters where a copied page holds their parts."""
    radical = (unicodedata.normalize("NFKC", mark) if "\u2f00" <= mark <= "\u2fd5" else mark for mark in text)
    return unicodedata.normalize("NFC", "".join(radical).translate(_RADICALS))


def _is_control(mark: str) -> bool:
    """Control marks that Python takes for blanks, although no keyboard makes them."""
    return "\x1c" <= mark <= "\x1f"


def person(text: str) -> str:
    """A person's name: no blanks between Chinese characters, one kind of dot between the parts of a name.

    Letters and figures become half width; brackets stay as Chinese text writes them.
    """
    plain = "".join(mark if _is_bracket(mark) else unicodedata.normalize("NFKC", mark) for mark in line(text))
    one_line = re.sub(r"\s+", " ", unicodedata.normalize("NFC", plain))
    dotted = "".join("·" if is_dot(mark) else mark for mark in one_line)
    return re.sub(r" ?· ?", "·", _HAN_BLANK.sub("", dotted)).strip()


def _is_bracket(mark: str) -> bool:
    return unicodedata.category(mark) in ("Ps", "Pe")


def code(text: str) -> str:
    """A code with its dashes: half width, no blanks, every dash as a hyphen, case as given."""
    marks = ("-" if is_dash(mark) else mark for mark in _narrow(text) if not is_blank(mark))
    return unicodedata.normalize("NFC", _HAN_ONE.sub("-", "".join(marks)))


def investment_code(text: str) -> str:
    """国家投资项目代码 with its hyphens after 4, 10, 12 and 14 digits; anything else as a code."""
    digits = bare(text)
    return re.sub(r"^(.{4})(.{6})(.{2})(.{2})(.{6})$", r"\1-\2-\3-\4-\5", digits) if digits.isdigit() else code(text)


def identity(text: str) -> str:
    """The number on a personal document: half width, upper case, without blanks, hyphens and dots."""
    return bare(text).upper()


def bare(text: str) -> str:
    """A code or number without its blanks, dashes and dots between the segments."""
    return "".join(mark for mark in code(text) if mark != "-" and not is_dot(mark))


def telephone(text: str) -> str:
    """Numbers as they are dialled, several if so given: half width, dashes as hyphens, single blanks."""
    dashed = "".join("-" if is_dash(mark) else mark for mark in _narrow(text))
    return re.sub(r" ?- ?", "-", _HAN_ONE.sub("-", re.sub(r"\s+", " ", dashed))).strip()


def address(text: str) -> str:
    """An e-mail or web address: half width, no blanks, the full stop of a Chinese keyboard as a dot."""
    return code(text.replace("。", ".").replace("｡", "."))


def figure(text: str) -> str:
    """A quantity: half width, one sign and one point, without the commas or blanks that part thousands."""
    plain = re.sub(r"^- ", "-", telephone(text.replace("。", ".").replace("｡", ".")))
    return re.sub("[, ]", "", plain) if _GROUPED.fullmatch(plain) else plain


_GROUPED = re.compile(r"-?[0-9]{1,3}(?:(,[0-9]{3})+|( [0-9]{3})+)(\.[0-9]+)?")
_DAY = re.compile(r"([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_TIME = re.compile(r"[T ]?[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?(\+08:?00)?$")


def day(text: str) -> str:
    """A day as YYYY-MM-DD in whatever order-preserving way it is written; other text as it is, half width."""
    plain = re.sub(r"\s+", " ", telephone(text.replace("。", "."))).replace("号", "日")
    found = None
    for given in (plain.replace(" ", ""), _TIME.sub("", plain).replace(" ", "")):
        found = found or _DAY.fullmatch(given) or _COMPACT.fullmatch(given)
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else plain


def secret(text: str) -> str:
    """A one-time password of our own making, out of the message it came in."""
    return code(text)


def _narrow(text: str) -> str:
    """Half width and as it is seen; before and after, as a wide blank may hide behind a mark and the reverse."""
    return without_unseen(unicodedata.normalize("NFKC", without_unseen(text)))


# What texts are compared by --------------------------------------------------------------------------------


def alike(text: str) -> str:
    """The text with every sign in the one form of its kind and without blanks and case: what search compares.

    Lines stay apart. Doing it twice changes nothing.
    """
    return _of_one_form(_narrow(text).translate(_RADICALS).casefold())


def _of_one_form(text: str) -> str:
    marks = (_sign(mark) for mark in _narrow(text) if mark == "\n" or not is_blank(mark))
    return _narrow("".join(marks))


def query(text: str) -> str:
    """What is looked for: as `alike`, without the word before it and the signs around it that were copied along."""
    return alike(copied(text))


def copied(text: str) -> str:
    """The value itself in what was copied with its label, its full stop and its quotes; the case as given."""
    whole = _of_one_form(text).replace("\n", "")
    plain = _LABEL.sub("", whole).strip(_ENDS)
    wrapped = _WRAPPED.fullmatch(plain)
    inside = next((part for part in wrapped.groups() if part), "") if wrapped else plain
    return (plain if set("\"'<>()") & set(inside) else inside) or whole


_LABEL = re.compile(
    r"^(项目|工程|立项|统一|建设|单位|组织机构|统一社会信用|国家投资项目|国家投资|机构|凭证|核对)*"
    r"(编号|文号|代码|名称|码|编码|电话|手机|手机号|no\.?|code|number)[:=]",
    re.IGNORECASE,
)
_ENDS = ",.;:!?。、"
_WRAPPED = re.compile(r"\"(.+)\"|'(.+)'|<(.+)>|\((.+)\)")


def has_forms(mark: str) -> bool:
    """Whether the sign is one of a kind that is written in several forms."""
    return not mark.isalnum() and _sign(mark) in ('"', "'", "<", ">", "(", ")", "-", "·")


def narrow(text: str) -> str:
    """Half width and as it is seen, blanks as they stand."""
    return _narrow(text)


def _sign(mark: str) -> str:
    if mark.isalnum() or mark == "\n":
        return "-" if is_dash(mark) else mark
    if mark in _DOUBLE or mark in _SINGLE:
        return '"' if mark in _DOUBLE else "'"
    if mark in _ANGLES:
        return _ANGLES[mark]
    kind = unicodedata.category(mark)
    if kind in ("Ps", "Pe"):
        return "(" if kind == "Ps" else ")"
    return "-" if is_dash(mark) else "·" if is_dot(mark) else mark
