"""Labels from the real catalogue: what stands on them, changed prices, and printers that stop in the middle."""

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from pos_app.documents.labels import JewelleryFace, LabelFace
from pos_app.documents.sheets import ROLLS, SHEETS, RollFormat
from pos_app.domain.catalogue import MEMBER, RETAIL, Found, Variant
from pos_app.domain.catalogue.drafts import PriceDraft, price_draft_of
from pos_app.domain.facts.codec import decode_content
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.members import CardsPrinted
from pos_app.domain.values.ids import MemberId, VariantId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE
from pos_app.hardware.opening import open_label_printer
from pos_app.services.catalogue_prices import PriceChange, PricesAsked
from pos_app.services.label_output import NotWrittenError, PdfPlace, PdfRun, RollRun, Run, after
from pos_app.services.labels import Changed, LabelItem, Wanted, added
from pos_app.services.ports.devices import DeviceSettingError, PaperOutError
from tests.support.bootstrap import DemoTill
from tests.support.demo_copy import copy_of_demo
from tests.support.label_roll import RollChannel, roll_printer
from ui.shell.wording import words_of


@pytest.fixture
def till(tmp_path: Path) -> Iterator[DemoTill]:
    with copy_of_demo(tmp_path) as made:
        yield made


def goods(till: DemoTill, count: int) -> tuple[Variant, ...]:
    """Return goods of the demo that are no jewellery and have a price."""
    variants, _ = till.shop.catalogue.browse("", 200)
    return tuple(
        v for v in variants if v.retail is not None and not till.shop.catalogue.details(v.variant_id)[1]
    )[:count]


def wanted(till: DemoTill, *items: LabelItem) -> tuple[Wanted, ...]:
    return till.shop.labels.faces(items)


def run_out(run: Run) -> None:
    while run.step():
        pass


def set_price(
    till: DemoTill,
    variant: Variant,
    price: int | None,
    list_: str = RETAIL,
    *days: date | None,
) -> None:
    change = PriceChange(variant=variant.variant_id, price=None if price is None else Amount(price))
    first, last = (*days, None, None)[:2]
    asked = PricesAsked(list=list_, changes=[change], valid_from=first, valid_to=last)
    till.shop.catalogue_prices.set_prices(till.owner, asked)


def test_a_label_says_what_the_till_would_charge_for_the_code_it_carries(till: DemoTill) -> None:
    (variant,) = goods(till, 1)
    (label,) = wanted(till, *till.shop.labels.of_variants([variant.variant_id]))
    face = label.face
    assert isinstance(face, LabelFace)
    assert (face.name, face.price, face.former_price) == (variant.name, variant.retail, None)
    rung = till.shop.catalogue.find(face.barcode)
    assert rung is not None and rung.variant.variant_id == variant.variant_id
    assert face.unit == variant.unit
    supplier = dict(variant.attributes).get("supplier", "")
    assert not supplier or supplier not in face.spec


def test_every_piece_in_stock_gets_a_tag_and_a_sold_one_none(till: DemoTill) -> None:
    variants, _ = till.shop.catalogue.browse("", 200)
    with_pieces = next(v for v in variants if len(till.shop.catalogue.details(v.variant_id)[1]) > 1)
    pieces = till.shop.catalogue.details(with_pieces.variant_id)[1]
    faces = [each.face for each in wanted(till, *till.shop.labels.of_variants([with_pieces.variant_id]))]
    assert [face.piece_code for face in faces if isinstance(face, JewelleryFace)] == [p.code for p in pieces]
    face, piece = faces[0], pieces[0]
    assert isinstance(face, JewelleryFace)
    assert (face.fineness, face.net_weight, face.certificate) == (
        piece.fineness,
        piece.net_weight_mg,
        piece.certificate,
    )
    assert face.price == piece.fixed_price
    assert face.labour == (piece.labour if piece.fixed_price is None else None)


def test_a_price_that_fell_is_told_beside_the_former_one_and_asked_for_once(till: DemoTill) -> None:
    cheaper, dearer = goods(till, 2)
    assert cheaper.retail is not None and dearer.retail is not None
    before = cheaper.retail
    set_price(till, cheaper, before - 100)
    set_price(till, cheaper, before - 200)
    set_price(till, dearer, dearer.retail + 100)
    changed = till.shop.labels.changed()
    assert [item.variant_id for item in changed.items] == [cheaper.variant_id, dearer.variant_id]
    faces = [each.face for each in wanted(till, *changed.items)]
    assert [(f.price, f.former_price) for f in faces if isinstance(f, LabelFace)] == [
        (before - 200, before),
        (dearer.retail + 100, None),
    ]
    till.shop.labels.printed(changed.items[:1])
    assert [item.variant_id for item in till.shop.labels.changed().items] == [dearer.variant_id]
    assert till.shop.labels.of_variants([dearer.variant_id]) == changed.items[1:]


def test_prices_of_members_and_of_days_to_come_wait(till: DemoTill) -> None:
    one, other = goods(till, 2)
    set_price(till, one, 100, MEMBER)
    set_price(till, other, 100, RETAIL, date(2027, 1, 1))
    changed = till.shop.labels.changed()
    assert (changed.items, changed.later, changed.more) == ((), 1, False)


def test_when_a_price_of_some_days_is_over_the_label_of_the_old_price_is_asked_for(till: DemoTill) -> None:
    (variant,) = goods(till, 1)
    assert variant.retail is not None
    labels, today = till.shop.labels, till.shop.ringing.today()
    days = {"valid_from": today, "valid_to": today + timedelta(days=2)}
    offer = PriceChange(variant=variant.variant_id, price=Amount(variant.retail - 100))
    till.shop.catalogue_prices.set_prices(till.owner, PricesAsked(list=RETAIL, changes=[offer], **days))
    assert (len(labels.changed().items), labels.changed().later) == (1, 1)
    labels.printed(labels.changed().items)
    till.outside.clock.forward(timedelta(days=2))
    assert labels.changed().items == (), "its last day still counts"
    till.outside.clock.forward(timedelta(days=1))
    (label,) = wanted(till, *labels.changed().items)
    assert isinstance(label.face, LabelFace)
    assert (label.face.price, label.face.former_price) == (variant.retail, None)
    labels.printed([label.item])
    assert labels.changed() == Changed((), 0, more=False)


def test_a_price_of_some_days_that_is_taken_back_or_moved_asks_for_no_label_on_the_day_it_would_have_ended(
    till: DemoTill,
) -> None:
    one, other = goods(till, 2)
    today, prices = till.shop.ringing.today(), till.shop.catalogue_prices
    draft = PriceDraft(variant=one.variant_id, list=RETAIL, price=Amount(1), valid_to=today)
    prices.save_price(till.owner, draft)
    (row,) = till.shop.catalogue.prices(one.variant_id)
    seen = price_draft_of(row)
    prices.save_price(till.owner, replace(seen, valid_to=today + timedelta(days=5), seen=seen))
    set_price(till, other, 100, RETAIL, None, today)
    set_price(till, other, None, RETAIL, None, today)
    till.shop.labels.printed(till.shop.labels.changed().items)
    assert till.shop.labels.changed().later == 1
    till.outside.clock.forward(timedelta(days=5))
    assert till.shop.labels.changed().items == ()
    till.outside.clock.forward(timedelta(days=1))
    assert [item.variant_id for item in till.shop.labels.changed().items] == [one.variant_id]


def test_more_changes_than_asked_for_are_told(till: DemoTill) -> None:
    for variant in goods(till, 3):
        set_price(till, variant, 77)
    changed = till.shop.labels.changed(limit=2)
    assert (len(changed.items), changed.more) == (2, True)


def test_goods_that_are_gone_are_left_out(till: DemoTill) -> None:
    gone = VariantId(till.outside.ids.new())
    assert till.shop.labels.of_variants([gone]) == ()
    assert wanted(till, LabelItem(variant_id=gone)) == ()


def test_the_same_goods_scanned_twice_are_two_copies_and_a_change_asked_twice_is_one(till: DemoTill) -> None:
    (variant,) = goods(till, 1)
    found = till.shop.labels.of_found(Found(variant=variant))
    twice = added(found, found)
    assert [item.copies for item in twice] == [2]
    set_price(till, variant, 1)
    items = till.shop.labels.changed().items
    assert [item.copies for item in added(added((), items), items)] == [1]


def test_a_piece_stands_on_the_list_once_however_often_it_is_asked_for(till: DemoTill) -> None:
    variants, _ = till.shop.catalogue.browse("", 200)
    with_pieces = next(v for v in variants if len(till.shop.catalogue.details(v.variant_id)[1]) > 1)
    items = till.shop.labels.of_variants([with_pieces.variant_id])
    assert added(added((), items), (*items, *items[:1])) == items


def test_the_usual_code_scanned_is_the_label_of_the_goods_and_a_pack_has_its_own(till: DemoTill) -> None:
    variants, _ = till.shop.catalogue.browse("", 200)
    details = till.shop.catalogue.details
    packed = next(v for v in variants if any(c.pack_quantity != ONE for c in details(v.variant_id)[0]))
    unit, pack = sorted(details(packed.variant_id)[0], key=lambda code: code.pack_quantity)[:2]
    by_hand = till.shop.labels.of_variants([packed.variant_id])
    assert till.shop.labels.of_found(Found(variant=packed, barcode=unit)) == by_hand
    of_pack = till.shop.labels.of_found(Found(variant=packed, barcode=pack))
    (label,) = wanted(till, *of_pack)
    assert isinstance(label.face, LabelFace) and label.face.barcode == pack.code
    assert label.face.price is not None and packed.retail is not None and label.face.price > packed.retail


FORM: RollFormat = ROLLS["roll_40x30"]


def labels_of(till: DemoTill, *copies: int) -> tuple[Wanted, ...]:
    variants = goods(till, len(copies))
    items = [LabelItem(variant_id=v.variant_id, copies=n) for v, n in zip(variants, copies, strict=True)]
    return wanted(till, *items)


def test_a_roll_that_ends_in_the_middle_loses_nothing(till: DemoTill) -> None:
    labels = labels_of(till, 2, 25, 3)
    channel = RollChannel(roll=12)
    run = RollRun(roll_printer(channel), labels, FORM)
    run_out(run)
    ended = run.ended()
    assert isinstance(ended.problem, PaperOutError)
    assert ended.labels == 2 and channel.out == 12
    assert [item.copies for item in ended.left] == [25, 3]
    assert ended.doubtful is not None and ended.doubtful.key == labels[1].item.key
    assert [item.key for item in ended.done_with] == [labels[0].item.key]
    new = RollChannel(roll=999)
    rest = RollRun(roll_printer(new), wanted(till, *ended.left), FORM)
    run_out(rest)
    assert rest.ended().left == () and new.out == 28


def test_a_printer_that_is_off_prints_nothing_and_keeps_all(till: DemoTill) -> None:
    labels = labels_of(till, 1, 1)
    run = RollRun(roll_printer(RollChannel(roll=0)), labels, FORM)
    assert not run.step()
    ended = run.ended()
    assert (ended.labels, len(ended.left), ended.doubtful) == (0, 2, None)


def test_a_run_that_is_stopped_keeps_the_rest(till: DemoTill) -> None:
    labels = labels_of(till, 10, 10)
    run = RollRun(roll_printer(RollChannel(roll=99)), labels, FORM)
    assert run.step() and run.done == 10
    assert [item.copies for item in run.ended().left] == [10]


def test_a_label_without_room_is_told_and_the_others_come_out(till: DemoTill) -> None:
    good = labels_of(till, 1, 1)
    face = good[0].face
    assert isinstance(face, LabelFace)
    wide = Wanted(good[0].item, replace(face, barcode="X" * 60, code="X" * 60))
    channel = RollChannel(roll=99)
    run = RollRun(roll_printer(channel), (wide, good[1]), ROLLS["roll_30x20"])
    run_out(run)
    ended = run.ended()
    assert [item.key for item, _ in ended.refused] == [wide.item.key]
    assert channel.out == 1 and [item.key for item in ended.left] == [wide.item.key]


def test_a_sheet_is_written_whole_and_the_next_one_begins_where_it_ended(
    till: DemoTill, tmp_path: Path
) -> None:
    form, path = SHEETS["a4_24"], tmp_path / "价签.pdf"
    run = PdfRun(labels_of(till, 20, 30), PdfPlace(form, 6, path))
    run_out(run)
    assert path.read_bytes().startswith(b"%PDF") and run.ended().left == ()
    assert run.done == run.total == 50
    assert after(form, 6, 50) == 8
    assert [each.name for each in tmp_path.iterdir() if each.suffix in (".pdf", ".part")] == ["价签.pdf"]


def test_a_place_that_cannot_be_written_keeps_every_label(till: DemoTill, tmp_path: Path) -> None:
    labels = labels_of(till, 2, 3)
    run = PdfRun(labels, PdfPlace(SHEETS["a4_24"], 1, tmp_path / "none" / "x.pdf"))
    run_out(run)
    ended = run.ended()
    assert isinstance(ended.problem, NotWrittenError)
    assert "文件夹或磁盘不在了" in words_of(ended.problem, till.shop.current.value.money)
    assert ended.out == () and [item.copies for item in ended.left] == [2, 3]


def test_a_stopped_pdf_leaves_no_file_and_every_label(till: DemoTill, tmp_path: Path) -> None:
    run = PdfRun(labels_of(till, 60, 5), PdfPlace(SHEETS["a4_65"], 1, tmp_path / "x.pdf"))
    assert run.step()
    assert [item.copies for item in run.ended().left] == [60, 5]
    assert not (tmp_path / "x.pdf").exists()


@pytest.mark.parametrize(
    "setting", ["tcp://", "tcp://h?density=16", "tcp://h?turn=maybe", "tcp://h?paper=80"]
)
def test_a_label_printer_that_cannot_be_read_is_told(setting: str) -> None:
    with pytest.raises(DeviceSettingError):
        open_label_printer(setting)


def test_members_without_a_card_get_one_when_it_is_printed(till: DemoTill) -> None:
    members = till.shop.card_sheets.without_card(3)
    assert len(members) == 3
    faces = till.shop.card_sheets.issued(till.owner, [m.member_id for m in members])
    again = till.shop.card_sheets.issued(till.owner, [m.member_id for m in members])
    assert faces == again and len({face.number for face in faces}) == 3
    left = {m.member_id for m in till.shop.card_sheets.without_card(100)}
    assert not left & {m.member_id for m in members}


def test_printing_cards_is_recorded_with_who_and_how_many_and_no_number(till: DemoTill) -> None:
    members = [member.member_id for member in till.shop.card_sheets.without_card(2)]
    faces = till.shop.card_sheets.issued(till.owner, members)
    gone = MemberId(UUID(int=7))
    till.shop.card_sheets.printed(till.owner, [*members, gone], len(faces))
    with till.store.read() as tx:
        entry = list(tx.journal.entries())[-1]
    envelope = decode(entry.body)
    assert (envelope.kind, envelope.staff) == ("card.printed", till.owner.staff_id)
    assert decode_content("card.printed", 1, bytes(envelope.content)) == CardsPrinted(
        members=tuple(members), cards=2
    )
    assert not any(face.number.encode() in entry.body for face in faces)


def test_a_card_on_the_screen_shows_the_last_four_digits_of_its_number_and_no_code_that_works(
    till: DemoTill,
) -> None:
    sheets = till.shop.card_sheets
    (member,) = sheets.without_card(1)
    assert sheets.specimen(member).number == "0" * 16
    (face,) = sheets.issued(till.owner, [member.member_id])
    known = till.shop.members.get(member.member_id)
    assert known is not None
    assert sheets.specimen(known) == dataclasses.replace(face, number="0" * 12 + face.number[-4:])
