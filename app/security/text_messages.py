"""How many text messages strangers may cause in a day: per address, per mobile, in all (SECURITY §2.2)."""

from app.domain.tries import Tries
from app.security import tries
from app.security.here import place, settings


def spend(mobile: str) -> None:
    """Count one message to the mobile. Raises TooMany.

    The address is asked first: who is over its limit there uses up nobody else's.
    """
    limits = settings()
    tries.spend(Tries.TEXT_ADDRESS, f"{limits.sms_address_limit} per 1 day", place())
    tries.spend(Tries.TEXT_MOBILE, f"{limits.sms_daily_limit} per 1 day", mobile)
    tries.spend(Tries.TEXT_ALL, f"{limits.sms_total_limit} per 1 day", "all")
