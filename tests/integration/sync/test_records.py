"""One record of each member out of what several tills did: on the platform, by the real sender, on both databases."""

from datetime import timedelta

import msgspec
from sqlalchemy import select

from pos_app.domain.consents import agreed
from pos_app.domain.desk import Choice, ItemKind
from pos_app.domain.facts.members import MemberEdited, MembersMerged, MembersUnmerged
from pos_app.domain.facts.sales import SaleCommitted
from pos_app.domain.members import Member, Profile, Purpose
from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.ids import LineId, SaleId, SubjectId
from sync.platform import tables
from sync.protocol.documents import Kind
from sync.protocol.messages import Asked
from tests.support.shop_on_disk import CANDY, NECKLACE, RING
from tests.support.tills_together import LinkedTill, Together

PHONE = "13800138000"


def _edit(till: LinkedTill, member: Member, seen: int | None = None, **fields: object) -> None:
    """Edit as a till does that had the member's document of a position before it."""
    with till.shop.store.write() as tx:
        sealed = till.shop.shop.members._work.sealer.seal_profile(
            tx, SubjectId(member.member_id), Profile(**fields)
        )
    till.record(
        MemberEdited(member=member.member_id, fields=tuple(fields), sealed=sealed, seen_hlc=0, seen=seen)
    )


def _known_at(till: LinkedTill, other: LinkedTill, member: Member) -> None:
    """Give a till the key that opens a member's fields, as her document would."""
    with other.shop.store.read() as tx:
        key = tx.subject_keys.get(SubjectId(member.member_id))
    assert key is not None
    with till.shop.store.write() as tx:
        tx.subject_keys.add(SubjectId(member.member_id), key)


def _as_of(till: LinkedTill, sale: Sale) -> Sale:
    """Return a sale as another till would have made it."""
    settings = till.shop.shop.settings.value
    lines = tuple(
        msgspec.structs.replace(line, line_id=LineId(till.shop.outside.ids.new())) for line in sale.lines
    )
    return msgspec.structs.replace(
        sale,
        sale_id=SaleId(till.shop.outside.ids.new()),
        shop=settings.shop_id,
        till=settings.till_id,
        number=f"{settings.shop_code}-1-2026-000001",
        lines=lines,
    )


def test_a_member_signed_up_on_one_till_is_everybodys_after_one_round(shops: Together, a: LinkedTill) -> None:
    member = a.shop.sign_up(PHONE, "林小满")
    a.push()
    seen = shops.member(member.member_id).member
    assert seen is not None
    assert seen.profile.name == "林小满" and seen.phone == "+86" + PHONE
    assert seen.joined_at == member.joined_at and seen.joined_shop == member.joined_shop
    assert agreed(seen.consents, Purpose.MEMBERSHIP)


def test_what_she_bought_in_two_shops_stands_in_one_record(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    member = a.shop.sign_up(PHONE, "林小满")
    a.push()
    first = a.shop.sell(CANDY, member=member).sale
    second = b.shop.sell(NECKLACE, member=member).sale
    back = b.shop.take_back(second).sale
    b.push()
    a.push()
    document = shops.member(member.member_id)
    assert document.member is not None and document.member.visits == 2
    assert sum(month.spend for month in document.record.months) == first.total + second.total + back.total
    assert {shop.shop: shop.visits for shop in document.record.shops} == {first.shop: 1, second.shop: 1}
    bought = shops.ask(Asked.SALES, str(member.member_id)).sales
    assert len(bought) == 3 and {sale.shop_name for sale in bought} == {"熟客测试店", "熟客测试2店"}


def test_two_sign_ups_with_one_phone_and_one_name_are_one_member(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    first = a.shop.sign_up(PHONE, "林小满")
    second = b.shop.sign_up(PHONE, "林小满")
    a.shop.sell(CANDY, member=first)
    b.shop.sell(NECKLACE, member=second)
    a.push()
    b.push()
    assert shops.members()[second.member_id].alias_of == first.member_id
    document = shops.member(second.member_id)
    assert document.member is not None and document.member.visits == 2
    assert document.record.also == (second.member_id,)
    assert not shops.desk()


def test_a_merge_is_taken_back_and_both_are_as_they_were(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    first, second = a.shop.sign_up(PHONE, "林小满"), b.shop.sign_up("13900139000", "林小满")
    a.shop.sell(CANDY, member=first)
    b.shop.sell(NECKLACE, member=second)
    a.push()
    b.push()
    before = {m: shops.member(m).member for m in (first.member_id, second.member_id)}
    totals = {m: shops.member(m).record.months for m in before}
    a.record(MembersMerged(member=first.member_id, other=second.member_id))
    a.push()
    joined = shops.member(second.member_id).member
    assert joined is not None and joined.member_id == first.member_id and joined.visits == 2
    assert {key.value for key in joined.profile.keys} == {"+8613800138000", "+8613900139000"}
    b.record(MembersUnmerged(member=first.member_id, other=second.member_id))
    b.push()
    assert {m: shops.member(m).member for m in before} == before
    assert {m: shops.member(m).record.months for m in before} == totals


def test_an_edit_made_after_the_merge_stays_with_the_id_it_was_made_under(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    first, second = a.shop.sign_up(PHONE, "林小满"), b.shop.sign_up("13900139000", "林晓满")
    a.push()
    b.push()
    a.record(MembersMerged(member=first.member_id, other=second.member_id))
    a.push()
    b.shop.clock.forward(timedelta(minutes=1))
    shops.clock.forward(timedelta(minutes=2))
    _edit(b, second, notes="爱喝茶")
    b.push()
    joined = shops.member(first.member_id).member
    assert joined is not None and joined.profile.notes == "爱喝茶"
    a.record(MembersUnmerged(member=first.member_id, other=second.member_id))
    a.push()
    one, other = shops.member(first.member_id).member, shops.member(second.member_id).member
    assert one is not None and other is not None
    assert (one.profile.notes, other.profile.notes) == (None, "爱喝茶")


def test_one_phone_and_two_names_are_asked_about(shops: Together, a: LinkedTill, b: LinkedTill) -> None:
    first, second = a.shop.sign_up(PHONE, "林小满"), b.shop.sign_up(PHONE, "王建国")
    a.push()
    b.push()
    (item,) = shops.desk()
    assert item.kind is ItemKind.SAME_KEY and item.about.endswith("8000") and PHONE not in item.about
    assert (item.first.member, item.second.member) == (first.member_id, second.member_id)
    later = shops.member(second.member_id).member
    assert later is not None and later.profile.keys[0].shared, "the first who claimed a phone is meant by it"
    b.decide(item, Choice.MERGE)
    b.push()
    assert shops.members()[second.member_id].alias_of == first.member_id
    a.decide(item, None)
    a.push()
    assert shops.members()[second.member_id].alias_of is None
    (again,) = shops.desk()
    assert again.choice is None


def test_two_whom_a_person_kept_apart_are_not_joined_again(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    first, second = a.shop.sign_up(PHONE, "林小满"), b.shop.sign_up(PHONE, "林小满")
    a.push()
    b.push()
    a.record(MembersUnmerged(member=first.member_id, other=second.member_id))
    a.push()
    _edit(b, second, keys=())
    _edit(b, second, keys=second.profile.keys)
    b.push()
    assert shops.members()[second.member_id].alias_of is None


def test_of_two_words_said_at_once_the_later_holds_and_the_other_is_shown(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    member = a.shop.sign_up(PHONE, "林小满")
    a.push()
    _known_at(b, a, member)
    position = shops.documents(Kind.MEMBER)[member.member_id].position
    shops.clock.forward(timedelta(hours=1))
    _edit(a, member, seen=position, notes="甲店的话")
    b.shop.clock.forward(timedelta(minutes=1))
    _edit(b, member, seen=position, notes="乙店的话", occupation="老师")
    b.push()
    a.push()
    seen = shops.member(member.member_id)
    assert seen.member is not None
    assert (seen.member.profile.notes, seen.member.profile.occupation) == ("乙店的话", "老师")
    (item,) = shops.desk()
    assert item.kind is ItemKind.LOST_EDIT and item.about == "notes"
    assert (item.first.text, item.second.text) == ("乙店的话", "甲店的话")
    assert item.first.shop != item.second.shop
    a.decide(item, Choice.TAKE_OTHER)
    a.push()
    taken = shops.member(member.member_id).member
    assert taken is not None and taken.profile.notes == "甲店的话"
    a.decide(item, None)
    a.push()
    back = shops.member(member.member_id).member
    assert back is not None and back.profile.notes == "乙店的话"


def test_a_word_said_with_the_other_in_view_replaces_it_whatever_the_clocks_say(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    member = a.shop.sign_up(PHONE, "林小满")
    a.push()
    _known_at(b, a, member)
    b.shop.clock.forward(timedelta(minutes=1))
    shops.clock.forward(timedelta(minutes=5))
    _edit(b, member, seen=shops.documents(Kind.MEMBER)[member.member_id].position, notes="先")
    b.push()
    _edit(a, member, seen=shops.documents(Kind.MEMBER)[member.member_id].position, notes="后")
    a.push()
    seen = shops.member(member.member_id).member
    assert seen is not None and seen.profile.notes == "后" and not shops.desk()


def test_interests_of_two_shops_are_added_together_and_only_what_was_seen_is_taken_away(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    member = a.shop.sign_up(PHONE, "林小满")
    _edit(a, member, interests=("茶", "花"))
    a.push()
    _known_at(b, a, member)
    position = shops.documents(Kind.MEMBER)[member.member_id].position
    _edit(a, member, seen=position, interests=("茶", "花", "书"))
    _edit(b, member, seen=position, interests=("花", "琴"))
    a.push()
    b.push()
    seen = shops.member(member.member_id).member
    assert seen is not None and set(seen.profile.interests) == {"花", "书", "琴"}


def test_a_clock_a_year_ahead_wins_nothing(shops: Together, a: LinkedTill, b: LinkedTill) -> None:
    member = a.shop.sign_up(PHONE, "林小满")
    a.push()
    _known_at(b, a, member)
    b.shop.clock.forward(timedelta(days=365))
    _edit(b, member, notes="来自明年")
    b.push()
    a.shop.clock.forward(timedelta(minutes=1))
    shops.clock.forward(timedelta(minutes=1))
    _edit(a, member, notes="今天")
    a.push()
    seen = shops.member(member.member_id).member
    assert seen is not None and seen.profile.notes == "今天"


def test_the_same_receipt_returned_on_two_tills_counts_once_and_both_are_shown(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    member = a.shop.sign_up(PHONE, "林小满")
    sale = a.shop.sell(CANDY, member=member).sale
    first = a.shop.take_back(sale).sale
    second = _as_of(b, first)
    b.record(SaleCommitted(sale=second))
    a.push()
    b.push()
    (item,) = shops.desk()
    assert item.kind is ItemKind.RETURNED_TWICE
    assert (item.first.sale, item.second.sale) == (first.sale_id, second.sale_id)
    assert ("parked", "returned_twice") in shops.states().values()
    document = shops.member(member.member_id)
    assert sum(month.spend for month in document.record.months) == 0
    b.decide(item, Choice.COUNT)
    b.push()
    counted = shops.member(member.member_id)
    assert sum(month.spend for month in counted.record.months) == second.total
    b.decide(item, None)
    b.push()
    again = shops.member(member.member_id)
    assert sum(month.spend for month in again.record.months) == 0


def test_one_piece_sold_on_two_tills_is_shown_with_both_sales(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    first, second = a.shop.sell(RING).sale, b.shop.sell(RING).sale
    a.push()
    b.push()
    (item,) = shops.desk()
    assert item.kind is ItemKind.SOLD_TWICE
    assert (item.first.number, item.second.number) == (first.number, second.number)
    receipt = shops.ask(Asked.RECEIPT, second.number).sales
    assert len(receipt) == 1 and not receipt[0].counts


def test_a_piece_that_came_back_may_be_sold_again_anywhere(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    sale = a.shop.sell(RING).sale
    a.shop.take_back(sale)
    a.push()
    b.shop.sell(RING)
    b.push()
    assert not shops.desk()


def test_an_erased_member_is_gone_everywhere_and_a_late_key_is_not_kept(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    member = a.shop.sign_up(PHONE, "林小满")
    a.push()
    a.shop.shop.members.erase(a.shop.owner, member.member_id, "asked")
    a.push()
    assert member.member_id not in shops.members()
    kept = select(tables.subject_key.c.subject_id)
    left = shops.service.database.read(lambda c: c.execute(kept).scalars().all())
    assert member.member_id.bytes not in left
    assert not shops.ask(Asked.MEMBERS, PHONE).members
    other = b.shop.sign_up(PHONE, "林小满")
    b.push()
    again = shops.member(other.member_id).member
    assert again is not None and not again.profile.keys[0].shared, "the phone is free again"


def test_a_fact_that_cannot_be_opened_is_parked_and_stands_in_nobodys_way(
    shops: Together, a: LinkedTill
) -> None:
    member = a.shop.sign_up(PHONE, "林小满")
    a.record(MemberEdited(member=member.member_id, fields=("name",), sealed="AAAA", seen_hlc=0))
    a.shop.sell(CANDY, member=member)
    a.push()
    assert list(shops.states().values()).count(("parked", "unreadable")) == 1
    document = shops.member(member.member_id)
    assert document.member is not None and document.member.visits == 1


def test_the_history_says_who_changed_what_where(shops: Together, a: LinkedTill, b: LinkedTill) -> None:
    member = a.shop.sign_up(PHONE, "林小满")
    a.push()
    _known_at(b, a, member)
    _edit(b, member, notes="爱喝茶")
    b.push()
    changes = shops.member(member.member_id).record.changes
    assert [(c.what.value, c.fields) for c in changes] == [
        ("registered", ("name", "keys")),
        ("edited", ("notes",)),
    ]
    assert changes[0].shop != changes[1].shop and changes[0].staff == a.shop.cashier.staff_id
