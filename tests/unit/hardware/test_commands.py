"""The bytes of ESC/POS."""

from hypothesis import given
from hypothesis import strategies as st

from pos_app.documents.dots import Raster
from pos_app.hardware import commands
from pos_app.services.ports.devices import DrawerPin, PrinterStatus
from tests.support.escpos_stream import EscposStream
from tests.support.paper_strip import Strip


def _printed(raster: Raster) -> Strip:
    strips: list[Strip] = []
    stream = EscposStream(strips.append)
    stream.receive(b"".join([commands.INIT, *commands.raster_bands(raster), commands.CUT_FULL]))
    assert not stream.strays and not stream.kicks
    (strip,) = strips
    return strip


def test_a_tall_page_goes_out_in_bands_and_comes_out_whole() -> None:
    rows = b"".join(bytes([row % 255, 0xFF]) for row in range(1, 200))
    bands = list(commands.raster_bands(Raster(16, 199, rows)))
    assert [len(band) for band in bands] == [8 + 128, 8 + 128, 8 + 128, 8 + 14]
    assert b"".join(_printed(Raster(16, 199, rows)).rows) == rows.replace(b"\x10\x04", b"\x18\x04")


def test_no_band_overflows_a_buffer_of_five_kilobytes() -> None:
    wide = Raster(576, 1000, bytes(72 * 1000))
    assert max(map(len, commands.raster_bands(wide))) < 5 * 1024


@given(st.binary(min_size=48, max_size=48 * 5).map(lambda dots: dots[: len(dots) // 48 * 48]))
def test_no_picture_can_kick_the_drawer_or_ask_for_status(dots: bytes) -> None:
    strip = _printed_or_blank(dots)
    assert len(strip) == len(dots)
    assert all(after & before == before for before, after in zip(dots, strip, strict=True))


def _printed_or_blank(dots: bytes) -> bytes:
    raster = Raster(384, len(dots) // 48, dots)
    if not any(dots):
        return dots
    return b"".join(_printed(raster).rows)


def test_dots_that_spell_a_kick_are_printed_with_one_dot_more() -> None:
    spelled = b"\x10\x14\x01\x00\x01".ljust(48, b"\0")
    stream = EscposStream(lambda _strip: None)
    stream.receive(commands.INIT + b"\x1dv0\x00\x30\x00\x01\x00" + spelled)
    assert stream.kicks == [0], "a printer obeys it inside a picture"
    assert _printed_or_blank(spelled)[:5] == b"\x18\x14\x01\x00\x01"


def test_a_half_sent_picture_is_ended_by_the_flush() -> None:
    strips: list[Strip] = []
    stream = EscposStream(strips.append)
    torn = next(commands.raster_bands(Raster(384, 64, b"\xaa" * 48 * 64)))[:1000]
    stream.receive(commands.INIT + torn)
    stream.receive(commands.flush_of(48) + commands.INIT)
    whole = Raster(384, 2, b"\x55" * 96)
    stream.receive(b"".join(commands.raster_bands(whole)) + commands.CUT_PARTIAL)
    assert [strip.cut for strip in strips] == [False, True]
    assert b"".join(strips[1].rows) == whole.rows and not stream.strays


def test_pulses_name_their_pin_and_last_as_asked() -> None:
    assert commands.kick(DrawerPin.PIN_2) == b"\x1bp\x00\x3c\xfa"
    assert commands.kick(DrawerPin.PIN_5, on_ms=50, off_ms=2000) == b"\x1bp\x01\x19\xff"
    assert commands.kick_now(DrawerPin.PIN_5) == b"\x10\x14\x01\x01\x01"


def test_answers_are_told_apart_by_their_fixed_bits() -> None:
    assert commands.is_real_time(0x12) and commands.is_real_time(0x7E)
    assert not any(map(commands.is_real_time, (0x00, 0x0F, 0x11, 0x13, 0x92)))
    assert commands.is_done(0x00) and commands.is_done(0x03)
    assert not any(map(commands.is_done, (0x12, 0x11, 0x13, 0x80)))


def test_status_bytes_mean_what_the_reference_says() -> None:
    assert commands.offline_cause(0x12 | 0x04) is PrinterStatus.COVER_OPEN
    assert commands.offline_cause(0x12 | 0x20) is PrinterStatus.PAPER_OUT
    assert commands.offline_cause(0x12 | 0x40) is PrinterStatus.FAULT
    assert commands.offline_cause(0x12 | 0x08) is PrinterStatus.OFFLINE
    assert commands.paper_state(0x12) is PrinterStatus.OK
    assert commands.paper_state(0x12 | 0x0C) is PrinterStatus.PAPER_LOW
    assert commands.paper_state(0x12 | 0x6C) is PrinterStatus.PAPER_OUT
    assert commands.paper_when_done(0x00) is PrinterStatus.OK
    assert commands.paper_when_done(0x03) is PrinterStatus.PAPER_LOW
    assert commands.paper_when_done(0x0F) is PrinterStatus.PAPER_OUT
