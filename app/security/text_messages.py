"""How many text messages strangers may cause in a day: per address, per mobile, in all (SECURITY §2.2)."""

from flask import current_app

from app.security.here import address, settings
from app.security.throttle import Counters


def spend(mobile: str) -> None:
    """Count one message to the mobile. Raises TooMany.

    The address is asked first: who is over its limit there uses up nobody else's.
    """
    counters: Counters = current_app.extensions["yht"].counters
    limits = settings()
    counters.spend(f"{limits.sms_address_limit} per 1 day", "text-message", "address", address())
    counters.spend(f"{limits.sms_daily_limit} per 1 day", "text-message", "mobile", mobile)
    counters.spend(f"{limits.sms_total_limit} per 1 day", "text-message", "all")
