"""A new till of a merchant with 92,331 goods and 1,000,000 members: when it sells, when all are found, what is noticed.

The platform runs as a process of its own over HTTP, on SQLite; the goods of the real catalogue and invented members are
written straight into its tables. The till is a process of its own too, without a window (`new_till_child`): it has no
goods, enrols, fetches the snapshot and is filled by the processes beside it, and sells: once the last of the goods in
the file can be scanned and paid, then without end; the same sales of goods of its own before it are the limit. Memory
is what the processes of each side have to themselves (PSS) at its most. The time of the processor is told as well: on a
computer that does other things it says more than the clock.

    python -m tests.benchmarks.new_till [--members N]
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import msgspec

from pos_app.domain.values.ids import MerchantId, ShopId
from sync.platform.__main__ import open_service
from sync.platform.feed import Draft
from sync.protocol.documents import Kind, VariantDocument, digest_of
from tests.benchmarks.big_shop import barcodes, big_shop
from tests.benchmarks.goods_travel import brought
from tests.benchmarks.new_till_child import Figures, Task
from tests.benchmarks.start import pss_mb
from tests.benchmarks.table import Row, ms, percentile, run
from tests.support.filling_till import draft_of, shop_draft
from tests.support.many_members import many_members
from tests.support.shop_on_disk import shop_on_disk

MEMBERS = 1_000_000
SELLS_S, FOUND_S, MEMORY_MB, COMMIT_BAR = 5.0, 90.0, 400.0, 2.0


def write_documents(file: Path, merchant: MerchantId, documents: Iterator[Draft]) -> None:
    """Write documents into the platform's tables."""
    insert = (
        "INSERT INTO document (merchant_id, kind, id, position, gone, version, hlc, body)"
        " VALUES (?, ?, ?, ?, 0, 1, 0, ?)"
    )
    position = digest = 0
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        for position, draft in enumerate(documents, 1):
            connection.execute(insert, (merchant.bytes, draft.kind, draft.id, position, draft.body))
            digest ^= digest_of(draft.kind, draft.id, position)
        signed = digest - (digest >> 63 << 64)
        connection.execute("UPDATE feed_head SET position = ?, digest = ?", (position, signed))
        connection.execute("COMMIT")


def goods() -> list[Draft]:
    """Return the documents of the real catalogue, as a founding till brings them along."""
    with big_shop() as big:
        found, _ = brought(big.store)
    return [Draft(Kind.VARIANT, each.id, each.body) for each in found if each.kind == Kind.VARIANT]


def _all(catalogue: Sequence[Draft], count: int, here: ShopId) -> Iterator[Draft]:
    yield shop_draft(1)
    yield from catalogue
    yield from map(draft_of, many_members(count, here))


@contextmanager
def platform(url: str) -> Iterator[tuple[str, int]]:
    """Serve in a process of its own; return its address and process id."""
    command = [sys.executable, "-m", "sync.platform", "--port", "0", "--database", url]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().split(": ", 1)[1].strip(), process.pid
    finally:
        process.terminate()
        process.wait(30)


class Memory:
    """The most memory of a process and those it started, looked at five times a second."""

    def __init__(self, process: int) -> None:
        self.most = 0.0
        self._process, self._over = process, Event()
        self._thread = Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(0.2):
            family = [self._process, *_children(self._process)]
            self.most = max(self.most, sum(pss_mb(each) or 0.0 for each in family))

    def end(self) -> float:
        """Stop looking; return the most in MB."""
        self._over.set()
        self._thread.join()
        return self.most


def _children(process: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        return [int(each) for task in tasks for each in (task / "children").read_text().split()]
    except OSError:
        return []


def cpu_s(process: int) -> float:
    """Return the seconds of the processor that a process that still runs has used, those it waited for among them."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def measure(members: int = MEMBERS) -> list[Row]:
    """Fill one till."""
    with tempfile.TemporaryDirectory(prefix="new-till-") as made:
        file, till = Path(made) / "platform.db", Path(made) / "till"
        url = f"sqlite+pysqlite:///{file.as_posix()}"
        service = open_service(url)
        merchant = service.only_merchant()
        catalogue = goods()
        with shop_on_disk(till) as shop:
            here = shop.shop.settings.value.shop_id
        write_documents(file, merchant, _all(catalogue, members, here))
        code = service.new_code(merchant)
        service.database.close()
        last = msgspec.json.decode(max(catalogue, key=lambda draft: draft.id).body, type=VariantDocument)
        with platform(url) as (address, pid):
            return _filled(Task(str(till), code, address, members, last.barcodes[0].code, barcodes(200)), pid)


def _filled(job: Task, platform_pid: int) -> list[Row]:
    command = [sys.executable, "-m", "tests.benchmarks.new_till_child"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    memory, other = Memory(child.pid), Memory(platform_pid)
    before = cpu_s(platform_pid)
    told, _ = child.communicate(msgspec.json.encode(job))
    most = (memory.end(), other.end())
    if child.returncode:
        raise RuntimeError("the till failed")
    figures = msgspec.json.decode(told, type=Figures)
    return _rows(job.members, figures, most, cpu_s(platform_pid) - before)


def _rows(members: int, till: Figures, memory: tuple[float, float], platform_cpu_s: float) -> list[Row]:
    alone, beside = (percentile(times, 95) for times in (till.alone_s, till.beside_s))
    return [
        Row(
            name="new till sells after",
            figure=f"{till.goods:,} goods",
            measured=till.sells_s,
            bar=SELLS_S,
            unit="s",
        ),
        Row(
            name=f"  {members:,} members found after",
            figure=f"all done {till.all_s:.1f} s, load {os.getloadavg()[0]:.1f}",
            measured=till.found_s,
            bar=FOUND_S,
            unit="s",
        ),
        Row(
            name="  the processor's time",
            figure=f"till {till.cpu_s:.0f} s, beside it {till.crew_cpu_s:.0f} s, platform {platform_cpu_s:.0f} s",
            measured=till.cpu_s + till.crew_cpu_s + platform_cpu_s,
            unit="s",
        ),
        Row(
            name="  memory of the till",
            figure="with its processes",
            measured=memory[0],
            bar=MEMORY_MB,
            unit="MB",
        ),
        Row(name="  memory of the platform", figure="", measured=memory[1], bar=MEMORY_MB, unit="MB"),
        Row(
            name="  a sale's commit meanwhile",
            figure=f"p95 {ms(beside)} of {len(till.beside_s)}",
            limit=f"p95 {ms(alone)} without",
            measured=beside / alone,
            bar=COMMIT_BAR,
        ),
    ]


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--members", type=int, default=MEMBERS)
    asked = parser.parse_args()
    run(lambda: measure(asked.members))


if __name__ == "__main__":
    main()
