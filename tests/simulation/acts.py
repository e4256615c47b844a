"""What people do at the tills and in head office, with the product's own use cases.

Each act takes the run and does one thing, or nothing where nobody can do it now. What the product refuses with words
is an answer like any other.
"""

from collections.abc import Callable, Sequence

import msgspec

from pos_app.domain.consents import agreed
from pos_app.domain.desk import CHOICES, DeskItemChangedError
from pos_app.domain.imports.kinds import Kind as ImportKind
from pos_app.domain.members import KeyKind, Member, MemberKey, Profile, Purpose
from pos_app.domain.sales.sale import SaleKind
from pos_app.domain.values.ids import LineId, MemberId
from pos_app.domain.values.quantity import ONE
from pos_app.services.member_keys import NewKey
from pos_app.services.member_writing import Word
from pos_app.services.members import SignUp
from pos_app.services.ringing import Goods
from sync.platform.rest import ConsentGiven, MemberFields, MergeAsked, Register
from tests.simulation.tills import SimTill
from tests.simulation.world import World
from tests.support.catalogue_shop import draft_of, goods
from tests.support.shop_on_disk import CANDY, FORMULA, NECKLACE, RING

PHONES = tuple(f"1380013800{n}" for n in range(6))
NAMES = ("林小满", "王建国", "陈静")
WORDS = ("爱喝茶", "对花粉过敏", "只要金饰", "周末来", None)
INTERESTS = ("茶", "花", "书", "琴")
_FIELDS = ("notes", "occupation", "address", "name", "interests")


# -- at one till -----------------------------------------------------------------------------------------------


def sell(world: World) -> None:
    """Sell something, half of the time to a member."""
    till = world.any_till()
    member = world.any_member(till) if world.happens(0.6) else None
    code = world.choice((CANDY, CANDY, FORMULA, NECKLACE))
    sale = till.shop.sell(code, member=member).sale
    world.sold(till, sale)


def take_back(world: World) -> None:
    """Take back one of this till's own sales."""
    till = world.any_till()
    sale = world.any_sale(till)
    if sale is not None:
        till.shop.take_back(sale)
        world.counts["returns"] += 1


def sell_piece(world: World) -> None:
    """Sell the one ring, where it is not sold yet as far as the till knows."""
    till = world.any_till()
    if _has_ring(till):
        world.sold(till, till.shop.sell(RING, member=world.any_member(till)).sale)


def _has_ring(till: SimTill) -> bool:
    try:
        meaning = till.shop.shop.ringing.meaning(RING)
    except Exception:
        return False
    return isinstance(meaning, Goods)


def sign_up(world: World) -> None:
    """Sign somebody up, by a phone of a few."""
    till = world.any_till()
    _sign_up(world, till, world.choice(PHONES), world.choice(NAMES))


def _sign_up(world: World, till: SimTill, phone: str, name: str) -> None:
    shop = till.shop
    marketing = world.choice((None, True, False))
    asked = SignUp(phone=phone, agreed=True, name=name, marketing=marketing)
    shop.shop.members.register(shop.cashier, asked)
    world.counts["signups"] += 1


def edit(world: World) -> None:
    """Edit a member."""
    till = world.any_till()
    member = world.any_member(till)
    if member is not None:
        _edit(world, till, member, world.choice(_FIELDS))


def _edit(world: World, till: SimTill, member: Member, field: str, word: str | None = None) -> None:
    value: object = word or world.choice(WORDS)
    if field == "interests":
        value = tuple(w for w in INTERESTS if world.happens(0.5))
    elif field == "name":
        value = world.choice(NAMES)
    news: Profile = msgspec.structs.replace(member.profile, **{field: value})
    before = till.head()
    till.shop.shop.members.edit(till.shop.cashier, member.member_id, news, seen=member.profile)
    if till.head() != before:
        till.said[member.member_id, field] = (till.head(), value)
        world.counts["edits"] += 1
        others = (each for each in world.tills if each.id != till.id)
        world.counts["edits_at_once"] += any((member.member_id, field) in each.said for each in others)


def change_keys(world: World) -> None:
    """Give a member another phone, or take one off."""
    till = world.any_till()
    member = world.any_member(till)
    if member is None:
        return
    keys = till.shop.shop.member_keys
    if len(member.profile.keys) > 1 and world.happens(0.5):
        keys.remove(till.shop.owner, member.member_id, world.choice(member.profile.keys))
    else:
        new = NewKey(kind=KeyKind.PHONE, text=world.choice(PHONES), shared=world.happens(0.2))
        keys.add(till.shop.owner, member.member_id, new)
    world.counts["keys"] += 1


def consent(world: World) -> None:
    """Say yes or no to letters."""
    till = world.any_till()
    member = world.any_member(till)
    if member is not None:
        _say(world, till, member.member_id, given=world.happens(0.5))


def _say(world: World, till: SimTill, member: MemberId, *, given: bool) -> None:
    word = Word(purpose=Purpose.MARKETING, given=given)
    till.shop.shop.member_privacy.say(till.shop.cashier, member, word)
    world.counts["consents"] += 1


def merge(world: World) -> None:
    """Make two members one."""
    till = world.any_till()
    one, other = world.any_member(till), world.any_member(till)
    if one is not None and other is not None and one.member_id != other.member_id:
        till.shop.shop.members.merge(till.shop.owner, one.member_id, other.member_id)
        world.counts["merges"] += 1


def unmerge(world: World) -> None:
    """Take one of a member's merges back, of two who are made one for that if there is none."""
    till = world.any_till()
    one, other = world.any_member(till), world.any_member(till)
    if one is not None and other is not None and world.happens(0.5):
        till.shop.shop.members.merge(till.shop.owner, one.member_id, other.member_id)
        world.counts["merges"] += one.member_id != other.member_id
    known = world.members(till)
    with till.shop.store.read() as tx:
        pairs = [(m.member_id, also) for m in known for also in tx.members.also(m.member_id)]
    if pairs:
        till.shop.shop.members.unmerge(till.shop.owner, *world.choice(pairs))
        world.counts["unmerges"] += 1


def settle(world: World) -> None:
    """Settle an item of the desk."""
    till = world.any_till()
    items = [item for item in till.shop.shop.desk.items() if item.choice is None]
    if items:
        item = world.choice(items)
        till.shop.shop.desk.decide(till.shop.owner, item.item_id, world.choice(CHOICES[item.kind]))
        world.counts["choices"] += 1


def open_again(world: World) -> None:
    """Take a choice of the desk back, one that is made for that if there is none."""
    till = world.any_till()
    desk = till.shop.shop.desk
    items = desk.items()
    settled = [item for item in items if item.choice is not None]
    if not settled and items:
        settled = [desk.decide(till.shop.owner, items[0].item_id, world.choice(CHOICES[items[0].kind]))]
        world.counts["choices"] += 1
    if settled:
        try:
            desk.take_back(till.shop.owner, world.choice(settled).item_id)
        except DeskItemChangedError:
            world.counts["choices_written_over"] += 1
        else:
            world.counts["choices_taken_back"] += 1


def erase(world: World) -> None:
    """Erase a member."""
    till = world.any_till()
    member = world.any_member(till)
    if member is not None:
        till.shop.shop.members.erase(till.shop.owner, member.member_id, "asked")
        world.counts["erasures"] += 1


def bring_in(world: World) -> None:
    """Import a file of members, some of whom may be known."""
    _bring_in(world, world.any_till())


def _bring_in(world: World, till: SimTill) -> None:
    lines = [f"{world.choice(NAMES)},{world.choice(PHONES)}" for _ in range(2)]
    lines += [f"李试{n},1390000{world.number(9999):04d}" for n in range(2)]
    file = till.folder / f"members-{world.counts['imports']}-{till.which}.csv"
    file.write_text("\n".join(("会员姓名,手机号", *lines)) + "\n", "utf-8")
    imports = till.shop.shop.imports
    imports.run(till.shop.owner, imports.open(file, ImportKind.MEMBERS))
    world.counts["imports"] += 1


def withdraw(world: World) -> None:
    """Take the latest import back; half of the time one of just now."""
    till = world.any_till()
    if world.happens(0.5):
        _bring_in(world, till)
    if till.shop.shop.imports.undoable() is not None:
        till.shop.shop.imports.withdraw(till.shop.owner)
        world.counts["withdrawals"] += 1


def change_goods(world: World) -> None:
    """Give goods another name."""
    till = world.any_till()
    draft = draft_of(goods(till.shop, CANDY), name=f"手工牛轧糖 {world.number(99)}")
    till.shop.shop.catalogue_edit.save_variant(till.shop.owner, draft)
    world.counts["goods_edits"] += 1


# -- at two tills at once ----------------------------------------------------------------------------------------


def sign_up_at_once(world: World) -> None:
    """Sign one phone up in two shops, with one name or with two."""
    pair = world.two_tills()
    if pair is None:
        return
    phone = world.choice(PHONES)
    free = [till for till in pair if till.shop.shop.members.find_phone(phone) is None]
    names = (NAMES[0], world.choice(NAMES[:2]))
    for till, name in zip(free, names, strict=False):
        _sign_up(world, till, phone, name)
    if len(free) == 2:
        world.counts["one_phone_one_name" if names[0] == names[1] else "one_phone_two_names"] += 1


def edit_at_once(world: World) -> None:
    """Edit one field of one member in two shops."""
    told = _shared_member(world)
    if told is not None:
        field = world.choice(_FIELDS[:3])
        for (till, member), word in zip(told, world.random.sample(WORDS[:-1], 2), strict=True):
            _edit(world, till, member, field, word)


def consent_at_once(world: World) -> None:
    """Let one member say yes in one shop and no in another; whoever starts from that word says the other one first."""
    told = _shared_member(world)
    if told is None:
        return
    for (till, member), last in zip(told, (True, False), strict=True):
        if agreed(member.consents, Purpose.MARKETING) is last:
            _say(world, till, member.member_id, given=not last)
        _say(world, till, member.member_id, given=last)
    world.counts["consents_at_once"] += 1


def _shared_member(world: World) -> Sequence[tuple[SimTill, Member]] | None:
    pair = world.two_tills()
    if pair is None:
        return None
    first = {member.member_id: member for member in world.members(pair[0])}
    both = [member for member in world.members(pair[1]) if member.member_id in first]
    if not both:
        return None
    member = world.choice(both)
    return ((pair[0], first[member.member_id]), (pair[1], member))


def sell_piece_at_once(world: World) -> None:
    """Sell the one ring in two shops."""
    pair = world.two_tills()
    if pair is not None and all(_has_ring(till) for till in pair):
        for till in pair:
            world.sold(till, till.shop.sell(RING, member=world.any_member(till)).sale)
        world.counts["piece_sold_twice"] += 1


def return_at_once(world: World) -> None:
    """Take one receipt back in two shops."""
    pair = world.two_tills()
    if pair is None:
        return
    sale = world.any_sale(pair[0])
    if sale is None:
        return
    here, there = pair[0].shop, pair[1].shop
    wanted = {sale.lines[0].line_id: ONE}
    first, second = (here.shop.returns.preview(sale.sale_id, wanted, "damaged") for _ in range(2))
    here.shop.returns.give_back(here.owner, first)
    lines = []
    for line in second.cart.lines:
        assert line.fixed is not None
        new = LineId(there.outside.ids.new())
        fixed = msgspec.structs.replace(line.fixed, line_id=new)
        lines.append(msgspec.structs.replace(line, line_id=new, fixed=fixed))
    cart = msgspec.structs.replace(second.cart, cart_id=there.shop.carts.new().cart_id, lines=tuple(lines))
    if sale.member is not None and there.shop.members.get(sale.member.member) is None:
        cart = msgspec.structs.replace(cart, member=None)
    there.shop.checkout.commit(there.owner, cart, SaleKind.RETURN)
    world.counts["returned_twice"] += 1


# -- in head office ----------------------------------------------------------------------------------------------


def office(world: World) -> None:
    """Let head office sign somebody up, edit, merge or part members."""
    hub = world.hub
    found = world.documents()
    alive = [member for member, document in found.items() if document.member is not None]
    what = world.choice(("register", "edit", "edit", "merge", "unmerge"))
    if what == "register":
        key = MemberKey(kind=KeyKind.PHONE, value="+86" + world.choice(PHONES))
        fields = MemberFields(name=world.choice(NAMES), keys=(key,))
        yes = ConsentGiven(purpose=Purpose.MEMBERSHIP, given=True, text_version="2026-01", how="web")
        shop = world.tills[0].shop.shop.settings.value.shop_id
        asked = Register(member=MemberId(hub._id()), shop=shop, fields=fields, consents=(yes,))
        hub.office.register(hub.staff, asked)
    elif what == "edit" and alive:
        shown = hub.office.read(hub.staff, world.choice(alive))
        fields = MemberFields(notes=world.choice(WORDS[:-1]))
        hub.office.edit(hub.staff, shown.member.member_id, shown.position, fields)
    elif what == "merge" and len(alive) > 1:
        kept, other = world.random.sample(alive, 2)
        hub.office.merge(hub.staff, MergeAsked(kept=kept, other=other))
    elif what == "unmerge" and alive:
        hub.office.unmerge(hub.staff, world.choice(alive))
    world.counts["online_edits"] += 1


ACTS: dict[Callable[[World], None], float] = {
    sell: 14,
    take_back: 3,
    sell_piece: 1,
    sign_up: 6,
    edit: 6,
    change_keys: 3,
    consent: 3,
    merge: 2,
    unmerge: 4,
    settle: 5,
    open_again: 6,
    erase: 1,
    bring_in: 1,
    withdraw: 1.5,
    change_goods: 2,
    sign_up_at_once: 3,
    edit_at_once: 6,
    consent_at_once: 5,
    sell_piece_at_once: 1,
    return_at_once: 2,
    office: 3,
}
"""What may be done, and how often beside the rest."""
