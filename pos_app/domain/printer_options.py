"""How one receipt printer is handled: what stands after the ``?`` of its setting.

Decides which choices there are, their ranges and defaults, and how they are written into the one line that names a
printer. It does not decide what bytes they become (`pos_app.hardware.commands`).
"""

from dataclasses import dataclass, fields
from urllib.parse import parse_qsl, urlencode

from pos_app.domain.errors import InvalidValueError

CUTS = ("partial", "full", "none")
PINS = ("2", "5")
DOTS = "dots"
"""Documents go out as pictures: every character prints, on every printer."""
CHARSETS = ("gb18030", "gbk", "gb2312", "big5")
"""Han characters that a printer may have in itself, the widest first."""
LATIN_ONLY = "latin"
TEXTS = (DOTS, *CHARSETS, LATIN_ONLY)
LATINS = ("cp437", "cp858", "cp1252")
"""Code pages for letters with accents, by the names that Python has for them."""
MOST_FEED = 20
LEAST_PULSE_MS, MOST_PULSE_MS = 2, 510
LEAST_DENSITY, MOST_DENSITY = -6, 8
MOST_SPEED = 13
_MOST_KICK_BYTES = 32
_NAMES = {"on": "on_ms", "off": "off_ms"}


@dataclass(frozen=True, slots=True)
class PrinterOptions:
    """How a printer cuts, kicks, writes and burns.

    `feed`: lines of 1/6 inch before the cut. `pin`, `on_ms`, `off_ms`: the pulse that opens the drawer; `kick`: bytes
    in hex that are sent instead of it. `text`: dots, or characters out of the printer's own font, in that charset.
    `latin`: its code page for accents. `density`, `speed`: None leaves them as the printer is set.
    """

    cut: str = "partial"
    feed: int = 4
    pin: str = "2"
    on_ms: int = 120
    off_ms: int = 500
    kick: str = ""
    text: str = DOTS
    latin: str = ""
    density: int | None = None
    speed: int | None = None

    def __post_init__(self) -> None:
        """Raise InvalidValueError, whose `field` names the option, for what no printer can be told."""
        self._one_of("cut", CUTS)
        self._one_of("pin", PINS)
        self._one_of("text", TEXTS)
        self._one_of("latin", ("", *LATINS))
        self._between("feed", 0, MOST_FEED)
        self._between("on_ms", LEAST_PULSE_MS, MOST_PULSE_MS)
        self._between("off_ms", LEAST_PULSE_MS, MOST_PULSE_MS)
        self._between("density", LEAST_DENSITY, MOST_DENSITY)
        self._between("speed", 0, MOST_SPEED)
        if self.text == LATIN_ONLY and not self.latin:
            raise InvalidValueError(field="latin", text="")
        kick_bytes(self.kick)

    def _one_of(self, field: str, choices: tuple[str, ...]) -> None:
        if getattr(self, field) not in choices:
            raise InvalidValueError(field=field, text=str(getattr(self, field)))

    def _between(self, field: str, least: int, most: int) -> None:
        value = getattr(self, field)
        if value is not None and not least <= value <= most:
            raise InvalidValueError(field=field, text=str(value))


_FIELDS = {field.name: field.default for field in fields(PrinterOptions)}


def kick_bytes(text: str) -> bytes:
    """Read bytes written in hex, with or without spaces, as manuals print them; raise InvalidValueError."""
    try:
        made = bytes.fromhex(text.replace("0x", " ").replace(",", " "))
    except ValueError:
        raise InvalidValueError(field="kick", text=text) from None
    if len(made) > _MOST_KICK_BYTES:
        raise InvalidValueError(field="kick", text=text)
    return made


USUAL = PrinterOptions()


def divide(setting: str) -> tuple[str, PrinterOptions]:
    """Take a setting apart into the place, with what concerns only the connection, and the options.

    Raises InvalidValueError for options that cannot be read.
    """
    address, _, query = setting.strip().partition("?")
    try:
        pairs = parse_qsl(query, strict_parsing=bool(query), keep_blank_values=True)
    except ValueError:
        raise InvalidValueError(field="options", text=query) from None
    own = {_NAMES.get(key, key) for key, _ in pairs} & _FIELDS.keys()
    place = [(key, value) for key, value in pairs if _NAMES.get(key, key) not in own]
    told = {_NAMES.get(key, key): value for key, value in pairs if _NAMES.get(key, key) in own}
    options = PrinterOptions(**{name: _read(name, text) for name, text in told.items()})  # type: ignore[arg-type]
    return address + ("?" + _written(place) if place else ""), options


def unite(place: str, options: PrinterOptions) -> str:
    """Write place and options as one setting; what is as by default is left out. The other way round of `divide`."""
    told = []
    names = {name: key for key, name in _NAMES.items()}
    for name, default in _FIELDS.items():
        value = getattr(options, name)
        if value != default:
            told.append((names.get(name, name), str(value)))
    if not told:
        return place
    return place + ("&" if "?" in place else "?") + _written(told)


def address_of(setting: str) -> str:
    """Return where a printer is, without anything that is said about it: two settings may name one device."""
    return setting.strip().partition("?")[0]


_NUMBERS = ("feed", "on_ms", "off_ms", "density", "speed")


def _read(name: str, text: str) -> object:
    if name not in _NUMBERS:
        return text
    try:
        return int(text)
    except ValueError:
        raise InvalidValueError(field=name, text=text) from None


def _written(pairs: list[tuple[str, str]]) -> str:
    return urlencode(pairs, safe="/:")
