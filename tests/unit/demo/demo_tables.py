"""Read the demo shop's tables as they stand, each row a dictionary of text."""

import csv
import json
from importlib.resources import files
from typing import Any

DEMO = files("resources") / "demo"
TABLES = (
    "staff",
    "taxes",
    "units",
    "categories",
    "levels",
    "gold_prices",
    "styles",
    "variants",
    "barcodes",
    "batches",
    "pieces",
    "members",
    "children",
)


def rows(table: str) -> list[dict[str, str]]:
    """Read one table; every row has every column."""
    with (DEMO / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def column(table: str, name: str) -> list[str]:
    """Read one column, empty fields left out."""
    return [row[name] for row in rows(table) if row[name]]


def shop() -> dict[str, Any]:
    """Read the shop itself."""
    return dict(json.loads((DEMO / "shop.json").read_text(encoding="utf-8")))
