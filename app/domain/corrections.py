"""The end of a correction (SPEC §4): a record that was opened in part is open for a time, whoever sends it back."""

from datetime import datetime, timedelta

AT_LEAST = timedelta(days=5)  # to answer a return in


def end_after_return(until: datetime | None, submitted_at: datetime | None, now: datetime) -> datetime:
    """Until when a returned correction is open: the bureau's own time is not taken from the owner's.

    What was left when it was handed in is left again, and never less than `AT_LEAST`.
    """
    if until is None or submitted_at is None:
        return now + AT_LEAST
    return max(until + (now - submitted_at), now + AT_LEAST)
