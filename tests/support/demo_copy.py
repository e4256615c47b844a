"""The demo shop founded once a run; each test that asks gets a copy of its database file.

Decides how a copy goes on where the founding ended. Founding takes seconds, a copy takes milliseconds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pos_app.domain.staff import Role
from pos_app.persistence.database import open_store
from pos_app.services.demo_shop import demo_staff
from pos_app.services.shop import make_shop
from tests.support.bootstrap import CountedIds, CountedKeys, DemoTill, Outside, demo_till


@cache
def _founded() -> tuple[bytes, int, int]:
    """Found the demo shop once a run: its database, and how many ids and keys were given."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        with demo_till(place) as demo:
            given = demo.outside.ids.given, demo.outside.cipher.given
        return ((place / "shop.db").read_bytes(), *given)


@contextmanager
def copy_of_demo(folder: Path) -> Iterator[DemoTill]:
    """Open a copy of the founded demo: its ids go on where those of the founding ended."""
    database, ids, keys = _founded()
    (folder / "shop.db").write_bytes(database)
    outside = Outside(ids=CountedIds(ids), cipher=CountedKeys(keys))
    store = open_store(folder / "shop.db")
    try:
        with store.read() as tx:
            settings = tx.settings.load()
        assert settings is not None
        shop = make_shop(store, settings, outside.tools)
        code, pin = next((code, pin) for code, _, role, pin, _ in demo_staff() if role is Role.OWNER)
        yield DemoTill(store, shop, shop.staff.sign_in(code, pin), outside)
    finally:
        store.close()
