"""Modules, functions and parameter lists stay small enough to be read at once."""

import ast
from collections.abc import Callable

from tests.architecture import exceptions
from tests.architecture.source_tree import PRODUCT, Definition, Function, Source, definitions, sources

MODULE_LINES = 400
FUNCTION_LINES = 40
PARAMETERS = 5


def _module_lines(source: Source) -> int:
    return source.text.count("\n")


def _function_lines(node: Function) -> int:
    """Count from `def` to the end without the docstring: what is said about a function never makes it too long."""
    first = node.body[0]
    spoken = 0
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and first.end_lineno:
        spoken = first.end_lineno - first.lineno + 1
    return (node.end_lineno or node.lineno) - node.lineno + 1 - spoken


def _parameters(node: Function) -> int:
    names = [a.arg for a in node.args.posonlyargs + node.args.args + node.args.kwonlyargs]
    return len(names) - (bool(names) and names[0] in ("self", "cls"))


def _functions() -> list[tuple[Definition, Function]]:
    found = (d for source in sources(*PRODUCT, "tests") for d in definitions(source))
    return [(d, d.node) for d in found if isinstance(d.node, Function)]


def _beyond(measure: Callable[[Function], int], limit: int) -> dict[str, int]:
    sizes = {definition.place: measure(node) for definition, node in _functions()}
    return {place: size for place, size in sizes.items() if size > limit}


def _modules_beyond() -> dict[str, int]:
    sizes = {source.path: _module_lines(source) for source in sources(*PRODUCT, "tests")}
    return {path: size for path, size in sizes.items() if size > MODULE_LINES}


def _judge(found: dict[str, int], allowed: dict[str, str]) -> None:
    larger = [f"{place} has {size}" for place, size in found.items() if place not in allowed]
    assert not larger, "\n".join(larger)
    idle = sorted(set(allowed) - set(found))
    assert not idle, "exceptions that are no longer needed:\n" + "\n".join(idle)
    assert all(len(reason.split()) >= 4 for reason in allowed.values()), "an exception needs its reason"


def test_a_module_fits_in_four_hundred_lines() -> None:
    _judge(_modules_beyond(), exceptions.LONG_MODULES)


def test_a_function_fits_on_one_screen() -> None:
    _judge(_beyond(_function_lines, FUNCTION_LINES), exceptions.LONG_FUNCTIONS)


def test_a_function_takes_five_things_and_then_a_dataclass() -> None:
    _judge(_beyond(_parameters, PARAMETERS), exceptions.MANY_PARAMETERS)


def test_the_measures_see_what_they_measure() -> None:
    tree = ast.parse('def f(self, a, *, b):\n    """Say.\n\n    More.\n    """\n    return a + b\n').body[0]
    assert isinstance(tree, ast.FunctionDef)
    assert (_function_lines(tree), _parameters(tree)) == (2, 2)
