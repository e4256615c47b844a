"""The figures, as `make bench` measures them: read and compared, never asserted, so a busy machine fails no test."""

import os
import tempfile
from collections.abc import Iterator

import pytest

from tests.benchmarks import (
    close_shift,
    commit_sale,
    goods_travel,
    growth,
    herd,
    imports,
    leaks,
    member_lookup,
    new_till,
    pull_apply,
    push,
    receipt_raster,
    scan_to_paint,
    search_to_paint,
    start,
    sync_beside,
)
from tests.benchmarks.table import HEAD, Row, show

pytestmark = pytest.mark.bench
_ROWS: list[Row] = []


@pytest.fixture(scope="module", autouse=True)
def table() -> Iterator[None]:
    """Print the whole table once all is measured; what was filled for it, some gigabytes, is kept only where asked."""
    with (
        pytest.MonkeyPatch.context() as patched,
        tempfile.TemporaryDirectory(prefix="shuke-bench-") as folder,
    ):
        if "SHUKE_BENCH_HOME" not in os.environ:
            patched.setenv("SHUKE_BENCH_HOME", folder)
        yield
    print(f"\n\n{HEAD}")
    for row in _ROWS:
        print(row.text())


@pytest.mark.parametrize(
    "module",
    [
        *(commit_sale, scan_to_paint, start, receipt_raster, close_shift, leaks),
        *(member_lookup, search_to_paint, imports, growth),
        *(push, pull_apply, goods_travel, herd, sync_beside, new_till),
    ],
    ids=lambda module: module.__name__.rpartition(".")[2],
)
def test_figure(module: object) -> None:
    rows: list[Row] = module.measure()  # type: ignore[attr-defined]
    print()
    show(rows)
    _ROWS.extend(rows)
    assert rows
    assert all(row.measured > 0 for row in rows)
