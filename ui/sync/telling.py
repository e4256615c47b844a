"""How sync is, in words: the light, the clock's drift, and what every number of an error means and asks for.

Decides words and tones. Qt-free. Source of the limits of the drift: SYNC.md §7.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Literal

from pos_app.domain.errors import ShukeError
from pos_app.domain.settings import Settings
from pos_app.services.ports.syncing import SyncLight, SyncStatus
from pos_app.words import format_age, format_count, format_date_time, format_time, has_text, translate

Tone = Literal["success", "warning", "danger", "muted", "info"]
WARNS_AT_MS = 2 * 60_000
ASKS_AT_MS = 15 * 60_000


class Drift(IntEnum):
    """How wrong the clock is: from the second on it is told, from the third a manager has to set it."""

    FINE = 0
    WARNS = 1
    ASKS = 2


def drift_of(drift_ms: int) -> Drift:
    """Return how wrong a clock is that is off by so many milliseconds, either way."""
    off = abs(drift_ms)
    return Drift.ASKS if off >= ASKS_AT_MS else Drift.WARNS if off >= WARNS_AT_MS else Drift.FINE


def drift_words(drift_ms: int) -> str:
    """Return by how much this till's clock is fast or slow; of less than a second, that it agrees."""
    seconds = abs(drift_ms) // 1000
    if not seconds:
        return translate("sync.clock.right")
    way = "fast" if drift_ms > 0 else "slow"
    if seconds < 120:
        return translate(f"sync.clock.{way}_seconds", count=seconds)
    if seconds < 7200:
        return translate(f"sync.clock.{way}_minutes", count=seconds // 60)
    return translate(f"sync.clock.{way}_hours", count=seconds // 3600)


def needs_person(status: SyncStatus) -> bool:
    """Say whether sync cannot go on without a person."""
    return status.light is SyncLight.TROUBLE or status.is_restored


def light_of(status: SyncStatus) -> tuple[str, Tone]:
    """Return what the status bar says of sync, and its colour."""
    if status.light is SyncLight.ALONE:
        return translate("sync.light.alone"), "muted"
    words, tone = _light(status)
    drift = drift_of(status.drift_ms)
    if drift is not Drift.FINE:
        words = f"{words} · {translate('sync.light.clock', off=drift_words(status.drift_ms))}"
        tone = "danger" if drift is Drift.ASKS else _at_least_warning(tone)
    if status.open_items:
        words = f"{words} · {translate('sync.light.open_items', count=status.open_items)}"
        tone = _at_least_warning(tone)
    return words, tone


def _light(status: SyncStatus) -> tuple[str, Tone]:
    if needs_person(status):
        return translate("sync.light.trouble"), "danger"
    unsent = status.unsent
    if status.light is SyncLight.OFFLINE:
        if unsent:
            return translate("sync.light.offline_unsent", count=unsent), "warning"
        return translate("sync.light.offline"), "warning"
    if status.filling is not None and status.filling[0] < status.filling[1]:
        return filling_words(status.filling), "info"
    if unsent:
        return translate("sync.light.unsent", count=unsent), "info"
    if status.light is SyncLight.BUSY:
        # Nothing waits here, yet nobody can say that all has come in: a new till, or one that just starts.
        return translate("sync.light.busy"), "info"
    return translate("sync.light.ok"), "success"


def _at_least_warning(tone: Tone) -> Tone:
    return tone if tone == "danger" else "warning"


def filling_words(filling: tuple[int, int]) -> str:
    """Return how many of the members a new till has taken in."""
    done, total = filling
    if not total:
        return translate("sync.filling.begins")
    return translate("sync.filling.members", done=format_count(done), total=format_count(total))


@dataclass(frozen=True, slots=True)
class Trouble:
    """What happened, and what to do about it."""

    what: str
    cure: str


def trouble_of(number: int) -> Trouble:
    """Return the words of an error's number; of one that this till does not know, the number itself."""
    code = f"sync.trouble.{number}"
    if not has_text(f"{code}.what"):
        return Trouble(
            translate("sync.trouble.other.what", number=number), translate("sync.trouble.other.do")
        )
    return Trouble(translate(f"{code}.what"), translate(f"{code}.do"))


def trouble_in(status: SyncStatus) -> Trouble | None:
    """Return what stands in the way, None for nothing."""
    if status.light is SyncLight.ALONE:
        return None
    if status.is_restored:
        return Trouble(translate("sync.trouble.restored.what"), translate("sync.trouble.restored.do"))
    if status.trouble:
        return trouble_of(status.trouble)
    if drift_of(status.drift_ms) is Drift.ASKS:
        off = drift_words(status.drift_ms)
        return Trouble(translate("sync.clock.asks", off=off), translate("sync.clock.cure"))
    return None


def number_in(problem: Exception) -> int:
    """Return the number of the platform's answer, 0 for any other failure."""
    number = problem.params.get("number") if isinstance(problem, ShukeError) else None
    return number if isinstance(number, int) else 0


def moment(ms: int) -> datetime:
    """Return a moment from milliseconds since 1970."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def age_words(since_ms: int, now_ms: int) -> str:
    """Return how long ago something was."""
    return format_age(timedelta(milliseconds=max(0, now_ms - since_ms)))


def when_words(ms: int, now_ms: int, settings: Settings) -> str:
    """Return when something was: the time of today, the day as well of another."""
    zone = settings.zone
    at, now = moment(ms), moment(now_ms)
    if at.astimezone(zone).date() == now.astimezone(zone).date():
        return format_time(at, zone)
    return format_date_time(at, zone)
