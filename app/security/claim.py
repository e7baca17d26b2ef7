"""The cookie of the browser that registered: with it the initial password needs no code by SMS."""

import hmac
import secrets

from flask import Response, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.security.here import settings
from app.services.registration import digest

NAME = "yht_claim"
SALT = "yht-claim"


def cookie_name() -> str:
    """`__Host-` in production, so that no other host can plant one."""
    return f"__Host-{NAME}" if settings().is_production else NAME


def new_nonce() -> str:
    """A fresh secret for one registration; the account keeps only its digest."""
    return secrets.token_urlsafe(32)


def give(response: Response, nonce: str) -> None:
    """Hand the cookie to the registering browser, for as long as the initial password lives."""
    response.set_cookie(
        cookie_name(),
        _signer().dumps(nonce),
        max_age=settings().initial_password_hours * 3600,
        secure=settings().is_production,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def holds(claim_nonce_hash: str | None) -> bool:
    """Whether this request comes from the browser that registered the account."""
    signed = request.cookies.get(cookie_name())
    if not signed or not claim_nonce_hash:
        return False
    try:
        nonce = _signer().loads(signed, max_age=settings().initial_password_hours * 3600)
    except BadSignature:
        return False
    return isinstance(nonce, str) and hmac.compare_digest(digest(nonce), claim_nonce_hash)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt=SALT)
