"""A till's and a platform's database of a release, kept in `tests/data` for all releases that come after it.

    python -m tests.support.golden_sync N

makes those of the present release as number N; done once a release, before it goes out, and never again for that one.
The till has lived a busy day, synced, and sold more that is still to be sent. The token is the test's own: it opens
nothing but the file.
"""

import lzma
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.busy_day import busy_day
from tests.support.shop_on_disk import DATABASE, open_shop, place_shop
from tests.support.tills_together import link, service_at

DATA = Path(__file__).resolve().parents[1] / "data"
TILL_FILE, PLATFORM_FILE = DATABASE, "platform.db"
_KEPT = {TILL_FILE: "till", PLATFORM_FILE: "platform"}


def kept(number: int, file: str) -> Path:
    """Return where a database of a release is kept."""
    return DATA / f"sync-release-{number}-{_KEPT[file]}.db.xz"


def token(number: int) -> str:
    """Return the token of the kept till."""
    return (DATA / f"sync-release-{number}-token.txt").read_text("ascii").strip()


def unpack(number: int, folder: Path) -> None:
    """Put the databases of a release into a folder."""
    for file in _KEPT:
        (folder / file).write_bytes(lzma.decompress(kept(number, file).read_bytes()))


def make(number: int) -> None:
    """Make the files of this release."""
    from sync.protocol.messages import Pull

    with TemporaryDirectory() as name:
        folder = Path(name)
        place_shop(folder)
        shop = open_shop(folder)
        service = service_at(f"sqlite+pysqlite:///{(folder / PLATFORM_FILE).as_posix()}", shop.clock)
        linked = link(service, shop)
        busy_day(shop, closes=False)
        linked.push()
        linked.wire.pull(Pull(p=1))
        late = shop.sign_up("13900139000", "王大明")
        shop.sell(member=late)
        shop.sell()
        for database in (shop.store.engine, service.database.engine):
            with database.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("VACUUM")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shop.store.close()
        service.database.close()
        for file in _KEPT:
            kept(number, file).write_bytes(lzma.compress((folder / file).read_bytes(), preset=9))
        (DATA / f"sync-release-{number}-token.txt").write_text(linked.wire._token + "\n", "ascii")


if __name__ == "__main__":
    make(int(sys.argv[1]))
