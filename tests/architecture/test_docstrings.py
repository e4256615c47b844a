"""Every module says what it decides, every public class and function what it does."""

import ast

from tests.architecture.source_tree import Definition, Function, definitions, product, sources


def _is_public(definition: Definition) -> bool:
    return not definition.in_function and not any(p.startswith("_") for p in definition.name.split("."))


def _promised() -> set[str]:
    """Names of methods that a Protocol of the services explains: their adapters need not repeat it."""
    found = (d for source in product() for d in definitions(source))
    return {
        d.node.name
        for d in found
        if isinstance(d.node, Function)
        and d.parent is not None
        and any(ast.unparse(base).split("[")[0] == "Protocol" for base in d.parent.bases)
    }


def _is_qt_hook(definition: Definition) -> bool:
    """Qt's own names (`paintEvent`, `rowCount`, `data`) are explained by Qt; ours are never in camel case."""
    name = definition.node.name
    is_camel = name[0].islower() and name.lower() != name
    return definition.source.path.startswith("ui/") and (is_camel or name == "data")


def _needs_docstring(definition: Definition, promised: set[str]) -> bool:
    if not _is_public(definition) or _is_qt_hook(definition):
        return False
    node = definition.node
    if isinstance(node, ast.ClassDef) or definition.parent is None:
        return True
    is_port = any(ast.unparse(base).split("[")[0] == "Protocol" for base in definition.parent.bases)
    decorators = {ast.unparse(d).rpartition(".")[2] for d in node.decorator_list}
    if decorators & {"setter", "override", "overload"} or (is_port and "property" in decorators):
        return False
    return is_port or node.name not in promised


def test_every_module_of_product_and_tests_says_what_it_is_for() -> None:
    spoken = [*product(), *(source for source in sources("tests") if source.text.strip())]
    silent = [source.path for source in spoken if not ast.get_docstring(source.tree)]
    assert not silent, "\n".join(silent)


def test_every_public_class_and_function_says_what_it_does() -> None:
    promised = _promised()
    found = (d for source in product() for d in definitions(source))
    silent = [d.place for d in found if _needs_docstring(d, promised) and not ast.get_docstring(d.node)]
    assert not silent, "\n".join(silent)


def test_a_docstring_begins_with_one_whole_line() -> None:
    found = (d for source in product() for d in definitions(source))
    first = {d.place: (ast.get_docstring(d.node) or "Said.").splitlines()[0] for d in found}
    broken = [place for place, line in first.items() if not line.endswith((".", ":", "?"))]
    assert not broken, "\n".join(broken)
