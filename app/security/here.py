"""What the running application carries: its database session, settings, clock and views."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from flask import current_app, request
from sqlalchemy.orm import Session

from app.domain.limits import TimeLimits
from app.domain.places import place_of
from app.storage import ChildLimits, ScanLimits
from app.storage.limits import MEGABYTE

if TYPE_CHECKING:
    from config import Settings

ADDRESS_WIDTH = 64


def db() -> Session:
    """The session of this request or command."""
    return cast("Session", current_app.extensions["sqlalchemy"].session())


def settings() -> "Settings":
    """The settings of this process."""
    return cast("Settings", current_app.extensions["yht"].settings)


def time_limits() -> TimeLimits:
    """Working days per step, as the settings say."""
    chosen = settings()
    return TimeLimits(
        enterprise_review=chosen.enterprise_review_days,
        project_review=chosen.project_review_days,
        counter=chosen.counter_days,
        unit_works=chosen.unit_works_days,
        permit_precheck=chosen.precheck_days,
        pending_act=chosen.pending_act_days,
    )


def scan_limits() -> ScanLimits:
    """How large a scan may be and what its check may cost, as the settings say."""
    chosen = settings()
    child = ChildLimits(
        memory_bytes=chosen.scan_check_memory_mb * MEGABYTE, deadline_seconds=float(chosen.scan_check_seconds)
    )
    return ScanLimits(max_bytes=chosen.scan_max_mb * MEGABYTE, max_pages=chosen.scan_max_pages, child=child)


def now() -> datetime:
    """The instant, from the clock that the application was made with."""
    return cast("datetime", current_app.extensions["yht"].clock.now())


def address() -> str:
    """Where the request comes from; a proxy is believed only when the settings name one."""
    return (request.remote_addr or "-")[:ADDRESS_WIDTH]


def place() -> str:
    """The address as far as it tells who it is: what counters and known addresses go by."""
    return place_of(address())


def view_at_hand() -> Any:
    """The view that answers this request, if it is one of FAB's."""
    return current_app.extensions["yht"].views.get(request.blueprint)


def is_key_request() -> bool:
    """Whether the view takes an API key alone: such a view never reads the browser's session."""
    return bool(getattr(view_at_hand(), "key_authenticated", False))
