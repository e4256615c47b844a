"""Loads and makes what every life needs, once: lives are forked from the process that imported this.

Imported by `multiprocessing`'s fork server only. Founds the shop of the tests and serves one database that nobody asks,
so that no life has to load a module. Leaves no thread behind: a fork would not have it.
"""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn.lifespan.on
import uvicorn.loops.auto
import uvicorn.protocols.http.auto  # noqa: F401 - loaded so that lives need not

from sync.platform.__main__ import open_members, open_service
from sync.platform.app import Behind, make_app
from tests.e2e.sync_kill import child  # noqa: F401 - what lives run
from tests.support.shop_on_disk import open_shop, place_shop

with TemporaryDirectory() as _folder:
    _service = open_service(f"sqlite+pysqlite:///{(Path(_folder) / 'p.db').as_posix()}")
    make_app(_service, Behind(members=open_members(_service)))
    _service.database.close()
    place_shop(Path(_folder) / "shop")
    open_shop(Path(_folder) / "shop").store.close()
