"""The virtual printer as a process of its own writes down what came out, whatever becomes of the till."""

import json
import subprocess
import sys
from pathlib import Path

from pos_app.documents.receipt import receipt_page
from pos_app.hardware import commands
from pos_app.hardware.opening import open_printer
from pos_app.hardware.transports import TcpTransport
from tests.unit.documents import samples

ROOT = Path(__file__).resolve().parents[3]


def test_the_witness_writes_each_piece_of_paper_before_it_says_done(tmp_path: Path) -> None:
    log = tmp_path / "paper.jsonl"
    command = [sys.executable, "-m", "tests.support.virtual_printer", "--port", "0", "--log", str(log)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as witness:
        assert witness.stdout is not None and witness.stdin is not None
        port = json.loads(witness.stdout.readline())["port"]
        printer = open_printer(f"tcp://127.0.0.1:{port}?paper=58")
        for copy in (0, 1):
            page = receipt_page(samples.golden_sale(), samples.letterhead(), copy=copy)
            assert printer.print_page(page).confirmed
            assert len(log.read_text("utf-8").splitlines()) == copy + 1
        torn = TcpTransport("127.0.0.1", port).open()
        torn.write(commands.INIT + b"\x1dv0\x00\x30\x00\x01\x00" + b"\xff" * 48)
        torn.close()
        assert printer.print_page(page).confirmed
        witness.stdin.close()
        assert witness.wait(timeout=10) == 0
    records = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    codes = [["Code 128", samples.NUMBER], ["QR Code", samples.NUMBER]]
    assert [(r["cut"], r["copy"], r["codes"]) for r in records] == [
        (True, False, codes),
        (True, True, codes),
        (False, False, []),
        (True, True, codes),
    ]
    assert records[1]["dots"] == records[3]["dots"] != records[0]["dots"]
