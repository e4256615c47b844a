"""Every word that a document or a device can need is there, in each language."""

from enum import Enum

import pytest

from pos_app.domain.sales.line import ComponentKind, ReductionKind
from pos_app.domain.sales.sale import SaleKind
from pos_app.domain.sales.tenders import TenderKind
from pos_app.services.ports import devices
from pos_app.services.ports.devices import PrinterError, PrinterStatus
from pos_app.words import has_text, speaking, translate

FAMILIES: list[tuple[str, type[Enum]]] = [
    ("documents.tender", TenderKind),
    ("documents.reduction", ReductionKind),
    ("documents.component", ComponentKind),
    ("documents.receipt.title", SaleKind),
    ("devices.status", PrinterStatus),
]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize(("prefix", "kinds"), FAMILIES, ids=[prefix for prefix, _ in FAMILIES])
def test_every_kind_has_its_word(prefix: str, kinds: type[Enum], language: str) -> None:
    with speaking(language):
        words = [translate(f"{prefix}.{kind.value}") for kind in kinds]
    assert len(set(words)) == len(words), "two kinds may not read the same"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_failure_of_a_printer_says_what_to_do(language: str) -> None:
    failures = [
        kind for kind in vars(devices).values() if isinstance(kind, type) and issubclass(kind, PrinterError)
    ]
    assert len(failures) >= 6
    with speaking(language):
        for failure in failures:
            assert has_text(failure.code) and has_text(f"devices.status.{failure.status.value}")
        assert "tcp" in translate("devices.error.setting", text="tcp")
