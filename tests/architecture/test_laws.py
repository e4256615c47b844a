"""Money without floats, time and chance handed in, dialogs in one place."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.source_tree import ROOT, Source, product, sources

CLOCKS_AND_CHANCE = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.localtime",
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid.uuid6",
    "uuid.uuid7",
    "uuid1",
    "uuid4",
    "uuid7",
    "os.urandom",
    "QDateTime.currentDateTime",
    "QDateTime.currentDateTimeUtc",
    "QDate.currentDate",
    "QTime.currentTime",
}
CHANCE_MODULES = {"random", "secrets"}

READS_CLOCK_OR_CHANCE = {
    "pos_app/hardware/clock.py": "the adapter of the Clock and Ids ports",
    "pos_app/persistence/secrets.py": "the adapter of the Cipher port: keys and nonces are the system's random bytes",
    "sync/platform/__main__.py": "the platform's composition root: hands clock, ids and chance in",
    "sync/payments/simulator/__main__.py": "the simulator's composition root: hands the time in",
}
"""The adapters that may ask the machine for time, ids or chance, each with its reason."""

FLOATING_COLUMNS = {
    "Float",
    "Double",
    "DOUBLE",
    "DOUBLE_PRECISION",
    "FLOAT",
    "REAL",
    "Numeric",
    "NUMERIC",
    "DECIMAL",
}


def _asks(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute | ast.Name):
            name = ast.unparse(node)
            if any(name == ask or name.endswith("." + ask) for ask in CLOCKS_AND_CHANCE):
                yield f"{source.path}:{node.lineno} {name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in CHANCE_MODULES:
                    yield f"{source.path}:{node.lineno} {alias.name}"
        elif isinstance(node, ast.ImportFrom) and node.module in CHANCE_MODULES:
            yield f"{source.path}:{node.lineno} {node.module}"


def test_time_ids_and_chance_are_handed_in() -> None:
    asking = {source.path: list(_asks(source)) for source in product()}
    asking = {path: asks for path, asks in asking.items() if asks}
    strangers = [ask for path, asks in asking.items() if path not in READS_CLOCK_OR_CHANCE for ask in asks]
    assert not strangers, "\n".join(strangers)
    idle = sorted(set(READS_CLOCK_OR_CHANCE) - set(asking))
    assert not idle, "no longer ask: " + ", ".join(idle)


def test_the_search_for_clocks_finds_one() -> None:
    text = "import datetime as d\nfrom random import choice\nx = d.datetime.now(d.UTC)\n"
    assert len(list(_asks(Source("here.py", text, ast.parse(text))))) == 2


def test_no_column_is_a_float_or_a_numeric() -> None:
    for source in (*sources("pos_app/persistence"), *sources("sync")):
        for node in ast.walk(source.tree):
            name = (
                node.id
                if isinstance(node, ast.Name)
                else node.attr
                if isinstance(node, ast.Attribute)
                else ""
            )
            assert name not in FLOATING_COLUMNS, f"{source.path}:{getattr(node, 'lineno', 0)} {name}"
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words = re.findall(r"\b(?:NUMERIC|DECIMAL|REAL|FLOAT|DOUBLE)\b", node.value)
                assert not words, f"{source.path}:{node.lineno} {words}"


def test_the_schema_itself_has_only_exact_types() -> None:
    from sqlalchemy import Float, Numeric

    from pos_app.persistence import tables

    columns = [c for table in tables.Base.metadata.tables.values() for c in table.columns]
    assert len(columns) > 50
    assert [str(c) for c in columns if isinstance(c.type, Float | Numeric)] == []


def test_money_and_quantities_are_never_reckoned_in_floats() -> None:
    found: list[str] = []
    for source in sources("pos_app/domain", "pos_app/services", "pos_app/persistence"):
        for node in ast.walk(source.tree):
            is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
            is_call = isinstance(node, ast.Call) and ast.unparse(node.func) == "float"
            if is_literal or is_call:
                found.append(f"{source.path}:{getattr(node, 'lineno', 0)} {ast.unparse(node)}")
    strangers = [place for place in found if place.split(":")[0] not in MAY_HOLD_FLOATS]
    assert not strangers, "\n".join(strangers)
    idle = set(MAY_HOLD_FLOATS) - {place.split(":")[0] for place in found}
    assert not idle, f"no longer hold floats: {idle}"


MAY_HOLD_FLOATS: dict[str, str] = {}
"""Modules below the screens where a float is no money: a wait in seconds, say."""


def test_message_boxes_stand_in_the_dialogs_of_the_shell_only() -> None:
    users = [s.path for s in product() if re.search(r"\bQMessageBox\b", s.text)]
    assert set(users) <= {"ui/shell/dialogs.py"}


def test_nobody_prints_but_the_command_line() -> None:
    for source in product():
        if source.path.startswith("ui/cli/") or source.path.endswith("__main__.py"):
            continue
        for node in ast.walk(source.tree):
            is_print = isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "print",
                "input",
                "breakpoint",
            )
            assert not is_print or source.path in MAY_PRINT, f"{source.path}:{getattr(node, 'lineno', 0)}"


MAY_PRINT = {"pos_app/words/build.py": "a command of its own: it recompiles the catalogues"}


def test_the_root_is_where_the_project_is() -> None:
    assert (ROOT / "pyproject.toml").exists() and len(product()) > 40
