"""The door of the interface: no key, no answer; a key opens what its scopes name."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

from flask import abort, request
from flask_babel import gettext as _

from app.domain.api import SCOPE_WORDS, KeyScope
from app.security import denials
from app.security.keys import caller
from app.services.api_keys import Caller
from views.errors import answer

Method = Callable[..., Any]


def keyed(scope: KeyScope) -> Callable[[Method], Method]:
    """Mark a method that only a key with this scope may call."""

    def guard(method: Method) -> Method:
        @wraps(method)
        def guarded(self: Any, *args: Any, **kwargs: Any) -> Any:
            found = caller() or turn_away()
            require(found, scope)
            return method(self, *args, **kwargs)

        return guarded

    return guard


def require(found: Caller, scope: KeyScope) -> None:
    """Turn a key without the scope away (403)."""
    if scope not in found.scopes:
        denials.note(denials.FORBIDDEN)
        abort(answer(403, _("这个密钥不能：%(scope)s。", scope=_(SCOPE_WORDS[scope]))))


def turn_away() -> NoReturn:
    """401, with what is asked for."""
    sentence = _("请在 Authorization 头中以 Bearer 方式给出有效的接口密钥；密钥到期或停用后请联系发给它的部门。")
    abort(answer(401, sentence, WWW_Authenticate='Bearer realm="yihaotong"'))


def known_arguments(*names: str) -> dict[str, str]:
    """What stands in the address behind the question mark, each at most once; else 400."""
    given = request.args.to_dict(flat=False)
    if set(given) - set(names) or any(len(values) > 1 for values in given.values()):
        abort(answer(400, _("地址中的参数只能是：%(names)s，每个至多一次。", names="、".join(names) or "—")))
    return {name: values[0] for name, values in given.items()}
