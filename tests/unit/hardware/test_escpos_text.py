"""Text in the printer's own font: golden bytes, what is drawn instead, and that nothing in it is a command."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.documents.page import Align, Banner, Code, Page, Paper, Row, Rule, Size, Symbology, Text
from pos_app.domain.printer_options import CHARSETS, LATINS, PrinterOptions
from pos_app.hardware.escpos_jobs import Job, job_of_page, job_of_samples
from pos_app.hardware.escpos_text import SAMPLES, Charset
from tests.support.escpos_stream import EscposStream
from tests.support.paper_strip import Strip

GB = PrinterOptions(text="gb18030", latin="cp858")


def _bytes(page: Page, options: PrinterOptions = GB, paper: Paper = Paper.MM58) -> bytes:
    return b"".join(job_of_page(page, paper, options).parts)


def _printed(job: Job, charset: str | None = "gb18030") -> tuple[EscposStream, list[Strip]]:
    strips: list[Strip] = []
    stream = EscposStream(strips.append)
    stream.font = charset
    stream.receive(b"".join(job.parts))
    assert not stream.strays and not stream.buffer
    return stream, strips


def test_a_row_in_gb18030_is_these_very_bytes() -> None:
    page = Page((Row("应付", "¥12.30", Size.LARGE, bold=True),))
    line = "应付".encode("gb18030") + b" " * 21 + "￥".encode("gb18030") + b"12.30\n"
    assert _bytes(page) == (
        b"\x1b@\x1bt\x13\x1c&\x1bE\x01\x1d!\x01" + line + b"\x1bE\x00\x1d!\x00" + b"\x1bd\x04\x1dVB\x00"
    )


def test_a_title_is_twice_as_wide_and_stands_in_the_middle() -> None:
    page = Page((Text("熟客", Size.TITLE, bold=True, align=Align.CENTRE),))
    assert b"\x1bE\x01\x1d!\x11" + b" " * 6 + "熟客".encode("gb18030") + b"\n" in _bytes(page)


def test_a_rare_name_takes_the_four_bytes_of_gb18030_and_is_drawn_where_only_gbk_is_there() -> None:
    page = Page((Text("㛃"), Text("镕")))
    assert "㛃".encode("gb18030") + b"\n" in _bytes(page) and len("㛃".encode("gb18030")) == 4
    gbk = _bytes(page, PrinterOptions(text="gbk"))
    assert b"\x1dv0" in gbk and "镕".encode("gbk") + b"\n" in gbk
    assert b"\x1dv0" not in _bytes(page)


def test_a_letter_with_an_accent_leaves_han_mode_and_comes_back() -> None:
    assert Charset("gb18030", "cp858").encode("客Ö客") == (
        "客".encode("gb18030") + b"\x1c.\x99\x1c&" + "客".encode("gb18030")
    )
    assert b"\x1dv0" in _bytes(Page((Text("Ö"),)), PrinterOptions(text="gb18030")), "no page, so it is drawn"


def test_codes_and_the_band_of_a_copy_are_always_drawn() -> None:
    page = Page((Banner("副本 1"), Rule(), Text("好"), Code(Symbology.QR, "N01-1-2026-000001")))
    stream, (strip,) = _printed(job_of_page(page, Paper.MM80, GB))
    assert stream.lines == ["-" * 48, "好"] and strip.is_copy
    assert ("QR Code", "N01-1-2026-000001") in strip.codes


def test_dots_are_what_they_were() -> None:
    page = Page((Text("好"),))
    job = job_of_page(page, Paper.MM58, PrinterOptions())
    assert job.parts[0] == b"\x1b@" and job.parts[1].startswith(b"\x1dv0") and len(job.parts) == 3


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (PrinterOptions(density=-6), [b"\x31\xfa"]),
        (PrinterOptions(density=3, speed=9), [b"\x31\x03", b"\x32\x09"]),
        (PrinterOptions(), []),
    ],
)
def test_how_dark_and_how_fast_is_said_only_when_it_was_chosen(
    options: PrinterOptions, told: list[bytes]
) -> None:
    stream, _ = _printed(job_of_page(Page((Text("好"),)), Paper.MM80, options))
    assert stream.settings_told == told


@pytest.mark.parametrize(
    ("options", "tail"),
    [
        (PrinterOptions(cut="full", feed=0), b"\x1bd\x00\x1dVA\x00"),
        (PrinterOptions(cut="none", feed=9), b"\x1bd\x09"),
        (PrinterOptions(), b"\x1bd\x04\x1dVB\x00"),
    ],
)
def test_the_paper_is_fed_and_cut_as_the_shop_says(options: PrinterOptions, tail: bytes) -> None:
    assert _bytes(Page((Text("好"),)), options).endswith(tail)


def test_each_sample_is_written_in_its_charset_and_drawn_above_it() -> None:
    stream, _ = _printed(job_of_samples(Paper.MM80, PrinterOptions()), "gb18030")
    written = [f"{place}  {sample}" for place, sample in enumerate(SAMPLES.values(), start=1)]
    assert [line for line in stream.lines if line in written] == [
        line for line in written if not line.startswith("4")
    ], "a printer of GB 18030 reads all but the Big5 line"
    assert len(stream.lines) == len(SAMPLES)


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    st.sampled_from(CHARSETS),
    st.sampled_from(["", *LATINS]),
)
def test_no_text_is_ever_a_command(text: str, han: str, latin: str) -> None:
    job = job_of_page(Page((Text(text), Row(text, text))), Paper.MM80, PrinterOptions(text=han, latin=latin))
    stream, _ = _printed(job, han)
    assert not stream.kicks and stream.cuts == 1


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_what_is_written_is_what_was_asked_for(text: str) -> None:
    charset = Charset("gb18030", "cp858")
    words = "".join(char for char in text if charset.has(char))
    stream = EscposStream(lambda _strip: None)
    stream.font = "gb18030"
    stream.receive(b"\x1b@" + charset.begin() + charset.encode(words) + b"\n")
    read = (stream.lines or [""])[0]
    plain = (
        words.replace("\u2212", "-")
        .replace("\u2022", "\u00b7")
        .replace("\u2032", "'")
        .replace("\u00a5", "￥")
    )
    assert read == plain.rstrip()
