"""The real platform on a real port of the loopback, in this process, for tests."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from pos_app.domain.values.ids import MerchantId
from sync.platform.__main__ import open_members, open_service
from sync.platform.app import Behind, make_app
from sync.platform.front import Front
from sync.platform.gate import Limits
from sync.platform.service import PlatformService
from sync.platform.serving import Server, server_of
from sync.platform.snapshots import Snapshots
from sync.platform.staff import Staff, make_token
from sync.platform.tills import SECRET_BYTES

PATIENCE_S = 20.0


@dataclass(frozen=True)
class RunningPlatform:
    """Where it listens, what stands behind it, its front, and what serves it."""

    address: str
    service: PlatformService
    merchant: MerchantId
    front: Front
    server: Server

    def token(self, *scopes: str, name: str = "head office") -> str:
        """Return a new staff token; a name is taken once."""
        token, secret = self.service.outside.new_id(), os.urandom(SECRET_BYTES)
        made, now = Staff(self.merchant, token, name, frozenset(scopes)), self.service.outside.now_ms()
        return self.service.database.write(lambda c: make_token(c, made, secret, now))


@contextmanager
def running_platform(
    folder: Path,
    url: str | None = None,
    *,
    limits: Limits | None = None,
    certificate: tuple[Path, Path] | None = None,
) -> Iterator[RunningPlatform]:
    """Serve from a folder, or a database, on a port that the system chooses, until the block ends."""
    service = open_service(url or f"sqlite+pysqlite:///{(folder / 'platform.db').as_posix()}")
    outside = service.outside
    snapshots = Snapshots(service.database, folder / "snapshots", outside.now_ms, outside.random)
    merchant = service.only_merchant()
    front = make_app(service, Behind(snapshots, open_members(service), limits or Limits()))
    server = server_of(front, "127.0.0.1", 0, certificate)
    listening = server.config.bind_socket()
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, name="platform", daemon=True)
    thread.start()
    end = time.monotonic() + PATIENCE_S
    while not server.started and thread.is_alive() and time.monotonic() < end:
        thread.join(0.01)
    try:
        assert server.started, "the platform does not listen"
        scheme, port = "https" if certificate else "http", listening.getsockname()[1]
        yield RunningPlatform(f"{scheme}://127.0.0.1:{port}", service, merchant, front, server)
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
        listening.close()
