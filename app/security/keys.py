"""Who calls with a key (接口密钥): `Authorization: Bearer …`, counted per key, wrong ones per address."""

from typing import cast

from flask import current_app, g, request

from app.security.here import address, db, now, settings
from app.security.throttle import Counters
from app.services import api_keys
from app.services.api_keys import Caller

SCHEME = "bearer"


def caller() -> Caller | None:
    """The system behind the request, who then acts in it; None without a key that opens anything.

    Raises TooMany for a key that asks too often, or an address that sends too many wrong ones.
    """
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != SCHEME:
        return None
    found = api_keys.caller(db(), text.strip(), address=address(), request_id=g.get("request_id"), now=now())
    counters = cast("Counters", current_app.extensions["yht"].counters)
    if found is None:
        counters.spend(settings().api_key_limit, "api-key", address())
        return None
    counters.spend(settings().api_limit, "api", found.prefix)
    g.actor = found.actor
    return found
