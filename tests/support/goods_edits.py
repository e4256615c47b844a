"""Edits of goods by chance, as a clerk makes them, and the search keys that goods should have afterwards."""

from collections.abc import Callable
from datetime import date
from random import Random

from sqlalchemy import text

from pos_app.domain.catalogue import Variant
from pos_app.domain.catalogue.bulk import BulkEdit
from pos_app.domain.catalogue.drafts import BarcodeDraft, BatchDraft
from pos_app.domain.catalogue.keys import goods_keys
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import Quantity
from pos_app.persistence.catalogue.rows import variant_decoder
from pos_app.services.catalogue_bulk import Selection
from pos_app.services.catalogue_prices import PriceChange, PricesAsked
from tests.support.catalogue_shop import draft_of, piece, wipes
from tests.support.goods_post import PostTill


def some_edit(till: PostTill, random: Random, number: int) -> None:
    """Change something of the goods of a till."""
    with till.at.store.read() as tx:
        ids = tx.catalogue.variants_after(b"", 0, 1_000)
        variant = tx.catalogue.variant(random.choice(ids))
    assert variant is not None
    tag = f"{till.at.shop.settings.value.shop_code}-{number}"
    edits: list[Callable[[], object]] = [
        *goods_edits(till, variant, tag, random),
        *price_edits(till, variant, random),
        lambda: till.at.shop.catalogue_bulk.apply(
            till.at.owner,
            Selection(ids=(variant.variant_id, ids[0])),
            BulkEdit(flags=(("no_points", True),)),
        ),
    ]
    random.choice(edits)()


def goods_edits(till: PostTill, variant: Variant, tag: str, random: Random) -> list[Callable[[], object]]:
    """Return edits of goods, their barcodes, batches and pieces."""
    edit, who = till.at.shop.catalogue_edit, till.at.owner
    codes = till.at.shop.catalogue.details(variant.variant_id)[0][:1]
    kept = [BarcodeDraft(code=b.code, pack_quantity=b.pack_quantity, unit=b.unit) for b in codes]
    case = BarcodeDraft(code=f"8{tag}", pack_quantity=Quantity(12_000), unit="箱", price=Amount(5_000))
    renamed = draft_of(variant, name=f"名 {tag}", retail=Amount(random.randrange(1_000, 9_000)))
    expires = date(2027, 1, random.randrange(1, 28))
    batch = BatchDraft(variant=variant.variant_id, code=f"L{tag}", expires_on=expires)
    new = wipes(code=f"W{tag}", barcodes=(BarcodeDraft(code=f"9{tag}"),))
    ring = piece(till.at, variant=variant.variant_id, code=f"P{tag}", certificate=f"GZ{tag}")
    return [
        lambda: edit.save_variant(who, new),
        lambda: edit.save_variant(who, renamed),
        lambda: edit.set_barcodes(who, variant.variant_id, (*kept, case)),
        lambda: edit.save_batch(who, batch),
        lambda: edit.save_piece(who, ring),
    ]


def price_edits(till: PostTill, variant: Variant, random: Random) -> list[Callable[[], object]]:
    """Return edits of a price on a list, and of a gold price."""
    asked = PricesAsked(
        list=random.choice(("member", "retail", "level:2")),
        changes=[PriceChange(variant=variant.variant_id, price=random.choice((None, Amount(500))))],
        valid_from=random.choice((None, date(2026, 12, 1))),
    )
    day, price = date(2026, 11, random.randrange(1, 30)), Amount(random.randrange(90_000, 99_000))
    fineness = random.choice(("足金999", "18K"))
    return [
        lambda: till.at.shop.catalogue_prices.set_prices(till.at.owner, asked),
        lambda: till.at.shop.catalogue.set_gold_price(till.at.owner, fineness, day, price),
    ]


def keys_of(till: PostTill) -> set[tuple[str, int]]:
    """Return the search keys that stand in the database."""
    with till.at.store.engine.connect() as connection:
        return {(row[0], row[1]) for row in connection.execute(text("SELECT key, no FROM product_key"))}


def keys_anew(till: PostTill) -> set[tuple[str, int]]:
    """Return the search keys that the goods should have."""
    with till.at.store.engine.connect() as connection:
        rows = connection.execute(text("SELECT no, body FROM variant")).all()
    return {(key, no) for no, body in rows for key in goods_keys(variant_decoder.decode(body))}
