"""What the README and the change log promise is so."""

import re
import subprocess
import sys
import tomllib

import pytest

from tests.architecture import nouns
from tests.architecture.source_tree import ROOT, is_built

SPINE = {
    "pos_app/services": {"acting", "demo_founding", "demo_shop", "ports", "recording", "shop", "workplace"},
    "pos_app/persistence": {
        "base",
        "database",
        "failures",
        "migrations",
        "prepared",
        "secrets",
        "store",
        "tables",
    },
}
"""What serves every noun and carries the name of none."""


def test_the_table_of_nouns_is_what_the_tree_holds() -> None:
    _, written, _ = nouns.in_readme()
    assert written == nouns.table(), "run: python -m tests.architecture.nouns"


@pytest.mark.parametrize("folder", SPINE)
def test_every_module_is_found_by_its_noun(folder: str) -> None:
    if not is_built():
        pytest.skip("the composition root is not built yet")
    assert nouns.homeless(folder, SPINE[folder]) == []


def test_the_readme_points_at_files_that_are_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\((?!https?:)([^)#]+)\)", text))
    assert len(linked) >= 3
    assert [place for place in sorted(linked) if not (ROOT / place).exists()] == []


def test_the_commands_of_the_readme_are_commands_of_the_makefile() -> None:
    made = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for document in ("README.md", "CONTRIBUTING.md"):
        told = set(re.findall(r"`make ([a-z]+)`", (ROOT / document).read_text(encoding="utf-8")))
        assert told and told <= made, document
    assert {"run", "test", "prove", "bench", "check", "words"} <= made


def test_the_change_log_tells_of_this_version() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    version = settings["project"]["version"]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_licence_is_apache_two_in_full() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text and "END OF TERMS AND CONDITIONS" in text


def test_the_commands_of_the_readme_are_commands_of_the_program() -> None:
    if not is_built():
        pytest.skip("the composition root is not built yet")
    told = set(re.findall(r"`shuke ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    ask = [sys.executable, "-c", "from ui.cli import main; raise SystemExit(main())", "--help"]
    done = subprocess.run(ask, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert len(told) >= 6 and done.returncode == 0, done.stderr
    assert {command for command in told if not re.search(rf"\b{command}\b", done.stdout)} == set()
