"""What the tests of the catalogue share: the day on which their shop stands, its goods by code, and a form of them."""

import dataclasses
from datetime import date

import msgspec

from pos_app.domain.catalogue import Variant
from pos_app.domain.catalogue.drafts import BarcodeDraft, PieceDraft, VariantDraft
from pos_app.domain.facts.codec import decode_content
from pos_app.domain.facts.envelope import decode
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import Milligrams
from tests.support.shop_on_disk import DiskShop

TODAY = date(2026, 11, 22)


def goods(shop: DiskShop, code: str) -> Variant:
    """Return the variant of a code."""
    found = shop.shop.catalogue.find(code)
    assert found is not None
    return found.variant


def draft_of(variant: Variant, **changes: object) -> VariantDraft:
    """Return a variant as a form holds it, with changes."""
    names = {field.name for field in dataclasses.fields(VariantDraft)}
    same = {f: getattr(variant, f) for f in Variant.__dataclass_fields__ if f in names}
    return VariantDraft(**{**same, "style": variant.style_id, **changes})  # type: ignore[arg-type]


def facts_of(shop: DiskShop) -> list[msgspec.Struct]:
    """Return every fact of the journal in order."""
    with shop.store.read() as tx:
        entries = [decode(entry.body) for entry in tx.journal.entries()]
    return [decode_content(e.kind, e.version, bytes(e.content)) for e in entries]


def wipes(**changes: object) -> VariantDraft:
    """Return new goods as a form holds them."""
    values: dict[str, object] = {
        "code": "W001",
        "name": "婴儿湿巾 80抽",
        "unit": "包",
        "category": "母婴",
        "retail": Amount(1_990),
        "cost": Amount(1_100),
        "tax_code": "13",
        "attributes": (("spec", "Aloe 加厚"), ("supplier", "恒安")),
        "barcodes": (BarcodeDraft(code="6903148091234"),),
    }
    return VariantDraft(**{**values, **changes})  # type: ignore[arg-type]


def piece(shop: DiskShop, **changes: object) -> PieceDraft:
    """Return a new ring as a form holds it."""
    values: dict[str, object] = {
        "variant": goods(shop, "A002").variant_id,
        "code": "J0002",
        "gross_weight_mg": Milligrams(4_000),
        "net_weight_mg": Milligrams(3_800),
        "fineness": "足金999",
        "certificate": "GZ20261122777",
        "cost": Amount(300_000),
    }
    return PieceDraft(**{**values, **changes})  # type: ignore[arg-type]
