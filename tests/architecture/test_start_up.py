"""Nothing heavy is imported before the sell page stands: a start-up budget kept by what is not loaded."""

import json
import subprocess
import sys

import pytest

from tests.architecture.source_tree import ROOT, is_built, sources

HEAVY = {
    "PIL",
    "alembic",
    "babel",
    "cryptography",
    "escpos",
    "keyring",
    "litestar",
    "mako",
    "numpy",
    "openpyxl",
    "pandas",
    "phonenumbers",
    "pkg_resources",
    "pypinyin",
    "pyqtgraph",
    "qrcode",
    "reportlab",
    "requests",
    "serial",
    "sync",
    "urllib3",
    "usb",
    "uvicorn",
}
LOADED = """
import importlib, json, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(json.dumps(sorted(name for name in sys.modules)))
"""


def _loaded_by(*modules: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *modules], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


def _modules(*folders: str) -> list[str]:
    paths = [source.path.removesuffix(".py").removesuffix("/__init__") for source in sources(*folders)]
    return [path.replace("/", ".") for path in paths]


def test_opening_the_till_loads_nothing_heavy_before_the_sell_page() -> None:
    if not is_built():
        pytest.skip("the composition root is not built yet")
    loaded = _loaded_by("ui.main", "ui.sales.page", "ui.sales.presenter")
    assert {"PySide6.QtWidgets", "sqlalchemy", "ui.sales.page"} <= loaded
    assert HEAVY & loaded == set()


def test_what_the_sell_page_is_made_of_loads_nothing_heavy() -> None:
    modules = _modules("pos_app/domain", "ui/kit", "ui/shell", "ui/sales")
    assert len(modules) > 20
    assert HEAVY & _loaded_by(*modules) == set()


def test_the_search_for_heavy_modules_finds_one() -> None:
    assert HEAVY & _loaded_by("reportlab") == {"reportlab"}
