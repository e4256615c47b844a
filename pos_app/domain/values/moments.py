"""Moments as whole milliseconds since 1970, and back, without a float between: what is written comes back the same."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    """Return milliseconds since 1970 of an aware moment, rounded down."""
    return (moment - EPOCH) // _MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """Return the aware moment in UTC."""
    return EPOCH + timedelta(milliseconds=milliseconds)
