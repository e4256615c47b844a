"""The arrows between packages hold, and none of the contracts is about nothing."""

import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.source_tree import ROOT, is_built, noun_packages


def _contracts() -> dict[str, dict[str, Any]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {c["name"]: c for c in settings["tool"]["importlinter"]["contracts"]}


def _contract(beginning: str) -> dict[str, Any]:
    return next(c for name, c in _contracts().items() if name.startswith(beginning))


def test_every_import_follows_the_arrows() -> None:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"
    done = subprocess.run(
        [sys.executable, "-c", command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Contracts: {len(_contracts())} kept, 0 broken" in done.stdout


def test_the_contract_on_screens_names_every_screen() -> None:
    assert set(_contract("8 ")["modules"]) == {f"ui.{noun}" for noun in noun_packages()}


CUSTOMERS = "display"
"""The screen that faces the customer: a window of its own, and no page of the till's."""


def test_the_customers_screen_is_a_window_with_a_presenter() -> None:
    package = ROOT / "ui" / CUSTOMERS
    assert (package / "window.py").exists() and (package / "presenter.py").exists()


@pytest.mark.parametrize("noun", [noun for noun in noun_packages() if noun != CUSTOMERS])
def test_a_screen_has_a_page_a_presenter_and_shows_itself_to_the_window(noun: str) -> None:
    package = ROOT / "ui" / noun
    if not is_built() and not (package / "page.py").exists():
        pytest.skip("this screen is not built yet, nor is the window")
    assert (package / "page.py").exists() and (package / "presenter.py").exists()
    # Either a SCREEN, or `<noun>_screen(…)` for a page that needs more of the till than its counter.
    told = (package / "__init__.py").read_text(encoding="utf-8")
    assert "SCREEN" in told or f"def {noun}_screen(" in told


def test_the_contract_on_presenters_is_about_presenters() -> None:
    presenters = list((ROOT / "ui").glob("*/presenter.py"))
    if not is_built() and not presenters:
        pytest.skip("no presenter is built yet, nor is the window")
    assert presenters
    assert _contract("5 ")["source_modules"][0] == "ui.*.presenter"


def test_the_top_level_holds_no_other_source_folder() -> None:
    folders = {path.parts[len(ROOT.parts)] for path in ROOT.glob("*/**/*.py") if ".venv" not in path.parts}
    assert folders - {"build", "dist"} == {"pos_app", "ui", "sync", "resources", "tests"}


def test_every_package_is_a_package() -> None:
    tops = ("pos_app", "ui", "sync", "tests")
    folders: set[Path] = {file.parent for top in tops for file in (ROOT / top).rglob("*.py")}
    assert [str(f.relative_to(ROOT)) for f in sorted(folders) if not (f / "__init__.py").exists()] == []
