"""Every text exists in every language, says the same with the same parameters, and is compiled."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from pos_app.words import LANGUAGES
from pos_app.words.build import compile_catalogue

ROOT = Path(__file__).resolve().parents[2]
TRANSLATIONS = ROOT / "resources" / "translations"
PO_FILES = sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))
NOUNS = sorted({po.stem for po in PO_FILES})
HAN = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")


def _texts(lang: str, noun: str) -> dict[str, list[str]]:
    po = TRANSLATIONS / lang / "LC_MESSAGES" / f"{noun}.po"
    if not po.is_file():
        return {}
    with po.open("rb") as file:
        catalogue: Catalog = read_po(file, locale=lang)
    found: dict[str, list[str]] = {}
    for message in catalogue:
        if message.id:
            plural = isinstance(message.id, (list, tuple))
            code = message.id[0] if plural else message.id
            found[code] = [str(form) for form in (message.string if plural else [message.string])]
    return found


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("po", PO_FILES, ids=lambda po: f"{po.parent.parent.name}-{po.stem}")
def test_the_compiled_file_agrees_with_its_source(po: Path) -> None:
    mo = po.with_suffix(".mo")
    assert mo.is_file() and mo.read_bytes() == compile_catalogue(po), "run python -m pos_app.words.build"


def test_no_compiled_file_lost_its_source() -> None:
    assert {mo.with_suffix(".po") for mo in TRANSLATIONS.glob("*/LC_MESSAGES/*.mo")} == set(PO_FILES)


@pytest.mark.parametrize("noun", NOUNS)
def test_each_code_speaks_every_language_with_the_same_parameters(noun: str) -> None:
    by_language = {lang: _texts(lang, noun) for lang in LANGUAGES}
    codes = set().union(*by_language.values())
    for code in sorted(codes):
        assert code.startswith(f"{noun}."), code
        wanted = None
        for lang, texts in by_language.items():
            assert texts.get(code), f"{code} has no text in {lang}"
            for form in texts[code]:
                assert form.strip(), f"{code} is empty in {lang}"
                found = _placeholders(form)
                wanted = found if wanted is None else wanted
                assert found == wanted, f"{code} in {lang} has {found}, not {wanted}"


@pytest.mark.parametrize("noun", NOUNS)
def test_english_has_no_han(noun: str) -> None:
    for code, forms in _texts("en", noun).items():
        assert not any(HAN.search(form) for form in forms), code


def _literal_calls() -> Iterator[tuple[str, str, set[str] | None]]:
    """Yield where, code and keyword names of each literal code given to translate()."""
    for source in sorted(p for top in ("pos_app", "ui", "sync") for p in (ROOT / top).rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
                continue
            where = f"{source.relative_to(ROOT)}:{node.lineno}"
            if name == "translate":
                names = {str(k.arg) for k in node.keywords}
                yield where, first.value, None if "None" in names else names


def test_each_code_in_the_program_has_a_text_and_gets_its_parameters() -> None:
    texts = {code: forms for noun in NOUNS for code, forms in _texts("zh_CN", noun).items()}
    problems = []
    for where, code, given in _literal_calls():
        if code not in texts:
            problems.append(f"{where}: {code} has no text")
        elif given is not None and not _placeholders(texts[code][0]) <= given:
            problems.append(f"{where}: {code} wants {_placeholders(texts[code][0])}")
    assert not problems, "\n".join(problems)


def _error_codes() -> Iterator[tuple[str, str]]:
    """Yield where and code of each ``code = "…"`` in the body of an error class."""
    for source in sorted(p for top in ("pos_app", "ui", "sync") for p in (ROOT / top).rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if not isinstance(node, ast.ClassDef) or not node.name.endswith("Error"):
                continue
            for line in node.body:
                targets = line.targets if isinstance(line, ast.Assign) else [getattr(line, "target", None)]
                value = getattr(line, "value", None)
                named_code = any(getattr(target, "id", "") == "code" for target in targets)
                if named_code and isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield f"{source.relative_to(ROOT)}:{line.lineno}", value.value


def test_each_error_has_words_for_the_person_at_the_till() -> None:
    found = list(_error_codes())
    assert len(found) > 5, "the errors of the product are not where this test looks"
    texts = {code for noun in NOUNS for code in _texts("zh_CN", noun)}
    problems = [f"{where}: {code} has no text" for where, code in found if code not in texts]
    assert not problems, "\n".join(problems)
