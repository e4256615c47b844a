"""A TSPL printer gets what its manual asks for, and says in words what is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.documents.dots import Raster
from pos_app.documents.renderers.label_raster import render_label
from pos_app.documents.sheets import ROLLS
from pos_app.domain.errors import InvalidValueError
from pos_app.hardware.tspl import ASK_STATE, MOST_COPIES, TsplPrinter, TsplSettings, job, state_of
from pos_app.services.ports.devices import (
    CoverOpenError,
    PaperOutError,
    PrinterFaultError,
    PrinterNoAnswerError,
    PrinterOfflineError,
    PrinterStatus,
)
from tests.support.scanner_eye import codes, picture
from tests.support.tspl_stream import TsplStream
from tests.unit.documents.label_samples import FACES, GOODS, TAG

ROLL = ROLLS["roll_40x30"]
PLAIN = TsplSettings()


def _white(form_key: str = "roll_30x20") -> Raster:
    form = ROLLS[form_key]
    width, height = form.width_um // 125, form.height_um // 125
    return Raster(width, height, bytes((width + 7) // 8 * height))


@pytest.mark.parametrize("roll", ROLLS)
def test_a_job_sets_the_paper_draws_the_label_and_prints_as_many_as_asked(roll: str) -> None:
    form = ROLLS[roll]
    label = render_label(TAG, form)
    stream = TsplStream(job(label, form, 3, PLAIN))
    (printed,) = stream.labels
    assert [command.split()[0] for command in stream.commands] == [
        "SIZE", "GAP", "DIRECTION", "REFERENCE", "CLS", "PRINT",
    ]  # fmt: skip
    assert (printed.width_mm * 1000, printed.height_mm * 1000) == (form.width_um, form.height_um)
    assert (printed.gap_mm * 1000, printed.copies, printed.direction) == (form.gap_um, 3, 1)
    assert printed.picture.tobytes() == picture(label).tobytes()


def test_the_first_lines_of_a_job_are_the_manual_s() -> None:
    lines = job(_white(), ROLLS["roll_30x20"], 2, TsplSettings(upside_down=True, density=8)).split(b"\r\n")
    assert lines[:8] == [
        b"", b"SIZE 30 mm,20 mm", b"GAP 2 mm,0 mm", b"DIRECTION 0", b"REFERENCE 0,0", b"DENSITY 8", b"CLS",
        b"BITMAP 0,0,30,160,0," + b"\xff" * 30 * 160,
    ]  # fmt: skip
    assert lines[8:] == [b"PRINT 1,2", b""]


def test_what_pads_a_row_to_whole_bytes_is_white() -> None:
    form = ROLLS["tag_68x26"]
    assert ROLLS["tag_68x26"].width_um // 125 % 8 == 0
    odd = type(form)("odd", 33_125, 1_000, 2000, form.panels[:1], 0)
    (printed,) = TsplStream(job(Raster(265, 8, b"\xff" * 33 + b"\x80" + bytes(34 * 7)), odd, 1, PLAIN)).labels
    assert printed.picture.size == (265, 8) and printed.picture.crop((0, 0, 265, 1)).getextrema() == (0, 0)


@given(
    st.lists(st.sampled_from([b"\x1b!R", b"\x1b!?", b"\x1b\x1b!", b"!!", b"\x00", b"\x10\x04"]), max_size=40)
)
def test_no_picture_is_obeyed_as_a_command(parts: list[bytes]) -> None:
    sent_dots = b"".join(parts)[:4800]
    label = Raster(240, 160, bytes(255 - byte for byte in sent_dots).ljust(4800, b"\0"))
    sent = job(label, ROLLS["roll_30x20"], 1, PLAIN)
    assert b"\x1b!" not in sent
    (printed,) = TsplStream(sent).labels
    changed = sum(
        one != other for one, other in zip(printed.picture.tobytes(), picture(label).tobytes(), strict=True)
    )
    assert changed == sent_dots.count(b"\x1b!"), "one dot of ink for each"


@pytest.mark.parametrize("copies", [0, -1, MOST_COPIES + 1])
def test_a_count_that_is_a_slip_prints_nothing(copies: int) -> None:
    with pytest.raises(InvalidValueError):
        job(_white(), ROLLS["roll_30x20"], copies, PLAIN)


def test_a_label_of_another_size_than_the_roll_is_refused() -> None:
    with pytest.raises(InvalidValueError):
        job(_white("roll_40x30"), ROLLS["roll_30x20"], 1, PLAIN)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (0x00, PrinterStatus.OK),
        (0x20, PrinterStatus.OK),
        (0x01, PrinterStatus.COVER_OPEN),
        (0x04, PrinterStatus.PAPER_OUT),
        (0x05, PrinterStatus.COVER_OPEN),
        (0x02, PrinterStatus.FAULT),
        (0x08, PrinterStatus.FAULT),
        (0x10, PrinterStatus.OFFLINE),
        (0x24, PrinterStatus.PAPER_OUT),
        (0x40, PrinterStatus.COVER_OPEN),
        (0x80, PrinterStatus.FAULT),
    ],
)
def test_a_status_byte_is_read_by_its_bits(answer: int, status: PrinterStatus) -> None:
    assert state_of(answer) is status


class _Wire:
    """A transport and its channel: answers states in turn, and may break after some bytes."""

    def __init__(
        self, *answers: int | None, breaks_after: int | None = None, speaks: bool = True, there: bool = True
    ) -> None:
        self.answers = list(answers)
        self.breaks_after = breaks_after
        self.speaks_back = speaks
        self.there = there
        self.got = b""
        self.open_channels = 0

    def open(self) -> "_Wire":
        if not self.there:
            raise ConnectionRefusedError
        self.open_channels += 1
        return self

    def write(self, chunk: bytes) -> int:
        taken = chunk[:1000]
        if self.breaks_after is not None and len(self.got) + len(taken) > self.breaks_after:
            raise TimeoutError
        self.got += taken
        return len(taken)

    def read(self, timeout_s: float) -> bytes:
        assert timeout_s > 0
        answer = self.answers.pop(0) if self.answers else 0
        return b"" if answer is None else bytes((answer,))

    def close(self) -> None:
        self.open_channels -= 1

    @property
    def jobs(self) -> bytes:
        return self.got.replace(ASK_STATE, b"")


def test_labels_are_printed_in_order_each_as_often_as_asked() -> None:
    wire = _Wire()
    labels = [(render_label(FACES[name], ROLL), count) for name, count in (("goods", 2), ("plain", 5))]
    outcome = TsplPrinter(wire, PLAIN).print_labels(labels, ROLL)
    assert outcome.status is PrinterStatus.OK and not outcome.confirmed and wire.open_channels == 0
    printed = TsplStream(wire.jobs).labels
    assert [(codes(label.picture)[0][1], label.copies) for label in printed] == [
        ("6901234567892", 2),
        ("SP7", 5),
    ]


def test_a_printer_that_cannot_speak_is_sent_the_labels_all_the_same() -> None:
    for wire, settings in ((_Wire(speaks=False), PLAIN), (_Wire(), TsplSettings(asks=False))):
        printer = TsplPrinter(wire, settings)
        assert printer.status() is PrinterStatus.SILENT
        assert printer.print_labels([(render_label(GOODS, ROLL), 1)], ROLL).status is PrinterStatus.SILENT
        assert len(TsplStream(wire.got).labels) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (0x01, CoverOpenError),
        (0x04, PaperOutError),
        (0x08, PrinterFaultError),
        (0x10, PrinterOfflineError),
        (None, PrinterNoAnswerError),
    ],
)
def test_what_stops_a_printer_is_said_before_anything_is_sent(
    answer: int | None, error: type[PrinterOfflineError]
) -> None:
    wire = _Wire(answer)
    with pytest.raises(error) as failed:
        TsplPrinter(wire, PLAIN).print_labels([(render_label(GOODS, ROLL), 1)], ROLL)
    assert not failed.value.may_have_printed and failed.value.bytes_total > 9000
    assert wire.jobs == b"" and wire.open_channels == 0


def test_paper_that_ends_in_the_middle_of_a_batch_says_how_far_it_got() -> None:
    wire = _Wire(0, 0, 0x04)
    label = render_label(GOODS, ROLL)
    with pytest.raises(PaperOutError) as failed:
        TsplPrinter(wire, PLAIN).print_labels([(label, 1), (label, 1), (label, 1)], ROLL)
    assert failed.value.bytes_sent * 3 == failed.value.bytes_total * 2
    assert len(TsplStream(wire.jobs).labels) == 2


def test_a_channel_that_breaks_says_how_far_it_got() -> None:
    wire = _Wire(breaks_after=5000)
    with pytest.raises(PrinterNoAnswerError) as failed:
        TsplPrinter(wire, PLAIN).print_labels([(render_label(GOODS, ROLL), 1)], ROLL)
    assert failed.value.bytes_sent == len(wire.jobs) > 0 and wire.open_channels == 0


def test_a_printer_that_is_not_there_is_no_answer() -> None:
    gone = TsplPrinter(_Wire(there=False), PLAIN)
    assert gone.status() is PrinterStatus.NO_ANSWER
    with pytest.raises(PrinterNoAnswerError):
        gone.print_labels([(render_label(GOODS, ROLL), 1)], ROLL)
    assert TsplPrinter(_Wire(breaks_after=0), PLAIN).status() is PrinterStatus.NO_ANSWER
    assert TsplPrinter(_Wire(0x04), PLAIN).status() is PrinterStatus.PAPER_OUT
