"""A path is read as people give it."""

from pathlib import Path

import pytest

from ui.imports.paths import path_of


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (' "/data/会员 2026.xlsx" ', "/data/会员 2026.xlsx"),
        ("“/data/a.csv”", "/data/a.csv"),
        ("file:" + "///data/a%20b.csv", "/data/a b.csv"),
        ("file:" + "///D:/a.csv", "D:/a.csv"),
    ],
)
def test_quotes_and_addresses_are_taken_off(text: str, path: str) -> None:
    assert path_of(text) == Path(path)


@pytest.mark.parametrize("text", ["", "  ", '""', "a\x00b"])
def test_nothing_is_no_path(text: str) -> None:
    assert path_of(text) is None
