"""What a password must be. Long beats odd characters; what others know about the account is no secret."""

from app.domain.errors import Sentence, say
from app.domain.spelling import without_unseen
from app.domain.terms import N_

APPLICANT_LENGTH, STAFF_LENGTH, MOST_BYTES = 8, 12, 1024
WELL_KNOWN = frozenset(
    [
        "11111",
        "111111",
        "1111111",
        "11111111",
        "111111111",
        "1111111111",
        "000000",
        "00000000",
        "123123",
        "123123123",
        "123321",
        "1234567",
        "12345678",
        "123456789",
        "1234567890",
        "0123456789",
        "87654321",
        "88888888",
        "66666666",
        "99999999",
        "147258369",
        "password",
        "password1",
        "passw0rd",
        "p@ssw0rd",
        "p@ssword",
        "qwerty123",
        "qwertyui",
        "qwertyuiop",
        "1qaz2wsx",
        "1q2w3e4r",
        "1q2w3e4r5t",
        "abc12345",
        "abcd1234",
        "a1234567",
        "a12345678",
        "aa123456",
        "aa12345678",
        "asd123456",
        "asdfghjkl",
        "zxcvbnm123",
        "iloveyou",
        "admin123",
        "admin888",
        "administrator",
        "woaini1314",
        "woaini520",
        "5201314520",
        "wuxi1234",
        "jiangyin",
        "yihaotong",
        "yihaotong123",
    ]
)


def weakness(password: str, *, is_staff: bool, known: tuple[str, ...]) -> Sentence | None:
    """Why the password will not do, or None. `known` are names and codes that others know about the account."""
    least = STAFF_LENGTH if is_staff else APPLICANT_LENGTH
    if len(password) < least:
        return say(N_("新密码至少 %(count)s 位。"), count=least)
    if len(password.encode()) > MOST_BYTES or "\0" in password or without_unseen(password) != password:
        return say(N_("新密码过长或含有无法使用的字符。"))
    folded = _folded(password)
    if folded in WELL_KNOWN or len(set(folded)) < 4:
        return say(N_("这个密码太常见，容易被猜到，请换一个。"))
    if any(word and (folded == word or (len(word) >= 5 and word in folded)) for word in map(_folded, known)):
        return say(N_("密码不能是或包含机构代码、用户名、单位名称或初始密码。"))
    return None


def _folded(text: str) -> str:
    return text.lower().replace("-", "").replace(" ", "")
