"""A shop without a label printer prints its labels on the receipt printer."""

import pytest
from zxingcpp import read_barcodes

from pos_app.documents.fitting import NoRoomError
from pos_app.documents.labels import LabelFace
from pos_app.documents.page import Paper
from pos_app.documents.renderers.label_raster import render_label
from pos_app.documents.sheets import ROLLS
from pos_app.domain.values.money import Amount, currency
from pos_app.hardware.opening import open_label_printer
from pos_app.services.ports.devices import PaperOutError, PrinterStatus
from tests.support.virtual_printer import VirtualPrinter

FACE = LabelFace(
    name="婴儿湿巾 80抽", code="TM01", currency=currency("CNY"), price=Amount(3990), barcode="6921168509256"
)


def test_each_label_is_cut_off_and_its_code_can_be_read() -> None:
    form = ROLLS["roll_40x30"]
    with VirtualPrinter() as printer:
        labels = open_label_printer(printer.setting(), "escpos")
        assert labels.at_once == 1 and labels.status() is PrinterStatus.OK
        labels.print_labels([(render_label(FACE, form), 2)], form)
        assert len(printer.receipts) == 2
        picture = printer.receipts[0].image
        assert [code.text for code in read_barcodes(picture)] == ["6921168509256"]


def test_a_label_wider_than_the_paper_is_refused_before_a_byte_goes_out() -> None:
    form = ROLLS["roll_60x40"]
    with VirtualPrinter() as printer:
        labels = open_label_printer(printer.setting("paper=58"), "escpos", Paper.MM58)
        with pytest.raises(NoRoomError):
            labels.print_labels([(render_label(FACE, form), 1)], form)
        assert printer.receipts == []


def test_no_paper_is_told_before_the_first_label() -> None:
    form = ROLLS["roll_40x30"]
    with VirtualPrinter() as printer:
        printer.load_paper(0)
        with pytest.raises(PaperOutError) as raised:
            open_label_printer(printer.setting(), "escpos").print_labels(
                [(render_label(FACE, form), 1)], form
            )
        assert not raised.value.may_have_printed
