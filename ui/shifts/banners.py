"""What stands above the page of shifts when something must be put right first.

Decides the words for a shift of an earlier day and for a clock that was set back.
"""

from datetime import datetime, tzinfo

from pos_app.domain.shifts import Shift
from pos_app.words import format_date, format_date_time, translate


def banner_of(left_open: Shift | None, latest: datetime | None, zone: tzinfo) -> str:
    """Return what to do first, empty when all is well; `latest` is the newest record when the clock is before it."""
    said = []
    if latest is not None:
        said.append(translate("shifts.banner.clock_behind", time=format_date_time(latest, zone)))
    if left_open is not None:
        said.append(translate("shifts.banner.left_open", day=format_date(left_open.business_date)))
    return "\n".join(said)
