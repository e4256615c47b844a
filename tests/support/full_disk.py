"""A disk that fills up, in the ways that a computer offers: a small tmpfs, a limit on file sizes, a limit on pages.

Decides how room is taken and given back; the property is the test's.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import event

from pos_app.persistence.store import SqlStore


@dataclass(frozen=True)
class Disk:
    """A place for a shop; `fill` takes the room away, `free` gives it back, on a store that is open there."""

    folder: Path
    fill: Callable[[SqlStore], None]
    free: Callable[[SqlStore], None]


@contextmanager
def tmpfs(folder: Path, megabytes: int = 4) -> Iterator[Disk]:
    """Mount a small file system of its own; skips where that cannot be done."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("mounting a tmpfs takes Linux and root; the limits on files and pages stand in for it")
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("this root may not mount (a container); the limits on files and pages stand in for it")
    ballast = folder / "ballast"

    def fill(_: SqlStore) -> None:
        with ballast.open("ab", buffering=0) as file:
            for size in (1 << 16, 1 << 12):
                try:
                    while True:
                        file.write(b"\0" * size)
                except OSError:
                    continue

    try:
        yield Disk(folder, fill, lambda _: ballast.unlink())
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def size_limit(folder: Path) -> Iterator[Disk]:
    """Let no file of this process grow (RLIMIT_FSIZE); skips on Windows, which has none."""
    if sys.platform == "win32":
        pytest.skip("Windows has no limit on file sizes; the limit on pages stands in for it")
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(store: SqlStore) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (_size(store.path) + 40_000, hard))

    def free(_: SqlStore) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield Disk(folder, fill, free)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _size(path: Path) -> int:
    # The log is the file that grows while the till sells.
    log = path.with_name(path.name + "-wal")
    return log.stat().st_size if log.exists() else 0


@contextmanager
def page_limit(folder: Path) -> Iterator[Disk]:
    """Let the database have no more pages; works everywhere."""
    folder.mkdir(parents=True, exist_ok=True)
    yield Disk(
        folder,
        lambda store: _pragma(store, "max_page_count=1"),
        lambda s: _pragma(s, "max_page_count=4294967294"),
    )


@contextmanager
def read_only(folder: Path) -> Iterator[Disk]:
    """Let nothing be written through the store's connections; works everywhere, and for root."""
    folder.mkdir(parents=True, exist_ok=True)
    yield Disk(
        folder, lambda store: _pragma(store, "query_only=ON"), lambda store: _pragma(store, "query_only=OFF")
    )


@contextmanager
def read_only_mount(folder: Path) -> Iterator[Disk]:
    """Mount a tmpfs that is remounted read-only under the till; skips where that cannot be done."""
    with tmpfs(folder, megabytes=16):

        def remount(how: str) -> None:
            subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)

        # A file that is open for writing keeps a mount writable, so the till is closed while it is remounted.
        def fill(store: SqlStore) -> None:
            store.close()
            remount("ro")

        def free(store: SqlStore) -> None:
            store.close()
            remount("rw")

        yield Disk(folder, fill, free)


def _pragma(store: SqlStore, text: str) -> None:
    """Set a pragma on every connection that the store will take from now on."""
    store.engine.dispose()

    def prepare(connection: object, _record: object, _proxy: object) -> None:
        connection.execute(f"PRAGMA {text}")  # type: ignore[attr-defined]

    event.listen(store.engine, "checkout", prepare)
