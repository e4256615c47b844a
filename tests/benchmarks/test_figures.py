"""The figures, as `make bench` measures them: read and compared, never asserted, so a busy machine fails no test."""

import pytest

from tests.benchmarks import close_shift, commit_sale, member_lookup, receipt_raster, scan_to_paint, start
from tests.benchmarks.table import HEAD, Row, show

pytestmark = pytest.mark.bench
_ROWS: list[Row] = []


@pytest.fixture(scope="module", autouse=True)
def table() -> object:
    """Print the whole table once all is measured."""
    yield
    print(f"\n\n{HEAD}")
    for row in _ROWS:
        print(row.text())


@pytest.mark.parametrize(
    "module",
    [commit_sale, scan_to_paint, start, receipt_raster, close_shift, member_lookup],
    ids=lambda module: module.__name__.rpartition(".")[2],
)
def test_figure(module: object) -> None:
    rows: list[Row] = module.measure()  # type: ignore[attr-defined]
    print()
    show(rows)
    _ROWS.extend(rows)
    assert rows
    assert all(row.measured > 0 for row in rows)
