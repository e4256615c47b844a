"""`shuke payments-simulator` is the simulator itself, as `shuke platform` is the platform."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from ui.demo_wallets import PAGE

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that ends a program in order")
def test_the_played_wallets_end_with_the_command_that_began_them(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; from ui.cli import main; sys.exit(main())"]
    with subprocess.Popen(
        [*command, "payments-simulator", "--folder", str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as serving:
        assert serving.stdout is not None
        address = serving.stdout.readline().strip()
        try:
            page = requests.get(address + PAGE, timeout=10)
        finally:
            serving.send_signal(signal.SIGTERM)
            ended = serving.wait(30)
    assert page.ok and ended in (0, -signal.SIGTERM)
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=10)
