"""The platform as a process: `python -m sync.platform [--port N] [--database URL]`, with no configuration.

Composition root: opens and migrates the database, and serves until it is told to stop; requests under way are
answered first.
"""

import argparse
import logging
import os
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from pos_app.domain.values.ids import uuid7

if TYPE_CHECKING:
    from sync.platform.service import PlatformService

PORT = 8765
_NONCE_BYTES = 12
_FILE = "platform.db"


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve; return an exit status."""
    chosen = _parser().parse_args(arguments)
    import uvicorn

    from sync.platform.app import make_app

    service = open_service(chosen.database or default_database())
    merchant = service.only_merchant()
    if chosen.code:
        print(service.new_code(merchant), flush=True)
        service.database.close()
        return 0
    config = uvicorn.Config(make_app(service), host=chosen.host, port=chosen.port, log_level="warning")
    server, listening = uvicorn.Server(config), config.bind_socket()
    # With port 0 the system chooses one.
    print(f"Shuke platform: http://{chosen.host}:{listening.getsockname()[1]}", flush=True)
    server.run(sockets=[listening])
    return 0 if server.started else 1


def open_service(url: str) -> "PlatformService":
    """Open a database, bring its schema up to date, and return the service on it."""
    from sync.platform.database import Database
    from sync.platform.service import Outside, PlatformService

    database = Database(url)
    database.migrate()
    return PlatformService(
        database,
        Outside(
            now_ms=_now_ms,
            random=os.urandom,
            new_id=_new_id,
            sign=_sign,
            unseal=_unseal,
            report=_report,
        ),
    )


def default_database() -> str:
    """Return the address of the embedded database, in the folder of the program's data."""
    from platformdirs import user_data_path

    named = os.environ.get("SHUKE_PLATFORM_HOME")
    folder = Path(named) if named else user_data_path("shuke-platform", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite+pysqlite:///{(folder / _FILE).as_posix()}"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _new_id() -> UUID:
    return uuid7(_now_ms(), int.from_bytes(os.urandom(10), "big") >> 6)


def _sign(seed: bytes, message: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def _unseal(key: bytes, sealed: bytes, context: bytes) -> bytes:
    """Open what a till sealed (AES-256-GCM behind a nonce, see `pos_app.persistence.secrets`); raises ValueError."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context)
    except InvalidTag:
        raise ValueError("sealed bytes, key and context do not fit") from None


def _report(problem: Exception) -> None:
    """Tell of a bug that parked a fact: where, and never what was in it."""
    frames = traceback.extract_tb(problem.__traceback__)
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-6:]))
    logging.getLogger("shuke.platform").error("a fact was parked: %s at %s", type(problem).__name__, places)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="shuke platform", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--database", metavar="URL", help="sqlite+pysqlite:///FILE or postgresql+psycopg://…")
    parser.add_argument("--code", action="store_true", help="print a one-time code for a till, and end")
    return parser


if __name__ == "__main__":
    sys.exit(main())
