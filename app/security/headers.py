"""Headers on every answer: what a page may load, who may frame it, what the browser may keep."""

import secrets

from flask import Flask, Response, g, request

HSTS = "max-age=63072000"
PERMISSIONS_POLICY = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
STATIC_ENDPOINTS = frozenset({"static", "appbuilder.static"})


def csp_nonce() -> str:
    """The nonce of this answer; templates put it on their own scripts and styles."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def content_security_policy(nonce: str) -> str:
    """Nothing from outside, no inline script; inline style attributes only, for FAB's own markup."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "frame-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
        )
    )


def install(app: Flask, *, strict_transport: bool) -> None:
    """Put the headers on all answers, errors and static files included."""

    @app.after_request
    def dress(response: Response) -> Response:
        headers = response.headers
        if "Content-Security-Policy" not in headers:  # a scan's own answer is stricter and may be framed by us
            headers["Content-Security-Policy"] = content_security_policy(csp_nonce())
            headers.setdefault("X-Frame-Options", "DENY")
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = PERMISSIONS_POLICY
        if strict_transport:
            headers["Strict-Transport-Security"] = HSTS
        if request.endpoint not in STATIC_ENDPOINTS:
            headers.setdefault("Cache-Control", "no-store")
        if g.get("request_id"):
            headers["X-Request-ID"] = g.request_id
        return response

    app.jinja_env.globals["csp_nonce"] = csp_nonce
