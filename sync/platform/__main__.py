"""The platform as a process: `python -m sync.platform [--port N] [--database URL]`, with no configuration.

Composition root: opens and migrates the database, and serves until it is told to stop; requests under way are
answered first. Or makes a one-time code for a till, or a token for head office, and ends.
"""

import argparse
import ctypes
import gc
import os
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from pos_app.domain.values.ids import MerchantId, uuid7

if TYPE_CHECKING:
    from sync.platform.online import Members
    from sync.platform.service import PlatformService
    from sync.platform.snapshots import Snapshots

PORT = 8765
TIDY_EVERY_S = 60.0
DESKS_EVERY = 60
"""Of so many times one is for desks, too."""
_NONCE_BYTES = 12
_FILE = "platform.db"
_M_ARENA_MAX = -8
_THREADS_END_S = 0.8


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve, or make or take back what was asked for; return an exit status."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if bool(chosen.certificate) is not bool(chosen.key):
        parser.error("--certificate and --key belong together")
    address = chosen.database or default_database()
    service = open_service(address)
    merchant = service.only_merchant()
    if chosen.code or chosen.staff_token or chosen.staff_tokens or chosen.revoke_staff_token:
        try:
            return _administer(service, merchant, chosen)
        finally:
            service.database.close()
    return _serve(service, address, chosen)


def _administer(service: "PlatformService", merchant: MerchantId, chosen: argparse.Namespace) -> int:
    """Do what ends at once; what is printed is told once."""
    from sync.platform import staff
    from sync.platform.tills import SECRET_BYTES
    from sync.protocol.errors import PlatformError

    write, now = service.database.write, _now_ms()
    try:
        if chosen.code:
            print(service.new_code(merchant), flush=True)
        if chosen.staff_token:
            scopes = frozenset(chosen.scopes.replace(",", " ").split())
            made = staff.Staff(merchant, _new_id(), chosen.staff_token, scopes)
            secret = os.urandom(SECRET_BYTES)
            print(write(lambda c: staff.make_token(c, made, secret, now)), flush=True)
        if chosen.revoke_staff_token:
            write(lambda c: staff.revoke_token(c, merchant, chosen.revoke_staff_token, now))
        if chosen.staff_tokens:
            for each in service.database.read(lambda c: list(staff.tokens_of(c, merchant))):
                print(each.name, " ".join(sorted(each.scopes)), sep="\t")
    except PlatformError as error:
        print(f"{error}: {' '.join(map(str, error.told.values()))}", file=sys.stderr)
        return 1
    return 0


def _serve(service: "PlatformService", address: str, chosen: argparse.Namespace) -> int:
    from sync.platform.app import Behind, make_app
    from sync.platform.logs import to_stderr
    from sync.platform.serving import server_of
    from sync.platform.snapshots import Snapshots

    to_stderr()
    snapshots = Snapshots(service.database, _snapshot_folder(address), _now_ms, os.urandom)
    front = make_app(service, Behind(snapshots=snapshots, members=open_members(service)))
    certificate = (chosen.certificate, chosen.key) if chosen.certificate else None
    server = server_of(front, chosen.host, chosen.port, certificate)
    listening = server.config.bind_socket()
    # With port 0 the system chooses one.
    scheme = "https" if certificate else "http"
    # What an older platform could not read, while tills are served already.
    threading.Thread(target=_catch_up, args=(service,), name="reread", daemon=True).start()
    threading.Thread(target=_tidy, args=(service, snapshots), name="tidy", daemon=True).start()
    _settle_memory()
    print(f"Shuke platform: {scheme}://{chosen.host}:{listening.getsockname()[1]}", flush=True)
    server.run(sockets=[listening])
    _end_threads()
    return 0 if server.started else 1


def _catch_up(service: "PlatformService") -> None:
    """Read again what an older platform could not, and tell of the tills that it did not tell of."""
    service.reread_all()
    service.tell_tills()


def _tidy(service: "PlatformService", snapshots: "Snapshots") -> None:
    """Remove snapshots now and then, whether anybody asks for one or not: they hold people by name.

    More seldom what stood at the desks long enough.
    """
    from sync.protocol.errors import PlatformError

    rest = threading.Event()
    for turn in count():
        for work in (snapshots.tidy, service.tidy_desks)[: 1 if turn % DESKS_EVERY else 2]:
            try:
                work()
            except PlatformError:
                pass  # The database is away: the next time.
            except Exception as problem:
                _report(problem)
        rest.wait(TIDY_EVERY_S)


def _settle_memory() -> None:
    """Look for rings of garbage seldom, and never among what is loaded once.

    A push makes ten thousand values that live for its transaction and hold each other in no ring: to walk through all
    that is loaded every time took a third of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    if sys.platform == "linux":
        # One heap for all threads: each of glibc's own keeps what it once took, a fifth more in all (mallopt(3)).
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def _end_threads() -> None:
    """Leave without threads that wait for a database for ever: to their transactions this is a crash, and harmless."""
    end = time.monotonic() + _THREADS_END_S
    others = [t for t in threading.enumerate() if t is not threading.current_thread() and not t.daemon]
    for thread in others:
        thread.join(max(0.0, end - time.monotonic()))
    if any(thread.is_alive() for thread in others):
        sys.stdout.flush()
        os._exit(0)


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


def open_members(service: "PlatformService") -> "Members":
    """Return the use cases of head office on a service."""
    from sync.platform.online import Members

    return Members(service, _seal)


def default_database() -> str:
    """Return the address of the embedded database, in the folder of the program's data."""
    return f"sqlite+pysqlite:///{(_home() / _FILE).as_posix()}"


def _home() -> Path:
    from platformdirs import user_data_path

    named = os.environ.get("SHUKE_PLATFORM_HOME")
    folder = Path(named) if named else user_data_path("shuke-platform", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _snapshot_folder(address: str) -> Path:
    """Return where snapshots are kept: beside an embedded database, since both hold the same people."""
    from sqlalchemy.engine import make_url

    url = make_url(address)
    is_file = url.get_backend_name() == "sqlite" and url.database
    return (Path(url.database).parent if is_file and url.database else _home()) / "snapshots"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _new_id() -> UUID:
    return uuid7(_now_ms(), int.from_bytes(os.urandom(10), "big") >> 6)


def _sign(seed: bytes, message: bytes) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def _seal(key: bytes, plain: bytes, context: bytes) -> bytes:
    """Seal as a till does, see `_unseal`."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


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
    from sync.platform.logs import bug_line

    bug_line("fact", problem)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="shuke platform", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--database", metavar="URL", help="sqlite+pysqlite:///FILE or postgresql+psycopg://…")
    parser.add_argument(
        "--certificate", type=Path, metavar="FILE", help="serve HTTPS with this certificate (PEM)"
    )
    parser.add_argument("--key", type=Path, metavar="FILE", help="and its private key")
    parser.add_argument("--code", action="store_true", help="print a one-time code for a till, and end")
    parser.add_argument("--staff-token", metavar="NAME", help="print a token for head office, once, and end")
    parser.add_argument("--scopes", default="members:read tills:read", help="what it may: %(default)s")
    parser.add_argument("--staff-tokens", action="store_true", help="list those tokens, and end")
    parser.add_argument("--revoke-staff-token", metavar="NAME", help="take such a token back, and end")
    return parser


if __name__ == "__main__":
    sys.exit(main())
