"""Read the product's source as syntax trees, so that the rules of the house can be tested.

Decides what counts as product and as test; it judges nothing.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("pos_app", "ui", "sync", "resources")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, eq=False)
class Source:
    """One Python file: its path from the root with forward slashes, its text and its tree."""

    path: str
    text: str
    tree: ast.Module


@dataclass(frozen=True)
class Definition:
    """A class or function with where it stands: `path::Class.method`, and whether a function encloses it."""

    source: Source
    name: str
    node: Function | ast.ClassDef
    in_function: bool
    parent: ast.ClassDef | None

    @property
    def place(self) -> str:
        """Name the definition for a person."""
        return f"{self.source.path}::{self.name}"


@cache
def sources(*tops: str) -> tuple[Source, ...]:
    """Read every Python file below the top folders, in order of path."""
    files = sorted(file for top in tops for file in (ROOT / top).rglob("*.py"))
    return tuple(_read(file) for file in files)


def product() -> tuple[Source, ...]:
    """Read the product."""
    return sources(*PRODUCT)


@cache
def definitions(source: Source) -> tuple[Definition, ...]:
    """Return every class and function of a file, outer ones first."""
    return tuple(_below(source, source.tree, "", False, None))


def is_built() -> bool:
    """Whether the till has its composition root and its sell page; rules about the whole hold from then on."""
    return (ROOT / "ui" / "main.py").exists() and (ROOT / "ui" / "sales" / "page.py").exists()


def noun_packages() -> list[str]:
    """List the packages of screens below ui: all but the frame, the widgets and the command line."""
    folders = (ROOT / "ui").iterdir()
    frame = {"shell", "kit", "cli"}
    return sorted(f.name for f in folders if (f / "__init__.py").exists() and f.name not in frame)


@cache
def _read(file: Path) -> Source:
    text = file.read_text(encoding="utf-8")
    return Source(file.relative_to(ROOT).as_posix(), text, ast.parse(text, filename=str(file)))


def _below(
    source: Source, node: ast.AST, prefix: str, in_function: bool, parent: ast.ClassDef | None
) -> Iterator[Definition]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.ClassDef):
            name = prefix + child.name
            yield Definition(source, name, child, in_function, parent)
            is_class = isinstance(child, ast.ClassDef)
            inside = child if isinstance(child, ast.ClassDef) else None
            yield from _below(source, child, name + ".", in_function or not is_class, inside)
        else:
            yield from _below(source, child, prefix, in_function, parent)
