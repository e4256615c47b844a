"""The virtual printer as a process of its own writes down what came out, whatever becomes of the till."""

from pathlib import Path

from pos_app.documents.receipt import receipt_page
from pos_app.hardware import commands
from pos_app.hardware.opening import open_printer
from pos_app.hardware.transports import TcpTransport
from tests.support.printer_witness import PrinterWitness
from tests.unit.documents import samples

NUMBER = samples.NUMBER


def test_the_witness_writes_each_piece_of_paper_before_it_says_done(tmp_path: Path) -> None:
    with PrinterWitness(tmp_path) as witness:
        assert witness.papers() == []
        printer = open_printer(witness.setting("paper=58"))
        for copy in (0, 1):
            page = receipt_page(samples.golden_sale(), samples.letterhead(), copy=copy)
            assert printer.print_page(page).confirmed
            assert len(witness.papers()) == copy + 1
        torn = TcpTransport("127.0.0.1", witness.port).open()
        torn.write(commands.INIT + b"\x1dv0\x00\x30\x00\x01\x00" + b"\xff" * 48)
        torn.close()
        assert printer.print_page(page).confirmed
        assert witness.printed_twice() == []
        assert printer.print_page(receipt_page(samples.golden_sale(), samples.letterhead())).confirmed
    papers = witness.papers()
    assert [(paper.number, paper.copy, paper.cut) for paper in papers] == [
        (NUMBER, False, True),
        (NUMBER, True, True),
        (None, False, False),
        (NUMBER, True, True),
        (NUMBER, False, True),
    ]
    assert papers[1].dots == papers[3].dots != papers[0].dots == papers[4].dots
    assert witness.printed_twice() == [NUMBER]


def test_a_receipt_that_was_never_cut_is_written_down_when_the_printer_goes_off(tmp_path: Path) -> None:
    with PrinterWitness(tmp_path) as witness:
        channel = TcpTransport("127.0.0.1", witness.port).open()
        channel.write(commands.INIT + b"\x1dv0\x00\x30\x00\x01\x00" + b"\xff" * 48 + commands.ASK_WHEN_DONE)
        assert channel.read(5.0) == b"\x00"
        channel.close()
    assert [(paper.number, paper.cut) for paper in witness.papers()] == [(None, False)]
