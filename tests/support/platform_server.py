"""The real platform on a real port of the loopback, in this process, for tests."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import uvicorn

from pos_app.domain.values.ids import MerchantId
from sync.platform.__main__ import open_service
from sync.platform.app import make_app
from sync.platform.service import PlatformService

PATIENCE_S = 20.0


@dataclass(frozen=True)
class RunningPlatform:
    """Where it listens, and what stands behind it."""

    address: str
    service: PlatformService
    merchant: MerchantId


@contextmanager
def running_platform(folder: Path) -> Iterator[RunningPlatform]:
    """Serve from a folder on a port that the system chooses, until the block ends."""
    service = open_service(f"sqlite+pysqlite:///{(folder / 'platform.db').as_posix()}")
    merchant = service.only_merchant()
    config = uvicorn.Config(make_app(service), host="127.0.0.1", port=0, log_level="critical")
    server, listening = uvicorn.Server(config), config.bind_socket()
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, name="platform", daemon=True)
    thread.start()
    end = time.monotonic() + PATIENCE_S
    while not server.started and thread.is_alive() and time.monotonic() < end:
        thread.join(0.01)
    try:
        assert server.started, "the platform does not listen"
        port = listening.getsockname()[1]
        yield RunningPlatform(f"http://127.0.0.1:{port}", service, merchant)
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
        listening.close()
