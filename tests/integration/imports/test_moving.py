"""A shop that moves: what it exports changes nothing where it came from, and is all there where it goes."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from pos_app.domain.catalogue import PieceState
from pos_app.domain.catalogue.drafts import BarcodeDraft, PieceDraft, VariantDraft
from pos_app.domain.imports.drafts import Note
from pos_app.domain.imports.faults import Reason
from pos_app.domain.imports.kinds import Kind
from pos_app.domain.imports.rehearsal import Report
from pos_app.domain.members import Child, KeyKind, MemberKey, Profile
from pos_app.domain.sales.line import LineKind
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import Milligrams, Quantity
from tests.support.shop_on_disk import RING, DiskShop, shop_on_disk

ENDINGS = pytest.mark.parametrize("ending", ["csv", "xlsx"])


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[DiskShop]:
    """Another shop with the same first goods."""
    with shop_on_disk(tmp_path / "elsewhere") as there:
        yield there


def moved(kind: Kind, ending: str, here: DiskShop, there: DiskShop) -> tuple[Report, Report]:
    """Export a kind; return what it does to the shop it came from, and to another."""
    file = here.folder / f"{kind}.{ending}"
    here.shop.exports.write(here.owner, kind, file, "陈老板")
    return tuple(  # type: ignore[return-value]
        each.shop.imports.run(each.owner, each.shop.imports.open(file, kind)).told for each in (here, there)
    )


ODD = ("7.0", "１２３ＡＢ", "A  B", "-", "6.9E+12", "'1", '"Q"')
BARCODES = ("A,B", "X*6", "03600029145", "6901234567890", "Q|R;S")
"""Codes that a table would take for several, for a pack, for a number without its zero, for one with a slip."""


@ENDINGS
def test_codes_that_a_table_would_spoil_come_back_as_they_were(
    shop: DiskShop, elsewhere: DiskShop, ending: str
) -> None:
    for number, code in enumerate(ODD):
        one = (
            BarcodeDraft(code=BARCODES[number]) if number < len(BARCODES) else BarcodeDraft(code=f"N{number}")
        )
        pack = BarcodeDraft(
            code=f"P,{number}", pack_quantity=Quantity(6000), unit="箱(大) 6", price=Amount(100)
        )
        draft = VariantDraft(code=code, name="两  格", retail=Amount(50), barcodes=(one, pack))
        shop.shop.catalogue_edit.save_variant(shop.owner, draft)
    same, new = moved(Kind.CATALOGUE, ending, shop, elsewhere)
    assert (same.new, same.changed, same.refused_count) == (0, 0, 0), same.refused
    assert (new.new, new.changed, new.refused_count) == (len(ODD), 0, 0), new.refused
    for code in ODD:
        assert told(shop, code) == told(elsewhere, code) != [], code


def told(shop: DiskShop, code: str) -> list[tuple[object, ...]]:
    """Return what the barcodes of goods say."""
    with shop.store.read() as tx:
        variant = tx.staged_goods.on_codes([code])[code]
        barcodes = tx.catalogue.barcodes(variant)
    return [(each.code, each.pack_quantity, each.unit, each.price) for each in barcodes]


@ENDINGS
def test_a_number_that_stands_for_one_and_in_its_other_form_for_a_case_comes_back(
    shop: DiskShop, elsewhere: DiskShop, ending: str
) -> None:
    case = BarcodeDraft(code="0036000291452", pack_quantity=Quantity(6000), unit="箱")
    draft = VariantDraft(code="N1", name="饼干", barcodes=(BarcodeDraft(code="036000291452"), case))
    shop.shop.catalogue_edit.save_variant(shop.owner, draft)
    same, new = moved(Kind.CATALOGUE, ending, shop, elsewhere)
    assert (same.changed, same.refused_count, new.new, new.refused_count) == (0, 0, 1, 0), new.refused
    assert told(shop, "N1") == told(elsewhere, "N1")


@ENDINGS
def test_services_and_fees_stay_what_they_are(shop: DiskShop, elsewhere: DiskShop, ending: str) -> None:
    for code, kind in (("S1", LineKind.SERVICE), ("F1", LineKind.FEE)):
        draft = VariantDraft(code=code, name="洗金", kind=kind, retail=Amount(100))
        shop.shop.catalogue_edit.save_variant(shop.owner, draft)
    same, new = moved(Kind.CATALOGUE, ending, shop, elsewhere)
    assert (same.changed, new.new, new.refused_count) == (0, 2, 0)
    for code, kind in (("S1", LineKind.SERVICE), ("F1", LineKind.FEE)):
        found = elsewhere.shop.catalogue.find(code)
        assert found is not None and found.variant.kind is kind


@ENDINGS
def test_pieces_keep_their_state_and_one_without_net_weight_gets_none(
    shop: DiskShop, elsewhere: DiskShop, ending: str
) -> None:
    ring = shop.shop.catalogue.find(RING)
    assert ring is not None
    for code in ("P1", "P2"):
        draft = PieceDraft(
            variant=ring.variant.variant_id,
            code=code,
            gross_weight_mg=Milligrams(5000),
            net_weight_mg=Milligrams(0),
            fineness="",
            fixed_price=Amount(100),
            quarantined=code == "P2",
        )
        shop.shop.catalogue_edit.save_piece(shop.owner, draft)
    shop.sell("P1")
    same, new = moved(Kind.PIECES, ending, shop, elsewhere)
    assert (same.new, same.changed, same.refused_count) == (0, 0, 0), same.refused
    assert (new.new, new.refused_count) == (2, 0), new.refused
    with elsewhere.store.read() as tx:
        pieces = [tx.catalogue.find_piece(code) for code in ("P1", "P2")]
    states = [found.piece.state for found in pieces if found is not None and found.piece is not None]
    assert states == [PieceState.SOLD, PieceState.QUARANTINED]
    weights = [
        (f.piece.gross_weight_mg, f.piece.net_weight_mg)
        for f in pieces
        if f is not None and f.piece is not None
    ]
    assert weights == [(5000, 0)] * 2


def test_a_file_moves_no_piece_that_the_shop_has_and_says_so(shop: DiskShop, elsewhere: DiskShop) -> None:
    shop.sell(RING)
    _, there = moved(Kind.PIECES, "csv", shop, elsewhere)
    assert (there.same, there.notes[Note.STATE_KEPT].count) == (1, 1)
    with elsewhere.store.read() as tx:
        found = tx.catalogue.find_piece(RING)
    assert found is not None and found.piece is not None and found.piece.state is PieceState.IN_STOCK


def with_keys(shop: DiskShop, phone: str, *keys: MemberKey, name: str, **more: object) -> Profile:
    """Sign somebody up, give her other keys, and return what the shop knows of her then."""
    member = shop.sign_up(phone, name)
    own = () if not keys or keys[0].kind is KeyKind.EMAIL else member.profile.keys
    profile = msgspec.structs.replace(member.profile, keys=(*own, *keys), **more)
    with shop.store.write() as tx:
        tx.members.save(msgspec.structs.replace(member, profile=profile))
    return profile


def profile_on(shop: DiskShop, kind: KeyKind, value: str, name: str) -> Profile:
    """Return what a shop knows of the member with a key and a name."""
    with shop.store.read() as tx:
        found = tx.staged_members.on_keys(kind.value, [value])[value]
    return next(member.profile for member in found if member.profile.name == name)


@ENDINGS
def test_every_member_goes_along_with_all_cards_and_a_child_that_is_overdue(
    shop: DiskShop, elsewhere: DiskShop, ending: str
) -> None:
    mother = MemberKey(kind=KeyKind.PHONE, value="+8613812340001", shared=True)
    cards = [MemberKey(kind=KeyKind.CARD, value=f"10000{n}") for n in range(3)]
    mail = MemberKey(kind=KeyKind.EMAIL, value="wang@example.com")
    overdue = (Child(name="小宝", due_on=date(2026, 3, 1)),)
    told = [
        (KeyKind.PHONE, "+8613812340001", with_keys(
            shop, "13812340001", *cards, name="王小满", children=overdue, notes="一行\n两行")),
        (KeyKind.PHONE, "+8613812340001", with_keys(
            shop, "13812340009", mother, name="王妈妈", interests=("茶、酒",))),
        (KeyKind.EMAIL, "wang@example.com", with_keys(shop, "13812340003", mail, name="只有邮箱")),
    ]  # fmt: skip
    same, new = moved(Kind.MEMBERS, ending, shop, elsewhere)
    assert (same.new, same.changed, same.refused_count) == (0, 0, 0), same.refused
    assert (new.new, new.refused_count) == (3, 0), new.refused
    assert new.notes[Note.DUE_DATE_PAST].count == 1
    for kind, value, profile in told:
        assert profile.name is not None
        there = profile_on(elsewhere, kind, value, profile.name)
        assert set(there.keys) == set(profile.keys)
        assert there.children == profile.children
    again, _ = moved(Kind.MEMBERS, ending, elsewhere, shop)
    assert (again.same, again.refused_count) == (3, 0)


def test_a_file_of_email_alone_brings_members(shop: DiskShop, tmp_path: Path) -> None:
    file = tmp_path / "mail.csv"
    file.write_text("姓名,邮箱,微信号\n王小满,wang@example.com,\n李晓燕,,li_xiaoyan\n赵六,,\n", "utf-8")
    ended = shop.shop.imports.run(shop.owner, shop.shop.imports.open(file, Kind.MEMBERS))
    assert (ended.told.new, ended.told.refused_count) == (2, 1)
    assert ended.told.refused[0].faults[0].reason is Reason.NO_PHONE_NO_CARD


@ENDINGS
def test_balances_of_two_people_on_one_phone_go_to_each_by_her_name(
    shop: DiskShop, elsewhere: DiskShop, ending: str
) -> None:
    shared = MemberKey(kind=KeyKind.PHONE, value="+8613812340001", shared=True)
    file = shop.folder / "old.csv"
    file.write_text("手机号,储值本金\n13812340001,50\n13812340009,70\n", "utf-8")
    for each in (shop, elsewhere):
        each.sign_up("13812340001", "王小满")
        mother = each.sign_up("13812340009", "王妈妈")
        if each is shop:
            shop.shop.imports.run(shop.owner, shop.shop.imports.open(file, Kind.BALANCES))
        profile = msgspec.structs.replace(mother.profile, keys=(shared,))
        with each.store.write() as tx:
            tx.members.save(msgspec.structs.replace(mother, profile=profile))
    same, new = moved(Kind.BALANCES, ending, shop, elsewhere)
    assert (same.new, same.same, same.refused_count) == (0, 2, 0), same.refused
    assert (new.new, new.refused_count) == (2, 0), new.refused
    with elsewhere.store.read() as tx:
        (brought,) = tx.opening_balances.of_member(mother.member_id)
    assert brought.principal == 7000


def test_a_member_named_twice_in_a_file_of_balances_is_told_with_the_first_row(shop: DiskShop) -> None:
    shop.sign_up("13812340001", "王小满")
    file = shop.folder / "old.csv"
    file.write_text("姓名,手机号,储值本金\n王小满,13812340001,50\n王女士,13812340001,50\n", "utf-8")
    told = shop.shop.imports.run(shop.owner, shop.shop.imports.open(file, Kind.BALANCES)).told
    assert (told.new, told.twice) == (1, 1) and told.refused[0].faults[0].params == {"first": 2}
