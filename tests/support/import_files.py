"""Files as other programs write them, for imports: the invented members of `many_members`, the chain's real goods.

Decides headings and how cells are written. The same count gives the same bytes.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from uuid import UUID

from pos_app.domain.members import KeyKind, Member
from pos_app.domain.values.ids import ShopId
from tests.benchmarks.big_shop import price_of
from tests.realdata import chain
from tests.support.many_members import many_members

SHOP = ShopId(UUID(int=0x5408))
MEMBER_HEADINGS = ("会员姓名", "手机号", "会员卡号", "开卡日期", "备注")
GOODS_HEADINGS = ("商品编码", "商品名称", "条码", "分类", "零售价")


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    """Write a file and return it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(headings)
        out.writerows(rows)
    return path


def members_file(path: Path, count: int) -> Path:
    """Write so many members: names in their real shares, phones, cards; a shared phone stands with its first one."""
    return write_csv(path, MEMBER_HEADINGS, _member_rows(count))


def _member_rows(count: int) -> Iterable[tuple[str, ...]]:
    seen: set[int] = set()
    for number, member in enumerate(many_members(count, SHOP)):
        phones = [phone for phone in _values(member, KeyKind.PHONE) if _is_first(phone, seen)]
        card = next(iter(_values(member, KeyKind.CARD)), "")
        if not phones and not card:
            card = f"Z{number:09d}"
        joined = member.joined_at.date().isoformat()
        yield (member.profile.name or "", "/".join(p.removeprefix("+86") for p in phones), card, joined, "")


def _values(member: Member, kind: KeyKind) -> list[str]:
    return [key.value for key in member.profile.keys if key.kind is kind]


def _is_first(phone: str, seen: set[int]) -> bool:
    number = int(phone)
    if number in seen:
        return False
    seen.add(number)
    return True


def goods_file(path: Path, first: int | None = None) -> Path:
    """Write the chain's real goods, the `first` ones where that is given, with invented prices."""
    rows = (
        (each.code, each.name, each.barcode, each.category or "", f"{price_of(each.product_id) / 100:.2f}")
        for place, each in enumerate(chain.goods())
        if first is None or place < first
    )
    return write_csv(path, GOODS_HEADINGS, rows)
