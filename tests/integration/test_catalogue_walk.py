"""Goods and pieces picked by what no index holds, over the real store."""

from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.domain.catalogue import PieceState
from pos_app.domain.catalogue.drafts import PriceDraft, VariantDraft
from pos_app.domain.values.money import Amount
from pos_app.services import catalogue_walk
from pos_app.services.catalogue_walk import CatalogueWalk, Mark
from tests.support.demo_copy import copy_of_demo


def test_steps_together_find_what_one_look_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue_walk, "STEP", 7)
    with copy_of_demo(tmp_path) as demo:
        walk, every = CatalogueWalk(demo.store), demo.shop.catalogue.browse("", 1000)[0]
        weighed = [v.variant_id for v in every if v.flags.by_weight]
        assert weighed and list(walk.ids_of_mark(Mark.WEIGHED, None)) == weighed
        assert list(walk.ids_of_mark(Mark.ALL, None)) == [v.variant_id for v in every]


def test_pieces_of_one_state_are_picked(tmp_path: Path) -> None:
    with copy_of_demo(tmp_path) as demo:
        walk = CatalogueWalk(demo.store)
        every = walk.pieces(None, "", 10_000)
        free = walk.pieces(PieceState.IN_STOCK, "", 10_000)
        assert every.done and len(every.found) >= len(free.found) > 0
        assert all(f.piece is not None and f.piece.state is PieceState.IN_STOCK for f in free.found)


def test_changed_goods_are_picked_once_however_often_their_price_changed(tmp_path: Path) -> None:
    with copy_of_demo(tmp_path) as demo:
        edit = demo.shop.catalogue_edit
        made = edit.save_variant(demo.owner, VariantDraft(code="A1", name="甲", retail=Amount(100)))
        for price in (200, 300):
            draft = VariantDraft(code="A1", name="甲", retail=Amount(price), variant_id=made.variant_id)
            edit.save_variant(demo.owner, draft)
        walk = CatalogueWalk(demo.store)
        assert len(walk.changed()) == 2
        assert walk.ids_of_mark(Mark.CHANGED, None) == (made.variant_id,)


def test_a_price_of_a_day_to_come_asks_for_no_label_before(tmp_path: Path) -> None:
    with copy_of_demo(tmp_path) as demo:
        variant, today = demo.shop.catalogue.browse("", 1)[0][0].variant_id, demo.shop.ringing.today()
        draft = PriceDraft(
            variant=variant, list="retail", price=Amount(1), valid_from=today + timedelta(days=1)
        )
        demo.shop.catalogue_prices.save_price(demo.owner, draft)
        walk = CatalogueWalk(demo.store)
        assert walk.changed(today) == () == walk.ids_of_mark(Mark.CHANGED, None, today)
        assert walk.changed_count(today) == 0 and walk.changed_count(today + timedelta(days=1)) == 1


def test_a_proposed_code_is_free_also_when_the_next_number_is_taken(tmp_path: Path) -> None:
    with copy_of_demo(tmp_path) as demo:
        walk = CatalogueWalk(demo.store)
        first = walk.free_code("SP")
        number = int(first.removeprefix("SP"))
        taken = f"SP{number + 1:06d}"
        demo.shop.catalogue_edit.save_variant(demo.owner, VariantDraft(code=taken, name="乙"))
        assert walk.free_code("SP") == f"SP{number + 2:06d}"


def test_pieces_come_in_parts_that_miss_and_double_none(tmp_path: Path) -> None:
    with copy_of_demo(tmp_path) as demo:
        walk = CatalogueWalk(demo.store)
        every = [f.piece for f in walk.pieces(None, "", 10_000).found]
        part = walk.pieces(None, "", 5)
        parts = [f.piece for f in part.found]
        while not part.done:
            part = walk.pieces(None, part.after, 5)
            parts += [f.piece for f in part.found]
        assert parts == every and len(every) > 20
