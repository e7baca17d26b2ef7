"""Who calls with a key (接口密钥): `Authorization: Bearer …`, counted per key, wrong ones per address."""

from flask import g, request

from app.domain.tries import Tries
from app.security import tries
from app.security.here import address, db, now, place, settings
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
    if found is None:
        tries.spend(Tries.API_KEY, settings().api_key_limit, place())
        return None
    g.actor = found.actor
    tries.spend(Tries.API_REQUESTS, settings().api_limit, found.prefix)
    return found
