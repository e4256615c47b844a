"""What a job is made of: a page, or the samples of charsets, as the parts that go to the printer one after the other.

Decides the order: reset, density and speed, the document, white paper up to the cutter, the cut. Bytes of commands come
from `commands`, those of text from `escpos_text`. Draws with Pillow, which the first job loads on the device's lane.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pos_app.documents.page import Page, Paper
from pos_app.documents.renderers.lines import Drawn, Part, White, Written, parts_of
from pos_app.domain.printer_options import PrinterOptions
from pos_app.hardware import commands
from pos_app.hardware.escpos_text import Charset, charset_of, sample_parts

_CUTS = {"partial": commands.CUT_PARTIAL, "full": commands.CUT_FULL, "none": b""}
_CHUNK = 4096
"""Bytes of text that go out as one part."""


@dataclass(frozen=True, slots=True)
class Job:
    """Bytes in the order of sending; `rows` is how long it comes out, in dots."""

    parts: list[bytes]
    rows: int


def job_of_page(page: Page, paper: Paper, options: PrinterOptions) -> Job:
    """Return a page as dots, or with the printer's own characters where the options say so.

    Raises InvalidValueError for a code that cannot be drawn.
    """
    charset = charset_of(options.text, options.latin)
    if charset is None:
        return _job([(Charset(), Drawn(page))], paper, options)
    return _job([(charset, part) for part in parts_of(page, paper, charset.font)], paper, options)


def job_of_samples(paper: Paper, options: PrinterOptions) -> Job:
    """Return the page on which a person sees which charset is right."""
    return _job(sample_parts(), paper, options)


def _job(parts: Iterable[tuple[Charset, Part]], paper: Paper, options: PrinterOptions) -> Job:
    from pos_app.documents.renderers.raster import render_raster

    made, rows = [_head(options)], 0
    text, now = bytearray(), Charset()
    for charset, part in parts:
        if isinstance(part, Drawn):
            made.append(bytes(text))
            text.clear()
            raster = render_raster(part.page, paper)
            made += commands.raster_bands(raster)
            rows += raster.height
            continue
        if charset != now:
            text += charset.begin()
            now = charset
        if isinstance(part, White):
            text += commands.feed_dots(part.dots)
            rows += part.dots
        else:
            text += _line(charset, part)
            rows += commands.LINE_DOTS * (2 if part.tall else 1)
        if len(text) > _CHUNK:
            made.append(bytes(text))
            text.clear()
    made += [bytes(text), commands.feed_lines(options.feed) + _CUTS[options.cut]]
    return Job([part for part in made if part], rows)


def _head(options: PrinterOptions) -> bytes:
    head = commands.INIT
    if options.density is not None:
        head += commands.density(options.density)
    if options.speed is not None:
        head += commands.speed(options.speed)
    return head


def _line(charset: Charset, line: Written) -> bytes:
    words = charset.encode(line.text) + commands.LINE_END
    if not (line.bold or line.tall or line.wide):
        return words
    plain = commands.look(bold=False, tall=False, wide=False)
    return commands.look(bold=line.bold, tall=line.tall, wide=line.wide) + words + plain
