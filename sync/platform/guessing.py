"""Wrong one-time codes: who types five of them within ten minutes is not listened to for a while.

Decides what counts a try. A wrong code names no merchant and no row, so it counts for the address it comes from (an
IPv6 network of 64 bits is one); a right code that is used wrongly (another shop, used already) counts for the
code, in its row. With 40 bits, ten codes open and ten thousand addresses guessing for ten minutes, the odds are one in
two million. Kept in memory, for so many addresses as fit: it guards a door and is no record.
"""

import ipaddress
from collections import OrderedDict

from sync.platform.tills import CODE_LASTS_MS, MOST_TRIES
from sync.protocol.errors import Number, PlatformError

MOST_SOURCES = 10_000
_NETWORK_BITS = 64


class Guesses:
    """The wrong tries of late; times are milliseconds."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, list[int]] = OrderedDict()

    def allow(self, address: str, now_ms: int) -> None:
        """Raise PlatformError CODE_TRIED_TOO_OFTEN for an address that guessed too often."""
        tries = self._of_late(_source(address), now_ms)
        if len(tries) >= MOST_TRIES:
            wait_s = max(1, (tries[0] + CODE_LASTS_MS - now_ms) // 1000)
            raise PlatformError(Number.CODE_TRIED_TOO_OFTEN, retry_after_s=wait_s)

    def wrong(self, address: str, now_ms: int) -> None:
        """Count a wrong code."""
        source = _source(address)
        self._tries[source] = [*self._of_late(source, now_ms), now_ms]
        self._tries.move_to_end(source)
        while len(self._tries) > MOST_SOURCES:
            self._tries.popitem(last=False)

    def right(self, address: str) -> None:
        """Forget what an address typed before its right code."""
        self._tries.pop(_source(address), None)

    def _of_late(self, source: str, now_ms: int) -> list[int]:
        return [at for at in self._tries.get(source, ()) if 0 <= now_ms - at < CODE_LASTS_MS]


def _source(address: str) -> str:
    try:
        plain = ipaddress.ip_address(address)
    except ValueError:
        return address
    if plain.version == 4:
        return address
    mapped = plain.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((plain, _NETWORK_BITS), strict=False))
