"""What is kept in the repository, and what a shop gets when it installs the wheel."""

import ast
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT

MEGABYTE = 1 << 20
# Written in two halves, so that this file is no finding of itself.
ADDRESSES = re.compile(
    "|".join(
        first + second
        for first, second in (
            (r"py", r"pi\.(?:org|python)"),
            (r"pythonhos", r"ted\.org"),
            (r"registry\.npm", r"js"),
            (r"(?:extra-)?index", r"-url"),
            (r"find", r"-links"),
            (r"trusted", r"-host"),
            (r"/opt/py", r"pi"),
            (r"proxy\.gol", r"ang"),
            (r"mirror(?:s)?\.", r"\w+\.(?:com|cn|org|edu)"),
            (r"file:///", r"\w"),
        )
    )
)


def _kept_files() -> list[Path]:
    done = subprocess.run(
        ["git", "-c", "core.quotepath=off", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        pytest.skip("this copy of the source is not a checkout")
    return [ROOT / line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def test_no_file_says_where_packages_come_from() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in _kept_files()
        if (text := _text(file)) is not None and (match := ADDRESSES.search(text))
    ]
    assert not found, "\n".join(found)


def test_the_search_for_addresses_finds_one() -> None:
    assert ADDRESSES.search("pip install --" + "index" + "-url x") and not ADDRESSES.search("index of urls")


def test_only_fonts_are_large() -> None:
    large = [file for file in _kept_files() if file.stat().st_size > MEGABYTE]
    assert [str(f.relative_to(ROOT)) for f in large if f.parent != ROOT / "resources" / "fonts"] == []


def test_constraints_pin_one_version_a_name_and_cover_what_is_asked_for() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]*==[0-9][0-9a-z.]*", pin) for pin in pins)
    names = [pin.partition("==")[0] for pin in pins]
    assert names == sorted(set(names))
    asked = re.findall(
        r'^    "([A-Za-z0-9_.-]+)', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M
    )
    asked = [name for name in asked if name.lower() != "shuke"]
    assert len(asked) > 20
    assert {re.sub(r"[-_.]+", "-", name).lower() for name in asked} - set(names) == set()


def test_the_wheel_holds_the_product_and_no_tests(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("shuke-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"pos_app", "ui", "sync", "resources"}
    assert [n for n in names if re.search(r"(^|/)(test_|conftest|tests/)", n)] == []
    assert {"resources/fonts/NotoSansSC-Regular.ttf", "resources/demo/styles.csv"} <= set(names)
    assert any(name.endswith("/LICENSE") for name in names)


def test_resources_hold_no_code() -> None:
    code = [file for file in (ROOT / "resources").rglob("*.py") if file != ROOT / "resources" / "__init__.py"]
    assert code == []
    body = ast.parse((ROOT / "resources" / "__init__.py").read_text(encoding="utf-8")).body
    assert all(isinstance(statement, ast.Expr) for statement in body), "a docstring and nothing else"


def test_every_typed_line_ends_as_on_the_machine_it_was_written_on() -> None:
    typed = {".py", ".csv", ".po", ".md", ".toml", ".txt", ".json", ".svg"}
    kept = [file for file in _kept_files() if file.suffix in typed]
    assert len(kept) > 100
    assert [str(f.relative_to(ROOT)) for f in kept if b"\r\n" in f.read_bytes()] == []
