"""The real platform as a process of its own, on a port of the loopback that the system chooses, for tests."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import requests

from pos_app.domain.values.ids import TillId
from sync.platform.__main__ import open_service
from sync.platform.service import PlatformService
from sync.protocol.messages import Enrolled
from tests.support.sync_journal import enrolment

PATIENCE_S = 30.0
COMMAND = (sys.executable, "-m", "sync.platform")


@dataclass
class PlatformProcess:
    """A process that serves a database. `beside` is the same service in this process, to enrol tills and to look."""

    url: str
    log: Path
    command: Sequence[str] = COMMAND
    address: str = ""
    process: "subprocess.Popen[str] | None" = None
    _beside: PlatformService | None = field(default=None, repr=False)

    @property
    def beside(self) -> PlatformService:
        """The service on the same database, in this process."""
        if self._beside is None:
            self._beside = open_service(self.url)
        return self._beside

    def start(self, port: int = 0) -> None:
        """Start, and wait until it answers; a second start after `kill` may ask for the same port."""
        told = ["--port", str(port), "--database", self.url]
        with self.log.open("a", encoding="utf-8") as errors:
            self.process = subprocess.Popen(
                [*self.command, *told], stdout=subprocess.PIPE, stderr=errors, text=True
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert ": " in line, f"the platform did not start: {self.log.read_text('utf-8')[-2000:]}"
        self.address = line.split(": ", 1)[1].strip()
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            with suppress(requests.exceptions.RequestException):
                if requests.get(f"{self.address}/health", timeout=1).ok:
                    return
        raise AssertionError("the platform does not answer")

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rsplit(":", 1)[1])

    def kill(self) -> None:
        """End it at once, as a loss of power does."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None

    def memory_peak(self) -> int:
        """Return the most memory that it has held so far, in bytes; Linux tells it."""
        assert self.process is not None
        for line in Path(f"/proc/{self.process.pid}/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("the system does not say")

    def cpu_s(self) -> float:
        """Return the seconds of a core that it has used so far; Linux tells it, others 0."""
        told = Path(f"/proc/{self.process.pid}/stat") if self.process else Path("/none")
        if not told.exists():
            return 0.0
        words = told.read_text("ascii").rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def enrol(self, till: TillId, shop: UUID) -> Enrolled:
        """Make a till one of the merchant's, without a request."""
        service = self.beside
        code = service.new_code(service.only_merchant())
        return service.enrol(enrolment(code, till=till, shop=shop, shop_code=f"S{till.int & 0xFFFF:04X}"))


@contextmanager
def platform_process(
    folder: Path, url: str | None = None, command: Sequence[str] = COMMAND
) -> Iterator[PlatformProcess]:
    """Serve a database, by default one in the folder, until the block ends."""
    address = url or f"sqlite+pysqlite:///{(folder / 'platform.db').as_posix()}"
    made = PlatformProcess(address, folder / "platform.log", command)
    made.start()
    try:
        yield made
    finally:
        made.kill()
        if made._beside is not None:
            made._beside.database.close()
