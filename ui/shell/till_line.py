"""The left of the status bar: shop · till · who is signed in · since when the shift is open.

Decides the words of that line only. Whoever signs somebody in, or opens or closes a shift, calls it.
"""

from pos_app.domain.shifts import Shift
from pos_app.words import format_date, format_time, translate
from ui.shell.counter import Counter
from ui.shell.window import Shell


def tell_till(shell: Shell, counter: Counter, shift: Shift | None) -> None:
    """Say where this is, who is here, and which shift is open."""
    settings = counter.shop.current.value
    actor = counter.session.actor
    since = translate("shell.status.no_shift")
    if shift is not None:
        time = format_time(shift.opened_at, settings.zone)
        # A shift of another day says which: the time alone would look like today's.
        of_today = shift.business_date == counter.shop.ringing.today()
        day = "" if of_today else format_date(shift.business_date, year=False) + " "
        since = translate("shell.status.shift", time=day + time)
    till = translate("shell.status.till", number=settings.till_code)
    shell.status.set_till(settings.shop_name, till, actor.name if actor else "", since)
