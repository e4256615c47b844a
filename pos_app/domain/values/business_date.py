"""The business date: the day a sale belongs to, which begins at the shop's cut-off, not at midnight.

Source: PRODUCT.md E10 (cut-off 05:00 by default). The moment, the zone and the cut-off are passed in.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

DEFAULT_DAY_STARTS_AT = time(5, 0)


def business_date(moment: datetime, zone: tzinfo, day_starts_at: time) -> date:
    """Return the business date of an aware moment: before the cut-off it is still yesterday.

    Moments are compared, not clock faces: in the hour that autumn repeats, the date does not run back.
    """
    day = moment.astimezone(zone).date()
    starts = datetime.combine(day, day_starts_at, zone).astimezone(UTC)
    return day - timedelta(days=1) if moment < starts else day
